// Preconditioners that work on the complex elements of rho, on one rank.
#pragma once

#include <vector>

#include "packed_preconditioner.hpp"

namespace lindwurm {

/// An approximate inverse of L - z, and of its adjoint, which corresponds to the transpose of the
/// packed matrix.
class ElementPreconditioner : public PackedPreconditioner {
 public:
  void solve(Vec b, Vec x) final { solve(b, x, false); }
  void solve_transposed(Vec b, Vec x) final { solve(b, x, true); }

 protected:
  /// Throws InputError on several ranks.
  ElementPreconditioner(const PackedGenerator& generator, PreconditionerChoice choice);
  /// Solves in place, on all D^2 elements in the order of the Liouville index.
  virtual void solve_elements(std::vector<Complex>& rho, bool is_adjoint) = 0;

  const PackedGenerator& generator_;

 private:
  void solve(Vec b, Vec x, bool is_adjoint);
  std::vector<Complex> elements_;
};

/// sum_s L_s - z, where L_s is the part of L that acts on site s alone. It is inverted exactly in
/// the product of the sites' eigenbases ("fast diagonalisation"). Throws Error if the eigenvectors
/// of a site are too close to linearly dependent.
[[nodiscard]] std::unique_ptr<PackedPreconditioner> one_site_part(const PackedGenerator& generator,
                                                                  Complex z);

/// X -> A X + X A^dag - z X with A = -i H - 1/2 sum_k rate_k J_k^dag J_k. It is inverted with the
/// complex Schur form of A, a dense D x D matrix. A solve takes of the order of D^3 operations.
[[nodiscard]] std::unique_ptr<PackedPreconditioner> no_jump_part(const PackedGenerator& generator,
                                                                 Complex z);

}  // namespace lindwurm
