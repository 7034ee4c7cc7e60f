#include "confidence.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lindwurm {

namespace {

double relative_entropy(double p, double q) {
  const double of_ones = p > 0 ? p * std::log(p / q) : 0;
  const double of_zeros = p < 1 ? (1 - p) * std::log((1 - p) / (1 - q)) : 0;
  return of_ones + of_zeros;
}

// The largest q in [p, 1] with relative_entropy(p, q) <= bound, rounded up.
double largest_expectation(double p, double bound) {
  double inside = p;
  double outside = 1;
  for (int k = 0; k < 60; ++k) {
    const double middle = (inside + outside) / 2;
    (relative_entropy(p, middle) <= bound ? inside : outside) = middle;
  }
  return outside;
}

}  // namespace

double confidence_half_width(double mean, double variance, std::int64_t count, const Range& range,
                             double miss) {
  if (count < 2) return std::numeric_limits<double>::infinity();
  const double width = range.width();
  if (!(width > 0)) return 0;
  const auto samples = static_cast<double>(count);
  const double p = std::clamp((mean - range.least) / width, 0.0, 1.0);
  const double bound = std::log(4 / miss) / samples;
  const double chernoff = width * std::max(largest_expectation(p, bound) - p,
                                           largest_expectation(1 - p, bound) - (1 - p));
  const double log_miss = std::log(8 / miss);
  const double bernstein =
      std::sqrt(2 * variance * log_miss / samples) + 7 * width * log_miss / (3 * (samples - 1));
  return std::min(chernoff, bernstein);
}

}  // namespace lindwurm
