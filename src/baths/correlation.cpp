// Fourier transforms of the spectrum.
#include <algorithm>
#include <cmath>
#include <limits>

#include "transforms.hpp"

namespace lindwurm {

namespace {

using Complex = std::complex<double>;

constexpr double epsilon = std::numeric_limits<double>::epsilon();
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double power_tolerance = 1e-9;
// The value of (half length) t from which integration by parts gives the tail of a smooth decay.
constexpr double asymptotic_phase = 1e4;

void add(Estimate<Complex>& sum, const Interval& interval, const Piece& f, double t,
         Complex integral) {
  sum.value += integral;
  const double phase = interval.half() * t;
  sum.error +=
      (f.error + 4 * epsilon * f.magnitude) * 2 * interval.half() * std::min(1.0, 2 / phase) +
      epsilon * (4 + interval.right * t) * std::abs(integral);
}

void add_panel(Estimate<Complex>& sum, const Panel& panel, double t, bool is_tail) {
  const auto integral = [&](const Piece& f) {
    const double origin = is_tail ? panel.interval.right : panel.interval.centre();
    return std::polar(1.0, -origin * t) *
           (is_tail ? fourier_tail(panel.interval, f, t) : fourier_integral(panel.interval, f, t));
  };
  if (panel.difference.magnitude > 0)
    add(sum, panel.interval, panel.difference, t, integral(panel.difference));
  if (panel.has_absorption())
    add(sum, panel.interval, panel.absorption, t, 2 * integral(panel.absorption).real());
}

void add_low_end(Estimate<Complex>& sum, const Spectrum& spectrum, double t) {
  const Estimate<double>& difference = spectrum.low_difference().beyond.plain;
  const Estimate<double>& absorption = spectrum.low_absorption().beyond.plain;
  const double value = difference.value + 2 * absorption.value;
  sum.value += value;
  const double bottom = spectrum.panels().front().interval.left;
  sum.error += difference.error + 2 * absorption.error + value * std::min(1.0, bottom * t);
}

// For a power law without an asymptotic panel, which happens at t = 0 or just above.
void add_high_end(Estimate<Complex>& sum, const Spectrum& spectrum, double t) {
  const Panel& last = spectrum.panels().back();
  const double missing = spectrum.top() * (last.difference.magnitude + last.absorption.magnitude);
  if (std::max(spectrum.high_difference().power, spectrum.high_absorption().power) >= -1) {
    sum.error += missing;
    return;
  }
  const Estimate<double>& difference = spectrum.high_difference().beyond.plain;
  const Estimate<double>& absorption = spectrum.high_absorption().beyond.plain;
  const double value = difference.value + 2 * absorption.value;
  sum.value += value;
  sum.error += difference.error + 2 * absorption.error + value * std::min(1.0, spectrum.top() * t);
}

void require_convergence(const Spectrum& spectrum, double t, const std::string& density) {
  if (std::min(spectrum.low_difference().power, spectrum.low_absorption().power) <= -1) {
    refuse_divergence(density, "the correlation function diverges: too many low frequencies",
                      "give a density that falls faster towards w = 0");
  }
  const double high = std::max(spectrum.high_difference().power, spectrum.high_absorption().power);
  if (high > -power_tolerance) {
    refuse_divergence(density, "C(t) is a distribution: J does not fall at high frequency",
                      "give a density with a cutoff");
  }
  if (t == 0 && high > -1 - power_tolerance) {
    refuse_divergence(density,
                      "C(0) = int J diverges at high frequency (with Drude's cutoff like a "
                      "logarithm)",
                      "ask for t > 0, or give a density with a sharper cutoff");
  }
}

}  // namespace

Estimate<Complex> correlation_integral(const Spectrum& spectrum, double t,
                                       const std::string& density) {
  require_convergence(spectrum, t, density);
  const bool has_power_law =
      std::max(spectrum.high_difference().power, spectrum.high_absorption().power) > -infinity;
  Estimate<Complex> sum;
  add_low_end(sum, spectrum, t);
  for (const Panel& panel : spectrum.panels()) {
    const bool is_tail = has_power_law && panel.interval.left >= spectrum.last_landmark() &&
                         panel.interval.half() * t >= asymptotic_phase;
    add_panel(sum, panel, t, false);
    if (!is_tail) continue;
    add_panel(sum, panel, t, true);
    return sum;
  }
  if (has_power_law) add_high_end(sum, spectrum, t);
  return sum;
}

}  // namespace lindwurm
