#include "memory.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <vector>

#include "spectrum.hpp"
#include "transforms.hpp"

namespace lindwurm {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double power_tolerance = 1e-9;
// A step that is a smaller share of the spectrum is ignored; its effect appears too late to be
// seen.
constexpr double step_tolerance = 0.02;
constexpr double remembered = 0.1;
// The logarithmic step of time, and the range of times around those of the bath.
constexpr double step = 0.05;
constexpr double earliest = 1e-5;
constexpr double latest = 1e20;
// The integral is complete, except for its power-law tail, once t |C| stays below this for so many
// steps (a factor of 8 in time).
constexpr double complete = 1e-2;
constexpr int quiet_steps = 42;
// t |C| should fall at least by this factor from one e-fold of t to the next. Otherwise it is too
// small to matter, or the integral does not exist.
constexpr double slowest_fall = 0.97;
constexpr double matters = 0.02;

double end_value(const Panel& panel, double x) {
  return legendre_sum(panel.difference.coefficients, x) +
         legendre_sum(panel.absorption.coefficients, x);
}

// For S ~ w^power, C falls like t^-(1 + power), unless S is smooth there.
bool diverges_at_low_frequency(const Spectrum& spectrum) {
  return std::min(spectrum.low_absorption().power, spectrum.low_difference().power) <
         -power_tolerance;
}

// Emission without absorption that begins with a step. Then C falls like 1/t.
bool steps_at_zero(const Spectrum& spectrum) {
  return spectrum.low_absorption().power == infinity &&
         spectrum.low_difference().power <= power_tolerance;
}

// A step at another frequency also makes C fall like 1/t.
bool has_step(const Spectrum& spectrum) {
  const auto& panels = spectrum.panels();
  double greatest = 0;
  for (const Panel& panel : panels)
    greatest = std::max(greatest, panel.difference.magnitude + panel.absorption.magnitude);
  for (std::size_t k = 0; k < panels.size(); ++k) {
    const double below = end_value(panels[k], 1);
    const double above = k + 1 < panels.size() ? end_value(panels[k + 1], -1) : 0;
    if (std::abs(below - above) > step_tolerance * greatest) return true;
  }
  return false;
}

// t |C(t)| at logarithmic steps of t.
struct Samples {
  double start = 0;
  std::vector<double> values;

  double time(double k) const { return start * std::exp(k * step); }
};

Samples sampled(const Spectrum& spectrum, const std::string& density) {
  Samples samples{.start = earliest / spectrum.last_landmark(), .values = {}};
  const double end = latest / spectrum.last_landmark();
  double sum = 0;
  int quiet = 0;
  for (int k = 0; samples.time(k) < end && quiet < quiet_steps; ++k) {
    const double t = samples.time(k);
    samples.values.push_back(t * std::abs(correlation_integral(spectrum, t, density).value));
    sum += step * samples.values.back();
    quiet = samples.values.back() < complete * sum ? quiet + 1 : 0;
  }
  return samples;
}

// int |C| beyond the last sample, by the power law of the last e-folds of t.
double beyond(const std::vector<double>& values) {
  const auto fold = static_cast<std::size_t>(1 / step);
  if (values.size() < 2 * fold || values.back() == 0) return 0;
  const auto end = values.end();
  const auto size = static_cast<std::ptrdiff_t>(fold);
  const double total = std::accumulate(values.begin(), end, 0.0);
  const double late = std::accumulate(end - size, end, 0.0);
  const double earlier = std::accumulate(end - 2 * size, end - size, 0.0);
  const double ratio = late / earlier;
  if (ratio < slowest_fall) return step * late * ratio / (1 - ratio);
  return late < matters * total ? 0 : infinity;
}

double thermal_time(double temperature, BathKind kind) {
  const bool is_thermal = temperature > 0 && kind != BathKind::classical;
  return is_thermal ? 1 / (2 * std::numbers::pi * temperature) : 0;
}

}  // namespace

double memory_time(const SpectralDensity& density, double temperature, BathKind kind) {
  const Spectrum spectrum(density, temperature, kind, Resolution::rough);
  const bool has_no_end = std::max(spectrum.high_difference().power,
                                   spectrum.high_absorption().power) > -power_tolerance;
  // A flat density represents a bath without memory of its own. Only the memory of the occupation
  // remains.
  if (has_no_end && density.low_frequency().power == 0) return thermal_time(temperature, kind);
  if (diverges_at_low_frequency(spectrum)) return infinity;
  if (has_no_end) return 0;
  if (steps_at_zero(spectrum) || has_step(spectrum)) return infinity;
  const Samples samples = sampled(spectrum, density.text());
  double rest = beyond(samples.values);
  if (rest == infinity) return infinity;
  double total = rest;
  for (double value : samples.values)
    total += step * value;
  for (std::size_t k = samples.values.size(); k > 0; --k) {
    rest += step * samples.values[k - 1];
    if (rest > remembered * total) return samples.time(static_cast<double>(k) - 0.5);
  }
  return 0;
}

}  // namespace lindwurm
