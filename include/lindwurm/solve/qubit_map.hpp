// The dynamical map of a qubit, and the time-local equation that it obeys.
#pragma once

#include <array>
#include <vector>

#include "lindwurm/solve/evolve.hpp"

namespace lindwurm {

/// rho(t) = Lambda_t rho(0) of a qubit that is part of something larger, uncorrelated at first.
/// Populations alone: with a = P(up at t | up at first), b = P(up at t | down at first), D = a - b,
///
///     dP/dt = gamma_up (1 - P) - gamma_down P,
///     gamma_up = b' - b D'/D,   gamma_down = -D'/D - gamma_up,
///
/// which hold for every start that has no coherences, and for every start if coherences and
/// populations do not mix.
struct QubitMap {
  std::vector<double> times;
  std::vector<double> a;
  std::vector<double> b;
  std::vector<double> d;           ///< D = a - b
  std::vector<double> gamma_up;    ///< not a number where not reliable
  std::vector<double> gamma_down;  ///< the same
  /// Errors of a and b, statistical or bounds, where they are known; else empty.
  std::vector<double> error_a;
  std::vector<double> error_b;
  /// |D| is not below the threshold, nor below three standard errors and the bounds of its error.
  std::vector<bool> is_reliable;
  std::vector<double> determinant;  ///< of the 3 x 3 matrix that acts on Bloch vectors
  /// The lowest eigenvalue of the Choi matrix sum_ij |i><j| x Lambda(|i><j|), >= 0 for a map that
  /// is completely positive.
  std::vector<double> choi;
  /// The largest element of Lambda between populations and coherences.
  double mixing = 0;
};

/// The states of the qubit from which its map is found, by their names in a model file.
inline constexpr std::array<const char*, 4> qubit_starts{"up", "down", "up_x", "up_y"};

/// From the reduced states, and their rates of change, of evolutions from the qubit_starts, all
/// else the same. Throws InputError for a site that is no qubit.
[[nodiscard]] QubitMap qubit_map(const std::vector<double>& times,
                                 const std::array<ReducedSeries, 4>& from, double threshold);

}  // namespace lindwurm
