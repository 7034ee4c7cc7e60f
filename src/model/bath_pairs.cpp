#include "bath_pairs.hpp"

#include <fmt/format.h>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <map>

#include "lindwurm/backend/dense.hpp"
#include "lindwurm/backend/error.hpp"

namespace lindwurm {

namespace {

// A negative eigenvalue below this share of the largest coefficient is rounding.
constexpr double positivity_tolerance = 1e-9;
constexpr int most_coarse_grained = 400;
// Distances between Bohr frequencies that differ by this factor belong to different time scales.
constexpr double clear_gap = 3;

// Collects the largest error and the largest value.
class ErrorBound {
 public:
  template <typename Number>
  Number operator()(const Estimate<Number>& estimate) {
    error_ = std::max(error_, estimate.error);
    value_ = std::max(value_, std::abs(estimate.value));
    return estimate.value;
  }
  [[nodiscard]] double relative() const { return value_ > 0 ? error_ / value_ : 0; }

 private:
  double error_ = 0;
  double value_ = 0;
};

std::vector<double> frequencies_of(const BathEquation& equation) {
  std::vector<double> frequencies;
  for (const auto& x : equation.operators)
    frequencies.push_back(x.frequency);
  return frequencies;
}

// Adds the pairs within each group, at the mean of their frequencies.
void add_grouped_pairs(const BathCoupling& bath, const std::vector<int>& groups,
                       const std::function<double(int, int)>& weight,
                       const std::function<double(double)>& shift, BathEquation& equation) {
  std::map<int, std::vector<int>> by_group;
  for (int k = 0; k < static_cast<int>(groups.size()); ++k)
    by_group[groups[k]].push_back(k);
  for (int m = 0; m < static_cast<int>(groups.size()); ++m) {
    for (int n : by_group[groups[m]]) {
      const double c = weight(m, n);
      if (c == 0) continue;
      const double mean = (equation.operators[m].frequency + equation.operators[n].frequency) / 2;
      equation.pairs.push_back(
          {m, n, c * bath.bath.rate(mean), bath.lamb_shift ? c * shift(mean) : 0.0});
    }
  }
}

void add_coarse_grained_pairs(const BathCoupling& bath, ErrorBound& bound, BathEquation& equation) {
  const int count = static_cast<int>(equation.operators.size());
  if (count > most_coarse_grained) {
    throw InputError(
        fmt::format("coarse-graining keeps all {} x {} pairs of Bohr frequencies, more than {} x "
                    "{} take too long; use partial-secular",
                    count, count, most_coarse_grained, most_coarse_grained));
  }
  const auto frequencies = frequencies_of(equation);
  for (int m = 0; m < count; ++m) {
    for (int n = 0; n < count; ++n) {
      const auto pair = [&](int p, int q) {
        return bound(bath.bath.coarse_grained(frequencies[q], frequencies[p], bath.dt));
      };
      const auto half = [&](int p, int q) {
        return bound(bath.bath.coarse_grained_half(frequencies[q], frequencies[p], bath.dt));
      };
      const Complex rate = n <= m ? pair(m, n) : std::conj(pair(n, m));
      const Complex shift =
          bath.lamb_shift ? (half(m, n) - std::conj(half(n, m))) / Complex(0, 2) : 0.0;
      equation.pairs.push_back({m, n, rate, shift});
    }
  }
}

// In Eq. 50, the mean number of quanta at the transition is taken out of the integral.
double collective_shift(const Bath& bath, double w, ErrorBound& bound) {
  if (bath.kind() != BathKind::bosonic || w == 0) return bound(bath.shift(w));
  const Bath vacuum(bath.density(), 0, BathKind::bosonic);
  const double lambda = -bound(vacuum.shift(std::abs(w)));
  const double quanta = planck(std::abs(w), bath.temperature());
  return w > 0 ? -lambda * (quanta + 1) : lambda * quanta;
}

double lowest_of_redfield(const std::vector<Complex>& half_sided) {
  Complex sum = 0;
  double squares = 0;
  for (const Complex& g : half_sided) {
    sum += g;
    squares += std::norm(g);
  }
  const auto count = static_cast<double>(half_sided.size());
  return sum.real() - std::sqrt(std::max(0.0, count * squares - sum.imag() * sum.imag()));
}

double lowest_of_pairs(const BathEquation& equation) {
  double lowest = 0;
  for (const auto& block : rate_blocks(equation))
    lowest = std::min(lowest, hermitian_eigenvalues(block.rates).minCoeff());
  return lowest;
}

void judge_positivity(BathEquation& equation) {
  double largest = 0;
  for (const auto& pair : equation.pairs)
    largest = std::max(largest, std::abs(pair.rate));
  for (const Complex& g : equation.half_sided)
    largest = std::max(largest, 2 * std::abs(g));
  equation.lowest_rate = equation.half_sided.empty() ? lowest_of_pairs(equation)
                                                     : lowest_of_redfield(equation.half_sided);
  equation.is_gksl = equation.lowest_rate >= -positivity_tolerance * largest;
  if (equation.is_gksl) equation.lowest_rate = std::max(0.0, equation.lowest_rate);
}

// The coupling is |<0|A|1>| times sx. Each order is scaled by its own power of this strength.
BlochTerm scaled(const BlochTerm& term, double strength) {
  const auto times = [](const Estimate<double>& part, double factor) {
    return Estimate<double>{part.value * factor, part.error * factor};
  };
  return {times(term.second, strength), times(term.fourth, strength * strength)};
}

BlochRates scaled(BlochRates rates, double strength) {
  for (BlochTerm* term : {&rates.k10, &rates.k01, &rates.inverse_t1, &rates.inverse_t2,
                          &rates.pure_dephasing, &rates.shift})
    *term = scaled(*term, strength);
  rates.K.second = {rates.K.second.value * strength, rates.K.second.error * strength};
  rates.counter_rotating.value *= strength;
  rates.counter_rotating.error *= strength;
  return rates;
}

// Adds one dissipator each for the populations, the coherence and the frequency of a damped spin.
void add_bloch_pairs(const BathCoupling& bath, ErrorBound& bound, BathEquation& equation) {
  auto& x = equation.operators;
  const bool is_off_diagonal = x.size() == 2 && x[0].elements.size() == 1;
  if (!is_off_diagonal || x[0].basis->energies.size() != 2) {
    throw InputError(
        "order = 4 is for a two-level site whose coupling flips it and does nothing else, such as "
        "sx(q) beside w0/2*sz(q)");
  }
  const double strength = std::norm(x[1].elements.front().value());
  equation.bloch = scaled(bloch_rates(bath.bath, x[1].frequency, bath.anisotropy), strength);
  const BlochRates& bloch = *equation.bloch;
  x.push_back({x[0].basis, 0.0, {{0, 0, -1.0}, {1, 1, 1.0}}});
  equation.pairs.push_back({0, 0, bound(bloch.k10.total()) / strength});
  equation.pairs.push_back({1, 1, bound(bloch.k01.total()) / strength,
                            bath.lamb_shift ? bound(bloch.shift.total()) / strength : 0.0});
  equation.pairs.push_back({2, 2, bound(bloch.pure_dephasing.total()) / 2});
}

double correlation(const BathCoupling& bath, int i, int j) {
  return bath.correlations ? (*bath.correlations)(i, j) : 1.0;
}

void require_correlations(const BathCoupling& bath, int members) {
  if (!bath.correlations) return;
  const Eigen::MatrixXd& c = *bath.correlations;
  if (c.rows() != members || c.cols() != members) {
    throw InputError(
        fmt::format("correlations is a matrix of {} x {}, but the coupling has {} members",
                    c.rows(), c.cols(), members));
  }
  if ((c.diagonal().array() - 1).abs().maxCoeff() > 1e-12) {
    throw InputError(
        "the diagonal of correlations is 1: it stands for gamma_ij/sqrt(gamma_ii gamma_jj); "
        "members "
        "that couple more strongly have a factor in the coupling");
  }
  if ((c - c.transpose()).norm() > 1e-12 * c.norm() ||
      symmetric_eigenvalues(c).minCoeff() < -1e-12 * c.norm()) {
    throw InputError(
        "correlations must be symmetric and positive semidefinite: it stands for "
        "gamma_ij/sqrt(gamma_ii gamma_jj)");
  }
}

}  // namespace

std::vector<RateBlock> rate_blocks(const BathEquation& equation) {
  const int count = static_cast<int>(equation.operators.size());
  std::vector<std::vector<int>> partners(count);
  std::map<std::pair<int, int>, Complex> rates;
  for (const auto& pair : equation.pairs) {
    partners[pair.m].push_back(pair.n);
    rates[{pair.m, pair.n}] = pair.rate;
  }
  std::vector<bool> is_done(count, false);
  std::vector<RateBlock> blocks;
  for (int first = 0; first < count; ++first) {
    if (is_done[first]) continue;
    std::vector<int> members{first};
    is_done[first] = true;
    for (std::size_t k = 0; k < members.size(); ++k) {
      for (int n : partners[members[k]]) {
        if (!is_done[n]) members.push_back(n);
        is_done[n] = true;
      }
    }
    const auto size = static_cast<Eigen::Index>(members.size());
    Eigen::MatrixXcd matrix = Eigen::MatrixXcd::Zero(size, size);
    for (Eigen::Index row = 0; row < size; ++row) {
      for (Eigen::Index column = 0; column < size; ++column) {
        const auto found = rates.find({members[row], members[column]});
        if (found != rates.end()) matrix(row, column) = found->second;
      }
    }
    blocks.push_back({std::move(members), std::move(matrix)});
  }
  return blocks;
}

void require_sensible(const BathCoupling& bath) {
  const bool is_coarse = bath.scheme == BathScheme::coarse_grained;
  if (is_coarse && !(bath.dt > 0 && std::isfinite(bath.dt))) {
    throw InputError(fmt::format(
        "scheme = \"coarse-grained\" averages over a time dt > 0, not {}; take it between the "
        "bath's correlation time and the relaxation time",
        bath.dt));
  }
  if (bath.correlations && bath.scheme != BathScheme::collective) {
    throw InputError(fmt::format("correlations belong to scheme = \"collective\", not to \"{}\"",
                                 name_of(bath.scheme)));
  }
  if (bath.order != 4 && bath.anisotropy != 1) {
    throw InputError("anisotropy belongs to order = 4; of second order write two baths");
  }
  if (bath.order == 4 && bath.scheme != BathScheme::secular && bath.scheme != BathScheme::local) {
    throw InputError(fmt::format("order = 4 gives Bloch equations, which are secular, not \"{}\"",
                                 name_of(bath.scheme)));
  }
  if (bath.bath.density().is_discrete() && !is_coarse) {
    throw InputError(
        fmt::format("scheme = \"{}\" takes rates at single frequencies, which a list of discrete "
                    "modes does not have; use scheme = \"coarse-grained\", or make the modes sites "
                    "of the model",
                    name_of(bath.scheme)));
  }
}

std::vector<int> frequency_groups(const std::vector<double>& frequencies,
                                  std::optional<double> width) {
  std::vector<double> magnitudes;
  for (double w : frequencies) {
    if (w != 0) magnitudes.push_back(std::abs(w));
  }
  std::sort(magnitudes.begin(), magnitudes.end());
  std::vector<double> gaps;
  for (std::size_t k = 0; k < magnitudes.size(); ++k) {
    const double gap = k == 0 ? 2 * magnitudes[0] : magnitudes[k] - magnitudes[k - 1];
    // The two signs of one frequency, and equal frequencies, differ only by rounding.
    if (gap > 1e-9 * magnitudes.back()) gaps.push_back(gap);
  }
  std::sort(gaps.begin(), gaps.end());
  double widest = 0;  // the widest gap inside a group
  double ratio = clear_gap;
  for (std::size_t k = 1; k < gaps.size() && !width; ++k) {
    if (gaps[k] <= ratio * gaps[k - 1]) continue;
    ratio = gaps[k] / gaps[k - 1];
    widest = gaps[k - 1];
  }
  const double allowed = width.value_or(widest) * (1 + 1e-9);
  std::vector<int> order(frequencies.size());
  for (int k = 0; k < static_cast<int>(order.size()); ++k)
    order[k] = k;
  std::stable_sort(order.begin(), order.end(),
                   [&](int p, int q) { return frequencies[p] < frequencies[q]; });
  std::vector<int> groups(frequencies.size());
  int group = 0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    if (k > 0) {
      const double here = frequencies[order[k]];
      const double before = frequencies[order[k - 1]];
      const bool same_sign = (here > 0) == (before > 0) && (here < 0) == (before < 0);
      const double rounding = 1e-9 * std::max(std::abs(here), std::abs(before));
      if (!same_sign || here - before > std::max(allowed, rounding)) ++group;
    }
    groups[order[k]] = group;
  }
  return groups;
}

