#include "lindwurm/model/validity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "bath_pairs.hpp"

namespace lindwurm {

namespace {

// "Much shorter" means shorter by at least this factor.
constexpr double much = 10;

// Distances between neighbouring frequencies of one sign: the smallest distance and, if groups are
// given, the largest one within a group and the smallest one between groups.
struct Distances {
  std::optional<double> smallest;
  double within = 0;
  std::optional<double> between;
};

Distances distances(const std::vector<double>& frequencies, const std::vector<int>& groups) {
  std::vector<std::pair<double, int>> positive;
  for (std::size_t k = 0; k < frequencies.size(); ++k) {
    if (frequencies[k] > 0) positive.emplace_back(frequencies[k], groups.empty() ? 0 : groups[k]);
  }
  std::sort(positive.begin(), positive.end());
  Distances found;
  for (std::size_t k = 1; k < positive.size(); ++k) {
    const double gap = positive[k].first - positive[k - 1].first;
    if (gap <= 1e-9 * positive[k].first) continue;
    found.smallest = std::min(found.smallest.value_or(gap), gap);
    if (positive[k].second == positive[k - 1].second) {
      found.within = std::max(found.within, gap);
    } else {
      found.between = std::min(found.between.value_or(gap), gap);
    }
  }
  return found;
}

// The levels that the bath can reach: up to a few temperatures, or quanta, above the ground state.
// Higher levels up to the cutoff would add frequencies and rates that never matter.
class Reach {
 public:
  Reach(const BathEquation& equation, double temperature) {
    double weight = 0;
    double sum = 0;
    for (const auto& x : equation.operators) {
      weight += squared_norm(x);
      sum += squared_norm(x) * std::abs(x.frequency);
    }
    width_ = far * std::max(temperature, weight > 0 ? sum / weight : 0);
  }
  [[nodiscard]] bool holds(const EnergyBasis& basis, int level) const {
    return basis.energies[level] - basis.energies[0] <= width_;
  }
  [[nodiscard]] bool touches(const Eigenoperator& x) const {
    return std::any_of(x.elements.begin(), x.elements.end(), [&](const auto& element) {
      return holds(*x.basis, element.row()) && holds(*x.basis, element.col());
    });
  }

