// Finds equal matrices among many sparse matrices.
#pragma once

#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>

namespace lindwurm {

/// Finds matrices that are equal except for rounding. Equal matrices have equal weighted sums of
/// their entries, for any weights. Only matrices for which two such sums agree are compared entry
/// by entry.
class KnownMatrices {
 public:
  /// The number of a known matrix for which is_equal(number) is true. If there is none, the matrix
  /// is stored under the number `next`, which is returned.
  template <typename Matrix, typename IsEqual>
  std::size_t find_or_add(const Matrix& matrix, std::size_t next, IsEqual is_equal) {
    const Sums sums = sums_of(matrix);
    const double allowed = rounding * sums.magnitudes;
    const auto last = known_.upper_bound(sums.weighted[0] + allowed);
    for (auto known = known_.lower_bound(sums.weighted[0] - allowed); known != last; ++known) {
      const auto& [second, number] = known->second;
      if (std::abs(second - sums.weighted[1]) <= allowed && is_equal(number)) return number;
    }
    known_.emplace(sums.weighted[0], std::pair(sums.weighted[1], next));
    return next;
  }

 private:
  // The tolerance of the weighted sums, relative to the sum of the magnitudes.
  static constexpr double rounding = 1e-12;

  struct Sums {
    std::array<double, 2> weighted{};
    double magnitudes = 0;
  };

  template <typename Matrix>
  static Sums sums_of(const Matrix& matrix) {
    Sums sums;
    for (int row = 0; row < matrix.outerSize(); ++row) {
      for (typename Matrix::InnerIterator it(matrix, row); it; ++it) {
        const double re = std::real(it.value());
        const double im = std::imag(it.value());
        const auto place =
            static_cast<std::uint64_t>(it.row()) << 32 | static_cast<std::uint64_t>(it.col());
        for (std::uint64_t k = 0; k < 2; ++k)
          sums.weighted[k] += weight(4 * place + 2 * k) * re + weight(4 * place + 2 * k + 1) * im;
        sums.magnitudes += std::abs(re) + std::abs(im);
      }
    }
    return sums;
  }

  // A pseudo-random number between 0 and 1: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
  static double weight(std::uint64_t k) {
    k += 0x9e3779b97f4a7c15U;
    k = (k ^ (k >> 30)) * 0xbf58476d1ce4e5b9U;
    k = (k ^ (k >> 27)) * 0x94d049bb133111ebU;
    return static_cast<double>((k ^ (k >> 31)) >> 11) * 0x1p-53;
  }

  std::multimap<double, std::pair<double, std::size_t>> known_;  // first sum -> second, number
};

}  // namespace lindwurm
