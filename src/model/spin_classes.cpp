#include "lindwurm/model/spin_classes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <map>
#include <numbers>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/baths/spectral_density.hpp"

namespace lindwurm {

namespace {

constexpr double agreement = 1e-3;
// The number of samples in one oscillation of the largest difference of frequencies, and the
// largest number of samples in all.
constexpr double times_each = 20;
constexpr int most_times = 20000;

double agreement_time(const std::vector<double>& frequencies, const std::vector<double>& weights,
                      const std::vector<DiscreteMode>& nodes) {
  const auto [lowest, highest] = std::minmax_element(frequencies.begin(), frequencies.end());
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  const double middle = (*lowest + *highest) / 2;
  const auto agrees_at = [&](double t) {
    std::complex<double> difference = 0;
    for (std::size_t i = 0; i < weights.size(); ++i)
      difference += std::polar(weights[i], -(frequencies[i] - middle) * t);
    for (const DiscreteMode& node : nodes)
      difference -= std::polar(node.weight, -(node.frequency - middle) * t);
    return std::abs(difference) <= agreement * total;
  };
  const double width = std::max(*highest - *lowest, std::numeric_limits<double>::min());
  const double step = 2 * std::numbers::pi / width / times_each;
  int k = 1;
  while (agrees_at(k * step)) {
    if (++k > most_times) return std::numeric_limits<double>::infinity();
  }
  double below = (k - 1) * step;
  double above = k * step;
  while (above - below > 1e-3 * above)
    (agrees_at((below + above) / 2) ? below : above) = (below + above) / 2;
  return below;
}

// The numbers of spins in each class, in ascending frequency. Each class gets its share of the
// weight, and at least one spin.
std::vector<int> counts_of(const std::vector<double>& ascending_weights,
                           const std::vector<DiscreteMode>& nodes) {
  const int spins = static_cast<int>(ascending_weights.size());
  const int classes = static_cast<int>(nodes.size());
  std::vector<int> counts;
  double wanted = 0;
  double passed = 0;
  int taken = 0;
  for (int k = 0; k < classes; ++k) {
    wanted += nodes[k].weight;
    const int first = taken++;
    passed += ascending_weights[first];
    const int last = spins - (classes - k - 1);  // leaves one spin for each later class
    while (taken < last && (k + 1 == classes || passed + ascending_weights[taken] / 2 < wanted))
      passed += ascending_weights[taken++];
    counts.push_back(taken - first);
  }
  return counts;
}

// Each spin as a class of its own, in the order of the arrays.
SpinClasses the_spins(const std::vector<double>& frequencies,
                      const std::vector<double>& couplings) {
  SpinClasses each{.counts = std::vector<int>(frequencies.size(), 1),
                   .frequencies = frequencies,
                   .couplings = couplings,
                   .spins = std::vector<int>(frequencies.size()),
                   .agrees_until = std::numeric_limits<double>::infinity()};
  std::iota(each.spins.begin(), each.spins.end(), 0);
  return each;
}

// The spins that are alike as a class each, in ascending frequency; empty if there are more or
// fewer kinds of spins than classes.
std::optional<SpinClasses> the_kinds(const std::vector<double>& frequencies,
                                     const std::vector<double>& couplings, int classes) {
  std::map<std::pair<double, double>, std::vector<int>> kinds;
  for (std::size_t k = 0; k < frequencies.size(); ++k)
    kinds[{frequencies[k], couplings[k]}].push_back(static_cast<int>(k));
  if (static_cast<int>(kinds.size()) != classes) return std::nullopt;
  SpinClasses found;
  found.agrees_until = std::numeric_limits<double>::infinity();
  for (const auto& [kind, spins] : kinds) {
    found.counts.push_back(static_cast<int>(spins.size()));
    found.frequencies.push_back(kind.first);
    found.couplings.push_back(kind.second);
    found.spins.insert(found.spins.end(), spins.begin(), spins.end());
  }
  return found;
}

// The common sign, +1 or -1, of all nonzero couplings.
double common_sign(const std::vector<double>& couplings) {
  const auto [lowest, highest] = std::minmax_element(couplings.begin(), couplings.end());
  if (*lowest < 0 && *highest > 0) {
    throw InputError(
        "the couplings have both signs, and classes of several spins keep their squares alone; "
        "take as many classes as there are different spins, an ensemble for each sign, or, where "
        "nothing else in the model changes with the sign of a coupling, positive ones");
  }
  return *lowest < 0 ? -1 : 1;
}

// The number of different frequencies with nonzero couplings.
int different_frequencies(const std::vector<double>& frequencies,
                          const std::vector<double>& couplings) {
  std::set<double> different;
  for (std::size_t k = 0; k < frequencies.size(); ++k) {
    if (couplings[k] != 0) different.insert(frequencies[k]);
  }
  return static_cast<int>(different.size());
}

}  // namespace

SpinClasses spin_classes(const std::vector<double>& frequencies,
                         const std::vector<double>& couplings, int classes) {
  if (frequencies.size() != couplings.size()) {
    throw InputError(fmt::format("{} frequencies do not go with {} couplings", frequencies.size(),
                                 couplings.size()));
  }
  if (!frequencies.empty() && classes == static_cast<int>(frequencies.size()))
    return the_spins(frequencies, couplings);
  if (auto kinds = the_kinds(frequencies, couplings, classes)) return *std::move(kinds);
  const int different = different_frequencies(frequencies, couplings);
  if (classes < 1 || classes > different) {
    throw InputError(fmt::format(
        "{} classes of {} spins with {} different frequencies whose couplings are not "
        "0: from 1 to as many, as many as there are different spins, or {} are possible",
        classes, frequencies.size(), different, frequencies.size()));
  }
  const double sign = common_sign(couplings);
  SpinClasses found;
  found.spins.resize(frequencies.size());
  std::iota(found.spins.begin(), found.spins.end(), 0);
  std::stable_sort(found.spins.begin(), found.spins.end(),
                   [&](int a, int b) { return frequencies[a] < frequencies[b]; });
  std::vector<double> ascending;
  std::vector<double> weights;
  for (const int k : found.spins) {
    ascending.push_back(frequencies[k]);
    weights.push_back(couplings[k] * couplings[k]);
  }
  const auto nodes = gauss_quadrature(ascending, weights, classes);
  found.counts = counts_of(weights, nodes);
  for (int k = 0; k < classes; ++k) {
    found.frequencies.push_back(nodes[k].frequency);
    found.couplings.push_back(sign * std::sqrt(nodes[k].weight / found.counts[k]));
  }
  found.agrees_until = agreement_time(ascending, weights, nodes);
  return found;
}

}  // namespace lindwurm
