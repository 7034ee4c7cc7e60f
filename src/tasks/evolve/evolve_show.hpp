// How an evolution is shown.
#pragma once

#include <string>

#include "lindwurm/tasks/task.hpp"

namespace lindwurm {

/// Of a tree of results and its diagnostics; empty without an evolution.
[[nodiscard]] std::string evolve_summary(const Document& results, const Document& diagnostics);
void draw_evolution(const Document& results, Panels& panels);

}  // namespace lindwurm
