// Many different spins as a few classes of equal ones.
#pragma once

#include <vector>

namespace lindwurm {

/// A bath of spins acts on what it couples to by its spectral density sum_i g_i^2 delta(w - w_i).
/// Classes of equal spins, `counts` of them with w_k and g_k each, keep its moments
/// sum_i g_i^2 w_i^m for m = 0, ..., 2K - 1: the w_k are the nodes and N_k g_k^2 the weights of its
/// Gauss quadrature.
struct SpinClasses {
  std::vector<int> counts;
  std::vector<double> frequencies;
  std::vector<double> couplings;  ///< positive
  /// The longest time up to which sum g^2 exp(-i w t) differs by at most a thousandth of sum g^2;
  /// infinite if it always does.
  double agrees_until = 0;
};

/// Spins that lie next to each other in frequency make a class, about as many as have its share of
/// the density. Throws InputError for lists of different lengths, fewer different frequencies than
/// classes, or a density that is 0.
[[nodiscard]] SpinClasses spin_classes(const std::vector<double>& frequencies,
                                       const std::vector<double>& couplings, int classes);

}  // namespace lindwurm
