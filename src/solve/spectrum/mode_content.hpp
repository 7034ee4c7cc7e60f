// The content of an operator: the shares of its coherences and of its sites.
#pragma once

#include <vector>

#include "lindwurm/generator/liouvillian.hpp"

namespace lindwurm {

/// Shares of |X|^2, as explained in Mode of spectrum.hpp.
struct OperatorContent {
  std::vector<double> coherence;
  std::vector<double> sites;
};

/// The content of X = unpack(re) + i unpack(im). Collective.
[[nodiscard]] OperatorContent content_of(Vec re, Vec im, const PackedBasis& basis, MPI_Comm comm);

}  // namespace lindwurm
