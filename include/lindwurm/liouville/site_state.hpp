// The density matrix of one site, block by block.
#pragma once

#include <Eigen/Dense>
#include <complex>
#include <vector>

#include "lindwurm/backend/petsc.hpp"
#include "lindwurm/liouville/packed_basis.hpp"

namespace lindwurm {

/// What is left of a state when all sites but one are traced out.
struct SiteState {
  Group site;
  Eigen::VectorXcd elements;  ///< of the site, in the order of Space, spins along its axis

  /// One for each multiplet of an ensemble, J descending; else one.
  [[nodiscard]] int blocks() const;
  /// The density matrix on the states of a block, of the trace that lies in it: of an ensemble
  /// r_{J,MM'} (Multiplets). Spins along z.
  [[nodiscard]] Eigen::MatrixXcd block(int k) const;
};

/// Takes the density matrix of a site out of packed density operators. Calls are collective.
class SiteTrace {
 public:
  SiteTrace(int site, const PackedBasis& basis, MPI_Comm comm);
  [[nodiscard]] SiteState of(Vec packed) const;

 private:
  struct Element {
    std::int64_t index;  // within the rows of this rank
    int number;          // among the site's elements
    int mirror;
  };
  MPI_Comm comm_;
  Group site_;
  int count_;
  std::vector<Element> elements_;
};

}  // namespace lindwurm
