// Checks that every number of the results is finite, and reports those that are not.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "judge.hpp"

namespace lindwurm {

namespace {

bool is_finite(double value) { return std::isfinite(value); }
bool is_finite(Complex value) { return std::isfinite(value.real()) && std::isfinite(value.imag()); }
bool is_finite(const Eigen::MatrixXd& matrix) { return matrix.allFinite(); }
bool is_finite(const Eigen::MatrixXcd& matrix) { return matrix.allFinite(); }

class FiniteNumbers {
 public:
  explicit FiniteNumbers(std::vector<std::string>& problems) : problems_(problems) {}

  template <typename Value>
  void require(const std::string& name, const Value& value) {
    require(name, std::vector<Value>{value});
  }
  template <typename Value>
  void require(const std::string& name, const std::optional<Value>& value) {
    if (value) require(name, *value);
  }
  template <typename Value>
  void require(const std::string& name, const std::vector<Value>& values) {
    const auto bad = std::count_if(values.begin(), values.end(),
                                   [](const Value& value) { return !is_finite(value); });
    if (bad == 0) return;
    problems_.push_back(
        values.size() == 1
            ? fmt::format("{}: it is not a finite number", name)
            : fmt::format("{}: {} of {} values are not finite numbers", name, bad, values.size()));
  }
  void require(const std::string& of, const std::vector<std::pair<std::string, double>>& named) {
    for (const auto& [name, value] : named)
      require(of + "." + name, value);
  }

 private:
  std::vector<std::string>& problems_;
};

void require_finite(const Study& study, const TimeSeries& run, FiniteNumbers& numbers) {
  for (std::size_t k = 0; k < run.values.size(); ++k) {
    const std::string& name = study.observables[k].name;
    numbers.require("evolve.observables." + name, run.values[k]);
    if (!run.errors.empty()) numbers.require("evolve.errors." + name, run.errors[k]);
  }
  for (const ReducedSeries& series : run.reduced)
    numbers.require("evolve.reduced", series.states);
}

void require_finite(const Study& study, const Results& results, const SteadyState& steady,
                    FiniteNumbers& numbers) {
  if (steady.state.get() == nullptr) return;
  numbers.require("steady.residual", steady.residual);
  for (std::size_t k = 0; k < results.steady_values.size(); ++k)
    numbers.require("steady.observables." + study.observables[k].name, results.steady_values[k]);
  for (const ReducedSeries& series : results.steady_reduced)
    numbers.require("steady.reduced", series.states);
  if (!results.thermodynamics) return;
  numbers.require("steady.heat", results.thermodynamics->heat);
  numbers.require("steady.first_law_defect", results.thermodynamics->first_law_defect);
  numbers.require("steady.gibbs_distance", results.thermodynamics->gibbs_distance);
}

void require_finite(const CorrelationResult& found, FiniteNumbers& numbers) {
  const std::string of = "correlations." + found.name;
  for (const Correlation& each : found.at) {
    numbers.require(of + ".product", each.product);
    numbers.require(of + ".values", each.values);
    numbers.require(of + ".spectrum", each.spectrum);
  }
}

// Rates that are not reliable are not part of the results.
void require_finite(const QubitMap& map, FiniteNumbers& numbers) {
  numbers.require("map.a", map.a);
  numbers.require("map.b", map.b);
  numbers.require("map.determinant", map.determinant);
  numbers.require("map.choi", map.choi);
  for (std::size_t k = 0; k < map.times.size(); ++k) {
    if (!map.is_reliable[k]) continue;
    numbers.require(fmt::format("map.gamma_up at t = {}", map.times[k]), map.gamma_up[k]);
    numbers.require(fmt::format("map.gamma_down at t = {}", map.times[k]), map.gamma_down[k]);
  }
}

}  // namespace

void judge_finite(const Study& study, Results& results) {
  FiniteNumbers numbers(results.problems);
  if (const TimeSeries* run = results.time_series()) require_finite(study, *run, numbers);
  if (results.steady) require_finite(study, results, *results.steady, numbers);
  if (results.spectrum) {
    numbers.require("spectrum.eigenvalues", results.spectrum->eigenvalues);
    numbers.require("spectrum.gap", results.spectrum->gap);
  }
  for (const CorrelationResult& found : results.correlations)
    require_finite(found, numbers);
  if (results.map) require_finite(*results.map, numbers);
  for (std::size_t k = 0; k < results.phase_space.size(); ++k) {
    const std::string of = "phase_space." + study.phase_space[k].name;
    numbers.require(of + ".values", results.phase_space[k].at);
    numbers.require(of + ".steady", results.phase_space[k].steady);
  }
}

}  // namespace lindwurm
