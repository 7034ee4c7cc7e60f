#include "stability_radius.hpp"

#include <algorithm>
#include <utility>

#include "lindwurm/backend/petsc.hpp"
// This header must come after SLEPc's own headers.
#include <slepcblaslapack.h>

namespace lindwurm {

namespace {

constexpr Eigen::Index block = 64;

// Solves A^T X + X A = -1, several columns at a time. The effect of earlier columns on later ones
// is a matrix product. Empty if rounding made eigenvalues of A and -A coincide.
Eigen::MatrixXd solve_lyapunov(const Eigen::MatrixXd& a) {
  const Eigen::Index n = a.rows();
  Eigen::MatrixXd x = -Eigen::MatrixXd::Identity(n, n);
  for (Eigen::Index first = 0, columns = 0; first < n; first += columns) {
    columns = std::min(block, n - first);
    const Eigen::Index next = first + columns;
    if (next < n && a(next, next - 1) != 0) ++columns;  // do not cut a pair
    auto here = x.middleCols(first, columns);
    here.noalias() -= x.leftCols(first) * a.block(0, first, first, columns);
    const auto rows = static_cast<PetscBLASInt>(n);
    const auto width = static_cast<PetscBLASInt>(columns);
    const PetscBLASInt plus = 1;
    double scale = 1;
    PetscBLASInt info = 0;
    LAPACKtrsyl_("T", "N", &plus, &rows, &width, a.data(), &rows, &a(first, first), &rows,
                 &x(0, first), &rows, &scale, &info);
    if (info != 0 || scale != 1) return {};
  }
  return x;
}

bool is_positive(Eigen::MatrixXd a) {
  const auto n = static_cast<PetscBLASInt>(a.rows());
  PetscBLASInt info = 0;
  LAPACKpotrf_("L", &n, a.data(), &n, &info);
  return info == 0;
}

}  // namespace

double stability_radius(const Eigen::MatrixXd& t, double abscissa) {
  const Eigen::Index n = t.rows();
  Eigen::MatrixXd a = t;
  a.diagonal().array() -= abscissa;
  Eigen::MatrixXd x = solve_lyapunov(a);
  if (x.size() == 0 || !x.allFinite()) return 0;
  x = ((x + x.transpose()) / 2).eval();
  // 1/(2 |A|) is the smallest possible eigenvalue of X. Smaller values are rounding.
  const double size = a.norm();
  Eigen::MatrixXd shifted = x;
  shifted.diagonal().array() -= 1 / (8 * size);
  if (!is_positive(std::move(shifted))) return 0;
  Eigen::MatrixXd rest = x * a;
  rest = (rest + rest.transpose() + Eigen::MatrixXd::Identity(n, n)).eval();
  const double longest = std::min(x.norm(), x.cwiseAbs().colwise().sum().maxCoeff());
  return std::max(0.0, (1 - rest.norm()) / (2 * longest));
}

}  // namespace lindwurm
