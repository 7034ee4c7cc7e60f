// Modes that represent a continuous density.
#include <fmt/format.h>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <numbers>

#include "density_content.hpp"
#include "lindwurm/backend/dense.hpp"
#include "lindwurm/backend/error.hpp"
#include "quadrature.hpp"
#include "spectrum.hpp"

namespace lindwurm {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// The ends of the interval and the landmarks inside it.
std::vector<double> divided(const SpectralDensity& density, double left, double right) {
  std::vector<double> points{left};
  for (double w : density.landmarks()) {
    if (w > left && w < right) points.push_back(w);
  }
  points.push_back(right);
  return points;
}

DiscreteMode mode_of(const SpectralDensity& density, double left, double right) {
  const auto points = divided(density, left, right);
  const double weight = integrate([&](double w) { return density(w); }, points).value;
  if (weight == 0) return {.frequency = left + (right - left) / 2, .weight = 0};
  const double moment = integrate([&](double w) { return w * density(w); }, points).value;
  return {.frequency = moment / weight, .weight = weight};
}

std::vector<DiscreteMode> modes_between(const SpectralDensity& density,
                                        const std::vector<double>& edges) {
  std::vector<DiscreteMode> modes;
  for (std::size_t k = 0; k + 1 < edges.size(); ++k)
    modes.push_back(mode_of(density, edges[k], edges[k + 1]));
  return modes;
}

std::vector<double> linear_edges(int modes, double highest) {
  std::vector<double> edges;
  for (int k = 0; k <= modes; ++k)
    edges.push_back(highest * k / modes);
  return edges;
}

std::vector<double> logarithmic_edges(int modes, double lowest, double highest) {
  if (!(lowest > 0) || !(lowest < highest)) {
    throw InputError(
        fmt::format("logarithmic intervals from {} to {}: they must begin above 0 and end higher",
                    lowest, highest));
  }
  std::vector<double> edges;
  for (int k = 0; k <= modes; ++k)
    edges.push_back(lowest * std::pow(highest / lowest, static_cast<double>(k) / modes));
  edges.back() = highest;
  return edges;
}

// A weight function on the half line, approximated by a sum over many points.
struct Measure {
  Eigen::VectorXd frequencies;
  Eigen::VectorXd weights;
};

SpectralDensity cut_off(const SpectralDensity& density, double highest) {
  return SpectralDensity(std::make_shared<const SpectralDensity::Content>(
      SpectralDensity::Content{.text = density.text(),
                               .j = [density](double w) { return density(w); },
                               .low = density.low_frequency(),
                               .reach = std::min(highest, density.reach()),
                               .landmarks = density.landmarks()}));
}

// The number of pieces that a polynomial of degree 2 `modes` needs. Its zeros cluster at the ends,
// like those of Chebyshev polynomials.
int pieces_of(const Interval& interval, double top, int modes) {
  const auto angle = [&](double w) { return std::acos(std::clamp(1 - 2 * w / top, -1.0, 1.0)); };
  const double share = angle(interval.right) - angle(interval.left);
  return 1 + static_cast<int>(std::ceil(2 * modes * share / panel_nodes));
}

Measure measure_of(const SpectralDensity& density, int modes) {
  const Spectrum spectrum(density, 0, BathKind::bosonic);
  if (spectrum.high_difference().power > -infinity) {
    throw InputError(fmt::format(
        "{}: its moments diverge, so that there is no Gauss quadrature for it; give `highest`, the "
        "frequency above which it is cut off",
        density.text()));
  }
  std::vector<double> frequencies;
  std::vector<double> weights;
  for (const Panel& panel : spectrum.panels()) {
    const int pieces = pieces_of(panel.interval, spectrum.top(), modes);
    const double width = 2 * panel.interval.half() / pieces;
    for (int p = 0; p < pieces; ++p) {
      const double left = panel.interval.left + p * width;
      const Interval piece{left, left + width};
      for (int k = 0; k < panel_nodes; ++k) {
        frequencies.push_back(piece.node(k));
        weights.push_back(gauss_weights()[k] * piece.half() * density(piece.node(k)));
      }
    }
  }
  const auto size = static_cast<Eigen::Index>(weights.size());
  return {Eigen::Map<Eigen::VectorXd>(frequencies.data(), size),
          Eigen::Map<Eigen::VectorXd>(weights.data(), size)};
}

// The tridiagonal matrix of the multiplication by w, from the Lanczos process. Its eigenvalues are
// the Gauss nodes.
std::vector<DiscreteMode> gauss_modes(const Measure& measure, int modes) {
  const double total = measure.weights.sum();
  Eigen::VectorXd diagonal = Eigen::VectorXd::Zero(modes);
  Eigen::VectorXd beside = Eigen::VectorXd::Zero(std::max(modes - 1, 0));
  Eigen::MatrixXd basis(measure.weights.size(), modes);
  basis.col(0) = (measure.weights / total).cwiseSqrt();
  for (int k = 0; k < modes; ++k) {
    Eigen::VectorXd next = measure.frequencies.cwiseProduct(basis.col(k));
    diagonal[k] = next.dot(basis.col(k));
    if (k + 1 == modes) break;
    const auto before = basis.leftCols(k + 1);
    // Orthogonalising twice is enough.
    for (int pass = 0; pass < 2; ++pass)
      next -= before * (before.transpose() * next).eval();
    beside[k] = next.norm();
    basis.col(k + 1) = next / beside[k];
  }
  const SymmetricEigen eigen = tridiagonal_eigen(diagonal, beside);
  std::vector<DiscreteMode> result;
  for (int k = 0; k < modes; ++k) {
    const double share = eigen.vectors(0, k);
    result.push_back({.frequency = eigen.values[k], .weight = total * share * share});
  }
  return result;
}

void require_sound(const SpectralDensity& density, int modes, double highest) {
  if (density.is_discrete()) {
    throw InputError(fmt::format("{}: a discrete density has its modes already", density.text()));
  }
  if (modes < 1) throw InputError(fmt::format("discretised into {} modes: give 1 or more", modes));
  if (!(highest > 0)) {
    throw InputError(fmt::format("discretised up to the frequency {}: it must be > 0", highest));
  }
}

double finite_top(const SpectralDensity& density, double highest) {
  const double top = std::min(highest, density.reach());
  if (std::isfinite(top)) return top;
  throw InputError(fmt::format(
      "{} has no end: give `highest`, the frequency where the last interval ends", density.text()));
}

}  // namespace

std::vector<DiscreteMode> discretised(const SpectralDensity& density, int modes, Discretisation how,
                                      double highest, double lowest) {
  require_sound(density, modes, highest);
  switch (how) {
    case Discretisation::linear:
      return modes_between(density, linear_edges(modes, finite_top(density, highest)));
    case Discretisation::logarithmic:
      return modes_between(density, logarithmic_edges(modes, lowest, finite_top(density, highest)));
    case Discretisation::gauss:
      break;
  }
  const SpectralDensity cut = cut_off(density, highest);
  const Measure measure = measure_of(cut, modes);
  if (!(measure.weights.sum() > 0)) {
    throw InputError(
        fmt::format("{} is 0 everywhere: there is nothing to discretise", density.text()));
  }
  return gauss_modes(measure, modes);
}

std::vector<DiscreteMode> gauss_quadrature(const std::vector<double>& frequencies,
                                           const std::vector<double>& weights, int modes) {
  const auto size = static_cast<Eigen::Index>(weights.size());
  return gauss_modes({Eigen::Map<const Eigen::VectorXd>(frequencies.data(), size),
                      Eigen::Map<const Eigen::VectorXd>(weights.data(), size)},
                     modes);
}

}  // namespace lindwurm
