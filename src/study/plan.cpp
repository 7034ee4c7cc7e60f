#include "lindwurm/study/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/liouville/assemble.hpp"
#include "lindwurm/liouville/matrix_free.hpp"
#include "lindwurm/liouville/partial_trace.hpp"
#include "lindwurm/liouville/random_phase.hpp"
#include "lindwurm/model/mixture.hpp"

namespace lindwurm {

namespace {

// The program and its libraries on each rank.
constexpr double base_bytes = 50e6;
// Vectors of the unknowns that a method keeps at its peak, the initial state among them.
constexpr double series_vectors = 7;
constexpr double ket_series_vectors = 8;
constexpr double most_ket_outputs = 8;  // states at output times beside them
constexpr double adams_vectors = 24;
constexpr double ket_adams_vectors = 26;  // what observes kets has one
constexpr double bdf_vectors = 25;        // with GMRES's basis
constexpr double steady_vectors = 12;     // beside GMRES's basis
constexpr double search_vectors = 20;     // beside a spectrum's basis and modes
// Matrices of all the unknowns that the real Schur form takes.
constexpr double dense_matrices = 3.2;
// Entries of MUMPS's factors for each one of the matrix, over the root of the unknowns: a rough
// guide.
constexpr double fill_of_lu = 0.6;

Sector chosen(const Study& study, Sector sector) {
  return study.liouvillian.uses_sectors ? std::move(sector) : whole_space(sector.charges);
}

}  // namespace

bool starts_mixed(const Study& study, const ProductState& initial) {
  return study.dynamics == Dynamics::unitary && !SiteMixtures(initial).is_pure();
}

Sector sector_of_initial(const Study& study, const ProductState& initial, const Charges& charges) {
  if (study.dynamics == Dynamics::lindblad)
    return sector_of(in_stored_basis(initial, study.model.space), charges);
  return largest_sector_of(initial, study.mixture.neglect, charges);
}

TaskPlan plan_evolution(const Study& study, const ProductState& initial, const Charges& charges) {
  return {chosen(study, sector_of_initial(study, initial, charges)),
          study.liouvillian.storage.value_or(Storage::matrix_free)};
}

TaskPlan plan_steady_state(const Study& study, const Charges& charges) {
  Sector sector = chosen(study, sector_of_diagonal(charges));
  const bool is_factored = study.steady->preconditioner == PreconditionerChoice::ilu ||
                           study.steady->first_solver(size(sector)) == SteadySolver::mumps;
  const Storage automatic = is_factored ? Storage::assembled : Storage::matrix_free;
  return {std::move(sector), study.liouvillian.storage.value_or(automatic)};
}

Sector plan_correlation(const Study& study, const CorrelationTask& task, const Charges& charges) {
  const Sector state = task.is_steady()
                           ? sector_of_diagonal(charges)
                           : sector_of(in_stored_basis(*study.initial, study.model.space), charges);
  return sector_of(task.operators(study.model), state, study.liouvillian.uses_sectors);
}

namespace {

// What the forecasts of all tasks start from.
struct Basics {
  const Study& study;
  int ranks;
  std::vector<ProductTerm> terms;
  Charges charges;
  std::int64_t sampled;
  double d;

