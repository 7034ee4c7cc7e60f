// The Born-Markov equation of an oscillator whose position couples to a bath: its coefficients.
#pragma once

#include "lindwurm/baths/bath.hpp"

namespace lindwurm {

/// d rho/dt = -i [H + (1/2) M w2 X^2, rho] - i gamma [X, {P, rho}] - D [X, [X, rho]]
///            - f [X, [P, rho]]
/// for H = P^2/2M + M w0^2 X^2/2 coupled by X B (Schlosshauer et al. 2008, Eqs. 23 and 24a-d):
///   w2 = -(2/M) int dt eta(t) cos(w0 t),  gamma = (1/(M w0)) int dt eta(t) sin(w0 t),
///   D = int dt nu(t) cos(w0 t),           f = -(1/(M w0)) int dt nu(t) sin(w0 t),
/// with C(t) = nu(t) - i eta(t). A static part C_0 would add -C_0/(M w0^2) to f.
struct BrownianCoefficients {
  Estimate<double> w2;     ///< shift of the squared frequency
  Estimate<double> gamma;  ///< momentum damping
  Estimate<double> D;      ///< normal diffusion NOLINT(readability-identifier-naming)
  Estimate<double> f;      ///< anomalous diffusion
};

/// Throws InputError for w0 <= 0 or mass <= 0 and where an integral diverges.
[[nodiscard]] BrownianCoefficients brownian_coefficients(const Bath& bath, double w0, double mass);

}  // namespace lindwurm
