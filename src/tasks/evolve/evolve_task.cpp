#include <fmt/format.h>

#include <algorithm>

#include "lindwurm/model/cutoff.hpp"
#include "lindwurm/model/mixture.hpp"
#include "lindwurm/tasks/evolve.hpp"
#include "lindwurm/tasks/forecast.hpp"
#include "lindwurm/tasks/runner.hpp"
#include "tasks/cutoff_report.hpp"
#include "tasks/state_report.hpp"

namespace lindwurm {

namespace {

// The number of vectors of the unknowns that a method keeps at its peak, including the initial
// state.
constexpr double series_vectors = 7;
constexpr double ket_series_vectors = 8;
constexpr double adams_vectors = 25;
constexpr double ket_adams_vectors = 27;  // including one for the observables of kets
constexpr double bdf_vectors = 26;        // including the basis of GMRES

double vectors_of_series(const EvolveTask& task, bool has_kets) {
  if (!has_kets) return series_vectors;
  const auto times = static_cast<double>(task.times.size());
  return ket_series_vectors +
         std::clamp(times - 2, 0.0, static_cast<double>(task.options.outputs_of_series));
}

// The memory for observing kets: products with operators, and reduced states.
double bytes_of_observers(const Forecaster& forecaster, const Sector& sector) {
  const Study& study = forecaster.study();
  if (!study.has_kets()) return 0;
  const Model& model = study.model();
  double bytes = 0;
  for (const auto& observable : study.observables) {
    const auto* expression = std::get_if<Expression>(&observable.content);
    if (expression == nullptr) continue;
    const Operator a = sum_over_members(*expression, model.space, model.parameters);
    bytes += forecaster.matrix_free(acting_on_kets(a), sector);
  }
  for (const auto& [site, projector] : top_levels(model.space))
    bytes += forecaster.matrix_free(acting_on_kets(projector), sector);
  if (forecaster.ranks() > 1)
    bytes +=
        static_cast<double>(study.reduced.size()) * KetPartialTrace::shared_bytes(size(sector));
  return bytes + forecaster.matrix_free(forecaster.terms(), sector);  // the energy
}

Forecast forecast_of(const EvolveTask& evolve, const Forecaster& forecaster) {
  const Study& study = forecaster.study();
  const TaskPlan plan =
      plan_of(evolve, study, study.model().space, *study.initial, forecaster.flow());
  Forecast task = forecaster.task("evolve", plan.sector, plan.storage);
  const auto n = static_cast<double>(task.unknowns);
  const EvolveOptions& options = evolve.options;
  const bool is_constant = are_constant(forecaster.terms());
  const bool uses_series = options.method == EvolveMethod::chebyshev ||
                           (options.method == EvolveMethod::automatic && is_constant);
  const bool uses_adams = options.method == EvolveMethod::adams || study.has_kets();
  const bool uses_ilu =
      plan.storage == Storage::assembled || options.jacobian == Jacobian::assembled;
  const double factors = uses_series || uses_adams ? 0
                         : uses_ilu                ? 2 * Forecaster::assembled(task)
                                                   : 8 * n;
  const double of_adams = study.has_kets() ? ket_adams_vectors : adams_vectors;
  // The series for times in which a time-dependent model is constant, in addition to the
  // integrator.
  const bool rests = !is_constant && options.method == EvolveMethod::automatic;
  const double of_rests =
      rests ? series_vectors + static_cast<double>(options.outputs_of_series) : 0;
  const double of_method = uses_series  ? vectors_of_series(evolve, study.has_kets())
                           : uses_adams ? of_adams
                                        : bdf_vectors;
  task.bytes = 8 * (of_rests + of_method) * n + forecaster.generator(plan, task) +
               bytes_of_observers(forecaster, plan.sector) + factors + forecaster.dense_state();
  return task;
}

bool starts_mixed(const Study& study, const ProductState& initial) {
  return study.dynamics == Dynamics::unitary && !SiteMixtures(initial).is_pure();
}

void judge_kets(const KetDiagnostics& found, const Thresholds& allowed, const std::string& of,
                Verdict& verdict) {
  if (!(found.norm_error <= allowed.trace)) {
    verdict.problems.push_back(fmt::format(
        "{}: the norm is off by {:.3g}; lower evolve.rtol and evolve.atol", of, found.norm_error));
  }
  if (found.energy_drift && !(*found.energy_drift <= allowed.energy)) {
    verdict.warnings.push_back(
        fmt::format("{}: <H> went astray by {:.3g}; lower evolve.rtol and evolve.atol", of,
                    *found.energy_drift));
  }
  auto populations = found.top_levels;
  std::erase_if(populations,
                [&](const auto& each) { return found.exact_cutoffs.contains(each.first); });
  judge_top_levels(populations, allowed, of, verdict);
}

void judge_series(const TimeSeries& run, double accuracy, std::int64_t members, Verdict& verdict) {
  for (const auto& text : run.warnings)
    verdict.warnings.push_back("evolve: " + text);
  const double sum =
      run.statistics.local_errors / static_cast<double>(std::max<std::int64_t>(members, 1));
  if (sum <= accuracy) return;
  verdict.problems.push_back(fmt::format(
      "evolve: the errors of its {} steps may add up to {:.2g} of the state, more than "
      "evolve.accuracy = {:.2g}, although the tolerances were lowered on the way; begin with a "
      "lower evolve.rtol, evolve for a shorter time, or raise evolve.accuracy",
      run.statistics.steps, sum, accuracy));
}

void judge_ensemble(const Ensemble& ensemble, Verdict& verdict) {
  if (!ensemble.is_reached) {
    verdict.problems.push_back(fmt::format(
        "evolve: the largest standard error is {:.3g}, not shown to be {:.3g} as asked for; raise "
        "{}",
        ensemble.largest_error, *ensemble.requested,
        ensemble.kind == "trajectories" ? "trajectories.count, and go on with --continue"
                                        : "mixture.samples"));
  }
}

}  // namespace

TaskPlan plan_of(const EvolveTask& task, const Study& study, const Space& space,
                 const ProductState& initial, const Flow& flow) {
  return study.has_kets()
             ? plan_ket_evolution(initial, task.mixture.neglect, space, flow, study.liouvillian)
             : plan_evolution(initial, space, flow, study.liouvillian);
}

void EvolveTask::complete(Study& study) {
  options.observe = study.observables;
  options.reduced = study.reduced;
  options.preconditioner = study.liouvillian.preconditioner;
}

// If each member of a mixture is evolved on one rank, every rank needs what a single rank needs.
std::optional<Forecast> EvolveTask::forecast(const Forecaster& forecaster) const {
  const ProductState& initial = *forecaster.study().initial;
  const int ranks = forecaster.ranks();
  const bool runs_members_alone = ranks > 1 && starts_mixed(forecaster.study(), initial) &&
                                  has_members_for(ranks, initial, mixture);
  if (!runs_members_alone) return forecast_of(*this, forecaster);
  Forecast one = forecast_of(*this, forecaster.on_one_rank());
  one.bytes *= ranks;
  return one;
}

EvolveOutcome evolved(const EvolveTask& task, const ProductState& initial,
                      const EvolveOptions& options, Runner& runner) {
  const LiouvillianSettings& settings = runner.study().liouvillian;
  EvolveOutcome found;
  found.accuracy = options.accuracy;
  switch (runner.study().dynamics) {
    case Dynamics::lindblad:
      found.evolution = evolve(runner.master_equation(), initial, task.times, options, settings);
      break;
    case Dynamics::unitary:
      found.kets = evolve(runner.schroedinger_equation(), initial, task.times, options, settings,
                          task.mixture);
      break;
    case Dynamics::trajectories:
      found.kets = evolve(runner.jump_equation(), initial, task.times, options, settings,
                          task.trajectories, task.earlier ? &*task.earlier : nullptr);
      break;
  }
  return found;
}

namespace {

// Compares the values with those of a run with more levels, if that is cheap or asked for.
void estimate_cutoff_errors(const EvolveTask& task, EvolveOutcome& found, Runner& runner) {
  const Study& study = runner.study();
  const bool is_mean = found.kets && found.kets->ensemble;
  const auto& enlarged = runner.enlarged();
  if (is_mean || !enlarged) return;
  const Space& space = enlarged->system.space();
  const ProductState initial = padded(*study.initial, space);
  const Flow& flow = found.kets ? enlarged->schroedinger->flow() : enlarged->master->flow();
  const std::int64_t unknowns = size(plan_of(task, study, space, initial, flow).sector);
  // Observables may reach beyond the cutoff all the same, as a a^dag does.
  found.is_cutoff_exact = unknowns == found.series().space.unknowns;
  const EvolveStatistics& spent = found.series().statistics;
  const auto products = static_cast<double>(spent.rhs_evaluations + spent.linear_iterations);
  if (study.observables.empty() || !runner.is_worth(products * static_cast<double>(unknowns)))
    return;
  EvolveOptions options = task.options;
  options.progress = runner.progress("cutoff");
  options.reduced.clear();
  options.sites.clear();
  options.eigenvalues = {0, 0};
  std::vector<std::vector<Complex>> values;
  if (found.kets) {
    values = evolve(enlarged->schroedinger, initial, task.times, options, study.liouvillian,
                    task.mixture)
                 .values;
  } else {
    values = evolve(enlarged->master, initial, task.times, options, study.liouvillian).values;
  }
  found.cutoff_errors = differences(found.series().values, values);
}

}  // namespace

std::unique_ptr<Outcome> EvolveTask::run(Runner& runner) const {
  EvolveOptions here = options;
  here.progress = runner.progress("evolve");
  auto outcome =
      std::make_unique<EvolveOutcome>(evolved(*this, *runner.study().initial, here, runner));
  outcome->cutoff_failure = failure_of([&] { estimate_cutoff_errors(*this, *outcome, runner); });
  return outcome;
}

void EvolveOutcome::judge(const Study& study, Verdict& verdict) const {
  if (kets) {
    KetDiagnostics diagnostics = kets->diagnostics;
    if (is_cutoff_exact) diagnostics.top_levels.clear();
    judge_kets(diagnostics, study.thresholds, "evolve", verdict);
  } else {
    StateDiagnostics diagnostics = evolution->diagnostics;
    if (is_cutoff_exact) diagnostics.top_levels.clear();
    lindwurm::judge(diagnostics, study.thresholds, "evolve", verdict);
  }
  judge_failure(cutoff_failure, "evolve", verdict);
  std::vector<std::string> names;
  for (const Observable& observable : study.observables)
    names.push_back(observable.name);
  judge_cutoffs({cutoff_errors, is_cutoff_exact}, series().values, names, series().times, "evolve",
                study.thresholds, verdict);
  const bool has_members = kets && kets->ensemble;
  judge_series(series(), accuracy, has_members ? kets->ensemble->members : 1, verdict);
  if (has_members) judge_ensemble(*kets->ensemble, verdict);
}

}  // namespace lindwurm
