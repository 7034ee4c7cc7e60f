#include "panel.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <limits>

namespace lindwurm {

namespace {

constexpr int n = panel_nodes;
using Rule = boost::math::quadrature::gauss<double, n>;
using Complex = std::complex<double>;

// A w farther from the centre than the ends by this factor is far enough for the Gauss rule.
constexpr double far_enough = 2;
// Beyond these, Bessel and Legendre functions decrease with k, and the recurrence must go
// downwards.
constexpr double least_growing_phase = 24;
constexpr double greatest_growing_ratio = 1.01;

// Boost provides only the non-negative half.
PanelArray mirrored(const PanelArray& half, double sign) {
  PanelArray all{};
  for (int k = 0; k < n / 2; ++k) {
    all[n / 2 + k] = half[k];
    all[n / 2 - 1 - k] = sign * half[k];
  }
  return all;
}

template <typename Half>
PanelArray whole(const Half& half, double sign) {
  PanelArray padded{};
  std::copy(half.begin(), half.end(), padded.begin());
  return mirrored(padded, sign);
}

using Matrix = std::array<PanelArray, n>;

// Row k is (2 k + 1)/2 weight_j P_k(x_j).
Matrix make_transform() {
  Matrix rows{};
  for (int j = 0; j < n; ++j) {
    const double x = gauss_nodes()[j];
    double before = 0;
    double here = 1;
    for (int k = 0; k < n; ++k) {
      rows[k][j] = (2 * k + 1) / 2.0 * gauss_weights()[j] * here;
      const double next = ((2 * k + 1) * x * here - k * before) / (k + 1);
      before = here;
      here = next;
    }
  }
  return rows;
}

// Q_0(y), ..., Q_n-1(y), given the first one, `q0`.
PanelArray legendre_q_upwards(double y, double q0) {
  PanelArray q{};
  q[0] = q0;
  q[1] = y * q0 - 1;
  for (int k = 1; k + 1 < n; ++k)
    q[k + 1] = ((2 * k + 1) * y * q[k] - k * q[k - 1]) / (k + 1);
  return q;
}

PanelArray legendre_q_downwards(double y, double q0) {
  const double ratio = std::abs(y) + std::sqrt(y * y - 1);
  const int top = n + static_cast<int>(20 / std::log(ratio)) + 2;
  PanelArray q{};
  double above = 0;
  double here = 1e-250;
  for (int k = top; k > 0; --k) {
    if (k < n) q[k] = here;
    const double below = ((2 * k + 1) * y * here - (k + 1) * above) / k;
    above = here;
    here = below;
  }
  q[0] = here;
  const double scale = q0 / here;
  for (double& value : q)
    value *= scale;
  return q;
}

PanelArray legendre_q(const Interval& interval, double w) {
  const double y = interval.local(w);
  const double closest = std::max(1e-20 * std::abs(w), 100 * std::numeric_limits<double>::min());
  const double left = std::max(std::abs(w - interval.left), closest);
  const double right = std::max(std::abs(interval.right - w), closest);
  const double q0 = 0.5 * std::log(left / right);
  return std::abs(y) <= greatest_growing_ratio ? legendre_q_upwards(y, q0)
                                               : legendre_q_downwards(y, q0);
}

// Spherical Bessel functions j_0, ..., j_n-1 at x >= 1.
PanelArray bessel_upwards(double x) {
  PanelArray j{};
  j[0] = std::sin(x) / x;
  j[1] = (j[0] - std::cos(x)) / x;
  for (int k = 1; k + 1 < n; ++k)
    j[k + 1] = (2 * k + 1) / x * j[k] - j[k - 1];
  return j;
}

PanelArray bessel_downwards(double x) {
  const int top = n + 24 + static_cast<int>(x);
  PanelArray j{};
  double above = 0;
  double here = 1e-200;
  for (int k = top; k > 0; --k) {
    if (k < n) j[k] = here;
    const double below = (2 * k + 1) / x * here - above;
    above = here;
    here = below;
  }
  j[0] = here;
  // The larger of the first two functions sets the scale. They never vanish at the same point.
  const double first = std::sin(x) / x;
  const double second = (first - std::cos(x)) / x;
  const double scale = std::abs(first) > std::abs(second) ? first / j[0] : second / j[1];
  for (double& value : j)
    value *= scale;
  return j;
}

// (-i)^k
constexpr std::array<Complex, 4> turns{Complex(1, 0), Complex(0, -1), Complex(-1, 0),
                                       Complex(0, 1)};

// For few oscillations: sums over pairs of nodes.
Complex slow_fourier_integral(const Interval& interval, const PanelArray& values, double phase) {
  const PanelArray& x = gauss_nodes();
  const PanelArray& weights = gauss_weights();
  double even = 0;
  double odd = 0;
  for (int k = n / 2; k < n; ++k) {
    const double mirrored_value = values[n - 1 - k];
    even += weights[k] * (values[k] + mirrored_value) * std::cos(phase * x[k]);
    odd += weights[k] * (values[k] - mirrored_value) * std::sin(phase * x[k]);
  }
  return interval.half() * Complex(even, -odd);
}

}  // namespace

const PanelArray& gauss_nodes() {
  static const PanelArray nodes = whole(Rule::abscissa(), -1);
  return nodes;
}

const PanelArray& gauss_weights() {
  static const PanelArray weights = whole(Rule::weights(), 1);
  return weights;
}

PanelArray legendre_coefficients(const PanelArray& values) {
  static const Matrix transform = make_transform();
  PanelArray coefficients{};
  for (int k = 0; k < n; ++k) {
    double sum = 0;
    for (int j = 0; j < n; ++j)
      sum += transform[k][j] * values[j];
    coefficients[k] = sum;
  }
  return coefficients;
}

double legendre_sum(const PanelArray& coefficients, double x) {
  double before = 0;
  double here = 1;
  double sum = 0;
  for (int k = 0; k < n; ++k) {
    sum += coefficients[k] * here;
    const double next = ((2 * k + 1) * x * here - k * before) / (k + 1);
    before = here;
    here = next;
  }
  return sum;
}

Piece piece_of(const PanelArray& values) {
  Piece piece{.values = values, .coefficients = legendre_coefficients(values)};
  const PanelArray& x = gauss_nodes();
  for (int k = 0; k < n; ++k) {
    piece.magnitude = std::max(piece.magnitude, std::abs(values[k]));
    if (k == 0) continue;
    piece.steepness =
        std::max(piece.steepness, std::abs((values[k] - values[k - 1]) / (x[k] - x[k - 1])));
  }
  piece.error = std::abs(piece.coefficients[n - 1]) + std::abs(piece.coefficients[n - 2]);
  return piece;
}

double hilbert_integral(const Interval& interval, const Piece& f, double w) {
  double sum = 0;
  if (std::abs(interval.local(w)) >= far_enough) {
    const PanelArray& x = gauss_nodes();
    const PanelArray& weights = gauss_weights();
    const double half = interval.half();
    const double distance = w - interval.centre();
    for (int k = 0; k < n; ++k)
      sum += weights[k] * f.values[k] / (distance - half * x[k]);
    return half * sum;
  }
  const PanelArray q = legendre_q(interval, w);
  for (int k = 0; k < n; ++k)
    sum += f.coefficients[k] * q[k];
  return 2 * sum;
}

Complex fourier_integral(const Interval& interval, const Piece& f, double t) {
  const double phase = interval.half() * t;
  if (phase < 1) return slow_fourier_integral(interval, f.values, phase);
  const PanelArray j =
      phase < least_growing_phase ? bessel_downwards(phase) : bessel_upwards(phase);
  Complex sum = 0;
  for (int k = 0; k < n; ++k)
    sum += f.coefficients[k] * j[k] * turns[k % 4];
  return 2 * interval.half() * sum;
}

Complex fourier_tail(const Interval& interval, const Piece& f, double t) {
  constexpr int terms = 5;
  // d^m P_k/dx^m at 1 = prod_{j <= m} (k + j)(k - j + 1)/(2 j).
  std::array<double, terms> derivatives{};
  for (int k = 0; k < n; ++k) {
    double derivative = 1;
    for (int m = 0; m < terms; ++m) {
      if (m > 0) derivative *= (k + m) * (k - m + 1) / (2.0 * m);
      derivatives[m] += f.coefficients[k] * derivative;
    }
  }
  const Complex step = 1.0 / Complex(0, interval.half() * t);
  Complex sum = 0;
  for (int m = terms - 1; m >= 0; --m)
    sum = (sum + derivatives[m]) * step;
  return interval.half() * sum;
}

}  // namespace lindwurm
