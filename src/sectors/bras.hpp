// The bras of the elements in some rows of a packed vector.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "lindwurm/sectors/packed_basis.hpp"

namespace lindwurm {

// Calls see(n) for each n of the elements |m><n| in these rows, in ascending order. If there are
// fewer states than rows, it is called for other states as well.
template <typename See>
void over_bras(const PackedBasis& basis, std::int64_t first, std::int64_t last, See see) {
  if (basis.hilbert_dimension() <= last - first) {
    for (std::int64_t n = 0; n < basis.hilbert_dimension(); ++n)
      see(n);
    return;
  }
  std::vector<std::int64_t> bras;
  for (std::int64_t row = first; row < last; ++row)
    bras.push_back(basis.states(basis.element(row)).second);
  std::sort(bras.begin(), bras.end());
  bras.erase(std::unique(bras.begin(), bras.end()), bras.end());
  for (const std::int64_t n : bras)
    see(n);
}

}  // namespace lindwurm
