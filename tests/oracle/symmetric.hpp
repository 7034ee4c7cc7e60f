// Permutation-symmetric operators of spins in the full space of 2^N states, without the library.
#pragma once

#include <Eigen/SparseCore>
#include <vector>

#include "oracle/dense.hpp"

namespace oracle {

/// An oscillator of `levels` levels (1: none) before N spins.
class SymmetricSpace {
 public:
  SymmetricSpace(int levels, int spins);

  /// `a` on one spin, `b` on the oscillator.
  [[nodiscard]] Matrix on_spin(const Matrix& a, int spin) const;
  [[nodiscard]] Matrix on_oscillator(const Matrix& b) const;
  [[nodiscard]] Matrix sum(const Matrix& a) const;
  [[nodiscard]] int spins() const { return spins_; }
  [[nodiscard]] int dimension() const;

  using Sparse = Eigen::SparseMatrix<Complex>;
  /// Orthonormal: |m><n| of the oscillator times all sums of products of Pauli matrices that no
  /// permutation of the spins changes.
  [[nodiscard]] const std::vector<Sparse>& operators() const;

  /// -i [H, .] + sum_k rate_k D[A_k] on these operators, which it must not leave.
  [[nodiscard]] Matrix liouvillian(const Matrix& h, const std::vector<Jump>& jumps) const;
  /// The operator with these coefficients, and the coefficients of an operator.
  [[nodiscard]] Matrix combined(const Vector& c) const;
  [[nodiscard]] Vector coefficients(const Matrix& a) const;

 private:
  [[nodiscard]] std::vector<int> dimensions() const;
  [[nodiscard]] Vector coefficients(const Sparse& a) const;
  int levels_;
  int spins_;
  mutable std::vector<Sparse> operators_;
};

}  // namespace oracle
