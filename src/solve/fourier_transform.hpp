// The half-sided Fourier transform of tr(A X(tau)), from an evolution.
#pragma once

#include <vector>

#include "chebyshev.hpp"

namespace lindwurm {

struct FourierTransform {
  std::vector<Complex> values;  ///< int_0^end exp(-i w tau) tr(A X(tau)) dtau
  /// What the time after the end would add: |A| |X(end)| over the rate at which |X| fell last.
  double tail = 0;
  bool has_decayed = false;  ///< |X(end)| <= tolerance |X(0)|
  long products = 0;
  double end = 0;
};

/// Chebyshev series one after the other, until |X| has fallen to `tolerance` of what it was, or
/// more than `most_products` were taken. Within a series the integral is a Gauss-Legendre sum over
/// as many panels as its frequencies and those asked for need. Collective.
[[nodiscard]] FourierTransform fourier_transform(const OperatorGenerator& generator, Vec start,
                                                 const Functional& a,
                                                 const std::vector<double>& frequencies,
                                                 double tolerance, double most_products,
                                                 const EvolveOptions& options);

}  // namespace lindwurm
