// Random numbers that are functions of what they are for.
#pragma once

#include <cstdint>

namespace lindwurm {

/// Uses of random numbers that must not repeat one another.
enum class DrawPurpose : std::uint64_t {
  initial_state,
  waiting_time,
  jump_channel,
  random_phase,
  certificate,
  search,
};

/// Numbers drawn by a counter-based generator, Philox4x64-10 (J. K. Salmon et al., SC11, 2011): the
/// k-th of a stream depends on the seed, the stream, the purpose and k alone, whatever was drawn
/// before, by whichever process.
class Draws {
 public:
  Draws(std::uint64_t seed, std::uint64_t stream, DrawPurpose purpose)
      : seed_(seed), stream_(stream), purpose_(purpose) {}

  /// Evenly distributed in (0, 1), neither end included.
  [[nodiscard]] double uniform(std::uint64_t k) const;
  /// Normally distributed, of mean 0 and variance 1.
  [[nodiscard]] double normal(std::uint64_t k) const;

 private:
  std::uint64_t seed_;
  std::uint64_t stream_;
  DrawPurpose purpose_;
};

}  // namespace lindwurm
