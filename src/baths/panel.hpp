// A function on an interval as a Legendre series, and integrals of it in closed form.
#pragma once

#include <array>
#include <complex>

namespace lindwurm {

constexpr int panel_nodes = 20;
using PanelArray = std::array<double, panel_nodes>;
using ComplexPanelArray = std::array<std::complex<double>, panel_nodes>;

/// Gauss-Legendre nodes on [-1, 1], ascending, and their weights.
[[nodiscard]] const PanelArray& gauss_nodes();
[[nodiscard]] const PanelArray& gauss_weights();

/// The coefficients c_k of the polynomial sum_k c_k P_k(x) with the given values at the nodes.
[[nodiscard]] PanelArray legendre_coefficients(const PanelArray& values);
[[nodiscard]] double legendre_sum(const PanelArray& coefficients, double x);

/// An interval of frequencies, w = centre + half x.
struct Interval {
  double left = 0;
  double right = 0;

  [[nodiscard]] double half() const { return (right - left) / 2; }
  [[nodiscard]] double centre() const { return left + half(); }
  [[nodiscard]] double node(int k) const { return centre() + half() * gauss_nodes()[k]; }
  /// (w - centre)/half. w is inside the interval if this is in [-1, 1].
  [[nodiscard]] double local(double w) const { return (w - centre()) / half(); }
};

/// A smooth function on an interval.
struct Piece {
  PanelArray values{};
  PanelArray coefficients{};
  double error = 0;      ///< a bound on the error of the series in the interval
  double magnitude = 0;  ///< the largest |value|
  /// The effect of rounding of the frequency on the values, in units of the relative rounding error
  /// times centre/half.
  double steepness = 0;
};

[[nodiscard]] Piece piece_of(const PanelArray& values);

/// P int f(v)/(w - v) dv over the interval. If w is an end of the interval, the logarithm is cut
/// off at a distance that depends only on w, so that it cancels between neighbouring intervals.
[[nodiscard]] double hilbert_integral(const Interval& interval, const Piece& f, double w);

/// int f(v) e^{-i (v - centre) t} dv over the interval, for t >= 0.
[[nodiscard]] std::complex<double> fourier_integral(const Interval& interval, const Piece& f,
                                                    double t);

/// int_right^inf f(v) e^{-i (v - right) t} dv of a function that continues smoothly beyond the
/// interval and finally falls to 0. Uses the first terms of integration by parts, for (half length)
/// t >> 1.
[[nodiscard]] std::complex<double> fourier_tail(const Interval& interval, const Piece& f, double t);

}  // namespace lindwurm
