#include "lindwurm/baths/bloch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <limits>
#include <numbers>

#include "lindwurm/backend/error.hpp"
#include "quadrature.hpp"

namespace lindwurm {

namespace {

using Value = Estimate<double>;

constexpr double pi = std::numbers::pi;
constexpr double epsilon = std::numeric_limits<double>::epsilon();
constexpr double infinity = std::numeric_limits<double>::infinity();

double square(double x) { return x * x; }

Value operator*(const Value& a, const Value& b) {
  const double value = a.value * b.value;
  return {value,
          std::abs(a.value) * b.error + std::abs(b.value) * a.error + epsilon * std::abs(value)};
}
Value operator*(double x, const Value& a) { return {x * a.value, std::abs(x) * a.error}; }
Value operator+(const Value& a, const Value& b) {
  const double value = a.value + b.value;
  return {value, a.error + b.error + epsilon * std::abs(value)};
}
Value operator-(const Value& a, const Value& b) { return a + -1.0 * b; }

// A number that the bath gives to working precision.
Value exact(double value) { return {value, epsilon * std::abs(value)}; }

// f in the disc |w - w0| <= radius, where it is approximated by a polynomial.
struct Disc {
  double radius = 0;
  Value slope;        // f'(w0)
  Value finite_part;  // of int f/(w - w0)^2 over the disc
};

// The Gauss nodes are never close to w0, so the difference quotients do not lose digits.
template <unsigned Nodes>
Disc disc_by(const Integrand& f, double w0, double radius) {
  const auto& x = boost::math::quadrature::gauss<double, Nodes>::abscissa();
  const auto& weights = boost::math::quadrature::gauss<double, Nodes>::weights();
  const double centre = f(w0);
  double slope = 0;
  double curvature = 0;
  for (std::size_t j = 0; j < x.size(); ++j) {
    const double above = f(w0 + radius * x[j]);
    const double below = f(w0 - radius * x[j]);
    curvature += weights[j] * ((above - centre) + (below - centre)) / square(x[j]);
    // Lagrange interpolation of (above - below)/x, a polynomial in x^2, at x = 0.
    double weight = 1 / (2 * x[j]);
    for (std::size_t k = 0; k < x.size(); ++k) {
      if (k != j) weight *= square(x[k]) / (square(x[k]) - square(x[j]));
    }
    slope += weight * (above - below);
  }
  return {radius, {slope / radius}, {(curvature - 2 * centre) / radius}};
}

// The error from rounding of f and of its argument, in the units of Disc.
double rounding_error(const Integrand& f, double w0, double radius) {
  const double centre = f(w0);
  const double above = f(w0 + radius);
  const double below = f(w0 - radius);
  const double size = std::max({std::abs(centre), std::abs(above), std::abs(below)});
  const double steepness = std::max(std::abs(above - centre), std::abs(below - centre)) / radius;
  return 10 * epsilon * (size + w0 * steepness) / radius;
}

Disc disc_of(const Integrand& f, double w0, double radius) {
  const Disc coarse = disc_by<16>(f, w0, radius);
  Disc fine = disc_by<24>(f, w0, radius);
  const double rounding = rounding_error(f, w0, radius);
  fine.slope.error = std::abs(fine.slope.value - coarse.slope.value) + rounding;
  fine.finite_part.error = std::abs(fine.finite_part.value - coarse.finite_part.value) + rounding;
  return fine;
}

// The half-line w > 0 as seen from w0, with the points at which functions of S change their
// behaviour.
class Line {
 public:
  Line(const Bath& bath, double w0) : w0_(w0), points_{0.0, w0} {
    const SpectralDensity& density = bath.density();
    for (double w : density.landmarks()) {
      points_.push_back(w);
      // A point that is w0, or almost w0, does not limit the disc. The error estimate shows whether
      // S is smooth there.
      const double distance = std::abs(w - w0);
      if (distance > 1e-3 * w0) room_ = std::min(room_, 0.75 * distance);
    }
    // n(w) changes from T/w to exp(-w/T) around here.
    if (bath.kind() == BathKind::bosonic && bath.temperature() > 0) {
      for (double x : {0.5, 2.0, 6.0, 20.0})
        points_.push_back(x * bath.temperature());
    }
    std::sort(points_.begin(), points_.end());
    const double reach = density.reach();
    std::erase_if(points_, [reach](double w) { return w >= reach; });
    points_.push_back(reach);
  }

