// The dynamical map of a qubit and its time-local master equation.
#pragma once

#include <array>
#include <vector>

#include "lindwurm/solve/evolve.hpp"

namespace lindwurm {

/// rho(t) = Lambda_t rho(0) of a qubit that is part of a larger system and initially uncorrelated
/// with the rest. The populations alone, with a = P(up at t | up at first), b = P(up at t | down at
/// first) and D = a - b, obey
///
///     dP/dt = gamma_up (1 - P) - gamma_down P,
///     gamma_up = b' - b D'/D,   gamma_down = -D'/D - gamma_up.
///
/// This holds for every initial state without coherences, and for every initial state if coherences
/// and populations do not mix.
struct QubitMap {
  std::vector<double> times;
  std::vector<double> a;
  std::vector<double> b;
  std::vector<double> d;           ///< D = a - b
  std::vector<double> gamma_up;    ///< NaN where not reliable
  std::vector<double> gamma_down;  ///< NaN where not reliable
  /// Errors of a and b, statistical or bounds; empty if unknown.
  std::vector<double> error_a;
  std::vector<double> error_b;
  /// True where |D| is not below the threshold, nor below three standard errors of D plus the
  /// bounds of its error.
  std::vector<bool> is_reliable;
  std::vector<double> determinant;  ///< of the 3 x 3 matrix that acts on Bloch vectors
  /// The lowest eigenvalue of the Choi matrix sum_ij |i><j| x Lambda(|i><j|). It is >= 0 if the map
  /// is completely positive.
  std::vector<double> choi;
  /// The largest element of Lambda between populations and coherences.
  double mixing = 0;
};

/// The initial states of the qubit that the map is computed from, named as in a model file.
inline constexpr std::array<const char*, 4> qubit_starts{"up", "down", "up_x", "up_y"};

/// Computes the map from the reduced states, and their time derivatives, of four evolutions. They
/// start from qubit_starts and are otherwise the same. Throws InputError for a site that is no
/// qubit.
[[nodiscard]] QubitMap qubit_map(const std::vector<double>& times,
                                 const std::array<ReducedSeries, 4>& from, double threshold);

}  // namespace lindwurm
