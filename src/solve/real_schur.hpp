// The real Schur form, and the invariant subspaces that can be read off it.
#pragma once

#include <Eigen/Dense>
#include <complex>
#include <vector>

#include "lindwurm/operators/space.hpp"

namespace lindwurm {

/// A = U T U^T, U orthogonal and T block upper triangular, with blocks of one real eigenvalue or a
/// conjugate pair.
class RealSchur {
 public:
  /// Throws Error if LAPACK's dgees fails.
  explicit RealSchur(Eigen::MatrixXd a);

  /// In the order of the diagonal of T; of a pair the partner with Im > 0 first.
  [[nodiscard]] const std::vector<Complex>& values() const { return values_; }
  [[nodiscard]] const Eigen::MatrixXd& triangle() const { return t_; }

  /// Reorders so that the chosen eigenvalues, pairs whole, come first.
  void bring_forward(const std::vector<bool>& chosen);
  /// Orthonormal columns that span the right invariant subspace of the first m eigenvalues.
  [[nodiscard]] Eigen::MatrixXd right_space(Eigen::Index m) const { return u_.leftCols(m); }
  /// Columns P that span the left one, P^T right_space(m) = 1: P^T = (1 Y) U^T with
  /// T_11 Y - Y T_22 = T_12.
  [[nodiscard]] Eigen::MatrixXd left_space(Eigen::Index m) const;

 private:
  Eigen::MatrixXd t_;
  Eigen::MatrixXd u_;
  std::vector<Complex> values_;
};

/// Eigenvalues and unit eigenvectors, the columns, of a real matrix, A v = lambda v and
/// A^T w = lambda w; of a pair the partner with Im > 0 first.
struct Eigenvectors {
  std::vector<Complex> values;
  Eigen::MatrixXcd right;
  Eigen::MatrixXcd left;
};
[[nodiscard]] Eigenvectors eigenvectors(Eigen::MatrixXd a);

}  // namespace lindwurm