void add_coefficients(const BathCoupling& bath, const std::vector<int>& members,
                      BathEquation& equation) {
  ErrorBound bound;
  const auto frequencies = frequencies_of(equation);
  const auto shift = [&](double w) { return bound(bath.bath.shift(w)); };
  const auto equally = [](int /*m*/, int /*n*/) { return 1.0; };
  std::vector<int> alone(frequencies.size());
  for (int k = 0; k < static_cast<int>(alone.size()); ++k)
    alone[k] = k;
  if (bath.order == 4) {
    add_bloch_pairs(bath, bound, equation);
    equation.error = bound.relative();
    judge_positivity(equation);
    return;
  }
  switch (bath.scheme) {
    case BathScheme::local:
    case BathScheme::secular:
      add_grouped_pairs(bath, alone, equally, shift, equation);
      break;
    case BathScheme::partial_secular:
      equation.groups = frequency_groups(frequencies, bath.grouping);
      add_grouped_pairs(bath, equation.groups, equally, shift, equation);
      break;
    case BathScheme::coarse_grained:
      add_coarse_grained_pairs(bath, bound, equation);
      break;
    case BathScheme::redfield:
      for (double w : frequencies) {
        equation.half_sided.push_back(bath.lamb_shift ? bound(bath.bath.half_sided(w))
                                                      : bath.bath.rate(w) / 2);
      }
      break;
    case BathScheme::collective:
      require_correlations(bath, members.empty() ? 0 : members.back() + 1);
      equation.groups = frequency_groups(frequencies, {});
      add_grouped_pairs(
          bath, equation.groups,
          [&](int m, int n) { return correlation(bath, members[m], members[n]); },
          [&](double w) { return collective_shift(bath.bath, w, bound); }, equation);
      break;
  }
  equation.error = bound.relative();
  judge_positivity(equation);
}

}  // namespace lindwurm
