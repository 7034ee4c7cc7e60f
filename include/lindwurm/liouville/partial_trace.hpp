// Reduced density matrices: what is left of a state when the other sites are traced out.
#pragma once

#include <Eigen/Dense>
#include <cstdint>
#include <vector>

#include "lindwurm/backend/petsc.hpp"
#include "lindwurm/liouville/packed_basis.hpp"

namespace lindwurm {

/// The largest dimension of a reduced density matrix.
inline constexpr std::int64_t reduced_limit = 256;

/// The sites that a reduced density matrix is of, in the order of the space: its index is that of
/// their tensor product, spins along z.
class ReducedSpace {
 public:
  /// Throws InputError for sites that are named twice or do not exist, for none, and for a
  /// dimension beyond reduced_limit.
  ReducedSpace(const Space& space, std::vector<int> sites);

  [[nodiscard]] const std::vector<int>& sites() const { return sites_; }
  [[nodiscard]] int dimension() const { return dimension_; }

 private:
  std::vector<int> sites_;
  int dimension_ = 1;
};

/// rho_S[m, n] = sum_b rho[(m, b), (n, b)] of density operators. Calls are collective.
class PartialTrace {
 public:
  PartialTrace(const ReducedSpace& kept, const PackedBasis& basis, MPI_Comm comm);
  /// Of a packed density operator.
  [[nodiscard]] Eigen::MatrixXcd of(Vec packed) const;

 private:
  struct Element {
    std::int64_t index;  // within the rows of this rank
    int m;
    int n;
  };
  MPI_Comm comm_;
  Space own_;
  int dimension_;
  std::vector<Element> elements_;
};

/// rho_S[m, n] = sum_b psi_(m,b) phi*_(n,b) of kets. Calls are collective.
class KetPartialTrace {
 public:
  /// `like` is laid out as the kets will be.
  KetPartialTrace(const ReducedSpace& kept, const PackedBasis& basis, Vec like);
  /// tr_b |psi><psi| of a packed ket.
  [[nodiscard]] Eigen::MatrixXcd of(Vec ket) const { return of(ket, ket); }
  /// tr_b |psi><phi|.
  [[nodiscard]] Eigen::MatrixXcd of(Vec psi, Vec phi) const;

 private:
  // The numbers psi_(m,b) that this rank works on, those of one b side by side: the values of m,
  // and where each b begins.
  [[nodiscard]] std::vector<std::complex<double>> gathered(Vec ket) const;
  MPI_Comm comm_;
  Space own_;
  int dimension_;
  std::vector<int> kept_;
  std::vector<std::int32_t> first_;
  VecHandle gathered_;  // a number and its mirror, one after the other
  ScatterHandle scatter_;
};

}  // namespace lindwurm
