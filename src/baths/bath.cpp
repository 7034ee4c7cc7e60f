#include "lindwurm/baths/bath.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <numbers>

#include "lindwurm/backend/error.hpp"
#include "memory.hpp"
#include "spectrum.hpp"
#include "transforms.hpp"

namespace lindwurm {

namespace {

using Complex = std::complex<double>;
using std::numbers::pi;

constexpr double epsilon = std::numeric_limits<double>::epsilon();
// The largest product of a frequency and a coarse-graining time. Beyond it, sines and cosines have
// 8 digits or fewer.
constexpr double largest_phase = 1e7;
constexpr double infinity = std::numeric_limits<double>::infinity();

void refuse_lines(const SpectralDensity& density, const char* what) {
  throw InputError(
      fmt::format("{}: a discrete density has no {}, only lines; average over a time (coarse "
                  "graining), give the modes as sites, or give a continuous density",
                  density.text(), what));
}

}  // namespace

struct Bath::State {
  State(SpectralDensity j, double t, BathKind k) : density(std::move(j)), temperature(t), kind(k) {}

  SpectralDensity density;
  double temperature;
  BathKind kind;

  // The spectrum is resolved on first use.
  const Spectrum& spectrum() {
    std::call_once(is_resolved_,
                   [&] { spectrum_ = std::make_unique<Spectrum>(density, temperature, kind); });
    return *spectrum_;
  }

  double memory() {
    std::call_once(is_timed_, [&] { memory_ = memory_time(density, temperature, kind); });
    return memory_;
  }

  double static_part() const {
    return kind == BathKind::spin ? density.static_part(temperature) : 0;
  }

  double rate_at_zero() const;
  Estimate<Complex> discrete_correlation(double t) const;
  Estimate<Complex> window(const Window& window, Ordering ordering);
  Estimate<Complex> discrete_window(const Window& window, Ordering ordering) const;

