#include "lindwurm/model/spin_classes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <numeric>
#include <set>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/baths/spectral_density.hpp"

namespace lindwurm {

namespace {

constexpr double agreement = 1e-3;
// Times are looked at this many to an oscillation of the widest difference of frequencies, so many
// in all.
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

// So many of the spins, in ascending frequency, that each class has its share of the weight, and
// every class has one.
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
    const int last = spins - (classes - k - 1);  // one each for those that follow
    while (taken < last && (k + 1 == classes || passed + ascending_weights[taken] / 2 < wanted))
      passed += ascending_weights[taken++];
    counts.push_back(taken - first);
  }
  return counts;
}

}  // namespace

SpinClasses spin_classes(const std::vector<double>& frequencies,
                         const std::vector<double>& couplings, int classes) {
  if (frequencies.size() != couplings.size()) {
    throw InputError(fmt::format("{} frequencies do not go with {} couplings", frequencies.size(),
                                 couplings.size()));
  }
  std::set<double> different;
  for (std::size_t k = 0; k < frequencies.size(); ++k) {
    if (couplings[k] != 0) different.insert(frequencies[k]);
  }
  if (classes < 1 || classes > static_cast<int>(different.size())) {
    throw InputError(fmt::format(
        "{} classes of spins with {} different frequencies whose couplings are not 0: from 1 to as "
        "many are possible",
        classes, different.size()));
  }
  std::vector<std::size_t> order(frequencies.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return frequencies[a] < frequencies[b]; });
  std::vector<double> ascending;
  std::vector<double> weights;
  for (const std::size_t k : order) {
    ascending.push_back(frequencies[k]);
    weights.push_back(couplings[k] * couplings[k]);
  }
  const auto nodes = gauss_quadrature(ascending, weights, classes);
  SpinClasses found;
  found.counts = counts_of(weights, nodes);
  for (int k = 0; k < classes; ++k) {
    found.frequencies.push_back(nodes[k].frequency);
    found.couplings.push_back(std::sqrt(nodes[k].weight / found.counts[k]));
  }
  found.agrees_until = agreement_time(ascending, weights, nodes);
  return found;
}

}  // namespace lindwurm
