// A proof, up to a stated probability, that no slow mode was missed.
#pragma once

#include <cstdint>

#include "exponential_filter.hpp"
#include "invariant_subspace.hpp"

namespace lindwurm {

/// The result of an Arnoldi process from a random operator, about eigenvalues outside a subspace.
struct DecayTest {
  bool is_passed = false;
  /// If the test is passed: no eigenvalue outside the subspace has Re lambda > -rate, except with
  /// the probability `chance`.
  double rate = 0;
  static constexpr double chance = 1.2e-6;
  int applications = 0;
  /// If it is not passed: directions that may contain the missing modes; empty if none stand out.
  std::vector<VecHandle> suspects;
};

/// Tests whether every eigenvalue of L with Re lambda >= -rate belongs to the invariant subspace
/// that the orthonormal `known` span. Let x be a vector of independent normal numbers, orthogonal
/// to `known`, and w the unit left eigenvector of an eigenvalue lambda outside (also orthogonal to
/// `known`). Then every polynomial p satisfies
///
///     |p(F(lambda))| |w^dag x| = |w^dag p(F) x| <= |p(F) x|,
///
/// and |w^dag x| < e has a probability below 1.2 e for any w. The polynomials are those of the
/// Arnoldi process, which minimise |p(F) x|. Their zeros are the Ritz values. Once all zeros lie
/// inside the circle |z| = |F(-rate)|, the minimum of |p| outside the circle is on the circle.
/// (Similar bounds for the Lanczos process: J. L. M. van Dorsselaer, M. E. Hochstenbach and H. A.
/// van der Vorst, SIAM J. Matrix Anal. Appl. 22, 837 (2000).)
///
/// Throws SpectrumOutside if x shows that the spectrum of L extends beyond the filter's region.
/// Takes at most `applications` of F and keeps `vectors` vectors. Collective.
[[nodiscard]] DecayTest test_decay(ExponentialFilter& filter, const std::vector<VecHandle>& known,
                                   double rate, std::uint64_t draw, int vectors, int applications);

}  // namespace lindwurm