 private:
  std::once_flag is_resolved_;
  std::unique_ptr<Spectrum> spectrum_;
  std::once_flag is_timed_;
  double memory_ = 0;
};

double Bath::State::rate_at_zero() const {
  const LowFrequencyLaw law = density.low_frequency();
  if (law.slope == 0) return 0;
  const bool is_enhanced = kind == BathKind::bosonic && temperature > 0;
  // S(w) ~ w^power on both sides. At T = 0, it has the mean of its limits from above and below, 2
  // pi J(0) and 0. This is what the integral over time gives.
  const double power = law.power - (is_enhanced ? 1 : 0);
  if (power > 0) return 0;
  if (power == 0) return is_enhanced ? 2 * pi * temperature * law.slope : pi * law.slope;
  throw InputError(
      fmt::format("{}: the rate at w = 0 diverges, as J ~ w^{} towards low frequency at "
                  "temperature {}; the coupling must have no part of frequency 0, or the density "
                  "must fall {}",
                  density.text(), law.power, temperature,
                  is_enhanced ? "at least as fast as w" : "towards w = 0"));
}

Estimate<Complex> Bath::State::discrete_correlation(double t) const {
  Estimate<Complex> sum{static_part(), epsilon * static_part()};
  for (const DiscreteMode& mode : density.modes()) {
    const Parts parts = thermal_parts(kind, mode.frequency, temperature);
    const double phase = mode.frequency * t;
    sum.value += mode.weight * (parts.difference * std::polar(1.0, -phase) +
                                2 * parts.absorption * std::cos(phase));
    sum.error +=
        epsilon * (8 + std::abs(phase)) * mode.weight * (parts.difference + 2 * parts.absorption);
  }
  return sum;
}

Estimate<Complex> Bath::State::discrete_window(const Window& window, Ordering ordering) const {
  Estimate<Complex> sum;
  const auto add = [&](Complex part) {
    sum.value += part;
    sum.error += 8 * epsilon * std::abs(part);
  };
  const Window mirrored = window.mirrored();
  for (const DiscreteMode& mode : density.modes()) {
    const Parts parts = thermal_parts(kind, mode.frequency, temperature);
    add(mode.weight * (parts.difference + parts.absorption) *
        window_kernel(window, ordering, mode.frequency));
    add(mode.weight * parts.absorption *
        std::conj(window_kernel(mirrored, ordering, mode.frequency)));
    // The accuracy of a phase is limited by the last digit of the frequency.
    sum.error += epsilon * mode.weight * (parts.difference + 2 * parts.absorption) * window.dt *
                 std::min(1.0, mode.frequency * window.dt);
  }
  add(static_part() * window_kernel(window, ordering, 0));
  return sum;
}

Estimate<Complex> Bath::State::window(const Window& window, Ordering ordering) {
  if (!(window.dt > 0) || !std::isfinite(window.dt)) {
    throw InputError(
        fmt::format("a coarse-graining time of {}: it must be positive and finite", window.dt));
  }
  if (density.is_discrete()) return discrete_window(window, ordering);
  const double phase = window.dt * std::max(std::abs(window.w), std::abs(window.w_prime));
  if (phase > largest_phase) {
    throw InputError(fmt::format(
        "a coarse-graining time of {} is {:.2g} times the inverse of the frequency {}: phases lose "
        "their digits, and only equal frequencies are left; take the secular equation",
        window.dt, phase, phase / window.dt));
  }
  auto average = coarse_integral(spectrum(), window, ordering, density.text());
  // The accuracy of a phase is limited by the last digit of the frequency.
  average.error += epsilon * phase * std::abs(average.value);
  return average;
}

std::string_view name_of(BathKind kind) {
  switch (kind) {
    case BathKind::bosonic:
      return "bosonic";
    case BathKind::spin:
      return "spin";
    case BathKind::classical:
      return "classical";
  }
  return "unknown";
}

double planck(double w, double temperature) { return 1 / std::expm1(w / temperature); }

Bath::Bath(SpectralDensity density, double temperature, BathKind kind)
    : state_(std::make_shared<State>(std::move(density), temperature, kind)) {
  if (temperature >= 0 && std::isfinite(temperature)) return;
  throw InputError(
      fmt::format("a bath of temperature {}: it must be 0 or more and finite", temperature));
}

const SpectralDensity& Bath::density() const { return state_->density; }
double Bath::temperature() const { return state_->temperature; }
BathKind Bath::kind() const { return state_->kind; }

double Bath::rate(double w) const {
  if (density().is_discrete()) refuse_lines(density(), "rate");
  if (w == 0) return state_->rate_at_zero();
  const double size = std::abs(w);
  const Parts parts = thermal_parts(kind(), size, temperature());
  const double occupation = w > 0 ? parts.difference + parts.absorption : parts.absorption;
  return 2 * pi * density()(size) * occupation;
}

Estimate<double> Bath::shift(double w) const {
  if (density().is_discrete()) refuse_lines(density(), "shift");
  return shift_integral(state_->spectrum(), w, density().text());
}

Estimate<Complex> Bath::half_sided(double w) const {
  const double half_rate = rate(w) / 2;
  const Estimate<double> lambda = shift(w);
  return {{half_rate, lambda.value}, lambda.error + 4 * epsilon * half_rate};
}

Estimate<Complex> Bath::correlation(double t) const {
  if (density().is_discrete()) return state_->discrete_correlation(t);
  auto c = correlation_integral(state_->spectrum(), std::abs(t), density().text());
  if (t < 0) c.value = std::conj(c.value);
  return c;
}

Estimate<Complex> Bath::coarse_grained(double w, double w_prime, double dt) const {
  return state_->window({w, w_prime, dt}, Ordering::both);
}

Estimate<Complex> Bath::coarse_grained_half(double w, double w_prime, double dt) const {
  return state_->window({w, w_prime, dt}, Ordering::retarded);
}

double Bath::correlation_time() const {
  return density().is_discrete() ? infinity : state_->memory();
}

}  // namespace lindwurm
