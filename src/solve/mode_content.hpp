// What an operator consists of: which coherences, and on which sites.
#pragma once

#include <vector>

#include "lindwurm/liouville/liouvillian.hpp"

namespace lindwurm {

/// Shares of |X|^2; Mode of spectrum.hpp says of what.
struct OperatorContent {
  std::vector<double> coherence;
  std::vector<double> sites;
};

/// Of X = unpack(re) + i unpack(im). Collective.
[[nodiscard]] OperatorContent content_of(Vec re, Vec im, const PackedBasis& basis, MPI_Comm comm);

}  // namespace lindwurm
