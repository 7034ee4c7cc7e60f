// How much a matrix may change before an eigenvalue crosses a vertical line.
#pragma once

#include <Eigen/Core>

namespace lindwurm {

/// A radius such that every T + E with a smaller |E| (2-norm) has all its eigenvalues left of
/// `abscissa`; 0 if this is not shown. T is quasi-triangular, as in a real Schur form. With
/// A = T - abscissa and
///
///     A^T X + X A = -1,      X > 0,
///
/// the derivative of x^T X x along dx/dt = (A + E) x is at most (2 |E| |X| - 1) |x|^2, so 1/(2 |X|)
/// is such a radius (Lyapunov). Unlike the errors of single eigenvalues, it is not affected by
/// ill-conditioned eigenvalues far to the left. Takes about n^3 multiplications.
[[nodiscard]] double stability_radius(const Eigen::MatrixXd& t, double abscissa);

}  // namespace lindwurm
