#include "lindwurm/study/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/liouville/matrix_free.hpp"

namespace lindwurm {

namespace {

// The program and its libraries on each rank.
constexpr double base_bytes = 50e6;
// Vectors of the unknowns that a method keeps at its peak, the initial state among them.
constexpr double series_vectors = 7;
constexpr double adams_vectors = 24;
constexpr double bdf_vectors = 36;     // with GMRES's basis
constexpr double steady_vectors = 12;  // beside GMRES's basis
// Entries of MUMPS's factors for each one of the matrix, over the root of the unknowns: a rough
// guide.
constexpr double fill_of_lu = 0.6;

bool is_constant(const Model& model) {
  const Superoperator sum = generator(model, {});
  return std::all_of(sum.terms().begin(), sum.terms().end(),
                     [](const ProductTerm& term) { return term.coefficient.is_constant(); });
}

Sector chosen(const Study& study, Sector sector) {
  return study.liouvillian.uses_sectors ? std::move(sector) : whole_space(sector.charges);
}

}  // namespace

TaskPlan plan_evolution(const Study& study, const Charges& charges) {
  return {chosen(study, sector_of(in_stored_basis(*study.initial, study.model.space), charges)),
          study.liouvillian.storage.value_or(Storage::matrix_free)};
}

TaskPlan plan_steady_state(const Study& study, const Charges& charges) {
  Sector sector = chosen(study, sector_of_diagonal(charges));
  const bool is_factored = study.steady->preconditioner == PreconditionerChoice::ilu ||
                           study.steady->first_solver(size(sector)) == SteadySolver::mumps;
  const Storage automatic = is_factored ? Storage::assembled : Storage::matrix_free;
  return {std::move(sector), study.liouvillian.storage.value_or(automatic)};
}

namespace {

// What a Liouvillian takes beside vectors.
double liouvillian_bytes(const Study& study, const TaskPlan& plan, int ranks,
                         double entries_a_row) {
  const auto n = static_cast<double>(size(plan.sector));
  if (plan.storage == Storage::assembled) {
    return assembled_bytes(n, entries_a_row * n) + 8 * static_cast<double>(n);
  }
  const PackedBasis basis(study.model.space, plan.sector,
                          inner_sites_for_products(study.model.space, ranks));
  const double exchanged = ranks > 1 ? 8 * n : 0;
  return matrix_free_bytes(generator(study.model, {}).terms(), basis) + exchanged;
}

// A density matrix in full, for its eigenvalues or for the results' file.
double dense_state_bytes(const Study& study, double dimension) {
  const bool is_stored = study.output_states.value_or(dimension <= Study::states_limit);
  const bool is_wanted = is_stored || dimension <= StateMonitor::eigenvalue_limit;
  return is_wanted ? 56 * dimension * dimension : 0;
}

}  // namespace

Prediction predict(const Study& study, int ranks, std::int64_t sampled) {
  Prediction p;
  p.dimension = study.model.space.dimension();
  p.unknowns = p.dimension * p.dimension;
  p.entries = count_entries(study.model, sampled);
  const double entries_a_row = p.entries / static_cast<double>(p.unknowns);
  const Charges charges = conserved_charges(study.model);
  const double state = dense_state_bytes(study, static_cast<double>(p.dimension));
  double largest = 0;
  if (study.evolve) {
    const TaskPlan plan = plan_evolution(study, charges);
    const auto n = static_cast<double>(size(plan.sector));
    const EvolveOptions& options = study.evolve->options;
    const bool uses_series =
        options.method == EvolveMethod::chebyshev ||
        (options.method == EvolveMethod::automatic && is_constant(study.model));
    const bool uses_adams = options.method == EvolveMethod::adams;
    const double matrix = liouvillian_bytes(study, plan, ranks, entries_a_row);
    const bool uses_ilu =
        plan.storage == Storage::assembled || options.jacobian == Jacobian::assembled;
    const double factors = uses_series || uses_adams ? 0
                           : uses_ilu                ? 2 * assembled_bytes(n, entries_a_row * n)
                                                     : 8 * n;
    const double vectors = uses_series ? series_vectors : uses_adams ? adams_vectors : bdf_vectors;
    p.evolve = {size(plan.sector), plan.storage, 8 * vectors * n + matrix + factors + state};
    largest = std::max(largest, p.evolve->bytes);
  }
  if (study.steady) {
    const TaskPlan plan = plan_steady_state(study, charges);
    const auto n = static_cast<double>(size(plan.sector));
    const double matrix = liouvillian_bytes(study, plan, ranks, entries_a_row);
    const double stored = assembled_bytes(n, entries_a_row * n);
    const bool is_small = study.steady->first_solver(size(plan.sector)) == SteadySolver::mumps;
    // The proof of uniqueness holds the matrix of all other sectors beside this one.
    const bool has_rest = size(plan.sector) < p.unknowns;
    const double others = plan.storage == Storage::assembled && has_rest ? stored : 0;
    const double factors = is_small                             ? fill_of_lu * std::sqrt(n) * stored
                           : plan.storage == Storage::assembled ? stored
                                                                : 8 * n;
    const double vectors = is_small ? steady_vectors : study.steady->restart + steady_vectors;
    p.steady = {size(plan.sector), plan.storage,
                8 * vectors * n + matrix + others + factors + state};
    largest = std::max(largest, p.steady->bytes);
  }
  if (study.spectrum) {
    const std::int64_t unknowns =
        study.liouvillian.uses_sectors ? largest_sector(study.model) : p.unknowns;
    const auto n = static_cast<double>(unknowns);
    const bool is_dense = study.spectrum->method != SpectrumMethod::slepc;
    const double vectors = std::max(8.0 * study.spectrum->count, 100.0);
    p.spectrum = {unknowns, Storage::assembled,
                  8 * n * (is_dense ? 2.2 * n : vectors) + assembled_bytes(n, entries_a_row * n)};
    largest = std::max(largest, p.spectrum->bytes);
  }
  p.total_bytes = base_bytes * ranks + largest;
  return p;
}

void require_memory(const Prediction& prediction) {
  const double available = available_memory_bytes();
  for (const auto& task : {prediction.evolve, prediction.steady, prediction.spectrum}) {
    if (!task || task->storage != Storage::assembled) continue;
    const double entries = prediction.entries / static_cast<double>(prediction.unknowns) *
                           static_cast<double>(task->unknowns);
    if (entries <= std::numeric_limits<std::int32_t>::max()) continue;
    throw InputError(fmt::format(
        "the assembled Liouvillian of dimension D = {} has about {:.4g} entries, more than the "
        "2147483647 that this PETSc's 32-bit indices can number; take liouvillian.storage = "
        "\"matrix-free\", or use fewer levels or spins",
        prediction.dimension, entries));
  }
  if (available > 0 && prediction.total_bytes > available) {
    throw InputError(fmt::format(
        "the run needs about {:.3g} GB, but {:.3g} GB are free; use fewer levels or spins, "
        "liouvillian.storage = \"matrix-free\", a smaller steady.restart, or more memory",
        prediction.total_bytes / 1e9, available / 1e9));
  }
}

}  // namespace lindwurm