  [[nodiscard]] Value integral(const Integrand& f) const { return integrate(f, points_); }

  [[nodiscard]] Value slope(const Integrand& f) const { return best_disc(f, &Disc::slope).slope; }

  // Hadamard's finite part of int_0^inf f/(w - w0)^2. It is the derivative of P int f/(w - w0) with
  // respect to the pole.
  [[nodiscard]] Value finite_part(const Integrand& f) const {
    const Disc disc = best_disc(f, &Disc::finite_part);
    return disc.finite_part + below(f, disc.radius) + above(f, disc.radius);
  }

  // If S has a corner or a step at w0, its slope does not exist and the finite part diverges.
  void require_smooth(const Integrand& f, const SpectralDensity& density) const {
    const Disc disc = best_disc(f, &Disc::finite_part);
    const double size = std::max({f(w0_), f(w0_ - disc.radius), f(w0_ + disc.radius)});
    if (disc.finite_part.error <= 1e-6 * size / room_) return;
    throw InputError(fmt::format(
        "{} is not smooth at w0 = {}, so that the fourth order does not exist there; move w0 away "
        "from the corner, or take a smooth cutoff",
        density.text(), w0_));
  }

 private:
  [[nodiscard]] Disc best_disc(const Integrand& f, Value Disc::*part) const {
    Disc best = disc_of(f, w0_, representable(room_));
    double radius = room_ / 2;
    for (int k = 0; k < 26; ++k, radius /= 2) {
      const Disc smaller = disc_of(f, w0_, representable(radius));
      if ((smaller.*part).error < (best.*part).error) best = smaller;
    }
    return best;
  }

  // Makes the disc end exactly where the rest begins, because 1/(w - w0)^2 is large there.
  [[nodiscard]] double representable(double radius) const { return (w0_ + radius) - w0_; }

  // Integrates over u = w0 - w near w0, where u needs all its digits, and over w near 0, where w
  // does.
  [[nodiscard]] Value below(const Integrand& f, double radius) const {
    const double middle = std::max(radius, w0_ / 2);
    std::vector<double> near = steps(radius, middle);
    std::vector<double> far;
    for (double point : points_) {
      if (point < w0_ - middle) far.push_back(point);
      if (point > w0_ - middle && point < w0_ - radius) near.push_back(w0_ - point);
    }
    far.push_back(w0_ - middle);
    std::sort(near.begin(), near.end());
    return integrate([&](double u) { return f(w0_ - u) / square(u); }, near) +
           integrate([&](double w) { return f(w) / square(w - w0_); }, far);
  }

  [[nodiscard]] Value above(const Integrand& f, double radius) const {
    const double end = points_.back() - w0_;
    if (end <= radius) return {};
    std::vector<double> points = steps(radius, std::min(end, w0_));
    for (double point : points_) {
      if (point > w0_ + radius) points.push_back(point - w0_);
    }
    std::sort(points.begin(), points.end());
    return integrate([&](double u) { return f(w0_ + u) / square(u); }, points);
  }

  // Points from `start` to `end` by factors of two, suitable for 1/u^2.
  static std::vector<double> steps(double start, double end) {
    std::vector<double> points{start};
    for (double u = 2 * start; u < end; u *= 2)
      points.push_back(u);
    points.push_back(end);
    return points;
  }

