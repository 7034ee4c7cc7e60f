#include "lindwurm/study/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "lindwurm/backend/agreement.hpp"
#include "lindwurm/backend/error.hpp"
#include "lindwurm/generator/assemble.hpp"
#include "lindwurm/generator/matrix_free.hpp"
#include "lindwurm/model/mixture.hpp"
#include "lindwurm/solve/steady_state.hpp"
#include "lindwurm/states/partial_trace.hpp"
#include "lindwurm/states/random_phase.hpp"

namespace lindwurm {

namespace {

// The memory of the program and its libraries on each rank.
constexpr double base_bytes = 50e6;
// The number of vectors of the unknowns that a method keeps at its peak, including the initial
// state.
constexpr double series_vectors = 7;
constexpr double ket_series_vectors = 8;
constexpr double adams_vectors = 25;
constexpr double ket_adams_vectors = 27;  // including one for the observables of kets
constexpr double bdf_vectors = 26;        // including the basis of GMRES
constexpr double steady_vectors = 12;     // in addition to the basis of GMRES
constexpr double search_vectors = 20;     // in addition to the basis and the modes of a spectrum
// The number of matrices of all unknowns that the real Schur form needs.
constexpr double dense_matrices = 3.2;
// The number of entries of MUMPS's factors for each entry of the matrix, divided by the square root
// of the unknowns. A rough guide.
constexpr double fill_of_lu = 0.6;

Sector chosen(const Study& study, Sector sector) {
  return study.liouvillian.uses_sectors ? std::move(sector) : whole_space(sector.charges);
}

// In a joint basis, L is sparse but not a sum of products of small matrices.
Storage automatic_storage(const Study& study, bool is_factored) {
  return is_factored || study.model().space.joint() ? Storage::assembled : Storage::matrix_free;
}

}  // namespace

bool starts_mixed(const Study& study, const ProductState& initial) {
  return study.dynamics == Dynamics::unitary && !SiteMixtures(initial).is_pure();
}

Sector sector_of_initial(const Study& study, const ProductState& initial, const Charges& charges) {
  if (study.dynamics == Dynamics::lindblad)
    return sector_of(in_stored_basis(initial, study.model().space), charges);
  return largest_sector_of(initial, study.mixture.neglect, charges);
}

TaskPlan plan_evolution(const Study& study, const ProductState& initial, const Flow& flow) {
  const auto reached = [&](const Charges& charges) {
    return flow.reached_from(sector_of_initial(study, initial, charges));
  };
  const bool has_kets = study.dynamics != Dynamics::lindblad;
  return {chosen(study, has_kets ? reached(flow.charges()) : flow.smallest(reached)),
          study.liouvillian.storage.value_or(automatic_storage(study, false))};
}

// With superoperators, states that are only passed through may lose trace, so everything is
// included.
TaskPlan plan_steady_state(const Study& study, const Flow& flow, bool is_unique) {
  const bool keeps_trace = study.model().superoperators.empty();
  Sector sector = chosen(
      study, is_unique && keeps_trace ? flow.recurrent() : sector_of_diagonal(flow.charges()));
  const bool is_factored = study.steady->preconditioner == PreconditionerChoice::ilu ||
                           study.steady->first_solver(size(sector)) == SteadySolver::mumps;
  return {std::move(sector),
          study.liouvillian.storage.value_or(automatic_storage(study, is_factored))};
}

Flow::Region correlated_state(const Study& study, const CorrelationTask& task, const Flow& flow) {
  if (task.is_steady()) {
    const bool keeps_trace = study.model().superoperators.empty();
    return [=, &flow](const Charges& charges) {
      return keeps_trace ? flow.recurrent_in(charges)
                         : flow.reached_from(sector_of_diagonal(charges));
    };
  }
  return [&](const Charges& charges) {
    return flow.reached_from(
        sector_of(in_stored_basis(*study.initial, study.model().space), charges));
  };
}

namespace {

// A first check before unknowns are numbered: a run keeps about twenty vectors of them.
void require_room(std::int64_t unknowns) {
  const double needed = 20 * 8.0 * static_cast<double>(unknowns);
  const double available = available_memory_bytes();
  if (available <= 0 || needed <= available) return;
  throw InputError(fmt::format(
      "a run with density matrices of {:.4g} unknowns needs more than {:.3g} GB, but {:.3g} GB are "
      "free; use fewer levels or spins, or a machine with more memory",
      static_cast<double>(unknowns), needed / 1e9, available / 1e9));
}

// The starting point of the forecasts of all tasks.
struct Basics {
  const Study& study;
  int ranks;
  std::vector<ProductTerm> terms;
  Flow flow;
  std::int64_t sampled;
  double d;

