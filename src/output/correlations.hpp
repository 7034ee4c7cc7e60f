// Correlation functions and spectra in results: their tree, their summary.
#pragma once

#include <string>

#include "lindwurm/output/document.hpp"

namespace lindwurm {

/// `correlations` of docs/results.md.
[[nodiscard]] Document correlations_document(const Study& study, const Results& results);
/// `diagnostics.correlations`.
[[nodiscard]] Document correlations_diagnostics(const Results& results);
/// A line for each, and the highest point of each spectrum.
[[nodiscard]] std::string correlations_summary(const Document& part, const Document& diagnostics);

/// The unknowns, the storage and the charges of what a task worked in.
void add_space(Document& tree, const TaskSpace& space);

}  // namespace lindwurm
