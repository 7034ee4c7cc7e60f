// Preconditioners that work on the elements of rho as complex numbers, on one rank.
#pragma once

#include <vector>

#include "packed_preconditioner.hpp"

namespace lindwurm {

/// An approximate inverse of L - z and of its adjoint (which packs to the transpose).
class ElementPreconditioner : public PackedPreconditioner {
 public:
  void solve(Vec b, Vec x) final { solve(b, x, false); }
  void solve_transposed(Vec b, Vec x) final { solve(b, x, true); }

 protected:
  /// Throws InputError on several ranks.
  ElementPreconditioner(const PackedGenerator& generator, PreconditionerChoice choice);
  /// In place, on all D^2 elements in the order of the Liouville index.
  virtual void solve_elements(std::vector<Complex>& rho, bool is_adjoint) = 0;

  const PackedGenerator& generator_;

 private:
  void solve(Vec b, Vec x, bool is_adjoint);
  std::vector<Complex> elements_;
};

/// sum_s L_s - z, L_s the part of L on site s alone, inverted exactly in the product of the sites'
/// eigenbases ("fast diagonalisation"). Throws Error if a site's eigenvectors are too close to
/// dependent to be used.
[[nodiscard]] std::unique_ptr<PackedPreconditioner> one_site_part(const PackedGenerator& generator,
                                                                  Complex z);

/// X -> A X + X A^dag - z X with A = -i H - 1/2 sum_k rate_k J_k^dag J_k, by the complex Schur form
/// of A: D x D dense, some D^3 operations a solve.
[[nodiscard]] std::unique_ptr<PackedPreconditioner> no_jump_part(const PackedGenerator& generator,
                                                                 Complex z);

}  // namespace lindwurm