  [[nodiscard]] bool has_kets() const { return study.dynamics != Dynamics::lindblad; }
  [[nodiscard]] PackedBasis sliced(const Sector& sector, int on_ranks) const {
    return PackedBasis(sector, inner_sites_for_products(sector.charges.elements(), on_ranks,
                                                        study.liouvillian.subdivision));
  }
  // A task with its space. Its memory is still to be determined.
  [[nodiscard]] Prediction::Task task(const Sector& sector, Storage storage) const {
    if (!has_kets()) require_room(size(sector));
    return {size(sector), count_entries(terms, sector, sampled), storage, 0};
  }
  [[nodiscard]] static double assembled(const Prediction::Task& task) {
    return assembled_bytes(static_cast<double>(task.unknowns), task.entries);
  }
  // The memory of a Liouvillian without vectors.
  [[nodiscard]] double liouvillian(const TaskPlan& plan, const Prediction::Task& task) const {
    const auto n = static_cast<double>(task.unknowns);
    if (plan.storage == Storage::assembled) return assembled(task) + 8 * n;
    return matrix_free_bytes(terms, sliced(plan.sector, ranks)) + (ranks > 1 ? 8 * n : 0);
  }
  [[nodiscard]] double ket_series() const {
    const auto times = static_cast<double>(study.evolve->times.size());
    return ket_series_vectors +
           std::clamp(times - 2, 0.0, static_cast<double>(study.evolve->options.outputs_of_series));
  }
  // The memory for observing kets: products with operators, and reduced states.
  [[nodiscard]] double observers(const TaskPlan& plan) const {
    if (!has_kets()) return 0;
    const Model& model = study.model();
    const PackedBasis basis = sliced(plan.sector, ranks);
    double bytes = 0;
    for (const auto& observable : study.observables) {
      const auto* expression = std::get_if<Expression>(&observable.content);
      if (expression == nullptr) continue;
      const Operator a = sum_over_members(*expression, model.space, model.parameters);
      bytes += matrix_free_bytes(acting_on_kets(a), basis);
    }
    for (const auto& [site, projector] : top_levels(model.space))
      bytes += matrix_free_bytes(acting_on_kets(projector), basis);
    if (ranks > 1) {
      bytes += static_cast<double>(study.reduced.size()) *
               KetPartialTrace::shared_bytes(size(plan.sector));
    }
    return bytes + matrix_free_bytes(terms, basis);  // the energy
  }
  // The memory of a full density matrix, for its eigenvalues or for the output file.
  [[nodiscard]] double dense_state() const {
    if (has_kets() && starts_mixed(study, *study.initial)) return 0;
    const bool is_stored = study.output_states.value_or(d <= Study::states_limit);
    if (has_kets()) return is_stored ? 56 * d : 0;
    return is_stored || d <= EigenvalueLimits{}.of_last_state ? 56 * d * d : 0;
  }
};

Prediction::Task predict_evolution(const Basics& basics) {
  const TaskPlan plan = plan_evolution(basics.study, *basics.study.initial, basics.flow);
  Prediction::Task task = basics.task(plan.sector, plan.storage);
  const auto n = static_cast<double>(task.unknowns);
  const EvolveOptions& options = basics.study.evolve->options;
  const bool is_constant = are_constant(basics.terms);
  const bool uses_series = options.method == EvolveMethod::chebyshev ||
                           (options.method == EvolveMethod::automatic && is_constant);
  const bool uses_adams = options.method == EvolveMethod::adams || basics.has_kets();
  const bool uses_ilu =
      plan.storage == Storage::assembled || options.jacobian == Jacobian::assembled;
  const double factors = uses_series || uses_adams ? 0
                         : uses_ilu                ? 2 * basics.assembled(task)
                                                   : 8 * n;
  const double of_series = basics.has_kets() ? basics.ket_series() : series_vectors;
  const double of_adams = basics.has_kets() ? ket_adams_vectors : adams_vectors;
  // The series for times in which a time-dependent model is constant, in addition to the
  // integrator.
  const bool rests = !is_constant && options.method == EvolveMethod::automatic;
  const double of_rests =
      rests ? series_vectors + static_cast<double>(options.outputs_of_series) : 0;
  const double vectors = of_rests + (uses_series ? of_series : uses_adams ? of_adams : bdf_vectors);
  task.bytes = 8 * vectors * n + basics.liouvillian(plan, task) + basics.observers(plan) + factors +
               basics.dense_state();
  return task;
}

// If each member of a mixture is evolved on one rank, every rank needs what a single rank needs.
Prediction::Task predict_members(Basics basics) {
  const int ranks = std::exchange(basics.ranks, 1);
  Prediction::Task task = predict_evolution(basics);
  task.bytes *= ranks;
  return task;
}

bool runs_members_alone(const Study& study, int ranks) {
  return ranks > 1 && starts_mixed(study, *study.initial) &&
         has_members_for(ranks, *study.initial, study.mixture);
}

// The memory for showing, part by part, that everything that only feeds the steady state decays.
double decay(const Basics& basics, const Sector& recurrent) {
  if (recurrent.charges.are_conserved()) return 0;
  std::int64_t largest = 0;
  for (const Sector& part : parts_beside(recurrent, basics.flow, basics.study.model()))
    largest = std::max(largest, size(part));
  const double vectors = basics.study.steady->restart + steady_vectors + 1;
  return 8 * vectors * static_cast<double>(largest);
}

Prediction::Task predict_steady_state(const Basics& basics) {
  const TaskPlan plan = plan_steady_state(basics.study, basics.flow);
  Prediction::Task task = basics.task(plan.sector, plan.storage);
  const auto n = static_cast<double>(task.unknowns);
  const SteadyOptions& options = *basics.study.steady;
  const bool is_small = options.first_solver(task.unknowns) == SteadySolver::mumps;
  const bool is_stored = plan.storage == Storage::assembled;
  // The proof of uniqueness holds the matrix of all other sectors in addition to this one.
  const bool has_others = task.unknowns < basics.flow.charges().elements().size();
  const double others = is_stored && has_others ? basics.assembled(task) : 0;
  const double factors = is_small    ? fill_of_lu * std::sqrt(n) * basics.assembled(task)
                         : is_stored ? basics.assembled(task)
                                     : 8 * n;
  const double vectors = is_small ? steady_vectors : options.restart + steady_vectors;
  task.bytes = 8 * vectors * n + basics.liouvillian(plan, task) + others + factors +
               basics.dense_state() + decay(basics, plan.sector);
  return task;
}

// The basis of Krylov-Schur, and the left and right modes of two sectors. More modes converge than
// are requested.
double vectors_of_search(int count) {
  const double basis = std::max(2.0 * count + 20, 48.0);
  return basis + 4 * std::max(1.0 * count, 12.0) + search_vectors;
}

// The forecast for the largest sector. The Liouvillians of the others, kept beside it, are smaller.
Prediction::Task predict_spectrum(const Basics& basics) {
  const Charges& charges = basics.flow.charges();
  const SpectrumOptions& options = *basics.study.spectrum;
  const Sector sector =
      basics.study.liouvillian.uses_sectors ? largest_sector(charges) : whole_space(charges);
  const SpectrumMethod method = method_for(size(sector), options);
  const bool is_dense = method == SpectrumMethod::dense;
  const bool is_searched = method == SpectrumMethod::krylov;
  const Storage storage = is_searched
                              ? basics.study.liouvillian.storage.value_or(Storage::matrix_free)
                              : Storage::assembled;
  Prediction::Task task = basics.task(sector, storage);
  const auto n = static_cast<double>(task.unknowns);
  const double vectors = is_dense      ? dense_matrices * n
                         : is_searched ? vectors_of_search(options.count)
                                       : std::max(8.0 * options.count, 100.0);
  const double generator =
      is_searched ? 2 * basics.liouvillian({sector, storage}, task) : basics.assembled(task);
  task.bytes = 8 * n * vectors + generator;
  return task;
}

// X beside its conjugates, the full rho on every rank, and the basis of GMRES for a spectrum.
Prediction::Task predict_correlation(const Basics& of_rho, const CorrelationTask& correlation) {
  const Study& study = of_rho.study;
  Basics basics = of_rho;
  basics.terms = beside_conjugates(of_rho.terms);
  basics.flow =
      Flow(basics.terms, operator_elements(study.model().space), study.liouvillian.subdivision);
  TaskPlan plan{sector_of(correlation.operators(study.model()),
                          correlated_state(study, correlation, basics.flow), basics.flow,
                          study.liouvillian.uses_sectors)};
  if (plan.sector.values.empty()) return {.storage = Storage::matrix_free};
  plan.storage = storage_of(correlation.options, size(plan.sector));
  Prediction::Task task = basics.task(plan.sector, plan.storage);
  const auto n = static_cast<double>(task.unknowns);
  const bool is_solved = !correlation.options.frequencies.empty() &&
                         correlation.options.method != TransformMethod::evolve;
  const double factors = !is_solved                           ? 0
                         : plan.storage == Storage::assembled ? 2 * basics.assembled(task)
                                                              : 8 * n;
  const double vectors = is_solved ? correlation.options.restart + steady_vectors : series_vectors;
  const TaskPlan of_state = correlation.is_steady()
                                ? plan_steady_state(study, of_rho.flow)
                                : plan_evolution(study, *study.initial, of_rho.flow);
  const auto elements = static_cast<double>(size(of_state.sector));
  task.bytes =
      8 * vectors * n + basics.liouvillian(plan, task) + factors + 8 * elements * basics.ranks;
  return task;
}

std::optional<Prediction::Task> predict_correlations(const Basics& basics) {
  std::optional<Prediction::Task> largest;
  for (const CorrelationTask& each : basics.study.correlations) {
    const Prediction::Task task = predict_correlation(basics, each);
    if (!largest || task.bytes > largest->bytes) largest = task;
  }
  return largest;
}

}  // namespace

namespace {

// Every rank has all matrices on an ensemble's elements. These are measured bytes for each element:
// during a task, and at the peak while the matrices are made.
constexpr double kept_for_element = 2100;
constexpr double made_for_element = 3800;

double ensemble_elements(const Space& space) {
  double sum = 0;
  for (const auto& group : space.groups())
    sum += group.multiplets ? group.multiplets->elements() : 0;
  return sum;
}

}  // namespace

Prediction predict(const Study& study, int ranks, std::int64_t sampled) {
  Prediction p;
  const EquationTerms equation(study.system, study.dynamics);
  p.dimension = study.model().space.dimension();
  p.unknowns = equation.elements.size();
  const Basics basics{
      study,          ranks,
      equation.terms, Flow(equation.terms, equation.elements, study.liouvillian.subdivision),
      sampled,        study.model().space.dimension_estimate()};
  if (study.evolve) {
    p.evolve =
        runs_members_alone(study, ranks) ? predict_members(basics) : predict_evolution(basics);
  }
  if (study.steady) p.steady = predict_steady_state(basics);
  if (study.spectrum) p.spectrum = predict_spectrum(basics);
  p.correlation = predict_correlations(basics);
  double largest = 0;
  for (const auto& task : {p.evolve, p.steady, p.spectrum, p.correlation}) {
    if (task) largest = std::max(largest, task->bytes);
  }
  const double elements = ensemble_elements(study.model().space) * ranks;
  p.total_bytes = base_bytes * ranks +
                  std::max(largest + kept_for_element * elements, made_for_element * elements);
  return p;
}

void require_memory(const Prediction& prediction, double available) {
  for (const auto& task :
       {prediction.evolve, prediction.steady, prediction.spectrum, prediction.correlation}) {
    if (!task || task->storage != Storage::assembled) continue;
    if (task->entries <= static_cast<double>(largest_index)) continue;
    throw InputError(
        fmt::format("the assembled Liouvillian of dimension D = {} has about {:.4g} entries, more "
                    "than {}; take "
                    "liouvillian.storage = \"matrix-free\", or use fewer levels or spins",
                    prediction.dimension, task->entries, index_limit()));
  }
  if (available > 0 && prediction.total_bytes > available) {
    throw InputError(fmt::format(
        "the run needs about {:.3g} GB, but {:.3g} GB are free; use fewer levels or spins, "
        "liouvillian.storage = \"matrix-free\", a smaller steady.restart, or more memory",
        prediction.total_bytes / 1e9, available / 1e9));
  }
}

void require_memory(const Prediction& prediction, MPI_Comm comm) {
  int ranks = 1;
  MPI_Comm_size(comm, &ranks);
  const NodeMemory memory = tightest_node(prediction.total_bytes / ranks, comm);
  // The free memory of all machines together if each had as much as the tightest one.
  const double share = prediction.total_bytes > 0 ? memory.needed / prediction.total_bytes : 1;
  require_memory(prediction, memory.available / share);
}

}  // namespace lindwurm
