// A function on an interval as a Legendre series, and the integrals that it has in closed form.
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

/// c_k of the polynomial sum_k c_k P_k(x) that has the given values at the nodes.
[[nodiscard]] PanelArray legendre_coefficients(const PanelArray& values);
[[nodiscard]] double legendre_sum(const PanelArray& coefficients, double x);

/// An interval of frequencies, w = centre + half x.
struct Interval {
  double left = 0;
  double right = 0;

  [[nodiscard]] double half() const { return (right - left) / 2; }
  [[nodiscard]] double centre() const { return left + half(); }
  [[nodiscard]] double node(int k) const { return centre() + half() * gauss_nodes()[k]; }
  /// (w - centre)/half; inside if it is in [-1, 1].
  [[nodiscard]] double local(double w) const { return (w - centre()) / half(); }
};

/// A smooth function on an interval.
struct Piece {
  PanelArray values{};
  PanelArray coefficients{};
  double error = 0;      ///< of the series, anywhere in the interval
  double magnitude = 0;  ///< the greatest |value|
  /// What rounding of the frequency does to the values, in units of its relative rounding error and
  /// of centre/half.
  double steepness = 0;
};

[[nodiscard]] Piece piece_of(const PanelArray& values);

/// P int f(v)/(w - v) dv over the interval. Where w is an end of it, the logarithm is cut off at a
/// distance that depends on w alone: it cancels between neighbouring intervals.
[[nodiscard]] double hilbert_integral(const Interval& interval, const Piece& f, double w);

/// int f(v) e^{-i (v - centre) t} dv over the interval, t >= 0.
[[nodiscard]] std::complex<double> fourier_integral(const Interval& interval, const Piece& f,
                                                    double t);

/// int_right^inf f(v) e^{-i (v - right) t} dv of a function that goes on smoothly beyond the
/// interval and falls to 0 in the end, for half t >> 1: the first terms of integration by parts.
[[nodiscard]] std::complex<double> fourier_tail(const Interval& interval, const Piece& f, double t);

}  // namespace lindwurm
