#include "lindwurm/backend/dense.hpp"

#include <Eigen/Eigenvalues>
#include <Eigen/SVD>
#include <algorithm>
#include <complex>
#include <limits>
#include <utility>
#include <vector>

namespace {

using Complex = std::complex<double>;
using Eigen::MatrixXcd;
using Eigen::MatrixXd;
using Eigen::VectorXcd;
using Eigen::VectorXd;

}  // namespace

// The routines of LAPACK, with 32-bit integers.
extern "C" {
void dsyev_(const char* job, const char* part, const int* n, double* a, const int* lda, double* w,
            double* work, const int* length, int* info);
void dstev_(const char* job, const int* n, double* d, double* e, double* z, const int* ldz,
            double* work, int* info);
void dgeevx_(const char* balance, const char* left, const char* right, const char* sense,
             const int* n, double* a, const int* lda, double* re, double* im, double* vl,
             const int* ldvl, double* vr, const int* ldvr, int* low, int* high, double* scale,
             double* norm, double* rconde, double* rcondv, double* work, const int* length,
             int* iwork, int* info);
void zgeevx_(const char* balance, const char* left, const char* right, const char* sense,
             const int* n, Complex* a, const int* lda, Complex* w, Complex* vl, const int* ldvl,
             Complex* vr, const int* ldvr, int* low, int* high, double* scale, double* norm,
             double* rconde, double* rcondv, Complex* work, const int* length, double* rwork,
             int* info);
void zgees_(const char* job, const char* sort, int (*select)(const Complex*), const int* n,
            Complex* a, const int* lda, int* sorted, Complex* w, Complex* vs, const int* ldvs,
            Complex* work, const int* length, double* rwork, int* bwork, int* info);
void zgeqrf_(const int* m, const int* n, Complex* a, const int* lda, Complex* tau, Complex* work,
             const int* length, int* info);
void zungqr_(const int* m, const int* n, const int* k, Complex* a, const int* lda,
             const Complex* tau, Complex* work, const int* length, int* info);
void dgesv_(const int* n, const int* columns, double* a, const int* lda, int* pivots, double* b,
            const int* ldb, int* info);
void zgesv_(const int* n, const int* columns, Complex* a, const int* lda, int* pivots, Complex* b,
            const int* ldb, int* info);
void dgelsy_(const int* m, const int* n, const int* columns, double* a, const int* lda, double* b,
             const int* ldb, int* pivots, const double* rcond, int* rank, double* work,
             const int* length, int* info);
}

namespace lindwurm {

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// Calls routine(work, length) twice. The first call asks LAPACK how much memory it needs.
template <typename Number, typename Routine>
void with_work(const Routine& routine) {
  Number wanted{};
  routine(&wanted, -1);
  const int length = std::max(1, static_cast<int>(std::real(wanted)));
  std::vector<Number> work(length);
  routine(work.data(), length);
}

// The eigenvalues of a symmetric matrix. The eigenvectors go to `vectors`, unless it is null.
VectorXd symmetric(MatrixXd a, MatrixXd* vectors) {
  const int n = static_cast<int>(a.rows());
  VectorXd values = VectorXd::Zero(n);
  int info = 0;
  if (n > 0) {
    with_work<double>([&](double* work, int length) {
      dsyev_(vectors != nullptr ? "V" : "N", "L", &n, a.data(), &n, values.data(), work, &length,
             &info);
    });
  }
  if (info != 0) values.setConstant(not_a_number);
  if (vectors != nullptr) *vectors = std::move(a);
  return values;
}

VectorXcd general(MatrixXd a, MatrixXcd* vectors) {
  const int n = static_cast<int>(a.rows());
  VectorXcd values = VectorXcd::Zero(n);
  VectorXd re = VectorXd::Zero(n);
  VectorXd im = VectorXd::Zero(n);
  MatrixXd packed = MatrixXd::Zero(n, n);
  int info = 0;
  if (n > 0) {
    int low = 0;
    int high = 0;
    double norm = 0;
    VectorXd scale(n);
    with_work<double>([&](double* work, int length) {
      dgeevx_("N", "N", vectors != nullptr ? "V" : "N", "N", &n, a.data(), &n, re.data(), im.data(),
              nullptr, &n, packed.data(), &n, &low, &high, scale.data(), &norm, nullptr, nullptr,
              work, &length, nullptr, &info);
    });
  }
  values.real() = re;
  values.imag() = im;
  if (info != 0) values.setConstant(not_a_number);
  if (vectors == nullptr) return values;
  // LAPACK stores the vectors of a complex pair in two columns: the real and the imaginary part of
  // the first one.
  *vectors = packed.cast<Complex>();
  for (int k = 0; k + 1 < n; ++k) {
    if (!(im(k) > 0)) continue;
    vectors->col(k).imag() = packed.col(k + 1);
    vectors->col(k + 1) = vectors->col(k).conjugate();
    ++k;
  }
  return values;
}

VectorXcd general(MatrixXcd a, MatrixXcd* vectors) {
  const int n = static_cast<int>(a.rows());
  VectorXcd values = VectorXcd::Zero(n);
  MatrixXcd found = MatrixXcd::Zero(n, n);
  int info = 0;
  if (n > 0) {
    int low = 0;
    int high = 0;
    double norm = 0;
    VectorXd scale(n);
    VectorXd rwork(2 * n);
    with_work<Complex>([&](Complex* work, int length) {
      zgeevx_("N", "N", vectors != nullptr ? "V" : "N", "N", &n, a.data(), &n, values.data(),
              nullptr, &n, found.data(), &n, &low, &high, scale.data(), &norm, nullptr, nullptr,
              work, &length, rwork.data(), &info);
    });
  }
  if (info != 0) values.setConstant(not_a_number);
  if (vectors != nullptr) *vectors = std::move(found);
  return values;
}

// The inverse by gesv, with the identity as the right-hand side.
template <typename Matrix, typename Gesv>
Matrix inverted(Matrix a, Gesv gesv) {
  const int n = static_cast<int>(a.rows());
  Matrix found = Matrix::Identity(n, n);
  std::vector<int> pivots(n);
  int info = 0;
  if (n > 0) gesv(&n, &n, a.data(), &n, pivots.data(), found.data(), &n, &info);
  if (info != 0) found.setConstant(not_a_number);
  return found;
}

}  // namespace

