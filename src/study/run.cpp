#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <set>

#include "lindwurm/backend/log.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/model/bath_equation.hpp"
#include "lindwurm/model/thermodynamics.hpp"
#include "lindwurm/study/plan.hpp"

namespace lindwurm {

namespace {

void judge(const StateDiagnostics& found, const Thresholds& allowed, const std::string& of,
           Results& results) {
  if (!(found.trace_error <= allowed.trace)) {
    results.warnings.push_back(
        fmt::format("{}: the trace is off by {:.3g}", of, found.trace_error));
  }
  for (const auto& [site, population] : found.top_levels) {
    if (population <= allowed.top_level) continue;
    results.warnings.push_back(
        fmt::format("{}: the top level of '{}' holds {:.3g} (more than {:.1g}); the truncation may "
                    "be too small: raise its levels",
                    of, site, population, allowed.top_level));
  }
  if (found.lowest_eigenvalue && *found.lowest_eigenvalue < -allowed.positivity) {
    results.warnings.push_back(fmt::format(
        "{}: rho is not positive, its lowest eigenvalue is {:.3g}", of, *found.lowest_eigenvalue));
  }
}

void judge(const SteadyState& steady, Results& results) {
  if (!steady.is_unique) {
    results.problems.push_back(
        fmt::format("steady: not unique, the stationary space has dimension {}{}; {}",
                    steady.dimension_is_exact ? "" : "at least ", steady.dimension,
                    steady.state.get() != nullptr
                        ? "given is the long-time mean of the initial state's evolution"
                        : "give an [initial] state to have its long-time mean"));
  } else if (!steady.dimension_is_exact) {
    results.problems.push_back(
        "steady: not shown to be unique, the check did not converge; raise steady.max_iterations "
        "or use solver = \"mumps\"");
  }
  if (steady.state.get() != nullptr && !steady.is_converged) {
    results.problems.push_back(fmt::format(
        "steady: not converged ({}), |L rho|/|rho| = {:.3g}; raise steady.max_iterations, or use "
        "solver = \"mumps\"",
        steady.reason, steady.residual));
  }
}

void judge(const Spectrum& spectrum, Results& results) {
  if (!spectrum.is_complete) {
    results.problems.push_back(
        spectrum.method == "dense"
            ? fmt::format(
                  "spectrum: not shown complete, the eigenvalues' sum misses tr L by {:.3g}",
                  spectrum.trace_defect)
            : "spectrum: not shown complete, for SLEPc can report eigenvalues as converged and "
              "miss others further right");
  }
  if (!spectrum.is_found) {
    results.problems.push_back(
        fmt::format("spectrum: only {} eigenvalues converged", spectrum.eigenvalues.size()));
    return;
  }
  if (!spectrum.is_converged()) {
    results.problems.push_back("spectrum: a residual is larger than rounding explains");
  }
  if (spectrum.stationary > 1) {
    results.warnings.push_back(fmt::format(
        "spectrum: the eigenvalue 0 is {}-fold, the steady state is not unique; the gap is that of "
        "the slowest mode beside them",
        spectrum.stationary));
  }
  if (!spectrum.gap) {
    results.warnings.push_back("spectrum: every mode is stationary, there is no gap");
  } else if (*spectrum.gap < 1e-10 * std::abs(spectrum.scale)) {
    results.warnings.push_back(
        "spectrum: a mode oscillates without decay, there is no gap (gap = 0)");
  }
  if (spectrum.gap && *spectrum.gap < -1e-10 * std::abs(spectrum.scale)) {
    results.problems.push_back(fmt::format(
        "spectrum: an eigenvalue has the positive real part {:.3g}; the equation is not stable",
        -*spectrum.gap));
  }
}

Liouvillian make_liouvillian(const std::shared_ptr<const MasterEquation>& equation, TaskPlan plan,
                             TaskSpace& used, Results& results) {
  Liouvillian liouvillian(equation, {plan.storage, std::move(plan.sector)});
  used = {liouvillian.basis().size(), liouvillian.sector().values, liouvillian.storage()};
  results.entries = std::max(results.entries, liouvillian.entries());
  return liouvillian;
}

void run_evolution(const Study& study, const std::shared_ptr<const MasterEquation>& equation,
                   std::function<void(double)> progress, Results& results) {
  const Liouvillian liouvillian = make_liouvillian(
      equation, plan_evolution(study, equation->charges()), results.evolution_space, results);
  EvolveOptions options = study.evolve->options;
  options.progress = std::move(progress);
  const VecHandle initial = pack(*study.initial, liouvillian);
  results.evolution = evolve(liouvillian, initial, study.evolve->times, options);
  results.is_hermitian = results.evolution->is_hermitian;
}

// A first-law check makes sense where baths alone exchange energy with a system of constant H.
bool exchanges_heat_alone(const Model& model) {
  return model.dissipators.empty() && model.superoperators.empty();
}

std::optional<double> common_temperature(const Model& model) {
  const double first = model.baths.front().bath.temperature();
  for (const auto& each : model.baths) {
    if (each.bath.kind() == BathKind::classical || each.bath.temperature() != first)
      return std::nullopt;
  }
  return first;
}

void observe_heat(const Study& study, const Liouvillian& liouvillian, Results& results) {
  const Model& model = liouvillian.model();
  if (model.baths.empty() || !has_constant_hamiltonian(model)) return;
  Thermodynamics found;
  std::vector<Functional> currents;
  for (const auto& bath : model.baths)
    currents.emplace_back(heat_operator(bath, model), liouvillian.basis(),
                          liouvillian.communicator());
  const auto values = expectations(currents, results.steady->state);
  double sum = 0;
  double magnitude = 0;
  for (std::size_t k = 0; k < values.size(); ++k) {
    found.heat.emplace_back(model.baths[k].name, values[k].real());
    sum += values[k].real();
    magnitude += std::abs(values[k].real());
  }
  if (exchanges_heat_alone(model) && values.size() > 1 && magnitude > 0)
    found.first_law_defect = std::abs(sum) / magnitude;
  const auto temperature = common_temperature(model);
  if (temperature && model.space.dimension() <= Study::states_limit) {
    found.gibbs_distance = trace_distance(unpack(results.steady->state, liouvillian.basis()),
                                          gibbs_state(study.model, *temperature));
  }
  results.thermodynamics = std::move(found);
}

void judge_baths(const Model& model, Results& results) {
  if (!model.superoperators.empty()) results.generator = "not shown to be GKSL";
  for (const auto& bath : model.baths) {
    std::set<std::string> said;  // once for all members
    for (const auto& equation : bath_equations(bath, model)) {
      if (!equation.is_gksl) results.generator = "not GKSL";
      for (const auto& warning : equation.validity.warnings) {
        if (!said.insert(warning).second) continue;
        results.warnings.push_back(
            fmt::format("bath '{}', {}: {}", bath.name, name_of(bath.scheme), warning));
      }
    }
  }
}

// The diagonal's sector is enough unless the steady state is not unique: then its limit may keep
// coherences of the initial state that lie elsewhere.
void run_steady_state(const Study& study, const std::shared_ptr<const MasterEquation>& equation,
                      std::function<void(double)> progress, Results& results) {
  SteadyOptions options = *study.steady;
  options.progress = std::move(progress);
  const auto solve = [&](const TaskPlan& plan, bool starts_from_initial) {
    const Liouvillian liouvillian = make_liouvillian(equation, plan, results.steady_space, results);
    VecHandle initial;
    if (starts_from_initial) initial = pack(*study.initial, liouvillian);
    options.initial = initial;
    results.steady = steady_state(liouvillian, options);
    if (results.steady->state.get() == nullptr) return;
    Observer observer(study.observables, liouvillian);
    observer.record(results.steady->state);
    results.steady_values.clear();
    for (const auto& values : observer.values())
      results.steady_values.push_back(values.front());
    results.is_hermitian = observer.is_real();
    observe_heat(study, liouvillian, results);
  };
  TaskPlan plan = plan_steady_state(study, equation->charges());
  const bool holds_initial =
      study.initial && holds(plan.sector, sector_of_initial(study, plan.sector.charges));
  solve(plan, holds_initial);
  if (results.steady->is_unique || !study.initial || holds_initial) return;
  plan.sector = whole_space(equation->charges());
  solve(plan, true);
}

}  // namespace

Results run(const Study& study, MPI_Comm comm, const Progress& progress) {
  const auto start = std::chrono::steady_clock::now();
  const auto report = [&](const std::string& what) -> std::function<void(double)> {
    if (!progress) return {};
    return [&progress, what](double fraction) { progress(what, fraction); };
  };
  Results results;
  MPI_Comm_size(comm, &results.ranks);
  std::vector<double> times{0.0};
  if (study.evolve) times = {study.evolve->times.front(), study.evolve->times.back()};
  if (progress) progress("assemble", 0);
  const auto equation = [&] {
    const LoggedStage stage("model");
    return std::make_shared<const MasterEquation>(study.model, comm, times);
  }();
  judge_baths(study.model, results);
  results.dimension = study.model.space.dimension();
  results.charge_moduli = equation->charges().moduli();
  if (study.initial && study.initial->neglected_weight > study.thresholds.top_level) {
    results.warnings.push_back(
        fmt::format("initial: the cutoff takes the weight {:.3g} from the initial state; raise "
                    "the levels",
                    study.initial->neglected_weight));
  }
  if (study.evolve) {
    const LoggedStage stage("evolve");
    run_evolution(study, equation, report("evolve"), results);
    judge(results.evolution->diagnostics, study.thresholds, "evolve", results);
  }
  if (study.steady) {
    const LoggedStage stage("steady state");
    run_steady_state(study, equation, report("steady state"), results);
    judge(*results.steady, results);
    if (results.steady->state.get() != nullptr) {
      judge(results.steady->diagnostics, study.thresholds, "steady", results);
    }
  }
  if (study.spectrum) {
    const LoggedStage stage("spectrum");
    if (progress) progress("spectrum", 0);
    results.spectrum = study.liouvillian.uses_sectors
                           ? spectrum_by_sectors(equation, *study.spectrum)
                           : spectrum(Liouvillian(equation), *study.spectrum);
    judge(*results.spectrum, results);
  }
  results.peak_memory_bytes = peak_memory_bytes(comm);
  results.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return results;
}

}  // namespace lindwurm
