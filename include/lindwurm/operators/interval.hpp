// Interval arithmetic: enclosures that include rounding errors.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

namespace lindwurm {

/// All numbers from lo to hi. Every operation rounds outwards by a few units in the last place. The
/// result therefore contains f(x) for every x in the operands (R. E. Moore, R. B. Kearfott and M.
/// J. Cloud, Introduction to Interval Analysis, SIAM 2009). If f is not defined on the whole
/// operand, the result is everything().
struct Interval {
  double lo = 0;
  double hi = 0;

  constexpr Interval() = default;
  constexpr Interval(double number) : lo(number), hi(number) {}
  constexpr Interval(double low, double high) : lo(low), hi(high) {}

  [[nodiscard]] static constexpr Interval everything() {
    return {-std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
  }
  [[nodiscard]] double width() const { return hi - lo; }
  [[nodiscard]] double magnitude() const { return std::max(std::abs(lo), std::abs(hi)); }
  [[nodiscard]] bool is_finite() const { return std::isfinite(lo) && std::isfinite(hi); }
  [[nodiscard]] bool contains(double x) const { return lo <= x && x <= hi; }
  [[nodiscard]] bool is_zero() const { return lo == 0 && hi == 0; }
};

/// The intersection of two enclosures of one number. Rounding may leave them disjoint but adjacent.
[[nodiscard]] inline Interval intersection(const Interval& a, const Interval& b) {
  const Interval common{std::max(a.lo, b.lo), std::min(a.hi, b.hi)};
  return common.lo <= common.hi ? common : Interval{common.hi, common.lo};
}
[[nodiscard]] inline Interval hull(const Interval& a, const Interval& b) {
  return {std::min(a.lo, b.lo), std::max(a.hi, b.hi)};
}

namespace directed {

inline constexpr double one = std::numeric_limits<double>::epsilon();

/// x moved down or up by `units` in the last place. 0 stays 0.
[[nodiscard]] inline double down(double x, double units = 1) {
  return x > 0 ? x * (1 - units * one) : x * (1 + units * one);
}
[[nodiscard]] inline double up(double x, double units = 1) {
  return x > 0 ? x * (1 + units * one) : x * (1 - units * one);
}
[[nodiscard]] inline Interval outwards(double lo, double hi, double units = 1) {
  if (std::isnan(lo) || std::isnan(hi)) return Interval::everything();
  return {down(lo, units), up(hi, units)};
}
/// The error of functions of the C library, in units in the last place.
inline constexpr double library = 4;

}  // namespace directed

[[nodiscard]] inline Interval operator-(const Interval& a) { return {-a.hi, -a.lo}; }
[[nodiscard]] inline Interval operator+(const Interval& a, const Interval& b) {
  return directed::outwards(a.lo + b.lo, a.hi + b.hi);
}
[[nodiscard]] inline Interval operator-(const Interval& a, const Interval& b) { return a + -b; }

[[nodiscard]] inline Interval operator*(const Interval& a, const Interval& b) {
  // 0 times an infinite bound is 0: the numbers in the interval are finite.
  const auto product = [](double x, double y) { return x == 0 || y == 0 ? 0.0 : x * y; };
  const double p = product(a.lo, b.lo);
  const double q = product(a.lo, b.hi);
  const double r = product(a.hi, b.lo);
  const double s = product(a.hi, b.hi);
  return directed::outwards(std::min(std::min(p, q), std::min(r, s)),
                            std::max(std::max(p, q), std::max(r, s)));
}

[[nodiscard]] inline Interval operator/(const Interval& a, const Interval& b) {
  if (b.lo <= 0 && b.hi >= 0) return Interval::everything();
  return a * directed::outwards(1 / b.hi, 1 / b.lo);
}

[[nodiscard]] inline Interval square(const Interval& a) {
  const double p = a.lo * a.lo;
  const double q = a.hi * a.hi;
  return directed::outwards(a.contains(0) ? 0 : std::min(p, q), std::max(p, q));
}

[[nodiscard]] inline Interval abs(const Interval& a) {
  if (a.lo >= 0) return a;
  if (a.hi <= 0) return -a;
  return {0, a.magnitude()};
}

/// An increasing function f.
template <typename Function>
[[nodiscard]] Interval rising(Function f, const Interval& a) {
  return directed::outwards(f(a.lo), f(a.hi), directed::library);
}

[[nodiscard]] inline Interval exp(const Interval& a) {
  const Interval e = rising([](double x) { return std::exp(x); }, a);
  return {std::max(e.lo, 0.0), e.hi};
}
[[nodiscard]] inline Interval log(const Interval& a) {
  if (!(a.lo > 0)) return Interval::everything();
  return rising([](double x) { return std::log(x); }, a);
}
[[nodiscard]] inline Interval sqrt(const Interval& a) {
  if (!(a.hi >= 0)) return Interval::everything();
  return {directed::down(std::sqrt(std::max(a.lo, 0.0))), directed::up(std::sqrt(a.hi))};
}
[[nodiscard]] inline Interval sinh(const Interval& a) {
  return rising([](double x) { return std::sinh(x); }, a);
}
[[nodiscard]] inline Interval cosh(const Interval& a) {
  const Interval size = abs(a);
  const Interval c = rising([](double x) { return std::cosh(x); }, size);
  return {std::max(c.lo, 1.0), c.hi};
}
[[nodiscard]] inline Interval tanh(const Interval& a) {
  const Interval t = rising([](double x) { return std::tanh(x); }, a);
  return {std::max(t.lo, -1.0), std::min(t.hi, 1.0)};
}
[[nodiscard]] inline Interval atan(const Interval& a) {
  return rising([](double x) { return std::atan(x); }, a);
}
[[nodiscard]] inline Interval asin(const Interval& a) {
  return rising([](double x) { return std::asin(std::clamp(x, -1.0, 1.0)); }, a);
}
[[nodiscard]] inline Interval acosh(const Interval& a) {
  return rising([](double x) { return std::acosh(std::max(x, 1.0)); }, a);
}

/// cos, including the extrema inside the interval.
[[nodiscard]] inline Interval cos(const Interval& a) {
  constexpr double pi = 3.14159265358979323846;
  if (!a.is_finite() || a.width() >= 2 * pi || a.magnitude() > 1e9) return {-1, 1};
  // Multiples of pi inside the interval, or outside it by no more than rounding.
  const double slack = 8 * directed::one * (1 + a.magnitude());
  const double first = std::ceil((a.lo - slack) / pi);
  const double last = std::floor((a.hi + slack) / pi);
  double lo = std::min(std::cos(a.lo), std::cos(a.hi));
  double hi = std::max(std::cos(a.lo), std::cos(a.hi));
  for (double k = first; k <= last; ++k)
    (std::fmod(k, 2) == 0 ? hi : lo) = std::fmod(k, 2) == 0 ? 1 : -1;
  const Interval c = directed::outwards(lo, hi, directed::library);
  return {std::max(c.lo, -1.0), std::min(c.hi, 1.0)};
}
[[nodiscard]] inline Interval sin(const Interval& a) {
  constexpr double pi = 3.14159265358979323846;
  if (!a.is_finite() || a.width() >= 2 * pi || a.magnitude() > 1e9) return {-1, 1};
  const double slack = 8 * directed::one * (1 + a.magnitude());
  const double first = std::ceil((a.lo - slack) / pi - 0.5);
  const double last = std::floor((a.hi + slack) / pi - 0.5);
  double lo = std::min(std::sin(a.lo), std::sin(a.hi));
  double hi = std::max(std::sin(a.lo), std::sin(a.hi));
  for (double k = first; k <= last; ++k)
    (std::fmod(k, 2) == 0 ? hi : lo) = std::fmod(k, 2) == 0 ? 1 : -1;
  const Interval s = directed::outwards(lo, hi, directed::library);
  return {std::max(s.lo, -1.0), std::min(s.hi, 1.0)};
}

/// a^n for an integer n.
[[nodiscard]] inline Interval whole_power(const Interval& a, double n) {
  if (n < 0) return Interval(1) / whole_power(a, -n);
  if (n == 0) return 1;
  const auto f = [n](double x) { return std::pow(x, n); };
  if (std::fmod(n, 2) != 0) return rising(f, a);
  const Interval size = abs(a);
  const Interval p = rising(f, size);
  return {std::max(p.lo, 0.0), p.hi};
}
/// a^y for a >= 0.
[[nodiscard]] inline Interval power(const Interval& a, double y) {
  if (!(a.hi >= 0)) return Interval::everything();
  const Interval positive{std::max(a.lo, 0.0), a.hi};
  const auto f = [y](double x) { return std::pow(x, y); };
  if (y >= 0) return rising(f, positive);
  if (positive.lo == 0) return Interval::everything();
  return Interval(1) / power(positive, -y);
}

}  // namespace lindwurm
