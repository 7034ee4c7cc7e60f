// The half-sided Fourier transform of tr(A X(tau)), computed from an evolution.
#pragma once

#include <vector>

#include "solve/evolve/chebyshev.hpp"

namespace lindwurm {

struct FourierTransform {
  std::vector<Complex> values;  ///< int_0^end exp(-i w tau) tr(A X(tau)) dtau
  /// An estimate of what the time after the end would add: |A| |X(end)| divided by the last decay
  /// rate of |X|.
  double tail = 0;
  bool has_decayed = false;  ///< |X(end)| <= tolerance |X(0)|
  long products = 0;
  double end = 0;
};

/// Sums Chebyshev series one after the other, until |X| has fallen to the share `tolerance` of its
/// initial value, or more than `most_products` were taken. Within a series, the integral is a
/// Gauss-Legendre sum. The number of panels follows from the frequencies of the series and those
/// requested. Collective.
[[nodiscard]] FourierTransform fourier_transform(const OperatorGenerator& generator, Vec start,
                                                 const Functional& a,
                                                 const std::vector<double>& frequencies,
                                                 double tolerance, double most_products,
                                                 const EvolveOptions& options);

}  // namespace lindwurm
