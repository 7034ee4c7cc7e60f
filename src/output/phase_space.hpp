// Quasi-probabilities in results: their tree, their pictures.
#pragma once

#include <string>
#include <vector>

#include "lindwurm/output/document.hpp"

namespace lindwurm {

/// `phase_space` of docs/results.md.
[[nodiscard]] Document phase_space_document(const Study& study, const Results& results);
/// A line for each.
[[nodiscard]] std::string phase_space_summary(const Document& phase_space);
/// Commands of gnuplot, a map each: the latest times and the steady state.
[[nodiscard]] std::vector<std::string> phase_space_panels(const Document& phase_space);

}  // namespace lindwurm
