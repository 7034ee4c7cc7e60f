#include "dense.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

using oracle::Complex;

extern "C" {
void zheev_(const char* job, const char* part, const int* n, Complex* a, const int* lda, double* w,
            Complex* work, const int* length, double* rwork, int* info);
void zgeev_(const char* left, const char* right, const int* n, Complex* a, const int* lda,
            Complex* w, Complex* vl, const int* ldvl, Complex* vr, const int* ldvr, Complex* work,
            const int* length, double* rwork, int* info);
void dgeev_(const char* left, const char* right, const int* n, double* a, const int* lda,
            double* re, double* im, double* vl, const int* ldvl, double* vr, const int* ldvr,
            double* work, const int* length, int* info);
void zgesdd_(const char* job, const int* m, const int* n, Complex* a, const int* lda, double* s,
             Complex* u, const int* ldu, Complex* vt, const int* ldvt, Complex* work,
             const int* length, double* rwork, int* iwork, int* info);
void zgesv_(const int* n, const int* columns, Complex* a, const int* lda, int* pivots, Complex* b,
            const int* ldb, int* info);
}

namespace oracle {

namespace {

int size_of(const Matrix& a) { return static_cast<int>(a.rows()); }

void require_success(int info, const char* routine) {
  if (info != 0) throw std::logic_error(std::string("LAPACK's ") + routine + " failed");
}

}  // namespace

Matrix kron(const Matrix& a, const Matrix& b) {
  Matrix product(a.rows() * b.rows(), a.cols() * b.cols());
  for (Eigen::Index m = 0; m < a.rows(); ++m) {
    for (Eigen::Index n = 0; n < a.cols(); ++n) {
      product.block(m * b.rows(), n * b.cols(), b.rows(), b.cols()) = a(m, n) * b;
    }
  }
  return product;
}

Matrix identity(int d) { return Matrix::Identity(d, d); }

Matrix annihilation(int d) {
  Matrix a = Matrix::Zero(d, d);
  for (int n = 1; n < d; ++n)
    a(n - 1, n) = std::sqrt(static_cast<double>(n));
  return a;
}

Matrix creation(int d) { return annihilation(d).adjoint(); }

Matrix number(int d) {
  Matrix n = Matrix::Zero(d, d);
  for (int k = 0; k < d; ++k)
    n(k, k) = k;
  return n;
}

Matrix position(int d) { return annihilation(d) + creation(d); }
Matrix momentum(int d) { return -i * (annihilation(d) - creation(d)); }

Matrix pauli_x() { return (Matrix(2, 2) << 0, 1, 1, 0).finished(); }
Matrix pauli_y() { return (Matrix(2, 2) << 0, -i, i, 0).finished(); }
Matrix pauli_z() { return (Matrix(2, 2) << 1, 0, 0, -1).finished(); }
Matrix raising() { return transition(0, 1, 2); }
Matrix lowering() { return transition(1, 0, 2); }

Matrix raising_x() {
  const Vector plus = (Vector(2) << 1, 1).finished() / std::sqrt(2.0);
  const Vector minus = (Vector(2) << 1, -1).finished() / std::sqrt(2.0);
  return plus * minus.adjoint();
}

Matrix lowering_x() { return raising_x().adjoint(); }

Matrix transition(int j, int k, int d) {
  Matrix ket_bra = Matrix::Zero(d, d);
  ket_bra(j, k) = 1;
  return ket_bra;
}

Matrix named(const std::string& name, int d) {
  if (name == "id") return identity(d);
  if (name == "a") return annihilation(d);
  if (name == "ad") return creation(d);
  if (name == "n") return number(d);
  if (name == "x") return position(d);
  if (name == "p") return momentum(d);
  if (name == "sx") return pauli_x();
  if (name == "sy") return pauli_y();
  if (name == "sz") return pauli_z();
  if (name == "sp") return raising();
  if (name == "sm") return lowering();
  if (name == "sp_x") return raising_x();
  if (name == "sm_x") return lowering_x();
  throw std::logic_error("no operator " + name);
}

Matrix embed(const Matrix& a, int site, const std::vector<int>& dimensions) {
  Matrix product = Matrix::Identity(1, 1);
  for (int s = 0; s < static_cast<int>(dimensions.size()); ++s) {
    product = kron(product, s == site ? a : identity(dimensions[s]));
  }
  return product;
}

Matrix left(const Matrix& a) { return kron(a, Matrix::Identity(a.rows(), a.rows())); }
Matrix right(const Matrix& a) { return kron(Matrix::Identity(a.rows(), a.rows()), a.transpose()); }
Matrix commutator(const Matrix& a) { return left(a) - right(a); }
Matrix anticommutator(const Matrix& a) { return left(a) + right(a); }

Matrix dissipator(const Matrix& a) {
  return kron(a, a.conjugate()) - anticommutator(a.adjoint() * a) / 2;
}

Matrix liouvillian(const Matrix& h, const std::vector<Jump>& jumps) {
  Matrix l = -i * commutator(h);
  for (const Jump& jump : jumps)
    l += jump.rate * dissipator(jump.op);
  return l;
}

Vector vec(const Matrix& rho) { return rho.transpose().reshaped(); }

Matrix unvec(const Vector& v) {
  const auto d = static_cast<Eigen::Index>(std::lround(std::sqrt(v.size())));
  return v.reshaped(d, d).transpose();
}

Matrix apply(const Matrix& l, const Matrix& rho) { return unvec(l * vec(rho)); }

Eigen::MatrixXd packed(const Matrix& l) {
  const auto d = static_cast<Eigen::Index>(std::lround(std::sqrt(l.rows())));
  Eigen::MatrixXd real = l.real();
  for (Eigen::Index k = 0; k < d; ++k) {
    for (Eigen::Index m = 0; m < d; ++m)
      real.col(k * d + m) += l.imag().col(m * d + k);
  }
  return real;
}

HermitianPairs hermitian_pairs(Matrix a) {
  const int n = size_of(a);
  Eigen::VectorXd values(n);
  const int length = 64 * (n + 1);
  Vector work(length);
  Eigen::VectorXd rwork(3 * n + 1);
  int info = 0;
  zheev_("V", "L", &n, a.data(), &n, values.data(), work.data(), &length, rwork.data(), &info);
  require_success(info, "zheev");
  return {values, std::move(a)};
}

Eigen::VectorXd hermitian_eigenvalues(Matrix a) { return hermitian_pairs(std::move(a)).values; }

EigenPairs eigen_pairs(Matrix a) {
  const int n = size_of(a);
  EigenPairs pairs{Vector(n), Matrix(n, n)};
  const int length = 64 * (n + 1);
  Vector work(length);
  Eigen::VectorXd rwork(2 * n);
  int info = 0;
  zgeev_("N", "V", &n, a.data(), &n, pairs.values.data(), nullptr, &n, pairs.vectors.data(), &n,
         work.data(), &length, rwork.data(), &info);
  require_success(info, "zgeev");
  return pairs;
}

std::vector<Complex> real_matrix_eigenvalues(Eigen::MatrixXd a) {
  const int n = static_cast<int>(a.rows());
  Eigen::VectorXd re(n);
  Eigen::VectorXd im(n);
  const int length = 64 * (n + 1);
  Eigen::VectorXd work(length);
  int info = 0;
  dgeev_("N", "N", &n, a.data(), &n, re.data(), im.data(), nullptr, &n, nullptr, &n, work.data(),
         &length, &info);
  require_success(info, "dgeev");
  std::vector<Complex> values;
  for (int k = 0; k < n; ++k)
    values.emplace_back(re(k), im(k));
  return values;
}

Matrix solution(Matrix a, Matrix b) {
  const int n = size_of(a);
  const int columns = static_cast<int>(b.cols());
  std::vector<int> pivots(n);
  int info = 0;
  zgesv_(&n, &columns, a.data(), &n, pivots.data(), b.data(), &n, &info);
  require_success(info, "zgesv");
  return b;
}

Matrix inverse(const Matrix& a) { return solution(a, identity(size_of(a))); }

Matrix exponential(const Matrix& a) {
  // exp(A) = exp(A/2^s)^(2^s), |A/2^s| <= 1/2, by the Pade approximant of degree 8.
  const double size = a.cwiseAbs().rowwise().sum().maxCoeff();
  const int halvings = size > 0.5 ? static_cast<int>(std::ceil(std::log2(size / 0.5))) : 0;
  const Matrix scaled = a * std::ldexp(1.0, -halvings);
  constexpr int degree = 8;
  Matrix above = identity(size_of(a));
  Matrix below = above;
  Matrix power = above;
  double c = 1;
  for (int k = 1; k <= degree; ++k) {
    c *= static_cast<double>(degree - k + 1) / (k * (2 * degree - k + 1));
    power = (power * scaled).eval();
    above += c * power;
    below += (k % 2 == 0 ? c : -c) * power;
  }
  Matrix result = solution(below, above);
  for (int k = 0; k < halvings; ++k)
    result = (result * result).eval();
  return result;
}

Matrix evolve(const Matrix& l, const Matrix& rho, double t) {
  return unvec(exponential(l * t) * vec(rho));
}

Vector evolve_ket(const Matrix& h, const Vector& psi, double t) {
  const auto [values, states] = hermitian_pairs(h);
  const Vector phases = (-i * t * values.cast<Complex>()).array().exp();
  return states * phases.cwiseProduct(states.adjoint() * psi);
}

Matrix evolve(const std::function<Matrix(double)>& l, const Matrix& rho, double from, double to,
              int steps) {
  // exp(h (A + B)/2 - sqrt(3) h^2 [A, B]/12), A and B at the two Gauss points, by its power series.
  const double h = (to - from) / steps;
  const double offset = std::sqrt(3.0) / 6.0;
  Vector v = vec(rho);
  for (int k = 0; k < steps; ++k) {
    const double middle = from + (k + 0.5) * h;
    const Matrix a = l(middle - offset * h);
    const Matrix b = l(middle + offset * h);
    Vector term = v;
    for (int order = 1; order < 30; ++order) {
      const Vector av = a * term;
      const Vector bv = b * term;
      term = (h / 2 * (av + bv) - std::sqrt(3.0) * h * h / 12 * (a * bv - b * av)) / order;
      v += term;
      if (term.norm() < 1e-18) break;
    }
  }
  return unvec(v);
}

namespace {

Matrix last_right_vectors(const Matrix& l, bool of_adjoint) {
  Matrix m = of_adjoint ? Matrix(l.adjoint()) : l;
  const int n = size_of(m);
  Eigen::VectorXd values(n);
  Matrix left_vectors(n, n);
  Matrix right_vectors(n, n);  // their adjoint
  const int length = 2 * n * n + 65 * (n + 1);
  Vector work(length);
  Eigen::VectorXd rwork(7 * n * n + 7 * n + 1);
  std::vector<int> iwork(8 * n);
  int info = 0;
  zgesdd_("A", &n, &n, m.data(), &n, values.data(), left_vectors.data(), &n, right_vectors.data(),
          &n, work.data(), &length, rwork.data(), iwork.data(), &info);
  require_success(info, "zgesdd");
  const double zero = std::max(1e-10 * values(0), 1e-300);
  const auto count = (values.array() <= zero).count();
  return right_vectors.bottomRows(count).adjoint();
}

}  // namespace

Matrix null_space(const Matrix& l) { return last_right_vectors(l, false); }

Matrix steady_state(const Matrix& l) {
  const Matrix kernel = null_space(l);
  if (kernel.cols() != 1) throw std::logic_error("the stationary state is not unique");
  const Matrix rho = unvec(kernel.col(0));
  return rho / rho.trace();
}

Matrix stationary_part(const Matrix& l, const Matrix& rho) {
  const Matrix stationary = last_right_vectors(l, false);
  const Matrix conserved = last_right_vectors(l, true);
  const Matrix overlaps = conserved.adjoint() * stationary;
  const Vector weights = solution(overlaps, conserved.adjoint() * vec(rho));
  return unvec(stationary * weights);
}

std::vector<Complex> eigenvalues(const Matrix& l) {
  const Vector found = eigen_pairs(l).values;
  std::vector<Complex> values(found.begin(), found.end());
  std::sort(values.begin(), values.end(), [](Complex a, Complex b) { return a.real() > b.real(); });
  return values;
}

}  // namespace oracle
