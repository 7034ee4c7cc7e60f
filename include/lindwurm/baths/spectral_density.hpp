// Spectral densities: how strongly a system couples to the bath modes at frequency w.
#pragma once

#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace lindwurm {

/// The decay of a continuous density above its cutoff frequency wc.
enum class Cutoff {
  drude,        ///< 1/(1 + (w/wc)^2)
  exponential,  ///< exp(-w/wc)
  hard,         ///< 1 up to wc, 0 above
};

/// The power law of a density at low frequency: J(w) -> slope w^power as w -> 0+.
struct LowFrequencyLaw {
  double power = 1;
  double slope = 0;
};

/// One mode of a discrete bath: weight * delta(w - frequency).
struct DiscreteMode {
  double frequency = 0;
  double weight = 0;
};

/// The spectral density J(w) for w > 0, in the convention
///   C(t) = <B(t) B(0)> = int_0^inf dw J(w) [coth(w/2T) cos(w t) - i sin(w t)]
/// for H = H_S + A B + H_B. With modes, B = sum_k g_k (b_k + b_k^dag) and J(w) =
/// sum_k g_k^2 delta(w - w_k). There is no factor pi; golden-rule rates are 2 pi J(w). Units: hbar
/// = 1; J has the unit of frequency if A has none. Cheap to copy; immutable.
class SpectralDensity {
 public:
  /// J(w) for w > 0, and 0 for w <= 0. It is 0 everywhere for a discrete density. Throws InputError
  /// if the value is negative or not finite; the message gives w and the value.
  [[nodiscard]] double operator()(double w) const;
  /// A readable text, such as "ohmic-drude(strength = 0.1, cutoff = 5)".
  [[nodiscard]] const std::string& text() const;
  [[nodiscard]] bool is_discrete() const;
  /// The modes of a discrete density, by ascending frequency; empty for a continuous density.
  [[nodiscard]] const std::vector<DiscreteMode>& modes() const;
  /// The constant part C_0 of the correlation function at temperature T. It is nonzero only for
  /// spins with an asymmetry.
  [[nodiscard]] double static_part(double temperature) const;
  [[nodiscard]] LowFrequencyLaw low_frequency() const;
  /// The frequency above which J vanishes; infinite if there is none.
  [[nodiscard]] double reach() const;
  /// Frequencies > 0, in ascending order: peaks with points around them, corners, cutoffs. Between
  /// neighbouring ones, J is smooth on the scale of their distance. Quadrature is split there.
  /// Never empty for a continuous density.
  [[nodiscard]] const std::vector<double>& landmarks() const;

  struct Content;
  explicit SpectralDensity(std::shared_ptr<const Content> content) : content_(std::move(content)) {}

 private:
  std::shared_ptr<const Content> content_;
};

/// Every factory throws InputError for an invalid parameter and names it.

/// A frequency-independent rate: J(w) = rate/(2 pi).
[[nodiscard]] SpectralDensity flat(double rate);
/// J(w) = strength w^s wc^(1 - s) f(w/wc). It is ohmic for s = 1, sub-ohmic for s < 1 and
/// super-ohmic for s > 1.
[[nodiscard]] SpectralDensity ohmic(double strength, double cutoff, Cutoff shape, double s = 1);

/// A damped mode of a bath: one pole of the density.
struct Pole {
  double strength = 0;   ///< g^2: int_0^inf J dw -> g^2 as the width -> 0
  double frequency = 0;  ///< frequency of the mode, >= 0
  double width = 0;      ///< full width at half maximum, > 0
};
/// J(w) = sum_k strength_k/pi { (width_k/2)/[(w - frequency_k)^2 + (width_k/2)^2]
///                              - (width_k/2)/[(w + frequency_k)^2 + (width_k/2)^2] }.
/// Each pole is odd in w, so J is ohmic at low frequency. One pole is a Lorentzian, a damped mode.
[[nodiscard]] SpectralDensity poles(const std::vector<Pole>& poles);
/// Interpolates between 4 or more points by PCHIP (monotone cubics with three-point slopes at the
/// ends), which keeps J >= 0. J is 0 above the last point. If the table does not begin with (0, 0),
/// J is a straight line from there to the first point.
[[nodiscard]] SpectralDensity tabulated(std::vector<double> frequencies,
                                        std::vector<double> values);
/// Any function of w. `landmarks`, at least one, are the frequencies at which the quadrature looks
/// closely; see SpectralDensity::landmarks().
[[nodiscard]] SpectralDensity formula(std::string text, std::function<double(double)> j,
                                      std::vector<double> landmarks);
/// J(w) = sum_k g_k^2 delta(w - w_k).
[[nodiscard]] SpectralDensity discrete_modes(const std::vector<double>& frequencies,
                                             const std::vector<double>& couplings);
/// Spins with H = (eps_k/2) sz + (Delta_k/2) sx, coupled by B = sum_k g_k (sz_k - <sz_k>):
///   J(w) = sum_k (g_k Delta_k/E_k)^2 delta(w - E_k),   E_k = sqrt(eps_k^2 + Delta_k^2),
///   C_0 = sum_k (g_k eps_k/E_k)^2 [1 - tanh^2(E_k/2T)]
/// (Schlosshauer et al. Eq. 17 with the connected constant). For BathKind::spin.
[[nodiscard]] SpectralDensity discrete_spins(const std::vector<double>& couplings,
                                             const std::vector<double>& asymmetries,
                                             const std::vector<double>& tunnelings);

/// How K modes are chosen to represent a continuous density.
enum class Discretisation {
  linear,       ///< intervals of equal length, each with its own weight and mean frequency
  logarithmic,  ///< intervals of equal ratio, otherwise the same
  /// Gauss quadrature with the weight J: the moments int w^k J dw for k < 2K are exact.
  gauss,
};
/// The modes that represent a continuous density. `highest` limits the frequencies of a density
/// without an end; it is then required for linear and logarithmic, and for gauss if the moments
/// would diverge. `lowest` > 0 is where logarithmic intervals begin. Throws InputError for a
/// discrete density and for one whose moments diverge.
[[nodiscard]] std::vector<DiscreteMode> discretised(
    const SpectralDensity& density, int modes, Discretisation how,
    double highest = std::numeric_limits<double>::infinity(), double lowest = 0);

/// The Gauss quadrature of sum_i weights_i delta(w - frequencies_i) with weights >= 0. The result
/// has `modes` modes in ascending order with the same moments w^k for k < 2 modes. At least as many
/// different frequencies must have weights > 0.
[[nodiscard]] std::vector<DiscreteMode> gauss_quadrature(const std::vector<double>& frequencies,
                                                         const std::vector<double>& weights,
                                                         int modes);

}  // namespace lindwurm
