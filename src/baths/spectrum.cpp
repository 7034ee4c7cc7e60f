#include "spectrum.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "density_content.hpp"

namespace lindwurm {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double epsilon = std::numeric_limits<double>::epsilon();
// The largest size of the last coefficients of an accurate series, relative to the largest value.
constexpr double fine_smallness = 2e-14;
constexpr double rough_smallness = 1e-5;
constexpr std::size_t rough_landmarks = 64;
// Coefficients below this may be noise.
constexpr double noise = 1e-8;
// Contributions below this share of the integral are neglected.
constexpr double negligible = 1e-17;
constexpr int most_halvings = 30;
constexpr int most_octaves = 60;
constexpr std::size_t most_panels = 4000;
// The largest ratio of neighbouring points. Without it, a function that is small on most of a very
// long interval would be taken for zero.
constexpr double widest_ratio = 4;

double integral(const Interval& interval, const Piece& f, double power) {
  double sum = 0;
  for (int k = 0; k < panel_nodes; ++k) {
    const double value = gauss_weights()[k] * f.values[k];
    sum += power == 0 ? value : value / interval.node(k);
  }
  return interval.half() * sum;
}

std::vector<double> thinned(const std::vector<double>& points) {
  const std::size_t stride = 1 + points.size() / rough_landmarks;
  std::vector<double> kept;
  for (std::size_t k = 0; k < points.size(); k += stride)
    kept.push_back(points[k]);
  return kept;
}

// The landmarks of J and of the occupation.
std::vector<double> division(const SpectralDensity& density, double temperature, BathKind kind,
                             Resolution resolution) {
  std::vector<double> points = density.landmarks();
  if (resolution == Resolution::rough) points = thinned(points);
  if (temperature > 0 && kind != BathKind::classical) {
    for (double factor : {1.0, 8.0, 40.0})
      points.push_back(factor * temperature);
  }
  const double reach = density.reach();
  std::erase_if(points, [&](double w) { return w > reach || !std::isfinite(w); });
  if (std::isfinite(reach)) points.push_back(reach);
  points = sorted_landmarks(std::move(points));
  std::vector<double> dense{points.front()};
  for (std::size_t k = 1; k < points.size(); ++k) {
    const int pieces =
        static_cast<int>(std::ceil(std::log(points[k] / points[k - 1]) / std::log(widest_ratio)));
    const double ratio = std::pow(points[k] / points[k - 1], 1.0 / std::max(pieces, 1));
    for (int j = 1; j < pieces; ++j)
      dense.push_back(points[k - 1] * std::pow(ratio, j));
    dense.push_back(points[k]);
  }
  return dense;
}

// True if the series ends in a plateau. The function then contains rounding errors, and halving
// would not help.
bool is_noisy(const Piece& f) {
  const auto greatest = [&](int from, int to) {
    double size = 0;
    for (int k = from; k < to; ++k)
      size = std::max(size, std::abs(f.coefficients[k]));
    return size;
  };
  const double end = greatest(panel_nodes - 4, panel_nodes);
  return end <= noise * f.magnitude && greatest(panel_nodes - 10, panel_nodes - 6) <= 3 * end;
}

// The sum of the rest of a sequence of integrals over octaves, whose last term is `last`, if it
// continues geometrically. The previous ratio shows how accurate this is.
Estimate<double> continued(double last, double before, double earlier) {
  if (last == 0) return {};
  const double ratio = last / before;
  if (!(ratio < 1)) return {infinity, infinity};
  const double change = std::abs(ratio - before / earlier);
  const double rest = last * ratio / (1 - ratio);
  return {rest, std::abs(rest) * (change / (1 - ratio) + 1e-13)};
}

}  // namespace

Parts thermal_parts(BathKind kind, double w, double temperature) {
  const double x = w / temperature;  // infinite at T = 0, which all formulas allow
  switch (kind) {
    case BathKind::bosonic:
      return {1, 1 / std::expm1(x)};
    case BathKind::spin:
      return {std::tanh(x / 2), 1 / (1 + std::exp(x))};
    case BathKind::classical:
      return {0, 0.5};
  }
  return {};
}

Spectrum::Spectrum(const SpectralDensity& density, double temperature, BathKind kind,
                   Resolution resolution)
    : parts_([=](double w) {
        const double j = density(w);
        if (j == 0) return Parts{};
        const Parts parts = thermal_parts(kind, w, temperature);
        return Parts{j * parts.difference, j * parts.absorption};
      }),
      smallness_(resolution == Resolution::fine ? fine_smallness : rough_smallness) {
  const auto points = division(density, temperature, kind, resolution);
  last_landmark_ = points.back();
  double left = 0;
  for (double right : points) {
    const Panel panel = sampled({left, right});
    difference_scale_ += 2 * panel.interval.half() * panel.difference.magnitude;
    absorption_scale_ += 2 * panel.interval.half() * panel.absorption.magnitude;
    left = right;
  }
  resolve_down_to_zero(points.front());
  for (std::size_t k = 1; k < points.size(); ++k)
    resolve({points[k - 1], points[k]}, 0);
  high_difference_.power = high_absorption_.power = -infinity;
  if (density.reach() == infinity) climb(points.back());
  LowFrequencyLaw law = density.low_frequency();
  low_difference_.power = law.power;
  low_absorption_.power = law.power;
  if (kind == BathKind::classical) low_difference_.power = infinity;
  if (temperature == 0 && kind != BathKind::classical) low_absorption_.power = infinity;
  if (temperature > 0 && kind == BathKind::bosonic) low_absorption_.power -= 1;
  if (temperature > 0 && kind == BathKind::spin) low_difference_.power += 1;
}

