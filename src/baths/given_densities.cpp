// Densities that the user gives as a table, as a function or as modes.
#include <fmt/format.h>
// Boost 1.74's pchip uses a plain isnan, which this header declares.
#include <math.h>  // NOLINT(modernize-deprecated-headers)

#include <algorithm>
#include <boost/math/interpolators/pchip.hpp>
#include <cmath>

#include "density_content.hpp"
#include "lindwurm/backend/error.hpp"

namespace lindwurm {

namespace {

using Interpolant = boost::math::interpolators::pchip<std::vector<double>>;

constexpr double infinity = std::numeric_limits<double>::infinity();
// The smallest number of points for Boost's interpolation.
constexpr std::size_t fewest_points = 4;
// If the local power changes by more than this with each halving, there is no power law.
constexpr double loosest_law = 0.01;

void require_table(const std::vector<double>& frequencies, const std::vector<double>& values) {
  if (frequencies.size() != values.size()) {
    throw InputError(fmt::format("tabulated: {} frequencies and {} values; give as many of each",
                                 frequencies.size(), values.size()));
  }
  if (frequencies.size() < fewest_points) {
    throw InputError(
        fmt::format("tabulated: {} points; give {} or more", frequencies.size(), fewest_points));
  }
  if (frequencies.front() == 0 && values.front() != 0) {
    throw InputError(
        fmt::format("tabulated: the value at the frequency 0 is {}; it must be 0", values.front()));
  }
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (k > 0 || frequencies[k] != 0) require_positive("tabulated", "a frequency", frequencies[k]);
    require_not_negative("tabulated", "a value", values[k]);
    if (k > 0 && !(frequencies[k] > frequencies[k - 1])) {
      throw InputError(fmt::format("tabulated: the frequency {} follows {}; they must ascend",
                                   frequencies[k], frequencies[k - 1]));
    }
  }
}

// The slope at an end of a table, from three points, kept monotone as in PCHIP (F. N. Fritsch and
// J. Butland, SIAM J. Sci. Stat. Comput. 5, 300 (1984)). `step` points inwards.
double end_slope(const double* x, const double* y, int step) {
  const double h = x[step] - x[0];
  const double next_h = x[2 * step] - x[step];
  const double chord = (y[step] - y[0]) / h;
  const double next_chord = (y[2 * step] - y[step]) / next_h;
  const double slope = ((2 * h + next_h) * chord - h * next_chord) / (h + next_h);
  if (slope * chord <= 0) return 0;
  if (chord * next_chord < 0 && std::abs(slope) > 3 * std::abs(chord)) return 3 * chord;
  return slope;
}

LowFrequencyLaw no_low_frequencies() { return {.power = infinity, .slope = 0}; }

// The power law of j below `start`. The local power is computed at each halving of w. The one that
// differs least from its predecessors is used: it is affected neither by corrections nor by
// rounding.
LowFrequencyLaw measured_law(const std::function<double(double)>& j, double start) {
  constexpr int halvings = 60;
  std::vector<double> values;
  for (int k = 0; k <= halvings; ++k)
    values.push_back(j(std::ldexp(start, -k)));
  std::vector<double> powers{0};
  for (int k = 1; k <= halvings; ++k)
    powers.push_back(std::log2(values[k - 1] / values[k]));
  int best = 0;
  double least = infinity;
  for (int k = 8; k <= halvings; ++k) {
    const double change = std::abs(powers[k] - powers[k - 1]) + std::abs(powers[k] - powers[k - 2]);
    if (change < least) {
      least = change;
      best = k;
    }
  }
  // There is no power law: the density is zero there, or falls faster than any power.
  if (least > loosest_law) return no_low_frequencies();
  const double whole = std::round(powers[best]);
  const double power = std::abs(powers[best] - whole) < 1e-5 ? whole : powers[best];
  return {.power = power, .slope = values[best] / std::pow(std::ldexp(start, -best), power)};
}

void require_as_many(std::size_t couplings, const char* name, std::size_t others) {
  if (couplings == others && couplings > 0) return;
  throw InputError(
      fmt::format("a discrete bath with {} couplings and {} {}; give one or more, and as many of "
                  "each",
                  couplings, others, name));
}

void require_finite(const char* name, double value) {
  if (std::isfinite(value)) return;
  throw InputError(fmt::format("a discrete bath: {} = {} must be finite", name, value));
}

SpectralDensity discrete(SpectralDensity::Content content) {
  std::sort(content.modes.begin(), content.modes.end(),
            [](const DiscreteMode& a, const DiscreteMode& b) { return a.frequency < b.frequency; });
  content.low = no_low_frequencies();
  content.reach = content.modes.back().frequency;
  return SpectralDensity(std::make_shared<const SpectralDensity::Content>(std::move(content)));
}

}  // namespace

