#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <set>

#include "judge.hpp"
#include "lindwurm/backend/log.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/model/bath_equation.hpp"
#include "lindwurm/model/thermodynamics.hpp"
#include "lindwurm/study/plan.hpp"
#include "run_correlations.hpp"

namespace lindwurm {

namespace {

template <typename Generator, typename Equation>
Generator make_generator(const std::shared_ptr<const Equation>& equation, TaskPlan plan,
                         TaskSpace& used, Results& results) {
  Generator generator(equation, {plan.storage, std::move(plan.sector)});
  used = {generator.basis().size(), conserved_values(generator.sector()), generator.storage()};
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
  const auto liouvillian = make_generator<Liouvillian>(
      equation, plan_evolution(study, initial, equation->flow()), results.evolution_space, results);
  return evolve(liouvillian, pack(initial, liouvillian), study.evolve->times, options);
}

// The sites whose cutoffs are exact, because the sector has no room above them.
std::set<std::string> exact_cutoffs(const Sector& sector, const Space& space) {
  std::set<std::string> names;
  for (int s = 0; s < space.sites(); ++s)
    if (!has_room_above(sector, s + 1)) names.insert(space.site_name(s));
  return names;
}

KetEvolution evolve_state(const Study& study, const ProductState& initial,
                          const std::shared_ptr<const SchroedingerEquation>& equation,
                          const EvolveOptions& options, Results& results) {
  TaskPlan plan = plan_evolution(study, initial, equation->flow());
  if (starts_mixed(study, initial)) {
    results.evolution_space = {size(plan.sector), plan.sector.values, plan.storage};
    return evolve_mixture(study.system, initial, study.evolve->times, options, study.mixture,
                          {plan.storage, study.liouvillian.uses_sectors, equation->subdivision()},
                          equation->communicator());
  }
  const auto generator =
      make_generator<KetGenerator>(equation, std::move(plan), results.evolution_space, results);
  const VecHandle ket = pack(ket_of(initial, study.model().space), generator);
  results.exact_cutoffs = exact_cutoffs(generator.sector(), study.model().space);
  return evolve(generator, ket, study.evolve->times, options);
}

KetEvolution evolve_state(const Study& study, const ProductState& initial,
                          const std::shared_ptr<const JumpEquation>& equation,
                          const EvolveOptions& options, Results& results) {
  const TaskPlan plan = plan_evolution(study, initial, equation->flow());
  results.evolution_space = {size(plan.sector), plan.sector.values, plan.storage};
  return evolve_trajectories(
      study.system, initial, study.evolve->times, options, study.trajectories,
      {plan.storage, study.liouvillian.uses_sectors, equation->subdivision()},
      equation->communicator(), study.earlier ? &*study.earlier : nullptr);
}

// The map of a qubit, from evolutions with different initial states of the qubit.
template <typename Equation>
void run_map(const Study& study, const std::shared_ptr<const Equation>& equation,
             const std::function<void(double)>& progress, Results& results) {
  const MapTask& task = *study.map;
  const Space& space = study.model().space;
  const ReducedSpace qubit(space, {task.site});
  EvolveOptions options = study.evolve->options;
  options.observe.clear();
  options.sites.clear();
  options.reduced = {qubit};
  options.reduced_changes = true;
  std::array<ReducedSeries, qubit_starts.size()> from{ReducedSeries(qubit), ReducedSeries(qubit),
                                                      ReducedSeries(qubit), ReducedSeries(qubit)};
  for (std::size_t k = 0; k < from.size(); ++k) {
    ProductState initial = *study.initial;
    initial.sites[task.site] =
        site_state(Expression::parse(qubit_starts[k]), space.group_of(task.site),
                   study.model().parameters, initial.neglected_weight);
    if (progress) {
      options.progress = [&](double fraction) {
        progress((static_cast<double>(k) + fraction) / static_cast<double>(from.size()));
      };
    }
    from[k] = evolve_state(study, initial, equation, options, results).reduced.front();
  }
  results.map = qubit_map(study.evolve->times, from, task.threshold);
}

// The first law can be checked if only baths exchange energy with the system and H is constant.
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
  const System& system = liouvillian.equation().system();
  const Model& model = system.model();
  if (model.baths.empty() || !system.has_constant_hamiltonian()) return;
  Thermodynamics found;
  std::vector<Functional> currents;
  for (std::size_t k = 0; k < model.baths.size(); ++k)
    currents.emplace_back(system.heat_operator(k), liouvillian.basis(), liouvillian.communicator());
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
  // At T = 0, states of equal energy would have to be weighted by their numbers of copies.
  const bool has_gibbs_state = temperature && (*temperature > 0 || !model.space.has_ensembles());
  if (has_gibbs_state && model.space.dimension() <= Study::states_limit) {
    found.gibbs_distance = trace_distance(unpack(results.steady->state, liouvillian.basis()),
                                          gibbs_state(study.model(), *temperature));
  }
  results.thermodynamics = std::move(found);
}

void draw_steady_state(const Study& study, const Liouvillian& liouvillian, Results& results) {
  results.phase_space.resize(study.phase_space.size());
  for (std::size_t k = 0; k < study.phase_space.size(); ++k) {
    const PhaseSpaceTask& task = study.phase_space[k];
    const SiteTrace trace(task.site, liouvillian.basis(), liouvillian.communicator());
    results.phase_space[k].steady =
        quasi_probability(trace.of(results.steady->state), task.function, task.grid);
  }
}

void draw_evolution(const Study& study, const TimeSeries& run, Results& results) {
  results.phase_space.resize(study.phase_space.size());
  for (std::size_t k = 0; k < study.phase_space.size(); ++k) {
    const PhaseSpaceTask& task = study.phase_space[k];
    for (const SiteState& state : run.site_states[k])
      results.phase_space[k].at.push_back(quasi_probability(state, task.function, task.grid));
  }
}

// The states of earlier runs that can serve as guesses in this basis.
std::vector<Vec> guesses(const WarmStart* warm, const PackedBasis& basis) {
  std::vector<Vec> states;
  if (warm == nullptr || !warm->steady_basis || !warm->steady_basis->agrees_with(basis))
    return states;
  for (const auto& state : warm->steady_states)
    states.push_back(state);
  return states;
}

void keep_for_next(const SteadyState& steady, WarmStart& warm) {
  if (steady.state.get() == nullptr || !steady.is_converged) return;
  if (!warm.steady_basis || !warm.steady_basis->agrees_with(*steady.basis))
    warm.steady_states.clear();
  warm.steady_basis = steady.basis;
  if (warm.steady_states.size() == WarmStart::most_states) warm.steady_states.pop_back();
  warm.steady_states.push_front(duplicate(steady.state));
  LINDWURM_PETSC(VecCopy(steady.state, warm.steady_states.front()));
}

// The errors of the observables that follow from the uncertainty of the state.
std::vector<std::optional<double>> errors_of(const Observables& observables,
                                             const SteadyState& steady,
                                             const Liouvillian& liouvillian) {
  std::vector<std::optional<double>> errors(observables.size());
  if (steady.uncertainty.get() == nullptr) return errors;
  Observer observer(observables, liouvillian);
  observer.record(0, steady.uncertainty);
  for (std::size_t k = 0; k < observables.size(); ++k) {
    const auto* function = std::get_if<StateFunction>(&observables[k].content);
    if (function == nullptr) {
      errors[k] = std::abs(observer.values()[k].front());
    } else if (*function == StateFunction::purity && !liouvillian.space().has_ensembles()) {
      errors[k] = 2 * std::abs(dot(steady.state, steady.uncertainty));
    }
  }
  return errors;
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

// Why the generator does not preserve the trace, which superoperator terms can cause; empty if it
// does.
std::string trace_loss(const std::shared_ptr<const MasterEquation>& equation) {
  if (equation->model().superoperators.empty()) return {};
  const Liouvillian liouvillian(equation,
                                {Storage::matrix_free, sector_of_diagonal(equation->charges())});
  const auto loss = liouvillian.trace_loss();
  if (!loss) return {};
  return fmt::format(
      "the superoperator terms do not keep the trace (tr L rho reaches {:.3g} for unit elements): "
      "states do not stay normalised, and there is no steady state; check the terms",
      *loss);
}

// Works in the part that cannot be left, unless the steady state is not unique. Then the limit
// depends on where the initial state comes from, and may keep coherences elsewhere.
void run_steady_state(const Study& study, const std::shared_ptr<const MasterEquation>& equation,
                      std::function<void(double)> progress, WarmStart* warm, Results& results) {
  SteadyOptions options = *study.steady;
  options.progress = std::move(progress);
  options.is_gksl = results.generator == "GKSL";
  const auto solve = [&](const TaskPlan& plan, bool starts_from_initial) {
    const auto liouvillian =
        make_generator<Liouvillian>(equation, plan, results.steady_space, results);
    VecHandle initial;
    if (starts_from_initial) initial = pack(*study.initial, liouvillian);
    options.initial = initial;
    options.guesses = guesses(warm, liouvillian.basis());
    results.steady = steady_state(liouvillian, options);
    if (warm != nullptr) keep_for_next(*results.steady, *warm);
    if (results.steady->state.get() == nullptr) return;
    Observer observer(study.observables, liouvillian, study.reduced);
    observer.record(0, results.steady->state);
    results.steady_values.clear();
    for (const auto& values : observer.values())
      results.steady_values.push_back(values.front());
    results.is_hermitian = observer.is_real();
    results.steady_errors = errors_of(study.observables, *results.steady, liouvillian);
    results.steady_reduced = observer.reduced();
    observe_heat(study, liouvillian, results);
    draw_steady_state(study, liouvillian, results);
  };
  const auto holds_initial = [&](const TaskPlan& plan) {
    return study.initial &&
           holds(plan.sector, sector_of_initial(study, *study.initial, plan.sector.charges));
  };
  TaskPlan plan = plan_steady_state(study, equation->flow());
  const bool is_whole = plan.sector.charges.are_conserved();
  solve(plan, is_whole && holds_initial(plan));
  if (!results.steady->failure.empty() || results.steady->is_unique || !study.initial ||
      (is_whole && holds_initial(plan)))
    return;
  plan = plan_steady_state(study, equation->flow(), false);
  if (!holds_initial(plan)) plan.sector = whole_space(equation->charges());
  solve(plan, true);
}

using Report = std::function<std::function<void(double)>(const std::string&)>;

template <typename Equation>
std::shared_ptr<const Equation> make_equation(const Study& study, MPI_Comm comm, Results& results) {
  const LoggedStage stage("model");
  const auto [from, to] = study.time_span();
  auto equation = std::make_shared<const Equation>(
      study.system, comm, std::vector<double>{from, to}, study.liouvillian.subdivision);
  results.charge_moduli = equation->charges().moduli();
  results.unknowns = equation->charges().elements().size();
  return equation;
}

std::int64_t members_of(const Evolution&) { return 1; }
std::int64_t members_of(const KetEvolution& run) {
  return run.ensemble ? run.ensemble->members : 1;
}

template <typename Equation, typename Found>
void run_evolution(const Study& study, const std::shared_ptr<const Equation>& equation,
                   const Report& report, std::optional<Found>& found, Results& results) {
  const LoggedStage stage("evolve");
  found = evolve_state(study, *study.initial, equation,
                       with_progress(study.evolve->options, report("evolve")), results);
  results.is_hermitian = found->is_hermitian;
  draw_evolution(study, *found, results);
  judge(found->diagnostics, study.thresholds, "evolve", results);
  judge(*found, study.evolve->options.accuracy, members_of(*found), results);
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
  judge_baths(study.system, results);
  judge_initial(study, results);
  if (!study.evolve) return;
  run_evolution(study, equation, report, results.ket_evolution, results);
  judge(*results.ket_evolution->ensemble, results);
}

Spectrum run_spectrum(const Study& study, const std::shared_ptr<const MasterEquation>& equation,
                      std::function<void(double)> progress) {
  SpectrumOptions options = *study.spectrum;
  options.storage = study.liouvillian.storage;
  options.observe = study.observables;
  options.initial = study.initial;
  options.progress = std::move(progress);
  return study.liouvillian.uses_sectors
             ? spectrum_by_sectors(equation, options)
             : spectrum_by_sectors(equation, options, {whole_space(equation->charges())});
}

// There must be only one verdict on what counts as 0. The solver of the steady state distinguishes
// smaller eigenvalues from 0, so its verdict is used.
void take_over(const SteadyState& steady, Spectrum& spectrum) {
  const bool is_settled =
      steady.is_converged && steady.failure.empty() && steady.dimension_is_exact;
  if (!is_settled || spectrum.stationary <= steady.dimension) return;
  spectrum.stationary = steady.dimension;
  if (steady.gap) spectrum.gap = *steady.gap;
}

void run_lindblad(const Study& study, MPI_Comm comm, const Report& report, WarmStart* warm,
                  Results& results) {
  const auto equation = make_equation<MasterEquation>(study, comm, results);
  judge_baths(study.system, results);
  judge_ensembles(study, results);
  judge_initial(study, results);
  const std::string lost = trace_loss(equation);
  if (!lost.empty()) results.problems.push_back(lost);
  if (study.evolve) {
    run_evolution(study, equation, report, results.evolution, results);
    run_map_if_asked(study, equation, report, results);
  }
  if (study.steady && !lost.empty()) {
    results.steady = none(lost);
  } else if (study.steady) {
    const LoggedStage stage("steady state");
    run_steady_state(study, equation, report("steady state"), warm, results);
    judge(*results.steady, study, results);
    if (results.steady->state.get() != nullptr) {
      judge(results.steady->diagnostics, study.thresholds, "steady", results);
    }
  }
  if (study.spectrum) {
    const LoggedStage stage("spectrum");
    results.spectrum = run_spectrum(study, equation, report("spectrum"));
    if (results.steady) take_over(*results.steady, *results.spectrum);
    judge(*results.spectrum, results);
  }
  if (!study.correlations.empty()) {
    const LoggedStage stage("correlations");
    run_correlations(study, equation, report("correlations"), results);
  }
}

}  // namespace

Results run(const Study& study, MPI_Comm comm, const Progress& progress, WarmStart* warm) {
  const auto start = std::chrono::steady_clock::now();
  const Report report = [&](const std::string& what) -> std::function<void(double)> {
    if (!progress) return {};
    return [&progress, what](double fraction) { progress(what, fraction); };
  };
  Results results;
  MPI_Comm_size(comm, &results.ranks);
  results.dimension = study.model().space.dimension();
  if (progress) progress("assemble", 0);
  switch (study.dynamics) {
    case Dynamics::lindblad:
      run_lindblad(study, comm, report, warm, results);
      break;
    case Dynamics::unitary:
      run_unitary(study, comm, report, results);
      break;
    case Dynamics::trajectories:
      run_trajectories(study, comm, report, results);
      break;
  }
  judge_phase_space(study, results);
  judge_finite(study, results);
  results.peak_memory_bytes = peak_memory_bytes(comm);
  results.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return results;
}

}  // namespace lindwurm