  [[nodiscard]] bool has_kets() const { return study.dynamics != Dynamics::lindblad; }
  [[nodiscard]] static PackedBasis sliced(const Sector& sector, int on_ranks) {
    return PackedBasis(sector, inner_sites_for_products(sector.charges.elements(), on_ranks));
  }
  // A task in what it works in; its bytes are to be found.
  [[nodiscard]] Prediction::Task task(const Sector& sector, Storage storage) const {
    return {size(sector), count_entries(terms, sector, sampled), storage, 0};
  }
  [[nodiscard]] static double assembled(const Prediction::Task& task) {
    return assembled_bytes(static_cast<double>(task.unknowns), task.entries);
  }
  // What a Liouvillian takes beside vectors.
  [[nodiscard]] double liouvillian(const TaskPlan& plan, const Prediction::Task& task) const {
    const auto n = static_cast<double>(task.unknowns);
    if (plan.storage == Storage::assembled) return assembled(task) + 8 * n;
    return matrix_free_bytes(terms, sliced(plan.sector, ranks)) + (ranks > 1 ? 8 * n : 0);
  }
  [[nodiscard]] double ket_series() const {
    const auto times = static_cast<double>(study.evolve->times.size());
    return ket_series_vectors + std::clamp(times - 2, 0.0, most_ket_outputs);
  }
  // What observes kets: products with operators, and reduced states.
  [[nodiscard]] double observers(const TaskPlan& plan) const {
    if (!has_kets()) return 0;
    const Model& model = study.model;
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
  // A state in full, for its eigenvalues or for the results' file.
  [[nodiscard]] double dense_state() const {
    if (has_kets() && starts_mixed(study, *study.initial)) return 0;
    const bool is_stored = study.output_states.value_or(d <= Study::states_limit);
    if (has_kets()) return is_stored ? 56 * d : 0;
    return is_stored || d <= StateMonitor::eigenvalue_limit ? 56 * d * d : 0;
  }
};

Prediction::Task predict_evolution(const Basics& basics) {
  const TaskPlan plan = plan_evolution(basics.study, *basics.study.initial, basics.charges);
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
  const double vectors = uses_series ? of_series : uses_adams ? of_adams : bdf_vectors;
  task.bytes = 8 * vectors * n + basics.liouvillian(plan, task) + basics.observers(plan) + factors +
               basics.dense_state();
  return task;
}

// Members of a mixture that have a rank each: every rank takes what one would take by itself.
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

Prediction::Task predict_steady_state(const Basics& basics) {
  const TaskPlan plan = plan_steady_state(basics.study, basics.charges);
  Prediction::Task task = basics.task(plan.sector, plan.storage);
  const auto n = static_cast<double>(task.unknowns);
  const SteadyOptions& options = *basics.study.steady;
  const bool is_small = options.first_solver(task.unknowns) == SteadySolver::mumps;
  const bool is_stored = plan.storage == Storage::assembled;
  // The proof of uniqueness holds the matrix of all other sectors beside this one.
  const bool has_others = task.unknowns < basics.charges.elements().size();
  const double others = is_stored && has_others ? basics.assembled(task) : 0;
  const double factors = is_small    ? fill_of_lu * std::sqrt(n) * basics.assembled(task)
                         : is_stored ? basics.assembled(task)
                                     : 8 * n;
  const double vectors = is_small ? steady_vectors : options.restart + steady_vectors;
  task.bytes =
      8 * vectors * n + basics.liouvillian(plan, task) + others + factors + basics.dense_state();
  return task;
}

// Krylov-Schur's basis, and the modes of two sectors, right and left; more converge than are asked
// for.
double vectors_of_search(int count) {
  const double basis = std::max(2.0 * count + 20, 48.0);
  return basis + 4 * std::max(1.0 * count, 12.0) + search_vectors;
}

// Of the largest sector; the others' Liouvillians, kept beside it, are smaller.
Prediction::Task predict_spectrum(const Basics& basics) {
  const Charges& charges = basics.charges;
  const SpectrumOptions& options = *basics.study.spectrum;
  const Sector sector =
      basics.study.liouvillian.uses_sectors ? largest_sector(charges) : whole_space(charges);
  const SpectrumMethod method = method_for(size(sector), options.method);
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

// X beside its conjugates, rho in full on every rank, and the basis of GMRES for a spectrum.
Prediction::Task predict_correlation(const Basics& of_rho, const CorrelationTask& correlation) {
  const Study& study = of_rho.study;
  Basics basics = of_rho;
  basics.terms = beside_conjugates(of_rho.terms);
  basics.charges = Charges(basics.terms, operator_elements(study.model.space));
  TaskPlan plan{plan_correlation(study, correlation, basics.charges)};
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
  const auto elements = static_cast<double>(of_rho.charges.elements().size());
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

// Every rank has all matrices on an ensemble's elements. Measured: what they take, for each
// element, while a task runs, and at most while they are made.
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
  const EquationTerms equation(study.model, study.dynamics);
  p.dimension = study.model.space.dimension();
  p.unknowns = equation.elements.size();
  const Basics basics{study,          ranks,
                      equation.terms, Charges(equation.terms, equation.elements),
                      sampled,        study.model.space.dimension_estimate()};
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
  const double elements = ensemble_elements(study.model.space) * ranks;
  p.total_bytes = base_bytes * ranks +
                  std::max(largest + kept_for_element * elements, made_for_element * elements);
  return p;
}

void require_memory(const Prediction& prediction, double available) {
  for (const auto& task :
       {prediction.evolve, prediction.steady, prediction.spectrum, prediction.correlation}) {
    if (!task || task->storage != Storage::assembled) continue;
    if (task->entries <= std::numeric_limits<std::int32_t>::max()) continue;
    throw InputError(fmt::format(
        "the assembled Liouvillian of dimension D = {} has about {:.4g} entries, more than the "
        "2147483647 that this PETSc's 32-bit indices can number; take liouvillian.storage = "
        "\"matrix-free\", or use fewer levels or spins",
        prediction.dimension, task->entries));
  }
  if (available > 0 && prediction.total_bytes > available) {
    throw InputError(fmt::format(
        "the run needs about {:.3g} GB, but {:.3g} GB are free; use fewer levels or spins, "
        "liouvillian.storage = \"matrix-free\", a smaller steady.restart, or more memory",
        prediction.total_bytes / 1e9, available / 1e9));
  }
}

}  // namespace lindwurm
