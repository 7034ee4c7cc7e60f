// How a steady state is shown.
#pragma once

#include <string>

#include "lindwurm/output/document.hpp"

namespace lindwurm {

/// Of a tree of results and its diagnostics; empty without a steady state.
[[nodiscard]] std::string steady_summary(const Document& results, const Document& diagnostics);

}  // namespace lindwurm
