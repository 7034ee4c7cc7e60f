// Averages over a window of time. With A = w - v and B = w' - v, a mode of frequency v contributes
//   both:      dt e^{i (w - w') dt/2} sinc(A dt/2) sinc(B dt/2)
//   retarded:  [E(A) - E(A - B)]/(i B),  E(x) = (e^{i x dt} - 1)/(i x dt).
// If an interval is long compared with 1/dt, and w and w' are far from it, the oscillating part is
// e^{-ivdt} times a smooth function. The Legendre series of that function has a Fourier transform
// in closed form. Intervals are halved until they are short or far.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "transforms.hpp"

namespace lindwurm {

namespace {

using Complex = std::complex<double>;

constexpr double epsilon = std::numeric_limits<double>::epsilon();
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double power_tolerance = 1e-9;
// The largest (half length) dt for which the nodes resolve the oscillations.
constexpr double longest_phase = 6;
// The distance from the centre, in half lengths, from which the series of 1/(v - w) converges well.
constexpr double far_enough = 3;
// A quotient of smaller differences than this is computed as an integral.
constexpr double nearly_equal = 0.5;
constexpr Complex i(0, 1);

double sinc(double x) { return std::abs(x) < 1e-4 ? 1 - x * x / 6 : std::sin(x) / x; }

// (e^{ix} - 1)/(ix)
Complex phase_average(double x) { return std::polar(1.0, x / 2) * sinc(x / 2); }

// [phase_average(a) - phase_average(c)]/(i (a - c)) for |a|, |c| <= 1, from the power series. The
// divided difference of x^m is sum_j a^j c^(m-1-j).
Complex averages_quotient(double a, double c) {
  constexpr int terms = 20;
  Complex sum = 0;
  Complex factor = 0.5;  // i^(m-1)/(m + 1)!
  double power = 1;
  double quotient = 1;
  for (int m = 1; m < terms; ++m) {
    sum += factor * quotient;
    factor *= i / (m + 2.0);
    power *= c;
    quotient = a * quotient + power;
  }
  return sum;
}

// The retarded kernel, with times in units of dt.
Complex retarded(double a, double b, double difference) {
  if (std::abs(b) >= nearly_equal) return (phase_average(a) - phase_average(difference)) / (i * b);
  if (std::abs(difference) >= nearly_equal) {
    return (std::polar(1.0, difference) * phase_average(b) - phase_average(a)) / (i * difference);
  }
  return averages_quotient(a, difference);
}

// Computes the values at the nodes of both halves of an interval from those at its own nodes.
struct Halving {
  std::array<PanelArray, panel_nodes> lower{};
  std::array<PanelArray, panel_nodes> upper{};
};

Halving make_halving() {
  Halving halving;
  for (int column = 0; column < panel_nodes; ++column) {
    PanelArray unit{};
    unit[column] = 1;
    const PanelArray coefficients = legendre_coefficients(unit);
    for (int row = 0; row < panel_nodes; ++row) {
      const double x = gauss_nodes()[row];
      halving.lower[row][column] = legendre_sum(coefficients, (x - 1) / 2);
      halving.upper[row][column] = legendre_sum(coefficients, (x + 1) / 2);
    }
  }
  return halving;
}

PanelArray applied(const std::array<PanelArray, panel_nodes>& rows, const PanelArray& values) {
  PanelArray result{};
  for (int row = 0; row < panel_nodes; ++row) {
    double sum = 0;
    for (int column = 0; column < panel_nodes; ++column)
      sum += rows[row][column] * values[column];
    result[row] = sum;
  }
  return result;
}

class WindowIntegral {
 public:
  WindowIntegral(const Window& window, Ordering ordering) : window_(window), ordering_(ordering) {}

  void add(const Interval& interval, const PanelArray& values) {
    const double phase = interval.half() * window_.dt;
    const bool is_short =
        phase <= longest_phase || interval.half() < 8 * epsilon * std::abs(interval.centre());
    if (is_short) return add_directly(interval, values);
    if (is_far(interval)) return add_oscillating(interval, values);
    static const Halving halving = make_halving();
    add({interval.left, interval.centre()}, applied(halving.lower, values));
    add({interval.centre(), interval.right}, applied(halving.upper, values));
  }

  // A bound on int |kernel| over the interval, used for the errors.
  double kernel_size(const Interval& interval) const {
    const double nearest = std::max(distance(interval, window_.w), 1 / window_.dt);
    const double other = std::max(distance(interval, window_.w_prime), 1 / window_.dt);
    const double width = 2 * interval.half();
    if (ordering_ == Ordering::retarded)
      return std::min({width * window_.dt, 8.0, 4 * width / other});
    return std::min({width * window_.dt, 8.0, 4 * width / (window_.dt * nearest * other)});
  }

  Complex sum() const { return sum_; }
  double magnitude() const { return magnitude_; }

 private:
  static double distance(const Interval& interval, double w) {
    return std::max({interval.left - w, w - interval.right, 0.0});
  }

  bool is_far(const Interval& interval) const {
    return std::abs(interval.local(window_.w)) >= far_enough &&
           std::abs(interval.local(window_.w_prime)) >= far_enough;
  }

  void add_directly(const Interval& interval, const PanelArray& values) {
    for (int k = 0; k < panel_nodes; ++k) {
      const Complex part = interval.half() * gauss_weights()[k] * values[k] *
                           window_kernel(window_, ordering_, interval.node(k));
      sum_ += part;
      magnitude_ += std::abs(part);
    }
  }

