// A region of the space that holds all of it.
#pragma once

#include "lindwurm/sectors/charges.hpp"

namespace oracle {

/// All values of these charges, as Flow::Region wants them.
[[nodiscard]] inline lindwurm::Sector everything(const lindwurm::Charges& charges) {
  lindwurm::Sector all{charges, {}};
  for (const auto& [value, size] : charges.totals())
    all.values.insert(value);
  return all;
}

}  // namespace oracle
