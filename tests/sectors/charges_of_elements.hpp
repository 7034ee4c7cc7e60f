// The charges of the elements of a density operator, by another route than the library's.
#pragma once

#include <vector>

#include "lindwurm/sectors/charges.hpp"

// The charge of every |m><n| at m D + n, added up digit by digit.
inline std::vector<lindwurm::Charge> charges_of_elements(const lindwurm::Charges& charges,
                                                         const lindwurm::Space& space) {
  const auto d = static_cast<int>(space.dimension());
  std::vector<lindwurm::Charge> all;
  for (int m = 0; m < d; ++m) {
    for (int n = 0; n < d; ++n) {
      lindwurm::Charge total = charges.none();
      int below = d;
      for (int s = 0; s < space.sites(); ++s) {
        const int levels = space.dimension(s);
        below /= levels;
        total = charges.sum(total, charges.of(s, m / below % levels * levels + n / below % levels));
      }
      all.push_back(total);
    }
  }
  return all;
}
