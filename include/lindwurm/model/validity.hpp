// The time scales that a Born-Markov approximation needs to be far apart.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace lindwurm {

/// Times in the inverse of the model's unit of frequency; infinite or absent where nothing happens.
/// Frequencies and rates are those among the levels within 3 max(T, mean |w|) of the ground state,
/// the mean weighted by the coupling: what a cutoff adds above does not count.
struct TimeScales {
  double correlation_time = 0;        ///< of the bath, Bath::correlation_time
  std::optional<double> bohr_period;  ///< 1/min |w| over the Bohr frequencies w != 0
  /// 1/min |w_m - w_n| over Bohr frequencies of one sign that are not equal.
  std::optional<double> splitting_period;
  /// Local: 1/the largest distance of a Bohr frequency of the whole H from those without the
  /// couplings between sites; absent where the sites have too many states for that.
  std::optional<double> interaction_period;
  /// 1/max_b sum_ma gamma_mm |<a|X_m|b>|^2, the fastest decay of a level.
  std::optional<double> relaxation_time;
};

struct Validity {
  TimeScales scales;
  std::vector<std::string> warnings;  ///< orderings that the scheme needs and that do not hold
};

}  // namespace lindwurm
