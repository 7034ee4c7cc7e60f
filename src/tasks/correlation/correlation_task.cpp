#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "lindwurm/states/operator_generator.hpp"
#include "lindwurm/tasks/correlation.hpp"
#include "lindwurm/tasks/evolve.hpp"
#include "lindwurm/tasks/forecast.hpp"
#include "lindwurm/tasks/runner.hpp"
#include "lindwurm/tasks/steady.hpp"
#include "tasks/state_report.hpp"

namespace lindwurm {

namespace {

// The numbers of vectors that a series, and a solve in addition to the basis of GMRES, keep.
constexpr double series_vectors = 7;
constexpr double solve_vectors = 12;

Flow::Region correlated_state(const Study& study, const CorrelationRequest& request,
                              const Flow& flow) {
  return request.is_steady() ? steady_region(study.model(), flow)
                             : evolved_region(*study.initial, study.model().space, flow);
}

// At each time of the request, to which the initial state is evolved.
void correlate_on_the_way(const Study& study, const TwoTimeOperators& operators,
                          const std::shared_ptr<const OperatorEquation>& equation,
                          CorrelationResult& result) {
  const CorrelationRequest& request = result.request;
  const auto& master = equation->master_equation();
  TaskPlan plan =
      plan_evolution(*study.initial, study.model().space, master->flow(), study.liouvillian);
  const Liouvillian liouvillian(master, {plan.storage, std::move(plan.sector)});
  const Flow::Region region = correlated_state(study, request, equation->flow());
  VecHandle rho = pack(*study.initial, liouvillian);
  double t = study.initial_time;
  for (const double next : request.times) {
    if (next > t) {
      Evolution way = evolve(liouvillian, rho, {t, next}, request.options.evolution);
      rho = std::move(way.final_state);
      auto& worst = result.top_levels;
      if (worst.empty()) worst = way.diagnostics.top_levels;
      for (std::size_t k = 0; k < worst.size(); ++k)
        worst[k].second = std::max(worst[k].second, way.diagnostics.top_levels[k].second);
    }
    t = next;
    result.at.push_back(
        correlate(equation, operators, {rho, liouvillian.basis(), region, t}, request.options));
  }
}

// X beside its conjugates, the full rho on every rank, and the basis of GMRES for a spectrum.
Forecast forecast_of(const CorrelationRequest& request, const Forecaster& of_rho) {
  const Study& study = of_rho.study();
  const Model& model = study.model();
  const Forecaster forecaster(of_rho, beside_conjugates(of_rho.terms()),
                              operator_elements(model.space));
  TaskPlan plan{sector_of(request.operators(model),
                          correlated_state(study, request, forecaster.flow()), forecaster.flow(),
                          study.liouvillian.uses_sectors)};
  if (plan.sector.values.empty()) return {.name = "correlate", .storage = Storage::matrix_free};
  plan.storage = storage_of(request.options, size(plan.sector));
  Forecast task = forecaster.task("correlate", plan.sector, plan.storage);
  const auto n = static_cast<double>(task.unknowns);
  const bool is_solved =
      !request.options.frequencies.empty() && request.options.method != TransformMethod::evolve;
  const double factors = !is_solved                           ? 0
                         : plan.storage == Storage::assembled ? 2 * Forecaster::assembled(task)
                                                              : 8 * n;
  const double vectors = is_solved ? request.options.restart + solve_vectors : series_vectors;
  const TaskPlan of_state =
      request.is_steady()
          ? plan_steady_state(study.find<SteadyTask>()->options, model, of_rho.flow(),
                              study.liouvillian)
          : plan_evolution(*study.initial, model.space, of_rho.flow(), study.liouvillian);
  const auto elements = static_cast<double>(size(of_state.sector));
  task.bytes = 8 * vectors * n + forecaster.generator(plan, task) + factors +
               8 * elements * forecaster.ranks();
  return task;
}

void judge_result(const CorrelationResult& found, Verdict& verdict) {
  const CorrelationRequest& task = found.request;
  const std::string of = fmt::format("correlation '{}'", task.name);
  if (found.at.empty()) {
    verdict.problems.push_back(
        fmt::format("{}: not found, there is no unique steady state; give `at` a time", of));
    return;
  }
  if (task.options.frequencies.empty()) return;
  const Correlation& spectrum = found.at.front();
  if (verdict.generator != "GKSL") {
    verdict.warnings.push_back(
        fmt::format("{}: the master equation is {}; its spectrum has meaning if every correlation "
                    "decays{}",
                    of, verdict.generator,
                    spectrum.method == "solve" ? ", which method = \"evolve\" shows" : ""));
  }
  if (spectrum.is_converged) return;
  if (spectrum.method == "evolve") {
    verdict.problems.push_back(
        fmt::format("{}: the correlation has not decayed after {} products; raise max_iterations, "
                    "or take method = \"solve\"",
                    of, spectrum.products));
    return;
  }
  const auto missed =
      std::count_if(spectrum.residuals.begin(), spectrum.residuals.end(),
                    [&](double residual) { return !(residual <= task.options.tolerance); });
  verdict.problems.push_back(fmt::format(
      "{}: the spectrum is not converged at {} of {} frequencies, the largest residual is {:.3g}; "
      "raise max_iterations, take method = \"evolve\" or another liouvillian.preconditioner",
      of, missed, spectrum.residuals.size(),
      *std::max_element(spectrum.residuals.begin(), spectrum.residuals.end())));
}

}  // namespace

TwoTimeOperators CorrelationRequest::operators(const Model& model) const {
  const auto sum = [&](const Expression& words) {
    return sum_over_members(words, model.space, model.parameters).simplified();
  };
  return {sum(a), sum(b), sum(c)};
}

std::optional<double> CorrelationTask::last_time() const {
  std::optional<double> last;
  for (const CorrelationRequest& request : requests) {
    if (request.is_steady()) continue;
    const auto& delays = request.options.delays;
    const double end = request.times.back() + (delays.empty() ? 0 : delays.back());
    last = std::max(last.value_or(end), end);
  }
  return last;
}

// Correlations in the steady state need that state, before a spectrum is looked at.
void CorrelationTask::complete(Study& study) {
  const auto* evolution = study.find<EvolveTask>();
  bool needs_steady_state = false;
  for (CorrelationRequest& request : requests) {
    CorrelationOptions& options = request.options;
    if (evolution != nullptr) options.evolution = evolution->options;
    options.preconditioner = study.liouvillian.preconditioner;
    options.storage = study.liouvillian.storage;
    options.uses_sectors = study.liouvillian.uses_sectors;
    options.evolution.preconditioner = study.liouvillian.preconditioner;
    needs_steady_state = needs_steady_state || request.is_steady();
  }
  if (!needs_steady_state || study.find<SteadyTask>() != nullptr) return;
  auto steady = std::make_shared<SteadyTask>();
  steady->complete(study);
  const auto place = std::find_if(study.tasks.begin(), study.tasks.end(), [&](const auto& task) {
    return task->name() == "spectrum" || task.get() == this;
  });
  study.tasks.insert(place, std::move(steady));
}

std::optional<Forecast> CorrelationTask::forecast(const Forecaster& forecaster) const {
  std::optional<Forecast> largest;
  for (const CorrelationRequest& request : requests) {
    const Forecast task = forecast_of(request, forecaster);
    if (!largest || task.bytes > largest->bytes) largest = task;
  }
  return largest;
}

std::unique_ptr<Outcome> CorrelationTask::run(Runner& runner) const {
  const Study& study = runner.study();
  const auto equation = std::make_shared<const OperatorEquation>(runner.master_equation());
  const auto progress = runner.progress("correlations");
  auto outcome = std::make_unique<CorrelationOutcome>();
  for (std::size_t k = 0; k < requests.size(); ++k) {
    if (progress) progress(static_cast<double>(k) / static_cast<double>(requests.size()));
    CorrelationResult result{requests[k], {}};
    const TwoTimeOperators operators = requests[k].operators(study.model());
    if (!requests[k].is_steady()) {
      correlate_on_the_way(study, operators, equation, result);
    } else if (const SteadyState& steady = runner.find<SteadyOutcome>()->steady;
               steady.state.get() != nullptr && steady.is_unique) {
      const Flow::Region region = correlated_state(study, requests[k], equation->flow());
      result.at.push_back(correlate(equation, operators,
                                    {steady.state, *steady.basis, region, 0, true},
                                    requests[k].options));
    }
    outcome->results.push_back(std::move(result));
  }
  return outcome;
}

void CorrelationOutcome::judge(const Study& study, Verdict& verdict) const {
  for (const CorrelationResult& found : results) {
    judge_result(found, verdict);
    judge_top_levels(found.top_levels, study.thresholds,
                     fmt::format("correlation '{}'", found.request.name), verdict);
  }
}

}  // namespace lindwurm
