// The rightmost eigenvalues of an L too large for dense matrices.
#pragma once

#include <functional>
#include <string>

#include "certificate.hpp"
#include "invariant_subspace.hpp"

namespace lindwurm {

/// Looks for the rightmost eigenvalues of L by Krylov-Schur (SLEPc) on exp(tau L), a fixed
/// Chebyshev series, where the slowest modes, oscillating or not, have the largest eigenvalues;
/// tests that none was missed (certificate.hpp), and goes on from where the test shows that one
/// was. Calls are collective.
class KrylovSearch {
 public:
  /// Fewer are for dense matrices.
  static constexpr std::int64_t least_unknowns = 60;

  struct Limits {
    double cluster = 0;  ///< real parts that differ by less are not told apart
    long products = 0;   ///< with L at most, and as many with its transpose
  };

  /// The Liouvillian is constant and outlives this.
  KrylovSearch(const Liouvillian& liouvillian, const Limits& limits);

  /// Looks for `count` eigenvalues more, from a packed vector or, if it is null, from a random one.
  /// False if fewer converged.
  bool find(int count, Vec start = nullptr);
  /// Tests that every eigenvalue with Re lambda >= -rate was found. If one was not, looks for it.
  enum class Outcome { complete, found_more, failed };
  Outcome complete(double rate);

  /// What was found so far, in no order.
  [[nodiscard]] const std::vector<Complex>& values() const { return values_; }
  /// Nothing that was not found has Re lambda > -rate.
  [[nodiscard]] double certified_rate() const { return certified_rate_; }
  /// Why complete() failed.
  [[nodiscard]] const std::string& failure() const { return failure_; }
  /// That complete() made; each is wrong with DecayTest::chance.
  [[nodiscard]] int tests() const { return tests_; }
  /// With L and its transpose.
  [[nodiscard]] long products() const { return products_; }

  /// The eigenvalues with Re lambda >= -rate, with their left invariant subspace, found in the same
  /// way from the transpose of L; it is empty if it did not converge.
  [[nodiscard]] InvariantSubspace slower_than(double rate);

 private:
  using Side = ExponentialFilter::Side;
  template <typename Work>
  auto with_filter(Side side, Work work);
  void make_milder(double rate);
  bool make_longer(double time);
  [[nodiscard]] long affordable(long applications, long used) const;
  [[nodiscard]] long products_left() const { return std::max(0L, limits_.products - products_); }
  [[nodiscard]] std::vector<VecHandle> left_of(const InvariantSubspace& right);

  const Liouvillian& liouvillian_;
  Limits limits_;
  SpectralLine line_;
  double longest_time_;
  int degree_;
  int tests_ = 0;
  std::vector<VecHandle> vectors_;  // orthonormal, of an invariant subspace
  std::vector<Complex> values_;
  double certified_rate_ = -1;
  std::string failure_;
  long products_ = 0;
  std::uint64_t draws_ = 0;
};

}  // namespace lindwurm