  double w0_;
  double room_ = 0.75 * w0_;  // the largest radius of a disc
  std::vector<double> points_;
};

// The quantities in the formulas. Their names are those of the header.
struct Ingredients {
  Value up, down;                  // S(-w0), S(w0)
  Value slope_up, slope_down;      // S'(-w0), S'(w0)
  Value D;                         // P(w0) - P(-w0)
  Value p_slope_up, p_slope_down;  // P'(-w0), P'(w0)
};

Ingredients ingredients_of(const Bath& bath, double w0, const Line& line) {
  const auto up = [&bath](double w) { return bath.rate(-w); };
  const auto down = [&bath](double w) { return bath.rate(w); };
  // (w - w0)/(w + w0). Integrals over all w are folded to w > 0.
  const auto ratio = [w0](double w) { return (w - w0) / (w + w0); };
  return {
      .up = exact(up(w0)),
      .down = exact(down(w0)),
      .slope_up = -1.0 * line.slope(up),
      .slope_down = line.slope(down),
      .D = (2 * w0) * line.finite_part([&](double w) { return (up(w) + down(w)) * ratio(w); }),
      .p_slope_up = line.finite_part([&](double w) { return up(w) + down(w) * square(ratio(w)); }),
      .p_slope_down =
          line.finite_part([&](double w) { return down(w) + up(w) * square(ratio(w)); })};
}

Value pure_dephasing(const Bath& bath, double w0, double c, const Line& line) {
  // Integration by parts: P int w Q'/(w^2 - w0^2) over all w equals the finite part of int_0^inf Q
  // [1/(w - w0)^2 + 1/(w + w0)^2]. This needs no derivative of Q = S(w) S(-w).
  const auto folded = [&bath, w0, c](double w) {
    const double ratio = (w - w0) / (w + w0);
    return bath.rate(w) * bath.rate(-w) * (1 + square(ratio) - 2 * square(c) * ratio);
  };
  return (1 / pi) * line.finite_part(folded);
}

// The square bracket of Eq. 91. With up and down exchanged and w0 < 0, it is that of Eq. 97.
Value fourth_order_rate(const Value& rate, const Value& other, const Value& slope, const Value& D,
                        const Value& p_slope, const Value& other_p_slope, double w0, double c) {
  const Value sum = (square(c) / w0) * rate * D + slope * D + p_slope * (other - rate) -
                    2.0 * (rate * other_p_slope);
  return (1 / (2 * pi)) * sum;
}

Value fourth_order_relaxation(const Ingredients& x, double w0, double c) {
  const Value E = x.up + x.down;
  const Value sum = (square(c) / w0) * (E * x.D) - (x.slope_down - x.slope_up) * x.D -
                    E * (x.p_slope_up + x.p_slope_down);
  return (1 / (2 * pi)) * sum;
}

Value fourth_order_shift(const Ingredients& x, double w0, double c) {
  const Value E = x.up + x.down;
  const Value O = x.down - x.up;
  const Value E_slope = x.slope_down - x.slope_up;
  const Value O_slope = x.slope_down + x.slope_up;
  const Value shift = (1 / (2 * pi)) * x.D;
  const Value counter_rotating = 0.25 * (O * O) - 0.125 * (E * E) - 0.5 * (shift * shift);
  return (1 / (2 * pi)) * (shift * (x.p_slope_up + x.p_slope_down)) + 0.25 * (E * E_slope) -
         0.5 * (O * O_slope) + (square(c) / w0) * counter_rotating;
}

// e^{-s} (e^{-x} - 1 + x)/x^2
double second_remainder(double x, double s) {
  if (std::abs(x) > 1) return (std::exp(-s - x) - std::exp(-s) * (1 - x)) / square(x);
  double sum = 0;
  double term = 0.5;
  for (int n = 3; n < 22; ++n) {
    sum += term;
    term *= -x / n;
  }
  return std::exp(-s) * sum;
}

// Eq. 111, folded to w > 0 with S(-w) = exp(-w/T) S(w). The exponentials are combined so that none
// of them is large.
Value static_expansion(const Bath& bath, double w0, const Line& line) {
  const double T = bath.temperature();
  if (T == 0) {
    return (1 / (2 * pi)) * line.integral([&](double w) { return bath.rate(w) / square(w + w0); });
  }
  const double s = w0 / T;
  const auto folded = [&bath, w0, T, s](double w) {
    const double below = (w - w0) / T;
    const double above = (w + w0) / T;
    return bath.rate(w) *
           (second_remainder(below, s) - second_remainder(above, s) +
            second_remainder(-above, above) - second_remainder(-below, 2 * s + below));
  };
  return (1 / (2 * pi * square(T))) * line.integral(folded);
}

BlochEquilibrium equilibrium(const Bath& bath, double w0, const Line& line) {
  if (bath.kind() == BathKind::classical) return {.zeroth = {1.0}, .second = {}};
  const double T = bath.temperature();
  return {.zeroth = T == 0 ? Value{} : exact(std::exp(-w0 / T)),
          .second = static_expansion(bath, w0, line)};
}

void check_arguments(double w0, double c) {
  if (!(w0 > 0) || !std::isfinite(w0)) {
    throw InputError(fmt::format(
        "the Bloch equations need a splitting w0 > 0, not {}: the expansion is one in coupling/w0; "
        "name the upper level the one with the higher energy",
        w0));
  }
  if (!(std::abs(c) <= 1)) {
    throw InputError(fmt::format(
        "the ratio c = {} of the correlation functions <Lambda Lambda> and <Lambda Lambda^dag> "
        "must lie in [-1, 1]: 1 for a coupling sx B, 0 for two independent baths on sx and sy",
        c));
  }
}

void check_bath(const Bath& bath) {
  if (bath.kind() == BathKind::spin) {
    throw InputError(
        "the Bloch equations of fourth order need a bath with Gaussian correlations, which a bath "
        "of kind \"spin\" has in second order only; use order = 2, or kind = \"bosonic\" with the "
        "density J(w) tanh(w/2T)");
  }
  if (bath.density().is_discrete()) {
    throw InputError(fmt::format(
        "the bath {} has discrete modes, which have no rates; give it a continuous density",
        bath.density().text()));
  }
}

// The most singular integrals at w = 0 are those of S(w) and of S(w) S(-w).
void check_low_frequencies(const Bath& bath) {
  const double power = bath.density().low_frequency().power;
  const bool is_classical = bath.kind() == BathKind::classical;
  const bool is_cold = !is_classical && bath.temperature() == 0;
  const double limit = is_classical ? -0.5 : (is_cold ? -1 : 0.5);
  if (power > limit) return;
  throw InputError(fmt::format(
      "{} goes as w^{:.4g} at low frequency, and the integrals of fourth order diverge there: {} "
      "needs a power above {}; take a density that vanishes faster",
      bath.density().text(), power,
      is_classical ? "a classical bath" : fmt::format("temperature {}", bath.temperature()),
      limit));
}

}  // namespace

Estimate<double> BlochTerm::total() const { return second + fourth; }

Estimate<double> BlochEquilibrium::total() const { return zeroth + second; }

double BlochRates::largest_correction() const {
  double largest = 0;
  for (const BlochTerm& term : {inverse_t1, inverse_t2}) {
    if (term.fourth.value == 0) continue;
    largest = std::max(largest, std::abs(term.fourth.value / term.second.value));
  }
  return largest;
}

BlochRates bloch_rates(const Bath& bath, double w0, double c) {
  check_arguments(w0, c);
  check_bath(bath);
  check_low_frequencies(bath);
  const Line line(bath, w0);
  line.require_smooth([&bath](double w) { return bath.rate(w) + bath.rate(-w); }, bath.density());
  const Ingredients x = ingredients_of(bath, w0, line);
  const Value minus_D = -1.0 * x.D;

  BlochRates rates;
  rates.w0 = w0;
  rates.c = c;
  rates.k10 = {
      x.up, fourth_order_rate(x.up, x.down, x.slope_up, x.D, x.p_slope_up, x.p_slope_down, w0, c)};
  rates.k01 = {x.down, fourth_order_rate(x.down, x.up, x.slope_down, minus_D, x.p_slope_down,
                                         x.p_slope_up, -w0, c)};
  rates.inverse_t1 = {x.up + x.down, fourth_order_relaxation(x, w0, c)};
  // At T = 0, S(w) S(-w) = 0.
  const bool is_cold = bath.kind() != BathKind::classical && bath.temperature() == 0;
  rates.pure_dephasing.fourth = is_cold ? Value{} : pure_dephasing(bath, w0, c, line);
  rates.inverse_t2 = {0.5 * rates.inverse_t1.second,
                      0.5 * rates.inverse_t1.fourth + rates.pure_dephasing.fourth};
  rates.shift = {(1 / (2 * pi)) * minus_D, fourth_order_shift(x, w0, c)};
  rates.K = equilibrium(bath, w0, line);
  rates.counter_rotating = {{c * (x.up.value + x.down.value) / 2, c * x.D.value / (2 * pi)},
                            std::abs(c) * (x.up.error + x.down.error + x.D.error)};
  return rates;
}

BlochGenerator bloch_generator(const BlochRates& rates, int order) {
  if (order != 2 && order != 4) {
    throw InputError(fmt::format("the Bloch equations have order 2 or 4, not {}", order));
  }
  const auto pick = [order](const BlochTerm& term) {
    return order == 2 ? term.second : term.total();
  };
  const Value up = pick(rates.k10);
  const Value down = pick(rates.k01);
  const Value pure = pick(rates.pure_dephasing);
  return {.up = up.value,
          .down = down.value,
          .dephasing = pick(rates.inverse_t2).value,
          .frequency = rates.w0 + pick(rates.shift).value,
          .is_gksl = up.value >= 0 && down.value >= 0 && pure.value >= -pure.error};
}

}  // namespace lindwurm
