// Balancing: the norm in which a generator is closest to a normal operator.
#pragma once

#include <Eigen/SparseCore>
#include <vector>

#include "lindwurm/generator/liouvillian.hpp"

namespace lindwurm {

using SparseRows = Eigen::SparseMatrix<double, Eigen::RowMajor, int>;

/// All of a parallel matrix on rank 0; empty on the others. Collective.
[[nodiscard]] SparseRows gather_rows(Mat matrix);

/// Computes integers e such that B = S^-1 A S with S = diag(2^e), B_ij = A_ij 2^(e_j - e_i), is
/// balanced:
///
/// - Within a strongly connected part of A's graph, S minimises |B| (Frobenius), up to a factor of
///   two in each element of S. At the minimum, the row and the column of each unknown have the same
///   norm (E. E. Osborne, J. ACM 7, 338 (1960)). A generator in detailed balance becomes symmetric,
///   and a directed cycle becomes normal. The norm is a convex function of the logarithms and is
///   minimised by Newton's method, so that exponents of any size are found.
/// - The coupling of one such part to the next, which does not affect eigenvalues, becomes smaller
///   than the diagonal. A matrix that is far from normal only because it is triangular becomes
///   nearly normal.
///
/// B has the eigenvalues of A. Their condition numbers are smaller by up to the square of the
/// largest ratio of elements of S. The result is zero if the gain would be small. Exponents lie
/// between -`largest_exponent` and `largest_exponent`.
[[nodiscard]] std::vector<int> balancing_exponents(const SparseRows& a);
inline constexpr int largest_exponent = 880;

/// The scaling S of a Liouvillian. Scaling by powers of two is exact, and so is its inverse.
class Balancing {
 public:
  /// The trivial scaling S = 1.
  Balancing() = default;
  /// Assembles L on rank 0. Collective. The Liouvillian must outlive this object.
  explicit Balancing(const Liouvillian& liouvillian);

  [[nodiscard]] bool is_trivial() const { return span_ == 0; }
  /// log2 of the ratio of the largest to the smallest element of S.
  [[nodiscard]] int span() const { return span_; }
  /// The diagonal of S; null if S = 1.
  [[nodiscard]] Vec scale() const { return scale_; }
  /// L without scaling, on rank 0.
  [[nodiscard]] const SparseRows& rows() const { return rows_; }
  /// The exponents e, on rank 0.
  [[nodiscard]] const std::vector<int>& exponents() const { return exponents_; }
  /// The balanced matrix B, on rank 0.
  [[nodiscard]] Eigen::MatrixXd balanced() const;
  /// The Frobenius norm |B|, on all ranks.
  [[nodiscard]] double balanced_norm() const { return balanced_norm_; }

  /// Replaces v, given in the coordinates of B, by S v, and w by S^-1 w; and the inverse
  /// operations.
  void to_right(Vec v) const;
  void to_left(Vec w) const;
  void from_right(Vec v) const { to_left(v); }
  void from_left(Vec w) const { to_right(w); }

 private:
  SparseRows rows_;
  std::vector<int> exponents_;
  VecHandle scale_;
  int span_ = 0;
  double balanced_norm_ = 0;
};

/// While this object lives, the constant part of the Liouvillian is S^-1 L S. Collective.
class ScaledLiouvillian {
 public:
  ScaledLiouvillian(const Liouvillian& liouvillian, const Balancing& balancing);
  ScaledLiouvillian(const ScaledLiouvillian&) = delete;
  ScaledLiouvillian& operator=(const ScaledLiouvillian&) = delete;
  ~ScaledLiouvillian();

 private:
  Mat matrix_;
  VecHandle scale_, inverse_;
};

}  // namespace lindwurm
