// The density matrix of one site, block by block.
#pragma once

#include <Eigen/Core>
#include <complex>
#include <vector>

#include "lindwurm/backend/petsc.hpp"
#include "lindwurm/sectors/packed_basis.hpp"

namespace lindwurm {

/// The state of one site: the partial trace over all other sites.
struct SiteState {
  Group site;
  Eigen::VectorXcd elements;  ///< in the order of Space, with spins along the axis of storage

  /// The number of blocks: one for each multiplet of an ensemble, J descending; otherwise 1.
  [[nodiscard]] int blocks() const;
  /// The density matrix on the states of a block. Its trace is the weight of the block. For an
  /// ensemble it is r_{J,MM'} (Multiplets). Spins are along z.
  [[nodiscard]] Eigen::MatrixXcd block(int k) const;
};

/// Computes the density matrix of a site from packed density operators. Calls are collective.
class SiteTrace {
 public:
  SiteTrace(int site, const PackedBasis& basis, MPI_Comm comm);
  [[nodiscard]] SiteState of(Vec packed) const;

 private:
  struct Element {
    std::int64_t index;  // the index within the rows of this rank
    int number;          // the number among the site's elements
    int mirror;
  };
  MPI_Comm comm_;
  Group site_;
  int count_;
  PackedBasis::Mark mark_;
  std::vector<Element> elements_;
};

}  // namespace lindwurm
