#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "lindwurm/model/cutoff.hpp"
#include "lindwurm/tasks/forecast.hpp"
#include "lindwurm/tasks/runner.hpp"
#include "lindwurm/tasks/steady.hpp"
#include "tasks/cutoff_report.hpp"
#include "tasks/state_report.hpp"

namespace lindwurm {

namespace {

constexpr double steady_vectors = 12;  // in addition to the basis of GMRES
// The number of entries of MUMPS's factors for each entry of the matrix, divided by the square root
// of the unknowns. A rough guide.
constexpr double fill_of_lu = 0.6;

// The memory for showing, part by part, that everything that only feeds the steady state decays.
double bytes_of_decay(const SteadyOptions& options, const Forecaster& forecaster,
                      const Sector& recurrent) {
  if (recurrent.charges.are_conserved()) return 0;
  std::int64_t largest = 0;
  for (const Sector& part : parts_beside(recurrent, forecaster.flow(), forecaster.study().model()))
    largest = std::max(largest, size(part));
  const double vectors = options.restart + steady_vectors + 1;
  return 8 * vectors * static_cast<double>(largest);
}

// If the trace is not conserved, the state cannot be normalised.
SteadyState none(std::string failure) {
  SteadyState steady;
  steady.failure = std::move(failure);
  steady.is_unique = steady.dimension_is_exact = false;
  steady.dimension = 0;
  steady.solver = steady.preconditioner = steady.reason = "none";
  return steady;
}

// What has not been tried yet.
std::string advice(const SteadyState& steady) {
  const bool tried_gmres = steady.solver.find("gmres") != std::string::npos;
  const bool tried_mumps = steady.solver.find("mumps") != std::string::npos;
  std::vector<std::string> ways;
  if (tried_gmres) ways.emplace_back("raise steady.max_iterations or steady.restart");
  if (tried_gmres && tried_mumps) ways.emplace_back("take another liouvillian.preconditioner");
  if (!tried_mumps) ways.emplace_back("use solver = \"mumps\"");
  if (!tried_gmres) ways.emplace_back("use solver = \"gmres\"");
  return fmt::format("{}", fmt::join(ways, ", or "));
}

// An observable of the steady state may be this wrong, relative to 1 or to itself.
constexpr double allowed_error = 1e-6;

void judge_errors(const SteadyState& steady, const Observables& observables, Verdict& verdict) {
  double worst = 0;
  std::size_t which = 0;
  for (std::size_t k = 0; k < steady.errors.size(); ++k) {
    const auto& error = steady.errors[k];
    if (!error) continue;
    const double relative = *error / std::max(1.0, std::abs(steady.values[k]));
    if (relative <= worst) continue;
    worst = std::isfinite(relative) ? relative : std::numeric_limits<double>::infinity();
    which = k;
  }
  if (worst <= allowed_error) return;
  verdict.problems.push_back(fmt::format(
      "steady: <{}> is known to an error of about {:.2g} only: L has rates so far apart that its "
      "slowest modes make this of the residual |L rho|/|rho| = {:.2g} and of rounding; measure the "
      "slow part by itself, or bring the rates closer",
      observables[which].name, *steady.errors[which], steady.residual));
}

void judge_uniqueness(const SteadyState& steady, Verdict& verdict) {
  if (!steady.is_unique) {
    const char* mean =
        steady.state.get() != nullptr && steady.dimension_is_exact
            ? "given is the long-time mean of the initial state's evolution"
        : steady.state.get() != nullptr
            ? "if these are all, the state given is the long-time mean of the initial "
              "state's evolution"
        : steady.dimension_is_exact ? "give an [initial] state to have its long-time mean"
                                    : "no long-time mean is given, because it needs all of them";
    verdict.problems.push_back(
        fmt::format("steady: not unique, the stationary space has dimension {}{}; {}",
                    steady.dimension_is_exact ? "" : "at least ", steady.dimension, mean));
  } else if (!steady.dimension_is_exact && steady.is_converged) {
    verdict.problems.push_back(fmt::format(
        "steady: not shown to be unique: either the check did not converge, or L has an eigenvalue "
        "too close to 0 to be told from it (steady.resolution); {}",
        advice(steady)));
  }
}

void judge_state(const SteadyState& steady, const Observables& observables, Verdict& verdict) {
  if (!steady.failure.empty()) {
    verdict.problems.push_back("steady: " + steady.failure);
    return;
  }
  judge_uniqueness(steady, verdict);
  if (!steady.is_converged) {
    verdict.problems.push_back(fmt::format("steady: not converged ({}), |L rho|/|rho| = {:.3g}; {}",
                                           steady.reason, steady.residual, advice(steady)));
  }
  if (!steady.is_stability_shown) {
    verdict.warnings.push_back(
        "steady: not tested whether L has eigenvalues with a positive real part, which an equation "
        "that is not of GKSL form can have; [spectrum] with a larger max_products may show it");
  }
  judge_errors(steady, observables, verdict);
}

}  // namespace

void SteadyTask::complete(Study& study) {
  options.preconditioner = study.liouvillian.preconditioner;
  options.observe = study.observables;
  options.reduced = study.reduced;
}

std::optional<Forecast> SteadyTask::forecast(const Forecaster& forecaster) const {
  const Study& study = forecaster.study();
  const TaskPlan plan =
      plan_steady_state(options, study.model(), forecaster.flow(), study.liouvillian);
  Forecast task = forecaster.task("steady", plan.sector, plan.storage);
  const auto n = static_cast<double>(task.unknowns);
  const bool is_small = options.first_solver(task.unknowns) == SteadySolver::mumps;
  const bool is_stored = plan.storage == Storage::assembled;
  // The proof of uniqueness holds the matrix of all other sectors in addition to this one.
  const bool has_others = task.unknowns < forecaster.flow().charges().elements().size();
  const double matrix = Forecaster::assembled(task);
  const double others = is_stored && has_others ? matrix : 0;
  const double factors = is_small ? fill_of_lu * std::sqrt(n) * matrix : is_stored ? matrix : 8 * n;
  const double vectors = is_small ? steady_vectors : options.restart + steady_vectors;
  task.bytes = 8 * vectors * n + forecaster.generator(plan, task) + others + factors +
               forecaster.dense_state() + bytes_of_decay(options, forecaster, plan.sector);
  return task;
}

namespace {

// Compares the values with those of a steady state with more levels, if that is cheap or asked for.
void estimate_cutoff_errors(const SteadyTask& task, SteadyOutcome& found, Runner& runner) {
  const Study& study = runner.study();
  if (found.steady.state.get() == nullptr || !found.steady.is_unique) return;
  const auto& enlarged = runner.enlarged();
  if (!enlarged) return;
  const Flow& flow = enlarged->master->flow();
  const std::int64_t unknowns = size(
      plan_steady_state(task.options, enlarged->system.model(), flow, study.liouvillian).sector);
  // Observables may reach beyond the cutoff all the same, as a a^dag does.
  found.is_cutoff_exact = unknowns == found.steady.space.unknowns;
  const double products = found.steady.iterations + found.steady.check_iterations;
  if (study.observables.empty() || !runner.is_worth(products * static_cast<double>(unknowns)))
    return;
  SteadyOptions options = task.options;
  options.progress = {};
  options.reduced.clear();
  options.sites.clear();
  options.is_gksl = runner.verdict().generator == "GKSL";
  const SteadyState larger =
      steady_state(enlarged->master, options, std::nullopt, study.liouvillian);
  for (std::size_t k = 0; k < larger.values.size(); ++k)
    found.cutoff_errors.push_back(std::abs(found.steady.values[k] - larger.values[k]));
}

}  // namespace

std::unique_ptr<Outcome> SteadyTask::run(Runner& runner) const {
  auto outcome = std::make_unique<SteadyOutcome>();
  if (const std::string& lost = runner.trace_loss(); !lost.empty()) {
    outcome->steady = none(lost);
    return outcome;
  }
  SteadyOptions here = options;
  here.progress = runner.progress("steady state");
  here.is_gksl = runner.verdict().generator == "GKSL";
  outcome->steady = steady_state(runner.master_equation(), here, runner.study().initial,
                                 runner.study().liouvillian, runner.warm_start());
  outcome->cutoff_failure = failure_of([&] { estimate_cutoff_errors(*this, *outcome, runner); });
  return outcome;
}

void SteadyOutcome::judge(const Study& study, Verdict& verdict) const {
  judge_state(steady, study.observables, verdict);
  if (steady.state.get() == nullptr) return;
  StateDiagnostics diagnostics = steady.diagnostics;
  if (is_cutoff_exact) diagnostics.top_levels.clear();
  lindwurm::judge(diagnostics, study.thresholds, "steady", verdict);
  judge_failure(cutoff_failure, "steady", verdict);
  CutoffErrors errors;
  std::vector<std::vector<Complex>> values;
  std::vector<std::string> names;
  for (std::size_t k = 0; k < cutoff_errors.size(); ++k) {
    errors.of_values.push_back({cutoff_errors[k]});
    values.push_back({steady.values[k]});
    names.push_back(study.observables[k].name);
  }
  judge_cutoffs(errors, values, names, {}, "steady", study.thresholds, verdict);
}

}  // namespace lindwurm
