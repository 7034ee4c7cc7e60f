// Principal values.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "lindwurm/backend/error.hpp"
#include "transforms.hpp"

namespace lindwurm {

namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();
// A measured power this close to an integer counts as that integer.
constexpr double power_tolerance = 1e-9;
// A step of the density larger than this is more than an error of its series.
constexpr double step_tolerance = 1e-9;

// int |1/(w - v)| dv over the interval, except for the logarithm at its ends.
double kernel_size(const Interval& interval, double w) {
  const double distance = std::max({interval.left - w, w - interval.right, 0.0});
  return std::min(8.0, 2 * interval.half() / distance);
}

void add(Estimate<double>& sum, const Interval& interval, const Piece& f, double w, double sign) {
  const double value = hilbert_integral(interval, f, w);
  sum.value += sign * value;
  sum.error += (f.error + 4 * epsilon * f.magnitude) * kernel_size(interval, w) +
               2 * epsilon * std::abs(value);
}

// The density on the side of the pole: emission above w = 0, absorption below.
double at_end(const Panel& panel, double w, double x) {
  const double absorption = legendre_sum(panel.absorption.coefficients, x);
  return w > 0 ? absorption + legendre_sum(panel.difference.coefficients, x) : absorption;
}

void require_no_step(const Spectrum& spectrum, double w, const std::string& density) {
  const double pole = std::abs(w);
  const auto& panels = spectrum.panels();
  for (std::size_t k = 0; k < panels.size(); ++k) {
    const double end = panels[k].interval.right;
    if (std::abs(end - pole) > 4 * epsilon * pole) continue;
    const double below = at_end(panels[k], w, 1);
    const double above = k + 1 < panels.size() ? at_end(panels[k + 1], w, -1) : 0;
    if (std::abs(below - above) <= step_tolerance * std::max(below, above)) continue;
    throw InputError(
        fmt::format("{}: the density has a step at {}, where the shift diverges logarithmically; "
                    "choose another frequency or a smooth cutoff",
                    density, pole));
  }
}

Estimate<double> shift_at_zero(const Spectrum& spectrum) {
  const Beyond& low = spectrum.low_difference().beyond;
  const Beyond& high = spectrum.high_difference().beyond;
  Estimate<double> sum{-low.over_v.value - high.over_v.value, low.over_v.error + high.over_v.error};
  for (const Panel& panel : spectrum.panels()) {
    double value = 0;
    for (int k = 0; k < panel_nodes; ++k)
      value += gauss_weights()[k] * panel.difference.values[k] / panel.interval.node(k);
    value *= panel.interval.half();
    sum.value -= value;
    sum.error += 4 * epsilon * value + panel.difference.error * kernel_size(panel.interval, 0);
  }
  return sum;
}

// Adds the contributions beyond the panels, as seen from far away.
void add_ends(Estimate<double>& sum, const Spectrum& spectrum, double w) {
  const double size = std::abs(w);
  const double bottom = spectrum.panels().front().interval.left;
  const Estimate<double>& difference = spectrum.low_difference().beyond.plain;
  const Estimate<double>& absorption = spectrum.low_absorption().beyond.plain;
  const double low = difference.value + 2 * absorption.value;
  sum.value += low / w;
  sum.error +=
      (difference.error + 2 * absorption.error) / size + std::min(1.0, bottom / size) * low / size;
  const Estimate<double>& high = spectrum.high_difference().beyond.over_v;
  sum.value -= high.value;
  sum.error += high.error + high.value * std::min(1.0, size / spectrum.top());
}

}  // namespace

void refuse_divergence(const std::string& density, const char* what, const char* remedy) {
  throw InputError(fmt::format("{}: {}; {}", density, what, remedy));
}

Estimate<double> shift_integral(const Spectrum& spectrum, double w, const std::string& density) {
  if (spectrum.high_difference().power > -power_tolerance) {
    refuse_divergence(
        density, "the shift integral diverges at high frequency",
        "the density has to fall at high frequency; give one with a cutoff, or lamb_shift = false");
  }
  const bool is_low_finite =
      w == 0 ? spectrum.low_difference().power > 0
             : spectrum.low_difference().power > -1 && spectrum.low_absorption().power > -1;
  if (!is_low_finite) {
    refuse_divergence(density, "the shift integral diverges at low frequency",
                      "give a density that falls faster towards w = 0, or lamb_shift = false");
  }
  if (w == 0) return shift_at_zero(spectrum);
  require_no_step(spectrum, w, density);
  Estimate<double> sum;
  for (const Panel& panel : spectrum.panels()) {
    add(sum, panel.interval, panel.difference, w, 1);
    if (!panel.has_absorption()) continue;
    add(sum, panel.interval, panel.absorption, w, 1);
    add(sum, panel.interval, panel.absorption, -w, -1);
  }
  add_ends(sum, spectrum, w);
  return sum;
}

}  // namespace lindwurm
