// Whether all solutions stay bounded.
#pragma once

#include <memory>
#include <optional>

#include "lindwurm/generator/linear_equation.hpp"

namespace lindwurm {

struct Stability {
  bool is_shown = false;         ///< the rightmost eigenvalue is known
  std::optional<double> growth;  ///< its real part, if it is positive by more than its error
};

/// Finds the rightmost eigenvalue of the L of a constant model, in all sectors. Collective.
[[nodiscard]] Stability stability(const std::shared_ptr<const MasterEquation>& equation);

}  // namespace lindwurm
