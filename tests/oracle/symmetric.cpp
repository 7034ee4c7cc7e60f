#include "symmetric.hpp"

#include <cmath>
#include <map>
#include <stdexcept>

namespace oracle {

namespace {

// The number of each Pauli matrix in a product over the spins, written in base 4.
std::vector<int> counts(int word, int spins) {
  std::vector<int> found(4, 0);
  for (int k = 0; k < spins; ++k, word /= 4)
    ++found[word % 4];
  return found;
}

Matrix product(int word, int spins) {
  const std::vector<Matrix> letters{identity(2), pauli_x(), pauli_y(), pauli_z()};
  Matrix all = identity(1);
  for (int k = 0; k < spins; ++k, word /= 4)
    all = kron(all, letters[word % 4]);
  return all;
}

}  // namespace

SymmetricSpace::SymmetricSpace(int levels, int spins) : levels_(levels), spins_(spins) {}

std::vector<int> SymmetricSpace::dimensions() const {
  std::vector<int> all{levels_};
  all.insert(all.end(), spins_, 2);
  return all;
}

int SymmetricSpace::dimension() const { return levels_ << spins_; }

Matrix SymmetricSpace::on_spin(const Matrix& a, int spin) const {
  return embed(a, spin + 1, dimensions());
}

Matrix SymmetricSpace::on_oscillator(const Matrix& b) const { return embed(b, 0, dimensions()); }

Matrix SymmetricSpace::sum(const Matrix& a) const {
  Matrix all = Matrix::Zero(dimension(), dimension());
  for (int k = 0; k < spins_; ++k)
    all += on_spin(a, k);
  return all;
}

const std::vector<SymmetricSpace::Sparse>& SymmetricSpace::operators() const {
  if (!operators_.empty()) return operators_;
  std::map<std::vector<int>, Matrix> of_spins;
  for (int word = 0; word < 1 << (2 * spins_); ++word) {
    const Matrix one = product(word, spins_);
    const auto [sum, is_new] = of_spins.try_emplace(counts(word, spins_), one);
    if (!is_new) sum->second += one;
  }
  for (const auto& [letters, sum] : of_spins) {
    for (int m = 0; m < levels_; ++m) {
      for (int n = 0; n < levels_; ++n)
        operators_.emplace_back(kron(transition(m, n, levels_), sum / sum.norm()).sparseView());
    }
  }
  return operators_;
}

Vector SymmetricSpace::coefficients(const Sparse& a) const {
  const auto& basis = operators();
  Vector c(basis.size());
  for (std::size_t k = 0; k < basis.size(); ++k)
    c(static_cast<Eigen::Index>(k)) = Sparse(basis[k].conjugate()).cwiseProduct(a).sum();
  return c;
}

Vector SymmetricSpace::coefficients(const Matrix& a) const {
  return coefficients(Sparse(a.sparseView()));
}

Matrix SymmetricSpace::combined(const Vector& c) const {
  const auto& basis = operators();
  Matrix a = Matrix::Zero(dimension(), dimension());
  for (std::size_t k = 0; k < basis.size(); ++k)
    a += c(static_cast<Eigen::Index>(k)) * basis[k];
  return a;
}

Matrix SymmetricSpace::liouvillian(const Matrix& h, const std::vector<Jump>& jumps) const {
  Matrix decay = Matrix::Zero(dimension(), dimension());
  std::vector<Sparse> operators_of_jumps;
  for (const Jump& jump : jumps) {
    const Sparse a = (std::sqrt(jump.rate) * jump.op).sparseView();
    decay += a.adjoint() * a;
    operators_of_jumps.push_back(a);
  }
  // -i H rho + i rho H - {decay, rho}/2 = K rho + rho K^dag
  const Sparse k = Matrix(-i * h - decay / 2).sparseView();
  const auto& basis = operators();
  Matrix l(basis.size(), basis.size());
  for (std::size_t column = 0; column < basis.size(); ++column) {
    const Sparse& a = basis[column];
    Sparse image = k * a + a * Sparse(k.adjoint());
    for (const Sparse& jump : operators_of_jumps)
      image += jump * a * Sparse(jump.adjoint());
    const Vector c = coefficients(image);
    // Orthonormal operators: nothing is left of the image if its length is that of c.
    if (image.squaredNorm() - c.squaredNorm() > 1e-12 * (1 + image.squaredNorm()))
      throw std::logic_error("the model tells its spins apart");
    l.col(static_cast<Eigen::Index>(column)) = c;
  }
  return l;
}

}  // namespace oracle
