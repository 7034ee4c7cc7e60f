// Reduced density matrices: the partial trace over all other sites.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "lindwurm/backend/petsc.hpp"
#include "lindwurm/sectors/packed_basis.hpp"

namespace lindwurm {

/// The largest dimension of a reduced density matrix.
inline constexpr std::int64_t reduced_limit = 256;

/// The sites that a reduced density matrix keeps, in the order of the space. Its index is that of
/// their tensor product, with spins along z.
class ReducedSpace {
 public:
  /// Throws InputError for sites that are named twice or do not exist, for an empty list, and for a
  /// dimension beyond reduced_limit.
  ReducedSpace(const Space& space, std::vector<int> sites);

  [[nodiscard]] const std::vector<int>& sites() const { return sites_; }
  [[nodiscard]] int dimension() const { return dimension_; }
  /// ln of the number of copies of each state. Only states of multiplets have several. Empty
  /// without ensembles.
  [[nodiscard]] const Eigen::VectorXd& log_copies() const { return log_copies_; }

 private:
  std::vector<int> sites_;
  int dimension_ = 1;
  Eigen::VectorXd log_copies_;
};

/// rho_S[m, n] = sum_b rho[(m, b), (n, b)] for density operators. Calls are collective.
class PartialTrace {
 public:
  PartialTrace(const ReducedSpace& kept, const PackedBasis& basis, MPI_Comm comm);
  /// The reduced density matrix of a packed density operator.
  [[nodiscard]] Eigen::MatrixXcd of(Vec packed) const;

 private:
  struct Element {
    std::int64_t index;  // the index within the rows of this rank
    int m;
    int n;
  };
  MPI_Comm comm_;
  Space own_;
  int dimension_;
  PackedBasis::Mark mark_;
  std::vector<Element> elements_;
};

/// rho_S[m, n] = sum_b psi_(m,b) phi*_(n,b) for kets. A ket on one rank is read in place, slice by
/// slice. If several ranks share it, each rank reads copies of the slices that it works on. Calls
/// are collective.
class KetPartialTrace {
 public:
  /// `like` is a vector with the layout of the kets. The basis must outlive this object.
  KetPartialTrace(const ReducedSpace& kept, const PackedBasis& basis, Vec like);
  /// tr_b |psi><psi| of a packed ket.
  [[nodiscard]] Eigen::MatrixXcd of(Vec ket) const { return of(ket, ket); }
  /// tr_b |psi><phi|.
  [[nodiscard]] Eigen::MatrixXcd of(Vec psi, Vec phi) const;

  /// An estimate of the bytes that several ranks need together to share a ket of a basis of this
  /// size. A single rank needs almost nothing.
  [[nodiscard]] static double shared_bytes(std::int64_t basis_size);

 private:
  // A slice that this rank works on: its start, its kind, and the contribution of the outer sites
  // to m.
  struct Slice {
    std::int32_t start;
    std::int32_t kind;
    std::int32_t m;
  };
  // A run of consecutive places in a slice and in another one whose elements have the same b.
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
  std::vector<Slice> slices_;        // slices with the same b of the outer sites are adjacent
  std::vector<std::int32_t> first_;  // the first slice of each such b
  std::vector<std::vector<Overlap>> overlaps_;  // sorted by the kind of the left slice
  VecHandle gathered_;                          // copies of the slices
  ScatterHandle scatter_;                       // null on one rank
};

}  // namespace lindwurm
