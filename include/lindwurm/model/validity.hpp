// The time scales that a Born-Markov approximation requires to be well separated.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace lindwurm {

/// Times in the inverse of the model's unit of frequency. A time is infinite or absent if there is
/// no such process. Only levels within 3 max(T, mean |w|) of the ground state count, where the mean
/// is weighted by the coupling. So levels that are near the cutoff do not count.
struct TimeScales {
  double correlation_time = 0;        ///< of the bath, Bath::correlation_time
  std::optional<double> bohr_period;  ///< 1/min |w| over the Bohr frequencies w != 0
  /// 1/min |w_m - w_n| over Bohr frequencies of one sign that are not equal.
  std::optional<double> splitting_period;
  /// For the local scheme: 1 over the largest shift of a Bohr frequency that the couplings between
  /// sites cause. Absent if the sites have too many states to compute it.
  std::optional<double> interaction_period;
  /// 1/max_b sum_ma gamma_mm |<a|X_m|b>|^2, the inverse of the fastest decay rate of a level.
  std::optional<double> relaxation_time;
};

/// The time scales of a bath's equation, and warnings about them.
struct Validity {
  TimeScales scales;
  std::vector<std::string> warnings;  ///< conditions that the scheme needs and that are not met
};

}  // namespace lindwurm
