// An incomplete factorisation that stores its diagonal alone.
#pragma once

#include <memory>

#include "lindwurm/backend/petsc.hpp"
#include "lindwurm/operators/space.hpp"

namespace lindwurm {

class SlicedSum;

/// The diagonal incomplete LU factorisation of A = L - z, for a matrix-free L (C. Pommerell's
/// D-ILU; R. Barrett et al., Templates for the Solution of Linear Systems, section 3.4.2):
///
///     P = (D + A_lower) D^-1 (D + A_upper),   d_i = L_ii - z - s_i - sum_{j<i} L_ij L_ji / d_j,
///
/// on the complex elements in their packed order. It equals ILU(0) where the graph of L has no
/// triangles, and needs no more than one vector: the triangles are applied as sums of slices. The
/// shift s_i, the sum over j != i and over the terms of |their part of L_ij|^2 / tau, tau the root
/// mean square of |L_ii|, makes up for couplings that are strong beside the rates, so that P stays
/// stable without a parameter, at zero temperature and beside undamped sites too. On several ranks
/// each factors its own block of L.
class Dilu {
 public:
  /// `matrix` comes from matrix_free() and outlives this object. Re z >= 0; z is real unless the
  /// elements are operators beside their conjugates, for which L - z stands beside its conjugate.
  /// Collective.
  Dilu(Mat matrix, Complex z);
  ~Dilu();
  Dilu(const Dilu&) = delete;
  Dilu& operator=(const Dilu&) = delete;

  /// x = P^-1 b.
  void solve(Vec b, Vec x) const;
  /// The same for the transposed matrix, factored when first asked for.
  void solve_transposed(Vec b, Vec x);

 private:
  class Factors;
  SlicedSum& sum_;
  Complex z_;
  std::unique_ptr<Factors> factors_;
  std::unique_ptr<Factors> transposed_;
};

}  // namespace lindwurm
