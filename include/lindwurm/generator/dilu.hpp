// An incomplete factorisation that stores only its diagonal.
#pragma once

#include <memory>

#include "lindwurm/backend/petsc.hpp"
#include "lindwurm/operators/space.hpp"

namespace lindwurm {

class SlicedSum;

/// The diagonal incomplete LU factorisation of A = L - z for a matrix-free L (C. Pommerell's D-ILU;
/// R. Barrett et al., Templates for the Solution of Linear Systems, section 3.4.2):
///
///     P = (D + A_lower) D^-1 (D + A_upper),   d_i = L_ii - z - s_i - sum_{j<i} L_ij L_ji / d_j,
///
/// on the complex elements in their packed order. It equals ILU(0) if the graph of L has no
/// triangles. It stores only one vector: the triangular parts are applied as sums of slices.
///
/// The shift s_i is the sum of |part of L_ij|^2 / tau over j != i and over the terms, where tau is
/// the root mean square of |L_ii|. It compensates for couplings that are strong compared with the
/// rates. With it P is stable without a parameter to tune, also at zero temperature and with
/// undamped sites. On several ranks, each rank factors its own block of L.
class Dilu {
 public:
  /// `matrix` comes from matrix_free() and must outlive this object. Re z >= 0. z must be real,
  /// unless the elements are operators stored beside their conjugates; then the conjugate of L - z
  /// is stored beside L - z. Collective.
  Dilu(Mat matrix, Complex z);
  ~Dilu();
  Dilu(const Dilu&) = delete;
  Dilu& operator=(const Dilu&) = delete;

  /// x = P^-1 b.
  void solve(Vec b, Vec x) const;
  /// The same for the transposed matrix, which is factored on first use.
  void solve_transposed(Vec b, Vec x);

 private:
  class Factors;
  SlicedSum& sum_;
  Complex z_;
  std::unique_ptr<Factors> factors_;
  std::unique_ptr<Factors> transposed_;
};

}  // namespace lindwurm
