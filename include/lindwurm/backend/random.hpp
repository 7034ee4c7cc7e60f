// Random numbers that depend on what they are for, not on the order in which they are drawn.
#pragma once

#include <Random123/philox.h>

#include <cstdint>
#include <numbers>

namespace lindwurm {

/// A stream of numbers drawn evenly from (0, 1), by the counter-based generator Philox-4x64
/// (J. K. Salmon et al., SC11 (2011)): the k-th number of a stream is a function of seed, stream
/// and k alone, whoever asks for it and when.
class Draws {
 public:
  Draws(std::uint64_t seed, std::uint64_t stream) : key_{{seed, 0}}, stream_(stream) {}
  [[nodiscard]] double uniform(std::uint64_t k) const {
    const r123::Philox4x64::ctr_type counter{{k, stream_, 0, 0}};
    // The upper 53 bits, and the middle between two such numbers.
    return (static_cast<double>(r123::Philox4x64()(counter, key_)[0] >> 11) + 0.5) * 0x1p-53;
  }

 private:
  r123::Philox4x64::key_type key_;
  std::uint64_t stream_;
};

}  // namespace lindwurm