HermitianEigen hermitian_eigen(const MatrixXcd& a) {
  const Eigen::SelfAdjointEigenSolver<MatrixXcd> solver(a);
  return {solver.eigenvalues(), solver.eigenvectors()};
}

VectorXd hermitian_eigenvalues(const MatrixXcd& a) {
  return Eigen::SelfAdjointEigenSolver<MatrixXcd>(a, Eigen::EigenvaluesOnly).eigenvalues();
}

SymmetricEigen symmetric_eigen(const MatrixXd& a) {
  SymmetricEigen found;
  found.values = symmetric(a, &found.vectors);
  return found;
}

VectorXd symmetric_eigenvalues(const MatrixXd& a) { return symmetric(a, nullptr); }

SymmetricEigen tridiagonal_eigen(const VectorXd& diagonal, const VectorXd& beside) {
  const int n = static_cast<int>(diagonal.size());
  SymmetricEigen found{diagonal, MatrixXd::Zero(n, n)};
  VectorXd off = VectorXd::Zero(std::max(n, 1));
  off.head(beside.size()) = beside;
  VectorXd work(std::max(1, 2 * n - 2));
  int info = 0;
  if (n > 0)
    dstev_("V", &n, found.values.data(), off.data(), found.vectors.data(), &n, work.data(), &info);
  if (info != 0) found.values.setConstant(not_a_number);
  return found;
}

GeneralEigen general_eigen(const MatrixXd& a) {
  GeneralEigen found;
  found.values = general(a, &found.vectors);
  return found;
}

GeneralEigen general_eigen(const MatrixXcd& a) {
  GeneralEigen found;
  found.values = general(a, &found.vectors);
  return found;
}

VectorXcd general_eigenvalues(const MatrixXd& a) { return general(a, nullptr); }

VectorXcd general_eigenvalues(const MatrixXcd& a) { return general(a, nullptr); }

ComplexSchur complex_schur(const MatrixXcd& a) {
  const int n = static_cast<int>(a.rows());
  ComplexSchur found{a, MatrixXcd::Zero(n, n)};
  if (n == 0) return found;
  VectorXcd values(n);
  VectorXd rwork(n);
  int sorted = 0;
  int info = 0;
  with_work<Complex>([&](Complex* work, int length) {
    zgees_("V", "N", nullptr, &n, found.t.data(), &n, &sorted, values.data(), found.u.data(), &n,
           work, &length, rwork.data(), nullptr, &info);
  });
  if (info != 0) found.t.setConstant(not_a_number);
  return found;
}

// Only square matrices are supported: compiling the QR step for other shapes takes longer than all
// the rest.
VectorXd singular_values(const MatrixXd& a) {
  return Eigen::JacobiSVD<MatrixXd, Eigen::NoQRPreconditioner>(a).singularValues();
}

VectorXd singular_values(const MatrixXcd& a) {
  return Eigen::JacobiSVD<MatrixXcd, Eigen::NoQRPreconditioner>(a).singularValues();
}

MatrixXd right_singular_vectors(const MatrixXd& a) {
  return Eigen::JacobiSVD<MatrixXd, Eigen::NoQRPreconditioner>(a, Eigen::ComputeFullV).matrixV();
}

ThinQr thin_qr(const MatrixXcd& a) {
  const int m = static_cast<int>(a.rows());
  const int n = static_cast<int>(a.cols());
  ThinQr found{a, MatrixXcd::Zero(n, n)};
  if (n == 0) return found;
  VectorXcd tau(n);
  int info = 0;
  with_work<Complex>([&](Complex* work, int length) {
    zgeqrf_(&m, &n, found.q.data(), &m, tau.data(), work, &length, &info);
  });
  for (Eigen::Index column = 0; column < n; ++column)
    found.r.col(column).head(column + 1) = found.q.col(column).head(column + 1);
  with_work<Complex>([&](Complex* work, int length) {
    zungqr_(&m, &n, &n, found.q.data(), &m, tau.data(), work, &length, &info);
  });
  return found;
}

MatrixXcd rotated(const MatrixXcd& u, const MatrixXcd& a) { return u * a * u.adjoint(); }

MatrixXd inverse(MatrixXd a) { return inverted(std::move(a), dgesv_); }

MatrixXcd inverse(MatrixXcd a) { return inverted(std::move(a), zgesv_); }

VectorXd least_squares(MatrixXd a, const VectorXd& b) {
  const int m = static_cast<int>(a.rows());
  const int n = static_cast<int>(a.cols());
  VectorXd x = VectorXd::Zero(std::max({m, n, 1}));
  x.head(m) = b;
  const auto longest = static_cast<int>(x.size());
  const int columns = 1;
  const double rcond = std::numeric_limits<double>::epsilon() * std::min(m, n);
  std::vector<int> pivots(n, 0);
  int rank = 0;
  int info = 0;
  if (m > 0 && n > 0) {
    with_work<double>([&](double* work, int length) {
      dgelsy_(&m, &n, &columns, a.data(), &m, x.data(), &longest, pivots.data(), &rcond, &rank,
              work, &length, &info);
    });
  }
  return x.head(n);
}

}  // namespace lindwurm