  void add_oscillating(const Interval& interval, const PanelArray& values) {
    const double dt = window_.dt;
    PanelArray quotients{};
    double steady = 0;
    double shifting = 0;
    for (int k = 0; k < panel_nodes; ++k) {
      const double v = interval.node(k);
      quotients[k] = values[k] / ((v - window_.w) * (v - window_.w_prime));
      steady += gauss_weights()[k] * quotients[k];
      shifting += gauss_weights()[k] * values[k] / (window_.w_prime - v);
    }
    steady *= interval.half();
    shifting *= interval.half();
    const Complex oscillating = fourier_integral(interval, piece_of(quotients), dt);
    const double difference = (window_.w - window_.w_prime) * dt;
    const double from_w = (window_.w - interval.centre()) * dt;
    const double from_w_prime = (window_.w_prime - interval.centre()) * dt;
    Complex part;
    if (ordering_ == Ordering::both) {
      const double real = std::cos(difference / 2) * steady -
                          (std::polar(1.0, (from_w + from_w_prime) / 2) * oscillating).real();
      part = std::polar(2 / dt * real, difference / 2);
      magnitude_ += 2 / dt * (std::abs(steady) + std::abs(oscillating));
    } else {
      part = (steady - std::polar(1.0, from_w) * oscillating) / dt +
             i * phase_average(difference) * shifting;
      magnitude_ += std::abs(part);
    }
    sum_ += part;
  }

  Window window_;
  Ordering ordering_;
  Complex sum_ = 0;
  double magnitude_ = 0;
};

void require_convergence(const Spectrum& spectrum, Ordering ordering, const std::string& density) {
  if (std::min(spectrum.low_difference().power, spectrum.low_absorption().power) <= -1) {
    refuse_divergence(density, "the coarse-grained rates diverge at low frequency",
                      "give a density that falls faster towards w = 0, or temperature = 0");
  }
  const double high = std::max(spectrum.high_difference().power, spectrum.high_absorption().power);
  if (high > 1 - power_tolerance) {
    refuse_divergence(density, "the coarse-grained rates diverge at high frequency",
                      "give a density with a cutoff");
  }
  if (ordering == Ordering::retarded && spectrum.high_difference().power > -power_tolerance) {
    refuse_divergence(
        density, "the coarse-grained shift diverges at high frequency",
        "the density has to fall at high frequency; give one with a cutoff, or lamb_shift = false");
  }
}

// Adds the contributions beyond the panels. At low frequency the kernel is constant. At high
// frequency only the retarded kernel falls as slowly as 1/v.
void add_ends(Estimate<Complex>& sum, const Spectrum& spectrum, const Window& window,
              Ordering ordering) {
  const Complex emitting = window_kernel(window, ordering, 0);
  const Complex absorbing = std::conj(window_kernel(window.mirrored(), ordering, 0));
  const Estimate<double>& difference = spectrum.low_difference().beyond.plain;
  const Estimate<double>& absorption = spectrum.low_absorption().beyond.plain;
  sum.value += emitting * (difference.value + absorption.value) + absorbing * absorption.value;
  const double bottom = spectrum.panels().front().interval.left;
  sum.error += std::abs(emitting) *
               (difference.error + 2 * absorption.error +
                (difference.value + 2 * absorption.value) * std::min(1.0, bottom * window.dt));
  if (ordering == Ordering::both) return;
  const Estimate<double>& high = spectrum.high_difference().beyond.over_v;
  const double size = std::max(std::abs(window.w), std::abs(window.w_prime));
  sum.value -= i * phase_average((window.w - window.w_prime) * window.dt) * high.value;
  sum.error += high.error + high.value * std::min(1.0, size / spectrum.top());
}

}  // namespace

Complex window_kernel(const Window& window, Ordering ordering, double v) {
  const double a = (window.w - v) * window.dt;
  const double b = (window.w_prime - v) * window.dt;
  const double difference = (window.w - window.w_prime) * window.dt;
  if (ordering == Ordering::both)
    return std::polar(1.0, difference / 2) * (window.dt * sinc(a / 2) * sinc(b / 2));
  return window.dt * retarded(a, b, difference);
}

Estimate<Complex> coarse_integral(const Spectrum& spectrum, const Window& window, Ordering ordering,
                                  const std::string& density) {
  require_convergence(spectrum, ordering, density);
  WindowIntegral emission(window, ordering);
  WindowIntegral absorption(window.mirrored(), ordering);
  double error = 0;
  for (const Panel& panel : spectrum.panels()) {
    PanelArray values = panel.difference.values;
    for (int k = 0; k < panel_nodes; ++k)
      values[k] += panel.absorption.values[k];
    emission.add(panel.interval, values);
    error +=
        (panel.difference.error + panel.absorption.error) * emission.kernel_size(panel.interval);
    if (!panel.has_absorption()) continue;
    absorption.add(panel.interval, panel.absorption.values);
    error += panel.absorption.error * absorption.kernel_size(panel.interval);
  }
  const double rounding = 16 * epsilon * (emission.magnitude() + absorption.magnitude());
  Estimate<Complex> sum{emission.sum() + std::conj(absorption.sum()), error + rounding};
  add_ends(sum, spectrum, window, ordering);
  return sum;
}

}  // namespace lindwurm
