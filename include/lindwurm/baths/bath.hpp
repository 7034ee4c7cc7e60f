// Baths in equilibrium: correlation functions and what master equations take from them.
#pragma once

#include <complex>
#include <memory>
#include <string_view>

#include "lindwurm/baths/spectral_density.hpp"

namespace lindwurm {

enum class BathKind {
  bosonic,    ///< C(t) = int J [coth(w/2T) cos wt - i sin wt]
  spin,       ///< C(t) = C_0 + int J [cos wt - i tanh(w/2T) sin wt]: bosons of density J tanh(w/2T)
  classical,  ///< a real stochastic force: C(t) = int J cos wt, whatever the temperature
};

/// "bosonic", "spin", "classical", as in the model file.
[[nodiscard]] std::string_view name_of(BathKind kind);

/// A number with a bound on its error.
template <typename Number>
struct Estimate {
  Number value{};
  double error = 0;
};

/// A bath that stays in equilibrium, seen through the correlation function of the operator B by
/// which a system couples to it. Frequencies w > 0 are those that the system gives to the bath.
/// Copies share a cache of the integrals done so far. hbar = k_B = 1.
class Bath {
 public:
  /// Throws InputError for temperature < 0 or not finite.
  Bath(SpectralDensity density, double temperature, BathKind kind = BathKind::bosonic);

  [[nodiscard]] const SpectralDensity& density() const;
  [[nodiscard]] double temperature() const;
  [[nodiscard]] BathKind kind() const;

  /// The rate S(w) = int_-inf^inf dt C(t) e^{iwt} for emission (w > 0) into the bath and absorption
  /// (w < 0) from it; bosonic: 2 pi J(|w|) (n(|w|) + 1) and 2 pi J(|w|) n(|w|). At w = 0 the limit;
  /// where those from above and below differ, as for a flat density at T = 0, their mean.
  /// Throws InputError where it diverges, saying why, and for a discrete density.
  [[nodiscard]] double rate(double w) const;
  /// The shift Lambda(w) = P int dw' S(w')/(2 pi (w - w')), so that
  ///   int_0^inf dt C(t) e^{iwt} = S(w)/2 + i Lambda(w).
  /// Throws InputError where the integral diverges, saying at which end, and for a discrete
  /// density.
  [[nodiscard]] Estimate<double> shift(double w) const;
  /// S(w)/2 + i Lambda(w).
  [[nodiscard]] Estimate<std::complex<double>> half_sided(double w) const;

  /// C(t). Throws InputError where the integral diverges.
  [[nodiscard]] Estimate<std::complex<double>> correlation(double t) const;

  /// (1/dt) int_0^dt ds int_0^dt ds' C(s - s') e^{i w s} e^{-i w' s'}: the coefficient gamma(w', w)
  /// of X(w') rho X(w)^dag averaged over dt, [H, X(w)] = -w X(w). With X_m of Cresser and Facer
  /// (2017), w_m = -w', w_n = -w, it is gamma_mn(dt) of their Eq. 45. Discrete densities have it
  /// too. Throws InputError for dt <= 0 and where the integral diverges.
  [[nodiscard]] Estimate<std::complex<double>> coarse_grained(double w, double w_prime,
                                                              double dt) const;
  /// The half-sided part of the same, which shifts levels: (1/dt) int_0^dt ds int_0^s ds' C(s - s')
  /// e^{i w s} e^{-i w' s'}.
  [[nodiscard]] Estimate<std::complex<double>> coarse_grained_half(double w, double w_prime,
                                                                   double dt) const;

  /// How long the bath remembers: the least t with int_t^inf |C| <= 10 % of int_0^inf |C|,
  /// estimated to a few per cent. Infinity for a discrete density and where C falls too slowly to
  /// be integrated (a divergent rate at w = 0, a step such as a hard cutoff). For a flat density,
  /// whose C(t) is no function, that of the occupation alone: 1/(2 pi T), or 0.
  [[nodiscard]] double correlation_time() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// 1/(e^{w/T} - 1), 0 at T = 0; w > 0.
[[nodiscard]] double planck(double w, double temperature);

}  // namespace lindwurm
