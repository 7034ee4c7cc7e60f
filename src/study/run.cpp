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

// One line, however many oscillators there are.
void judge_top_levels(const std::vector<std::pair<std::string, double>>& populations,
                      const Thresholds& allowed, const std::string& of, Results& results) {
  const auto is_above = [&](const auto& each) { return each.second > allowed.top_level; };
  const auto above = std::count_if(populations.begin(), populations.end(), is_above);
  if (above == 0) return;
  const auto worst =
      std::max_element(populations.begin(), populations.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  results.warnings.push_back(fmt::format(
      "{}: the top level of '{}' holds {:.3g} (more than {:.1g}){}; the truncation may be too "
      "small: raise its levels",
      of, worst->first, worst->second, allowed.top_level,
      above > 1 ? fmt::format(", and those of {} other sites too much", above - 1) : ""));
}

void judge(const KetDiagnostics& found, const Thresholds& allowed, const std::string& of,
           Results& results) {
  if (!(found.norm_error <= allowed.trace)) {
    results.warnings.push_back(fmt::format("{}: the norm is off by {:.3g}", of, found.norm_error));
  }
  if (found.energy_drift && !(*found.energy_drift <= allowed.energy)) {
    results.warnings.push_back(
        fmt::format("{}: <H> went astray by {:.3g}; lower evolve.rtol and evolve.atol", of,
                    *found.energy_drift));
  }
  auto populations = found.top_levels;
  std::erase_if(populations,
                [&](const auto& each) { return results.exact_cutoffs.contains(each.first); });
  judge_top_levels(populations, allowed, of, results);
}

void judge(const StateDiagnostics& found, const Thresholds& allowed, const std::string& of,
           Results& results) {
  if (!(found.trace_error <= allowed.trace)) {
    results.warnings.push_back(
        fmt::format("{}: the trace is off by {:.3g}", of, found.trace_error));
  }
  judge_top_levels(found.top_levels, allowed, of, results);
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

template <typename Generator, typename Equation>
Generator make_generator(const std::shared_ptr<const Equation>& equation, TaskPlan plan,
                         TaskSpace& used, Results& results) {
  Generator generator(equation, {plan.storage, std::move(plan.sector)});
  used = {generator.basis().size(), generator.sector().values, generator.storage()};
  results.entries = std::max(results.entries, generator.entries());
  return generator;
}

EvolveOptions with_progress(EvolveOptions options, std::function<void(double)> progress) {
  options.progress = std::move(progress);
  return options;
}

Evolution evolve_state(const Study& study, const ProductState& initial,
                       const std::shared_ptr<const MasterEquation>& equation,
                       const EvolveOptions& options, Results& results) {
  const auto liouvillian =
      make_generator<Liouvillian>(equation, plan_evolution(study, initial, equation->charges()),
                                  results.evolution_space, results);
  return evolve(liouvillian, pack(initial, liouvillian), study.evolve->times, options);
}

// The sites that have no room above their cutoffs in the sector.
std::set<std::string> exact_cutoffs(const Sector& sector, const Space& space) {
  std::set<std::string> names;
  for (int s = 0; s < space.sites(); ++s)
    if (!has_room_above(sector, s + 1)) names.insert(space.site_name(s));
  return names;
}

KetEvolution evolve_state(const Study& study, const ProductState& initial,
                          const std::shared_ptr<const SchroedingerEquation>& equation,
                          const EvolveOptions& options, Results& results) {
  TaskPlan plan = plan_evolution(study, initial, equation->charges());
  if (starts_mixed(study, initial)) {
    results.evolution_space = {size(plan.sector), plan.sector.values, plan.storage};
    return evolve_mixture(study.model, initial, study.evolve->times, options, study.mixture,
                          {plan.storage, study.liouvillian.uses_sectors}, equation->communicator());
  }
  const auto generator =
      make_generator<KetGenerator>(equation, std::move(plan), results.evolution_space, results);
  const VecHandle ket = pack(ket_of(initial, study.model.space), generator);
  results.exact_cutoffs = exact_cutoffs(generator.sector(), study.model.space);
  return evolve(generator, ket, study.evolve->times, options);
}

KetEvolution evolve_state(const Study& study, const ProductState& initial,
                          const std::shared_ptr<const JumpEquation>& equation,
                          const EvolveOptions& options, Results& results) {
  const TaskPlan plan = plan_evolution(study, initial, equation->charges());
  results.evolution_space = {size(plan.sector), plan.sector.values, plan.storage};
  return evolve_trajectories(study.model, initial, study.evolve->times, options, study.trajectories,
                             {plan.storage, study.liouvillian.uses_sectors},
                             equation->communicator(), study.earlier ? &*study.earlier : nullptr);
}

// The map of a qubit, from evolutions that differ in where it starts.
template <typename Equation>
void run_map(const Study& study, const std::shared_ptr<const Equation>& equation,
             const std::function<void(double)>& progress, Results& results) {
  const MapTask& task = *study.map;
  const Space& space = study.model.space;
  const ReducedSpace qubit(space, {task.site});
  EvolveOptions options = study.evolve->options;
  options.observe.clear();
  options.reduced = {qubit};
  options.reduced_changes = true;
  std::array<ReducedSeries, qubit_starts.size()> from{ReducedSeries(qubit), ReducedSeries(qubit),
                                                      ReducedSeries(qubit), ReducedSeries(qubit)};
  for (std::size_t k = 0; k < from.size(); ++k) {
    ProductState initial = *study.initial;
    initial.sites[task.site] =
        site_state(Expression::parse(qubit_starts[k]), space.group_of(task.site),
                   study.model.parameters, initial.neglected_weight);
    if (progress) {
      options.progress = [&](double fraction) {
        progress((static_cast<double>(k) + fraction) / static_cast<double>(from.size()));
      };
    }
    from[k] = evolve_state(study, initial, equation, options, results).reduced.front();
  }
  results.map = qubit_map(study.evolve->times, from, task.threshold);
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
    const auto liouvillian =
        make_generator<Liouvillian>(equation, plan, results.steady_space, results);
    VecHandle initial;
    if (starts_from_initial) initial = pack(*study.initial, liouvillian);
    options.initial = initial;
    results.steady = steady_state(liouvillian, options);
    if (results.steady->state.get() == nullptr) return;
    Observer observer(study.observables, liouvillian, study.reduced);
    observer.record(0, results.steady->state);
    results.steady_values.clear();
    for (const auto& values : observer.values())
      results.steady_values.push_back(values.front());
    results.is_hermitian = observer.is_real();
    results.steady_reduced = observer.reduced();
    observe_heat(study, liouvillian, results);
  };
  TaskPlan plan = plan_steady_state(study, equation->charges());
  const bool holds_initial =
      study.initial &&
      holds(plan.sector, sector_of_initial(study, *study.initial, plan.sector.charges));
  solve(plan, holds_initial);
  if (results.steady->is_unique || !study.initial || holds_initial) return;
  plan.sector = whole_space(equation->charges());
  solve(plan, true);
}

void judge_initial(const Study& study, Results& results) {
  if (!study.initial || study.initial->neglected_weight <= study.thresholds.top_level) return;
  results.warnings.push_back(
      fmt::format("initial: the cutoff takes the weight {:.3g} from the initial state; raise "
                  "the levels",
                  study.initial->neglected_weight));
}

using Report = std::function<std::function<void(double)>(const std::string&)>;

template <typename Equation>
std::shared_ptr<const Equation> make_equation(const Study& study, MPI_Comm comm, Results& results) {
  const LoggedStage stage("model");
  std::vector<double> times{0.0};
  if (study.evolve) times = {study.evolve->times.front(), study.evolve->times.back()};
  auto equation = std::make_shared<const Equation>(study.model, comm, times);
  results.charge_moduli = equation->charges().moduli();
  results.unknowns = equation->charges().elements().size();
  return equation;
}

void judge(const QubitMap& map, Results& results) {
  const auto unreliable = std::count(map.is_reliable.begin(), map.is_reliable.end(), false);
  if (unreliable > 0) {
    results.warnings.push_back(
        fmt::format("map: |D| is below map.threshold, or its error, at {} of {} times, "
                    "where there are no rates",
                    unreliable, map.times.size()));
  }
  if (map.mixing > 1e-6) {
    results.warnings.push_back(
        fmt::format("map: it mixes populations and coherences by up to {:.3g}; gamma_up and "
                    "gamma_down hold for starts without coherences",
                    map.mixing));
  }
}

void judge(const Ensemble& ensemble, Results& results) {
  if (!ensemble.is_reached) {
    results.problems.push_back(fmt::format(
        "evolve: the largest standard error is {:.3g}, not shown to be {:.3g} as asked for; raise "
        "{}",
        ensemble.largest_error, *ensemble.requested,
        ensemble.kind == "trajectories" ? "trajectories.count, and go on with --continue"
                                        : "mixture.samples"));
  }
}

template <typename Equation, typename Found>
void run_evolution(const Study& study, const std::shared_ptr<const Equation>& equation,
                   const Report& report, std::optional<Found>& found, Results& results) {
  const LoggedStage stage("evolve");
  found = evolve_state(study, *study.initial, equation,
                       with_progress(study.evolve->options, report("evolve")), results);
  results.is_hermitian = found->is_hermitian;
  judge(found->diagnostics, study.thresholds, "evolve", results);
}

template <typename Equation>
void run_map_if_asked(const Study& study, const std::shared_ptr<const Equation>& equation,
                      const Report& report, Results& results) {
  if (!study.map) return;
  const LoggedStage stage("map");
  run_map(study, equation, report("map"), results);
  judge(*results.map, results);
}

void run_unitary(const Study& study, MPI_Comm comm, const Report& report, Results& results) {
  const auto equation = make_equation<SchroedingerEquation>(study, comm, results);
  results.generator = "unitary";
  judge_initial(study, results);
  if (!study.evolve) return;
  run_evolution(study, equation, report, results.ket_evolution, results);
  if (results.ket_evolution->ensemble) judge(*results.ket_evolution->ensemble, results);
  run_map_if_asked(study, equation, report, results);
}

void run_trajectories(const Study& study, MPI_Comm comm, const Report& report, Results& results) {
  const auto equation = make_equation<JumpEquation>(study, comm, results);
  judge_baths(study.model, results);
  judge_initial(study, results);
  if (!study.evolve) return;
  run_evolution(study, equation, report, results.ket_evolution, results);
  judge(*results.ket_evolution->ensemble, results);
}

void run_lindblad(const Study& study, MPI_Comm comm, const Report& report, Results& results) {
  const auto equation = make_equation<MasterEquation>(study, comm, results);
  judge_baths(study.model, results);
  judge_initial(study, results);
  if (study.evolve) {
    run_evolution(study, equation, report, results.evolution, results);
    run_map_if_asked(study, equation, report, results);
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
    if (const auto progress = report("spectrum")) progress(0);
    results.spectrum = study.liouvillian.uses_sectors
                           ? spectrum_by_sectors(equation, *study.spectrum)
                           : spectrum(Liouvillian(equation), *study.spectrum);
    judge(*results.spectrum, results);
  }
}

}  // namespace

Results run(const Study& study, MPI_Comm comm, const Progress& progress) {
  const auto start = std::chrono::steady_clock::now();
  const Report report = [&](const std::string& what) -> std::function<void(double)> {
    if (!progress) return {};
    return [&progress, what](double fraction) { progress(what, fraction); };
  };
  Results results;
  MPI_Comm_size(comm, &results.ranks);
  results.dimension = study.model.space.dimension();
  if (progress) progress("assemble", 0);
  switch (study.dynamics) {
    case Dynamics::lindblad:
      run_lindblad(study, comm, report, results);
      break;
    case Dynamics::unitary:
      run_unitary(study, comm, report, results);
      break;
    case Dynamics::trajectories:
      run_trajectories(study, comm, report, results);
      break;
  }
  results.peak_memory_bytes = peak_memory_bytes(comm);
  results.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return results;
}

}  // namespace lindwurm
