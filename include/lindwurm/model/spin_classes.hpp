// Replaces many different spins by a few classes of equal spins.
#pragma once

#include <vector>

namespace lindwurm {

/// A bath of spins acts through its spectral density sum_i g_i^2 delta(w - w_i). It is replaced by
/// K classes: class k has N_k (`counts`) equal spins with w_k and g_k. The classes keep the moments
/// sum_i g_i^2 w_i^m for m = 0, ..., 2K - 1: the w_k are the nodes and N_k g_k^2 the weights of the
/// Gauss quadrature of the density. With as many classes as spins, the classes are the spins
/// themselves. With as many classes as kinds of spins, each class is the spins that are alike.
struct SpinClasses {
  std::vector<int> counts;
  std::vector<double> frequencies;
  std::vector<double> couplings;  ///< with the sign of the spins' couplings
  /// The original numbers of the spins, class by class, `counts` of them in each.
  std::vector<int> spins;
  /// The longest time up to which sum g^2 exp(-i w t) of the classes differs from that of the spins
  /// by at most a thousandth of sum g^2. Infinite if the difference never exceeds this.
  double agrees_until = 0;
};

/// Groups spins of neighbouring frequencies into classes. The number of spins in a class is roughly
/// proportional to its share of the density. Throws InputError for lists of different lengths and
/// for more classes than spins. Unless each class is the spins that are alike, it also throws if
/// there are fewer different frequencies than classes, and if couplings have both signs, which the
/// density cannot represent.
[[nodiscard]] SpinClasses spin_classes(const std::vector<double>& frequencies,
                                       const std::vector<double>& couplings, int classes);

}  // namespace lindwurm
