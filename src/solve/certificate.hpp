// Proof, up to a stated chance, that no slow mode was missed.
#pragma once

#include <cstdint>

#include "exponential_filter.hpp"
#include "invariant_subspace.hpp"

namespace lindwurm {

/// What an Arnoldi process from a random operator shows of the eigenvalues outside a subspace.
struct DecayTest {
  bool is_passed = false;
  /// No eigenvalue outside the subspace has Re lambda > -rate, unless an event of probability
  /// `chance` happened; of a test that is passed.
  double rate = 0;
  static constexpr double chance = 1.2e-6;
  int applications = 0;
  /// If not passed: directions that may hold what is missing, none if nothing stands out.
  std::vector<VecHandle> suspects;
};

/// Tests that every eigenvalue of L with Re lambda >= -rate belongs to the invariant subspace that
/// the orthonormal `known` span. With x a vector of independent normal numbers, orthogonal to
/// `known`, and w the unit left eigenvector of an eigenvalue lambda outside (orthogonal to `known`
/// too), every polynomial p gives
///
///     |p(F(lambda))| |w^dag x| = |w^dag p(F) x| <= |p(F) x|,
///
/// and |w^dag x| < e with a probability below 1.2 e, whatever w is. The polynomials are those of
/// Arnoldi's process, which make |p(F) x| smallest: their zeros are the Ritz values, and once they
/// lie within the circle |z| = |F(-rate)|, the smallest |p| outside of it is on the circle (cf. J.
/// van den Eshof's and others' bounds for Lanczos' process: J. L. M. van Dorsselaer, M. E.
/// Hochstenbach and H. A. van der Vorst, SIAM J. Matrix Anal. Appl. 22, 837 (2000)).
/// Throws SpectrumOutside if x shows that L reaches out of the filter's region. At most
/// `applications` of F; `vectors` are kept. Collective.
[[nodiscard]] DecayTest test_decay(ExponentialFilter& filter, const std::vector<VecHandle>& known,
                                   double rate, std::uint64_t draw, int vectors, int applications);

}  // namespace lindwurm