SpectralDensity tabulated(std::vector<double> frequencies, std::vector<double> values) {
  require_table(frequencies, values);
  const bool begins_at_zero = frequencies.front() == 0;
  SpectralDensity::Content content{.text = fmt::format("tabulated({} points from {} to {})",
                                                       values.size(), frequencies.front(),
                                                       frequencies.back())};
  content.reach = frequencies.back();
  content.landmarks = frequencies;
  if (begins_at_zero) content.landmarks.erase(content.landmarks.begin());
  const double first = frequencies.front();
  const double chord = begins_at_zero ? 0 : values.front() / first;
  const double left = end_slope(frequencies.data(), values.data(), 1);
  const double right = end_slope(&frequencies.back(), &values.back(), -1);
  auto interpolant =
      std::make_shared<const Interpolant>(std::move(frequencies), std::move(values), left, right);
  content.j = [first, chord, interpolant = std::move(interpolant)](double w) {
    // Rounding may make the interpolant negative where it touches 0.
    return w < first ? chord * w : std::max(0.0, (*interpolant)(w));
  };
  if (begins_at_zero) {
    content.low = measured_law(content.j, content.landmarks.front() / 64);
  } else {
    content.low = chord > 0 ? LowFrequencyLaw{.power = 1, .slope = chord} : no_low_frequencies();
  }
  return SpectralDensity(std::make_shared<const SpectralDensity::Content>(std::move(content)));
}

SpectralDensity formula(std::string text, std::function<double(double)> j,
                        std::vector<double> landmarks) {
  if (landmarks.empty()) {
    throw InputError(fmt::format(
        "{}: a density given as a formula needs one landmark or more, frequencies at which it has "
        "peaks, corners or its cutoff",
        text));
  }
  for (double w : landmarks)
    require_positive(text.c_str(), "landmark", w);
  landmarks = sorted_landmarks(std::move(landmarks));
  const LowFrequencyLaw low = measured_law(j, landmarks.front());
  return SpectralDensity(std::make_shared<const SpectralDensity::Content>(SpectralDensity::Content{
      .text = std::move(text), .j = std::move(j), .low = low, .landmarks = std::move(landmarks)}));
}

SpectralDensity discrete_modes(const std::vector<double>& frequencies,
                               const std::vector<double>& couplings) {
  require_as_many(couplings.size(), "frequencies", frequencies.size());
  SpectralDensity::Content content{.text = fmt::format("modes({})", couplings.size())};
  for (std::size_t k = 0; k < couplings.size(); ++k) {
    require_positive("modes", "frequency", frequencies[k]);
    require_finite("coupling", couplings[k]);
    content.modes.push_back({.frequency = frequencies[k], .weight = couplings[k] * couplings[k]});
  }
  return discrete(std::move(content));
}

SpectralDensity discrete_spins(const std::vector<double>& couplings,
                               const std::vector<double>& asymmetries,
                               const std::vector<double>& tunnelings) {
  require_as_many(couplings.size(), "asymmetries", asymmetries.size());
  require_as_many(couplings.size(), "tunnelings", tunnelings.size());
  SpectralDensity::Content content{.text = fmt::format("spins({})", couplings.size())};
  for (std::size_t k = 0; k < couplings.size(); ++k) {
    require_finite("coupling", couplings[k]);
    require_finite("asymmetry", asymmetries[k]);
    require_finite("tunneling", tunnelings[k]);
    const double splitting = std::hypot(asymmetries[k], tunnelings[k]);
    require_positive("spins", "splitting", splitting);
    const double across = couplings[k] * tunnelings[k] / splitting;
    const double along = couplings[k] * asymmetries[k] / splitting;
    content.modes.push_back({.frequency = splitting, .weight = across * across});
    content.static_spins.push_back({.splitting = splitting, .weight = along * along});
  }
  return discrete(std::move(content));
}

}  // namespace lindwurm
