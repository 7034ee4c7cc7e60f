#include "lindwurm/solve/solve.hpp"

#include <utility>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/model/energy_basis.hpp"
#include "lindwurm/model/mixture.hpp"

namespace lindwurm {

namespace {

// The sites whose cutoffs are exact, because the sector has no room above them.
std::set<std::string> exact_cutoffs(const Sector& sector, const Space& space) {
  std::set<std::string> names;
  for (int s = 0; s < space.sites(); ++s)
    if (!has_room_above(sector, s + 1)) names.insert(space.site_name(s));
  return names;
}

KetStorage storage_of_kets(const TaskPlan& plan, const LiouvillianSettings& settings,
                           const LinearEquation& equation) {
  return {plan.storage, settings.uses_sectors, equation.subdivision()};
}

// The states of earlier runs that can serve as guesses in this basis.
std::vector<Vec> guesses(const WarmStart* warm, const PackedBasis& basis) {
  std::vector<Vec> states;
  if (warm == nullptr || !warm->basis || !warm->basis->agrees_with(basis)) return states;
  for (const auto& state : warm->states)
    states.push_back(state);
  return states;
}

void keep_for_next(const SteadyState& steady, WarmStart& warm) {
  if (steady.state.get() == nullptr || !steady.is_converged) return;
  if (!warm.basis || !warm.basis->agrees_with(*steady.basis)) warm.states.clear();
  warm.basis = steady.basis;
  if (warm.states.size() == WarmStart::most_states) warm.states.pop_back();
  warm.states.push_front(duplicate(steady.state));
  LINDWURM_PETSC(VecCopy(steady.state, warm.states.front()));
}

template <typename Equation>
std::shared_ptr<const Equation> equation_of(const System& system, const std::vector<double>& times,
                                            const LiouvillianSettings& settings, MPI_Comm comm) {
  return std::make_shared<const Equation>(prepared(system), comm, times, settings.subdivision);
}

}  // namespace

Evolution evolve(const std::shared_ptr<const MasterEquation>& equation, const ProductState& initial,
                 const std::vector<double>& times, const EvolveOptions& options,
                 const LiouvillianSettings& settings) {
  TaskPlan plan = plan_evolution(initial, equation->model().space, equation->flow(), settings);
  const Liouvillian liouvillian(equation, {plan.storage, std::move(plan.sector)});
  return evolve(liouvillian, pack(initial, liouvillian), times, options);
}

KetEvolution evolve(const std::shared_ptr<const SchroedingerEquation>& equation,
                    const ProductState& initial, const std::vector<double>& times,
                    const EvolveOptions& options, const LiouvillianSettings& settings,
                    const MixtureOptions& mixture) {
  const Space& space = equation->model().space;
  TaskPlan plan = plan_ket_evolution(initial, mixture.neglect, space, equation->flow(), settings);
  if (!SiteMixtures(initial).is_pure()) {
    KetEvolution run =
        evolve_mixture(equation->system(), initial, times, options, mixture,
                       storage_of_kets(plan, settings, *equation), equation->communicator());
    run.space = {size(plan.sector), plan.sector.values, plan.storage};
    return run;
  }
  const KetGenerator generator(equation, {plan.storage, std::move(plan.sector)});
  const VecHandle ket = pack(ket_of(initial, space), generator);
  KetEvolution run = evolve(generator, ket, times, options);
  run.diagnostics.exact_cutoffs = exact_cutoffs(generator.sector(), space);
  return run;
}

KetEvolution evolve(const std::shared_ptr<const JumpEquation>& equation,
                    const ProductState& initial, const std::vector<double>& times,
                    const EvolveOptions& options, const LiouvillianSettings& settings,
                    const TrajectoriesOptions& trajectories, const Ensemble* earlier) {
  const TaskPlan plan = plan_ket_evolution(initial, MixtureOptions{}.neglect,
                                           equation->model().space, equation->flow(), settings);
  KetEvolution run = evolve_trajectories(equation->system(), initial, times, options, trajectories,
                                         storage_of_kets(plan, settings, *equation),
                                         equation->communicator(), earlier);
  run.space = {size(plan.sector), plan.sector.values, plan.storage};
  return run;
}

// Works in the part that cannot be left, unless the steady state is not unique. Then the limit
// depends on where the initial state comes from, and may keep coherences elsewhere.
SteadyState steady_state(const std::shared_ptr<const MasterEquation>& equation,
                         const SteadyOptions& options, const std::optional<ProductState>& initial,
                         const LiouvillianSettings& settings, WarmStart* warm) {
  const Model& model = equation->model();
  const auto solve = [&](const TaskPlan& plan, bool starts_from_initial) {
    const Liouvillian liouvillian(equation, {plan.storage, plan.sector});
    SteadyOptions here = options;
    VecHandle start;
    if (starts_from_initial) start = pack(*initial, liouvillian);
    here.initial = start;
    here.guesses = guesses(warm, liouvillian.basis());
    SteadyState found = steady_state(liouvillian, here);
    if (warm != nullptr) keep_for_next(found, *warm);
    return found;
  };
  const auto holds_initial = [&](const TaskPlan& plan) {
    return initial && holds(plan.sector,
                            sector_of(in_stored_basis(*initial, model.space), plan.sector.charges));
  };
  TaskPlan plan = plan_steady_state(options, model, equation->flow(), settings);
  const bool is_whole = plan.sector.charges.are_conserved();
  const bool has_initial = is_whole && holds_initial(plan);
  SteadyState found = solve(plan, has_initial);
  if (!found.failure.empty() || found.is_unique || !initial || has_initial) return found;
  plan = plan_steady_state(options, model, equation->flow(), settings, false);
  if (!holds_initial(plan)) plan.sector = whole_space(equation->charges());
  return solve(plan, true);
}

Spectrum spectrum(const std::shared_ptr<const MasterEquation>& equation,
                  const SpectrumOptions& options, const LiouvillianSettings& settings) {
  SpectrumOptions here = options;
  here.storage = settings.storage;
  return settings.uses_sectors
             ? spectrum_by_sectors(equation, here)
             : spectrum_by_sectors(equation, here, {whole_space(equation->charges())});
}

System prepared(const System& system, Dynamics dynamics, bool keeps_sites) {
  return with_chosen_bases(keeps_sites ? system : in_energy_basis(system), dynamics);
}

Evolution evolve(const System& system, const ProductState& initial,
                 const std::vector<double>& times, const EvolveOptions& options,
                 const LiouvillianSettings& settings, MPI_Comm comm) {
  if (times.empty()) throw InputError("an evolution needs at least one output time");
  return evolve(equation_of<MasterEquation>(system, {times.front(), times.back()}, settings, comm),
                initial, times, options, settings);
}

SteadyState steady_state(const System& system, const SteadyOptions& options,
                         const std::optional<ProductState>& initial,
                         const LiouvillianSettings& settings, MPI_Comm comm) {
  return steady_state(equation_of<MasterEquation>(system, {0.0}, settings, comm), options, initial,
                      settings);
}

Spectrum spectrum(const System& system, const SpectrumOptions& options,
                  const LiouvillianSettings& settings, MPI_Comm comm) {
  return spectrum(equation_of<MasterEquation>(system, {0.0}, settings, comm), options, settings);
}

}  // namespace lindwurm
