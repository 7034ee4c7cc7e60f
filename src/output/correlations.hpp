// Correlation functions and their spectra in the results: tree and summary.
#pragma once

#include <string>

#include "lindwurm/output/document.hpp"

namespace lindwurm {

/// The tree `correlations` of docs/results.md.
[[nodiscard]] Document correlations_document(const Study& study, const Results& results);
/// The tree `diagnostics.correlations`.
[[nodiscard]] Document correlations_diagnostics(const Results& results);
/// One line for each correlation, and the maximum of each spectrum.
[[nodiscard]] std::string correlations_summary(const Document& part, const Document& diagnostics);

/// Adds the unknowns, the storage and the charges of the space that a task worked in.
void add_space(Document& tree, const TaskSpace& space);

}  // namespace lindwurm
