// How correlations are shown.
#pragma once

#include <string>

#include "lindwurm/output/document.hpp"
#include "lindwurm/output/picture.hpp"

namespace lindwurm {

/// Of a tree of results and its diagnostics; empty without correlations.
[[nodiscard]] std::string correlations_summary(const Document& results,
                                               const Document& diagnostics);
void draw_correlations(const Document& results, Panels& panels);

}  // namespace lindwurm