 private:
  static constexpr double far = 3;
  double width_ = 0;
};

// The largest value over the levels b of sum_ma gamma_mm |<a|X_m|b>|^2.
double largest_rate(const BathEquation& equation, const Reach& reach) {
  const auto rates = own_rates(equation);
  std::map<std::pair<const EnergyBasis*, int>, double> decays;
  for (std::size_t m = 0; m < rates.size(); ++m) {
    const Eigenoperator& x = equation.operators[m];
    for (const auto& element : x.elements) {
      if (reach.holds(*x.basis, element.col()))
        decays[{x.basis.get(), element.col()}] += rates[m] * std::norm(element.value());
    }
  }
  double largest = 0;
  for (const auto& [level, rate] : decays)
    largest = std::max(largest, rate);
  return largest;
}

class Judge {
 public:
  void require_order(double shorter, double longer, const std::string& what,
                     const std::string& remedy) {
    if (shorter * much <= longer) return;
    warnings.push_back(fmt::format("{} ({:.3g} and {:.3g}): {}", what, shorter, longer, remedy));
  }
  std::vector<std::string> warnings;
};

// Local and collective equations leave out couplings between sites.
void judge_interaction(const TimeScales& scales, Judge& judge) {
  if (scales.interaction_period && scales.bohr_period) {
    judge.require_order(*scales.bohr_period, *scales.interaction_period,
                        "the Bohr period is not much shorter than the interaction period",
                        "the bath sees other frequencies; use a scheme of the whole H");
  }
  if (scales.interaction_period) {
    judge.require_order(
        scales.correlation_time, *scales.interaction_period,
        "the correlation time is not much shorter than the interaction period",
        "the bath resolves the coupling between sites; use a scheme of the whole H");
  }
}

void judge_scheme(const BathCoupling& bath, const TimeScales& scales, const Distances& apart,
                  Judge& judge) {
  const double relaxation =
      scales.relaxation_time.value_or(std::numeric_limits<double>::infinity());
  switch (bath.scheme) {
    case BathScheme::local:
      judge_interaction(scales, judge);
      break;
    case BathScheme::secular:
      if (scales.splitting_period) {
        judge.require_order(
            *scales.splitting_period, relaxation,
            "the splitting period is not much shorter than the relaxation time",
            "the secular equation drops terms that matter; use partial-secular or coarse-grained");
      }
      break;
    case BathScheme::partial_secular:
      if (!bath.grouping && apart.within == 0 && apart.between) {
        judge.warnings.emplace_back(
            "no gap in the Bohr spectrum is wide enough to make groups: the equation is the "
            "secular "
            "one; give a grouping");
      }
      if (apart.between) {
        judge.require_order(
            1 / *apart.between, relaxation,
            "the period of the gap between groups is not much shorter than the relaxation time",
            "give a wider grouping");
      }
      if (apart.within > 0) {
        judge.require_order(
            scales.correlation_time, 1 / apart.within,
            "the correlation time is not much shorter than the splitting period within a group",
            "the rate at the mean frequency is a poor one; use coarse-grained or redfield");
      }
      break;
    case BathScheme::coarse_grained:
      judge.require_order(scales.correlation_time, bath.dt,
                          "the correlation time is not much shorter than dt",
                          "correlations across the ends of dt are lost; take a longer dt");
      if (scales.bohr_period) {
        judge.require_order(*scales.bohr_period, bath.dt,
                            "the Bohr period is not much shorter than dt",
                            "rates are broadened over 1/dt; take a longer dt");
      }
      judge.require_order(bath.dt, relaxation, "dt is not much shorter than the relaxation time",
                          "take a shorter dt");
      break;
    case BathScheme::collective:
      judge_interaction(scales, judge);
      if (apart.within > 0 && scales.bohr_period) {
        judge.require_order(*scales.bohr_period, 1 / apart.within,
                            "the members' frequencies are not close to each other",
                            "rates at their mean are poor; use partial-secular");
      }
      break;
    default:
      break;
  }
}

}  // namespace

Validity judged(const BathCoupling& bath, const BathEquation& equation,
                std::optional<double> interaction) {
  std::vector<double> frequencies;
  std::optional<double> least;
  const Reach reach(equation, bath.bath.temperature());
  std::vector<int> groups;
  for (std::size_t m = 0; m < equation.operators.size(); ++m) {
    const Eigenoperator& x = equation.operators[m];
    if (!reach.touches(x)) continue;
    frequencies.push_back(x.frequency);
    if (!equation.groups.empty()) groups.push_back(equation.groups[m]);
    if (x.frequency > 0) least = std::min(least.value_or(x.frequency), x.frequency);
  }
  const Distances apart = distances(frequencies, groups);
  Validity validity;
  TimeScales& scales = validity.scales;
  scales.correlation_time = bath.bath.correlation_time();
  if (least) scales.bohr_period = 1 / *least;
  if (apart.smallest) scales.splitting_period = 1 / *apart.smallest;
  if (interaction && *interaction > 0) scales.interaction_period = 1 / *interaction;
  if (const double rate = largest_rate(equation, reach); rate > 0)
    scales.relaxation_time = 1 / rate;
  Judge judge;
  if (scales.relaxation_time) {
    judge.require_order(scales.correlation_time, *scales.relaxation_time,
                        "the correlation time is not much shorter than the relaxation time",
                        "no Markovian equation of second order holds; couple more weakly, or make "
                        "the bath's modes sites of the model");
  }
  judge_scheme(bath, scales, apart, judge);
  if (!equation.is_gksl) {
    judge.warnings.push_back(fmt::format(
        "the equation is not of GKSL form (lowest eigenvalue of its rates {:.3g}): states may turn "
        "negative",
        equation.lowest_rate));
  }
  validity.warnings = std::move(judge.warnings);
  return validity;
}

}  // namespace lindwurm
