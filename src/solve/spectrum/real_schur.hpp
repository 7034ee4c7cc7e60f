// The real Schur form and the invariant subspaces that follow from it.
#pragma once

#include <Eigen/Core>
#include <complex>
#include <vector>

#include "lindwurm/operators/space.hpp"

namespace lindwurm {

/// A = U T U^T with an orthogonal U and a block upper triangular T. A block holds one real
/// eigenvalue or a conjugate pair.
class RealSchur {
 public:
  /// Throws Error if LAPACK's dgees fails.
  explicit RealSchur(Eigen::MatrixXd a);

  /// The eigenvalues, in the order of the diagonal of T. In a pair, the one with Im > 0 comes
  /// first.
  [[nodiscard]] const std::vector<Complex>& values() const { return values_; }
  [[nodiscard]] const Eigen::MatrixXd& triangle() const { return t_; }

  /// Reorders so that the chosen eigenvalues come first. Pairs must not be split.
  void bring_forward(const std::vector<bool>& chosen);
  /// Orthonormal columns that span the right invariant subspace of the first m eigenvalues.
  [[nodiscard]] Eigen::MatrixXd right_space(Eigen::Index m) const { return u_.leftCols(m); }
  /// The columns P that span the left invariant subspace, with P^T right_space(m) = 1. They are P^T
  /// = (1 Y) U^T with T_11 Y - Y T_22 = T_12.
  [[nodiscard]] Eigen::MatrixXd left_space(Eigen::Index m) const;

  /// The eigenvectors of T, T v = lambda v and w^T T = lambda w^T.
  class Vectors {
   public:
    [[nodiscard]] Eigen::VectorXcd right(std::size_t k) const { return column(right_, 1, k); }
    [[nodiscard]] Eigen::VectorXcd left(std::size_t k) const { return column(left_, -1, k); }

   private:
    friend class RealSchur;
    [[nodiscard]] Eigen::VectorXcd column(const Eigen::MatrixXd& packed, double sign,
                                          std::size_t k) const;
    Eigen::MatrixXd right_;
    Eigen::MatrixXd left_;
    std::vector<Complex> values_;
  };
  [[nodiscard]] Vectors vectors() const;

 private:
  Eigen::MatrixXd t_;
  Eigen::MatrixXd u_;
  std::vector<Complex> values_;
};

/// The eigenvalues and unit eigenvectors (columns) of a real matrix, A v = lambda v and
/// A^T w = lambda w. In a pair, the one with Im > 0 comes first.
struct Eigenvectors {
  std::vector<Complex> values;
  Eigen::MatrixXcd right;
  Eigen::MatrixXcd left;
};
[[nodiscard]] Eigenvectors eigenvectors(Eigen::MatrixXd a);

}  // namespace lindwurm
