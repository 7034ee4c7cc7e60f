#include "symmetric.hpp"

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

const std::vector<Matrix>& SymmetricSpace::operators() const {
  if (!operators_.empty()) return operators_;
  const int words = 1 << (2 * spins_);
  for (int x = 0; x <= spins_; ++x) {
    for (int y = 0; x + y <= spins_; ++y) {
      for (int z = 0; x + y + z <= spins_; ++z) {
        const std::vector<int> wanted{spins_ - x - y - z, x, y, z};
        Matrix of_spins = Matrix::Zero(1 << spins_, 1 << spins_);
        for (int word = 0; word < words; ++word) {
          if (counts(word, spins_) == wanted) of_spins += product(word, spins_);
        }
        of_spins /= of_spins.norm();
        for (int m = 0; m < levels_; ++m) {
          for (int n = 0; n < levels_; ++n)
            operators_.push_back(kron(transition(m, n, levels_), of_spins));
        }
      }
    }
  }
  return operators_;
}

Vector SymmetricSpace::coefficients(const Matrix& a) const {
  const auto& basis = operators();
  Vector c(basis.size());
  for (std::size_t k = 0; k < basis.size(); ++k)
    c(static_cast<Eigen::Index>(k)) = basis[k].conjugate().cwiseProduct(a).sum();
  return c;
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
  for (const Jump& jump : jumps)
    decay += jump.rate * jump.op.adjoint() * jump.op;
  const auto& basis = operators();
  Matrix l(basis.size(), basis.size());
  for (std::size_t k = 0; k < basis.size(); ++k) {
    const Matrix& a = basis[k];
    Matrix image = -i * (h * a - a * h) - (decay * a + a * decay) / 2;
    for (const Jump& jump : jumps)
      image += jump.rate * jump.op * a * jump.op.adjoint();
    const Vector c = coefficients(image);
    if ((combined(c) - image).norm() > 1e-10 * (1 + image.norm()))
      throw std::logic_error("the model tells its spins apart");
    l.col(static_cast<Eigen::Index>(k)) = c;
  }
  return l;
}

}  // namespace oracle
