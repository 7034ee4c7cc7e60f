// Models in which the unknowns flow one way.
#pragma once

#include <vector>

#include "oracle/models.hpp"

namespace oracle {

/// Chains, cascades, two kinds of excitations, dark states, pumps and drives; D <= 16.
[[nodiscard]] const std::vector<ReferenceModel>& losing_models();

}  // namespace oracle
