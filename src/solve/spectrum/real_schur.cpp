#include "real_schur.hpp"

#include <fmt/format.h>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/petsc.hpp"
// This header must come after SLEPc's own headers.
#include <slepcblaslapack.h>

namespace lindwurm {

namespace {

PetscBLASInt size_of(const Eigen::MatrixXd& a) { return static_cast<PetscBLASInt>(a.rows()); }

void require_success(PetscBLASInt info, const char* routine) {
  if (info != 0) throw Error(fmt::format("LAPACK's {} failed (info = {})", routine, info));
}

std::vector<Complex> complex_values(const Eigen::VectorXd& re, const Eigen::VectorXd& im) {
  std::vector<Complex> values;
  for (Eigen::Index k = 0; k < re.size(); ++k)
    values.emplace_back(re(k), im(k));
  return values;
}

// LAPACK stores the vectors of a conjugate pair in two columns: the real and the imaginary part of
// the first one.
Eigen::MatrixXcd complex_columns(const Eigen::MatrixXd& packed, const Eigen::VectorXd& im,
                                 double sign) {
  Eigen::MatrixXcd columns = packed.cast<Complex>();
  for (Eigen::Index k = 0; k < im.size(); ++k) {
    if (im(k) <= 0) continue;
    columns.col(k) += Complex(0, sign) * packed.col(k + 1).cast<Complex>();
    columns.col(k + 1) = columns.col(k).conjugate();
    ++k;
  }
  return columns;
}

}  // namespace

RealSchur::RealSchur(Eigen::MatrixXd a) : t_(std::move(a)), u_(t_.rows(), t_.rows()) {
  const PetscBLASInt n = size_of(t_);
  if (n == 0) return;
  Eigen::VectorXd re(n);
  Eigen::VectorXd im(n);
  PetscBLASInt sorted = 0;
  PetscBLASInt info = 0;
  PetscBLASInt length = -1;
  Eigen::VectorXd work(1);
  const auto gees = [&] {
    LAPACKgees_("V", "N", nullptr, &n, t_.data(), &n, &sorted, re.data(), im.data(), u_.data(), &n,
                work.data(), &length, nullptr, &info);
    require_success(info, "dgees");
  };
  gees();
  length = static_cast<PetscBLASInt>(work(0));
  work.resize(length);
  gees();
  values_ = complex_values(re, im);
}

void RealSchur::bring_forward(const std::vector<bool>& chosen) {
  const PetscBLASInt n = size_of(t_);
  if (n == 0) return;
  const std::vector<PetscBLASInt> select(chosen.begin(), chosen.end());
  Eigen::VectorXd re(n);
  Eigen::VectorXd im(n);
  Eigen::VectorXd work(n);
  PetscBLASInt count = 0;
  PetscBLASInt info = 0;
  PetscBLASInt one = 1;
  double unused = 0;
  LAPACKtrsen_("N", "V", select.data(), &n, t_.data(), &n, u_.data(), &n, re.data(), im.data(),
               &count, &unused, &unused, work.data(), &n, &one, &one, &info);
  require_success(info, "dtrsen");
  values_ = complex_values(re, im);
}

Eigen::MatrixXd RealSchur::left_space(Eigen::Index m) const {
  const Eigen::Index rest = t_.rows() - m;
  if (rest == 0 || m == 0) return u_.leftCols(m);
  Eigen::MatrixXd y = t_.topRightCorner(m, rest);
  const PetscBLASInt rows = static_cast<PetscBLASInt>(m);
  const PetscBLASInt columns = static_cast<PetscBLASInt>(rest);
  const PetscBLASInt n = size_of(t_);
  const PetscBLASInt minus = -1;
  double scale = 1;
  PetscBLASInt info = 0;
  LAPACKtrsyl_("N", "N", &minus, &rows, &columns, t_.data(), &n, &t_(m, m), &n, y.data(), &rows,
               &scale, &info);
  // info = 1 means: eigenvalues on both sides of the cut were equal up to rounding and were
  // perturbed. The condition numbers will show it.
  if (info < 0) require_success(info, "dtrsyl");
  return u_.leftCols(m) + u_.rightCols(rest) * y.transpose() / scale;
}

// For a pair, LAPACK stores the real and the imaginary part of the first vector in two columns.
Eigen::VectorXcd RealSchur::Vectors::column(const Eigen::MatrixXd& packed, double sign,
                                            std::size_t k) const {
  const auto here = static_cast<Eigen::Index>(k);
  const double im = values_[k].imag();
  if (im == 0) return packed.col(here).cast<Complex>();
  const Eigen::Index first = im > 0 ? here : here - 1;
  const Complex unit(0, im > 0 ? sign : -sign);
  return packed.col(first) + unit * packed.col(first + 1).cast<Complex>();
}

RealSchur::Vectors RealSchur::vectors() const {
  Vectors found;
  const PetscBLASInt n = size_of(t_);
  found.values_ = values_;
  found.right_.resize(n, n);
  found.left_.resize(n, n);
  if (n == 0) return found;
  auto* t = const_cast<double*>(t_.data());  // NOLINT: read only, which the prototype does not say
  Eigen::VectorXd work(3 * n);
  PetscBLASInt count = 0;
  PetscBLASInt info = 0;
  LAPACKtrevc_("B", "A", nullptr, &n, t, &n, found.left_.data(), &n, found.right_.data(), &n, &n,
               &count, work.data(), &info);
  require_success(info, "dtrevc");
  return found;
}

Eigenvectors eigenvectors(Eigen::MatrixXd a) {
  const PetscBLASInt n = size_of(a);
  Eigenvectors found{{}, Eigen::MatrixXcd(n, n), Eigen::MatrixXcd(n, n)};
  if (n == 0) return found;
  Eigen::VectorXd re(n);
  Eigen::VectorXd im(n);
  Eigen::MatrixXd right(n, n);
  Eigen::MatrixXd left(n, n);
  Eigen::VectorXd work(1);
  PetscBLASInt length = -1;
  PetscBLASInt info = 0;
  const auto geev = [&] {
    LAPACKgeev_("V", "V", &n, a.data(), &n, re.data(), im.data(), left.data(), &n, right.data(), &n,
                work.data(), &length, &info);
    require_success(info, "dgeev");
  };
  geev();
  length = static_cast<PetscBLASInt>(work(0));
  work.resize(length);
  geev();
  found.values = complex_values(re, im);
  // LAPACK's left vectors obey u^dag A = lambda u^dag: w = conj(u).
  found.right = complex_columns(right, im, 1);
  found.left = complex_columns(left, im, -1);
  return found;
}

}  // namespace lindwurm
