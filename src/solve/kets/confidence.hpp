// Confidence intervals for the means of bounded samples.
#pragma once

#include <cstdint>

namespace lindwurm {

/// The interval [least, greatest].
struct Range {
  double least = 0;
  double greatest = 0;
  [[nodiscard]] double width() const { return greatest - least; }
};

/// Half the width of a confidence interval around `mean`. It fails to contain the expectation value
/// with a probability of at most `miss`, for any distribution of `count` independent samples in
/// `range`. `variance` is that of the samples, scatter/(count - 1). The narrower of two intervals
/// is returned, each with the probability miss/2:
///
/// - Chernoff: count kl(mean, expectation) <= ln(4/miss) for samples scaled to [0, 1], with kl(p,
///   q) = p ln(p/q) + (1 - p) ln((1 - p)/(1 - q)) (W. Hoeffding, J. Am. Stat. Assoc. 58, 13 (1963),
///   theorem 1). This is nearly exact for samples that are 0 or 1. If no sample was in a state, its
///   weight is below 1 - exp(-ln(4/miss)/count).
/// - Bernstein with the variance of the samples: sqrt(2 variance ln(8/miss)/count) + 7 width
///   ln(8/miss)/(3 (count - 1)) (A. Maurer and M. Pontil, COLT 2009, theorem 4, on both sides).
///
/// The result is infinite for fewer than two samples.
[[nodiscard]] double confidence_half_width(double mean, double variance, std::int64_t count,
                                           const Range& range, double miss);

}  // namespace lindwurm
