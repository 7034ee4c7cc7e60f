// How phase spaces are shown.
#pragma once

#include <string>

#include "lindwurm/output/document.hpp"
#include "lindwurm/output/picture.hpp"

namespace lindwurm {

/// Of a tree of results; empty without phase spaces.
[[nodiscard]] std::string phase_space_summary(const Document& results, const Document& diagnostics);
void draw_phase_space(const Document& results, Panels& panels);

}  // namespace lindwurm
