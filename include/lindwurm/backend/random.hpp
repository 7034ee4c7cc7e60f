// Reproducible random numbers, each a function of its purpose and index.
#pragma once

#include <cstdint>

namespace lindwurm {

/// The uses of random numbers. Different uses never share numbers.
enum class DrawPurpose : std::uint64_t {
  initial_state,
  waiting_time,
  jump_channel,
  random_phase,
  certificate,
  search,
};

/// Random numbers of a counter-based generator, Philox4x64-10 (J. K. Salmon et al., SC11, 2011).
/// The k-th number of a stream depends only on the seed, the stream, the purpose and k. It does not
/// depend on what was drawn before, or by which process.
class Draws {
 public:
  Draws(std::uint64_t seed, std::uint64_t stream, DrawPurpose purpose)
      : seed_(seed), stream_(stream), purpose_(purpose) {}

  /// Uniformly distributed in (0, 1), ends excluded.
  [[nodiscard]] double uniform(std::uint64_t k) const;
  /// Normally distributed with mean 0 and variance 1.
  [[nodiscard]] double normal(std::uint64_t k) const;

 private:
  std::uint64_t seed_;
  std::uint64_t stream_;
  DrawPurpose purpose_;
};

}  // namespace lindwurm
