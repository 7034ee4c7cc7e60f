// Baths in equilibrium: their correlation functions, and the rates and shifts that follow.
#pragma once

#include <complex>
#include <memory>
#include <string_view>

#include "lindwurm/baths/spectral_density.hpp"

namespace lindwurm {

/// The kind of a bath, with its correlation function C(t) (hbar = k_B = 1).
enum class BathKind {
  bosonic,    ///< C(t) = int J [coth(w/2T) cos wt - i sin wt]
  spin,       ///< C(t) = C_0 + int J [cos wt - i tanh(w/2T) sin wt]: bosons of density J tanh(w/2T)
  classical,  ///< a real stochastic force: C(t) = int J cos wt at any temperature
};

/// "bosonic", "spin", "classical", as in the model file.
[[nodiscard]] std::string_view name_of(BathKind kind);

/// A number and a bound on its error.
template <typename Number>
struct Estimate {
  Number value{};
  double error = 0;
};

/// A bath that stays in equilibrium, described by the correlation function of the operator B that
/// couples to the system. A frequency w > 0 is one that the system gives to the bath. Copies share
/// a cache of the integrals computed so far. hbar = k_B = 1.
class Bath {
 public:
  /// Throws InputError for temperature < 0 or not finite.
  Bath(SpectralDensity density, double temperature, BathKind kind = BathKind::bosonic);

  [[nodiscard]] const SpectralDensity& density() const;
  [[nodiscard]] double temperature() const;
  [[nodiscard]] BathKind kind() const;

  /// The rate S(w) = int_-inf^inf dt C(t) e^{iwt} of emission (w > 0) into the bath and absorption
  /// (w < 0) from it. For a bosonic bath these are 2 pi J(|w|) (n(|w|) + 1) and 2 pi J(|w|) n(|w|).
  /// At w = 0 it is the limit. If the limits from above and below differ, as for a flat density at
  /// T = 0, it is their mean. Throws InputError for a discrete density, and where S diverges, with
  /// the reason.
  [[nodiscard]] double rate(double w) const;
  /// The shift Lambda(w) = P int dw' S(w')/(2 pi (w - w')), defined such that
  ///   int_0^inf dt C(t) e^{iwt} = S(w)/2 + i Lambda(w).
  /// Throws InputError for a discrete density, and where the integral diverges; the message says at
  /// which end.
  [[nodiscard]] Estimate<double> shift(double w) const;
  /// S(w)/2 + i Lambda(w).
  [[nodiscard]] Estimate<std::complex<double>> half_sided(double w) const;

  /// C(t). Throws InputError where the integral diverges.
  [[nodiscard]] Estimate<std::complex<double>> correlation(double t) const;

  /// (1/dt) int_0^dt ds int_0^dt ds' C(s - s') e^{i w s} e^{-i w' s'}. This is the coefficient
  /// gamma(w', w) of X(w') rho X(w)^dag, averaged over dt, with [H, X(w)] = -w X(w). In the
  /// notation of Cresser and Facer (2017), with w_m = -w' and w_n = -w, it is gamma_mn(dt) of their
  /// Eq. 45. It exists for discrete densities too. Throws InputError for dt <= 0 and where the
  /// integral diverges.
  [[nodiscard]] Estimate<std::complex<double>> coarse_grained(double w, double w_prime,
                                                              double dt) const;
  /// The half-sided part of the same, which shifts levels: (1/dt) int_0^dt ds int_0^s ds' C(s - s')
  /// e^{i w s} e^{-i w' s'}.
  [[nodiscard]] Estimate<std::complex<double>> coarse_grained_half(double w, double w_prime,
                                                                   double dt) const;

  /// The correlation time of the bath: the smallest t with int_t^inf |C| <= 10 % of int_0^inf |C|,
  /// estimated to a few per cent. It is infinite for a discrete density, and if C decays too slowly
  /// to be integrated (a divergent rate at w = 0, or a step such as a hard cutoff). For a flat
  /// density, C(t) is not a function; then it is the correlation time of the occupation alone,
  /// 1/(2 pi T), or 0.
  [[nodiscard]] double correlation_time() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// The Planck occupation 1/(e^{w/T} - 1) for w > 0; it is 0 at T = 0.
[[nodiscard]] double planck(double w, double temperature);

}  // namespace lindwurm
