// Quasi-probabilities in the results: tree and pictures.
#pragma once

#include <string>
#include <vector>

#include "lindwurm/output/document.hpp"

namespace lindwurm {

/// The tree `phase_space` of docs/results.md.
[[nodiscard]] Document phase_space_document(const Study& study, const Results& results);
/// One line for each quasi-probability.
[[nodiscard]] std::string phase_space_summary(const Document& phase_space);
/// Commands for gnuplot, one for each map: the latest times and the steady state.
[[nodiscard]] std::vector<std::string> phase_space_panels(const Document& phase_space);

}  // namespace lindwurm
