// Decompositions of dense matrices by LAPACK or Eigen. Eigen's templates for them take seconds to
// compile, so only dense.cpp uses them, and other files call these functions. If an algorithm does
// not converge, or an inverse does not exist, the results are not finite. Not collective.
#pragma once

#include <Eigen/Core>

namespace lindwurm {

/// Eigenvalues of a Hermitian matrix, ascending, and orthonormal eigenvectors as columns. Only the
/// lower triangle of the matrix is read.
struct HermitianEigen {
  Eigen::VectorXd values;
  Eigen::MatrixXcd vectors;
};
[[nodiscard]] HermitianEigen hermitian_eigen(const Eigen::MatrixXcd& a);
[[nodiscard]] Eigen::VectorXd hermitian_eigenvalues(const Eigen::MatrixXcd& a);

/// The same for a real symmetric matrix.
struct SymmetricEigen {
  Eigen::VectorXd values;
  Eigen::MatrixXd vectors;
};
[[nodiscard]] SymmetricEigen symmetric_eigen(const Eigen::MatrixXd& a);
[[nodiscard]] Eigen::VectorXd symmetric_eigenvalues(const Eigen::MatrixXd& a);
/// The same for a real symmetric tridiagonal matrix, given by its diagonal and its off-diagonal.
[[nodiscard]] SymmetricEigen tridiagonal_eigen(const Eigen::VectorXd& diagonal,
                                               const Eigen::VectorXd& beside);

/// Eigenvalues of any square matrix, in no particular order, and right eigenvectors as columns.
struct GeneralEigen {
  Eigen::VectorXcd values;
  Eigen::MatrixXcd vectors;
};
[[nodiscard]] GeneralEigen general_eigen(const Eigen::MatrixXd& a);
[[nodiscard]] GeneralEigen general_eigen(const Eigen::MatrixXcd& a);
[[nodiscard]] Eigen::VectorXcd general_eigenvalues(const Eigen::MatrixXd& a);
[[nodiscard]] Eigen::VectorXcd general_eigenvalues(const Eigen::MatrixXcd& a);

/// A = U T U^dag with a unitary U and an upper triangular T.
struct ComplexSchur {
  Eigen::MatrixXcd t;
  Eigen::MatrixXcd u;
};
[[nodiscard]] ComplexSchur complex_schur(const Eigen::MatrixXcd& a);

/// Singular values of a square matrix, descending.
[[nodiscard]] Eigen::VectorXd singular_values(const Eigen::MatrixXd& a);
[[nodiscard]] Eigen::VectorXd singular_values(const Eigen::MatrixXcd& a);
/// The matrix V of A = U S V^T for a square A. Its columns are in the order of the singular values.
[[nodiscard]] Eigen::MatrixXd right_singular_vectors(const Eigen::MatrixXd& a);

/// A = Q R for a matrix with no more columns than rows. Q has the shape of A and orthonormal
/// columns; R is upper triangular.
struct ThinQr {
  Eigen::MatrixXcd q;
  Eigen::MatrixXcd r;
};
[[nodiscard]] ThinQr thin_qr(const Eigen::MatrixXcd& a);

/// U A U^dag.
[[nodiscard]] Eigen::MatrixXcd rotated(const Eigen::MatrixXcd& u, const Eigen::MatrixXcd& a);

[[nodiscard]] Eigen::MatrixXd inverse(Eigen::MatrixXd a);
[[nodiscard]] Eigen::MatrixXcd inverse(Eigen::MatrixXcd a);

/// The x of smallest norm that minimises |A x - b|.
[[nodiscard]] Eigen::VectorXd least_squares(Eigen::MatrixXd a, const Eigen::VectorXd& b);

}  // namespace lindwurm
