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
  /// ln of the number of copies of each state, those of multiplets; empty without ensembles.
  [[nodiscard]] const Eigen::VectorXd& log_copies() const { return log_copies_; }

 private:
  std::vector<int> sites_;
  int dimension_ = 1;
  Eigen::VectorXd log_copies_;
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

/// rho_S[m, n] = sum_b psi_(m,b) phi*_(n,b) of kets. Kets are read slice by slice where they are,
/// or where several ranks share them, from copies of those slices that a rank works on. Calls are
/// collective.
class KetPartialTrace {
 public:
  /// `like` is laid out as the kets will be; the basis outlives this.
  KetPartialTrace(const ReducedSpace& kept, const PackedBasis& basis, Vec like);
  /// tr_b |psi><psi| of a packed ket.
  [[nodiscard]] Eigen::MatrixXcd of(Vec ket) const { return of(ket, ket); }
  /// tr_b |psi><phi|.
  [[nodiscard]] Eigen::MatrixXcd of(Vec psi, Vec phi) const;

  /// An estimate of the bytes that several ranks keep together to share a ket of a basis of this
  /// size; one rank keeps next to nothing.
  [[nodiscard]] static double shared_bytes(std::int64_t basis_size);

 private:
  // A slice that this rank works on: where it starts, its kind, and the outer sites' part of m.
  struct Slice {
    std::int32_t start;
    std::int32_t kind;
    std::int32_t m;
  };
  // Places in a slice and in another, side by side from there on, whose elements have one b.
  struct Run {
    int m;
    int n;
    int left;
    int right;
    int length;
  };
  struct Overlap {
    int right_kind;
    std::vector<Run> runs;
  };

  void find_slices(const ReducedSpace& kept, int rank, int ranks);
  void gather_slices(Vec like);
  void find_overlaps(const ReducedSpace& kept);
  [[nodiscard]] const std::vector<Run>& overlap(int left_kind, int right_kind) const;
  void gather(Vec ket, Vec copies) const;
  template <typename See>
  void over_pairs(bool is_hermitian, See see) const;

  const PackedBasis& basis_;
  MPI_Comm comm_;
  Space own_;
  int dimension_;
  std::vector<Slice> slices_;        // those with one b of the outer sites follow each other
  std::vector<std::int32_t> first_;  // where each of those b begins
  std::vector<std::vector<Overlap>> overlaps_;  // by the kind on the left
  VecHandle gathered_;                          // copies of the slices
  ScatterHandle scatter_;                       // none on one rank
};

}  // namespace lindwurm
