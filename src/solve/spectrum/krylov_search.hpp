// The rightmost eigenvalues of an L too large for dense matrices.
#pragma once

#include <functional>
#include <string>

#include "certificate.hpp"
#include "invariant_subspace.hpp"

namespace lindwurm {

/// Searches for the rightmost eigenvalues of L by Krylov-Schur (SLEPc) on exp(tau L), a fixed
/// Chebyshev series. There the slowest modes, oscillating or not, have the largest eigenvalues.
/// Then tests that none was missed (certificate.hpp), and continues from the directions that the
/// test shows if one was. Calls are collective.
class KrylovSearch {
 public:
  /// Below this number of unknowns, dense matrices are used instead.
  static constexpr std::int64_t least_unknowns = 60;

  struct Limits {
    double cluster = 0;  ///< real parts that differ by less are not distinguished
    long products = 0;   ///< the largest number of products with L, and of those with its transpose
  };

  /// The Liouvillian must be constant and outlive this object.
  KrylovSearch(const Liouvillian& liouvillian, const Limits& limits);

  /// Searches for `count` more eigenvalues, starting from a packed vector or, if it is null, from a
  /// random one. Returns false if fewer converged.
  bool find(int count, Vec start = nullptr);
  /// Tests that every eigenvalue with Re lambda >= -rate was found. If one was not, searches for
  /// it.
  enum class Outcome { complete, found_more, failed };
  Outcome complete(double rate);

  /// The eigenvalues found so far, in no particular order.
  [[nodiscard]] const std::vector<Complex>& values() const { return values_; }
  /// Every eigenvalue that was not found has Re lambda <= -certified_rate().
  [[nodiscard]] double certified_rate() const { return certified_rate_; }
  /// Why complete() failed.
  [[nodiscard]] const std::string& failure() const { return failure_; }
  /// The number of tests made by complete(). Each is wrong with the probability DecayTest::chance.
  [[nodiscard]] int tests() const { return tests_; }
  /// The number of products with L and its transpose.
  [[nodiscard]] long products() const { return products_; }

  /// The invariant subspace of the eigenvalues with Re lambda >= -rate, and of those found that are
  /// nearly as slow, together with the left invariant subspace. The latter is computed in the same
  /// way from L^T; it is empty if it did not converge.
  [[nodiscard]] InvariantSubspace slower_than(double rate);

 private:
  using Side = ExponentialFilter::Side;
  template <typename Work>
  auto with_filter(Side side, Work work);
  void make_milder(double rate);
  bool make_longer(double time);
  [[nodiscard]] long affordable(const ExponentialFilter& filter, long applications,
                                long used) const;
  [[nodiscard]] long products_left() const { return std::max(0L, limits_.products - products_); }
  [[nodiscard]] std::vector<VecHandle> left_of(const InvariantSubspace& right);

  const Liouvillian& liouvillian_;
  Limits limits_;
  SpectralLine line_;
  double longest_time_;
  int degree_;
  int tests_ = 0;
  std::vector<VecHandle> vectors_;  // an orthonormal basis of an invariant subspace
  std::vector<Complex> values_;
  double certified_rate_ = -1;
  std::string failure_;
  long products_ = 0;
  std::uint64_t draws_ = 0;
};

}  // namespace lindwurm