Panel Spectrum::sampled(const Interval& interval) const {
  PanelArray difference{};
  PanelArray absorption{};
  for (int k = 0; k < panel_nodes; ++k) {
    const Parts parts = parts_(interval.node(k));
    difference[k] = parts.difference;
    absorption[k] = parts.absorption;
  }
  return {
      .interval = interval, .difference = piece_of(difference), .absorption = piece_of(absorption)};
}

bool Spectrum::is_resolved(const Piece& f) const { return f.error <= smallness_ * f.magnitude; }

bool Spectrum::is_good(const Panel& panel) const {
  const double width = 2 * panel.interval.half();
  const double conditioning = epsilon * panel.interval.centre() / panel.interval.half();
  const auto is_good_piece = [&](const Piece& f, double scale) {
    return is_resolved(f) || f.error <= conditioning * f.steepness ||
           width * f.error <= negligible * scale || is_noisy(f);
  };
  return is_good_piece(panel.difference, difference_scale_) &&
         is_good_piece(panel.absorption, absorption_scale_);
}

void Spectrum::resolve(const Interval& interval, int depth) {
  const Panel panel = sampled(interval);
  if (depth == most_halvings || panels_.size() > most_panels || is_good(panel)) {
    panels_.push_back(panel);
    return;
  }
  resolve({interval.left, interval.centre()}, depth + 1);
  resolve({interval.centre(), interval.right}, depth + 1);
}

// Octaves towards 0 until the rest is smooth. A power law never becomes smooth, and is
// extrapolated.
void Spectrum::resolve_down_to_zero(double right) {
  std::vector<Interval> octaves;
  bool is_smooth = false;
  while (octaves.size() < most_octaves && !is_smooth) {
    const Panel rest = sampled({0, right});
    is_smooth = is_resolved(rest.difference) && is_resolved(rest.absorption);
    if (is_smooth) {
      panels_.push_back(rest);
    } else {
      octaves.push_back({right / 2, right});
      right /= 2;
    }
  }
  std::reverse(octaves.begin(), octaves.end());
  for (const Interval& octave : octaves)
    resolve(octave, 0);
  if (is_smooth) return;
  low_difference_.beyond = below(&Panel::difference, right);
  low_absorption_.beyond = below(&Panel::absorption, right);
}

// Octaves towards infinity until nothing is left.
void Spectrum::climb(double from) {
  double difference = difference_scale_;
  double absorption = absorption_scale_;
  int negligible_octaves = 0;
  for (int k = 0; k < most_octaves; ++k) {
    const std::size_t first = panels_.size();
    resolve({from, 2 * from}, 0);
    from *= 2;
    double more_difference = 0;
    double more_absorption = 0;
    for (std::size_t p = first; p < panels_.size(); ++p) {
      more_difference += integral(panels_[p].interval, panels_[p].difference, 0);
      more_absorption += integral(panels_[p].interval, panels_[p].absorption, 0);
    }
    difference += more_difference;
    absorption += more_absorption;
    const bool is_over =
        more_difference <= negligible * difference && more_absorption <= negligible * absorption;
    negligible_octaves = is_over ? negligible_octaves + 1 : 0;
    if (negligible_octaves == 2) return;
  }
  high_difference_ = above(&Panel::difference, from);
  high_absorption_ = above(&Panel::absorption, from);
}

Beyond Spectrum::below(Piece Panel::*part, double lowest) const {
  std::array<double, 3> plain{};
  std::array<double, 3> over_v{};
  for (const Panel& panel : panels_) {
    for (int octave = 0; octave < 3; ++octave) {
      const double left = std::ldexp(lowest, octave);
      if (panel.interval.left < left || panel.interval.right > 2 * left) continue;
      plain[octave] += integral(panel.interval, panel.*part, 0);
      over_v[octave] += integral(panel.interval, panel.*part, -1);
    }
  }
  return {.plain = continued(plain[0], plain[1], plain[2]),
          .over_v = continued(over_v[0], over_v[1], over_v[2])};
}

End Spectrum::above(Piece Panel::*part, double highest) const {
  std::array<double, 3> plain{};
  std::array<double, 3> over_v{};
  for (const Panel& panel : panels_) {
    for (int octave = 0; octave < 3; ++octave) {
      const double right = std::ldexp(highest, -octave);
      if (panel.interval.right > right || panel.interval.left < right / 2) continue;
      plain[octave] += integral(panel.interval, panel.*part, 0);
      over_v[octave] += integral(panel.interval, panel.*part, -1);
    }
  }
  const double power = plain[0] > 0 ? std::log2(plain[0] / plain[1]) - 1 : -infinity;
  return {.power = power,
          .beyond = {.plain = continued(plain[0], plain[1], plain[2]),
                     .over_v = continued(over_v[0], over_v[1], over_v[2])}};
}

}  // namespace lindwurm
