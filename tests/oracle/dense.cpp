#include "dense.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <unsupported/Eigen/MatrixFunctions>

namespace oracle {

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

Matrix evolve(const Matrix& l, const Matrix& rho, double t) {
  const Matrix generator = l * t;
  return unvec(generator.exp() * vec(rho));
}

Vector evolve_ket(const Matrix& h, const Vector& psi, double t) {
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(h);
  const Matrix& states = solver.eigenvectors();
  const Vector phases = (-i * t * solver.eigenvalues().cast<Complex>()).array().exp();
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
  const Matrix m = of_adjoint ? Matrix(l.adjoint()) : l;
  const Eigen::BDCSVD<Matrix> svd(m, Eigen::ComputeFullV);
  const auto& values = svd.singularValues();
  const double zero = std::max(1e-10 * values(0), 1e-300);
  const auto count = (values.array() <= zero).count();
  return svd.matrixV().rightCols(count);
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
  const Vector weights = overlaps.fullPivLu().solve(conserved.adjoint() * vec(rho));
  return unvec(stationary * weights);
}

std::vector<Complex> eigenvalues(const Matrix& l) {
  const Eigen::ComplexEigenSolver<Matrix> solver(l, false);
  std::vector<Complex> values(solver.eigenvalues().begin(), solver.eigenvalues().end());
  std::sort(values.begin(), values.end(), [](Complex a, Complex b) { return a.real() > b.real(); });
  return values;
}

}  // namespace oracle
