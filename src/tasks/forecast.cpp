#include "lindwurm/tasks/forecast.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "lindwurm/backend/agreement.hpp"
#include "lindwurm/backend/error.hpp"
#include "lindwurm/generator/assemble.hpp"
#include "lindwurm/generator/matrix_free.hpp"
#include "lindwurm/model/mixture.hpp"

namespace lindwurm {

namespace {

// The memory of the program and its libraries on each rank.
constexpr double base_bytes = 50e6;
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

bool keeps_a_mixture(const Study& study) {
  return study.dynamics == Dynamics::unitary && study.initial &&
         !SiteMixtures(*study.initial).is_pure();
}

}  // namespace

std::optional<Forecast> Task::forecast(const Forecaster& /*forecaster*/) const {
  return std::nullopt;
}

Forecast* Prediction::find(std::string_view name) {
  const auto found = std::find_if(tasks.begin(), tasks.end(),
                                  [&](const Forecast& each) { return each.name == name; });
  return found == tasks.end() ? nullptr : &*found;
}

Forecaster::Forecaster(const Study& study, int ranks, std::int64_t sampled)
    : Forecaster(study, ranks, sampled, EquationTerms(study.system, study.dynamics)) {}

Forecaster::Forecaster(const Study& study, int ranks, std::int64_t sampled, EquationTerms equation)
    : study_(study),
      ranks_(ranks),
      terms_(std::move(equation.terms)),
      flow_(terms_, equation.elements, study.liouvillian.subdivision),
      sampled_(sampled),
      d_(study.model().space.dimension_estimate()) {}

Forecaster::Forecaster(const Forecaster& of, std::vector<ProductTerm> terms,
                       const ElementSpace& elements)
    : study_(of.study_),
      ranks_(of.ranks_),
      terms_(std::move(terms)),
      flow_(terms_, elements, of.study_.liouvillian.subdivision),
      sampled_(of.sampled_),
      d_(of.d_) {}

Forecaster Forecaster::on_one_rank() const {
  Forecaster other = *this;
  other.ranks_ = 1;
  return other;
}

PackedBasis Forecaster::sliced(const Sector& sector) const {
  return PackedBasis(sector, inner_sites_for_products(sector.charges.elements(), ranks_,
                                                      study_.liouvillian.subdivision));
}

Forecast Forecaster::task(std::string name, const Sector& sector, Storage storage) const {
  if (!study_.has_kets()) require_room(size(sector));
  return {std::move(name), size(sector), count_entries(terms_, sector, sampled_), storage, 0};
}

double Forecaster::assembled(const Forecast& task) {
  return assembled_bytes(static_cast<double>(task.unknowns), task.entries);
}

double Forecaster::generator(const TaskPlan& plan, const Forecast& task) const {
  const auto n = static_cast<double>(task.unknowns);
  if (plan.storage == Storage::assembled) return assembled(task) + 8 * n;
  return matrix_free_bytes(terms_, sliced(plan.sector)) + (ranks_ > 1 ? 8 * n : 0);
}

double Forecaster::matrix_free(const std::vector<ProductTerm>& terms, const Sector& sector) const {
  return matrix_free_bytes(terms, sliced(sector));
}

double Forecaster::dense_state() const {
  if (keeps_a_mixture(study_)) return 0;
  const bool is_stored =
      study_.output_states.value_or(d_ <= static_cast<double>(Study::states_limit));
  if (study_.has_kets()) return is_stored ? 56 * d_ : 0;
  const bool has_eigenvalues = d_ <= static_cast<double>(EigenvalueLimits{}.of_last_state);
  return is_stored || has_eigenvalues ? 56 * d_ * d_ : 0;
}

Prediction predict(const Study& study, int ranks, std::int64_t sampled) {
  Prediction p;
  const Forecaster forecaster(study, ranks, sampled);
  p.dimension = study.model().space.dimension();
  p.unknowns = forecaster.flow().charges().elements().size();
  double largest = 0;
  for (const auto& task : study.tasks) {
    auto found = task->forecast(forecaster);
    if (!found) continue;
    largest = std::max(largest, found->bytes);
    Forecast* same = p.find(found->name);
    if (same == nullptr) {
      p.tasks.push_back(std::move(*found));
    } else if (found->bytes > same->bytes) {
      *same = std::move(*found);
    }
  }
  const double elements = ensemble_elements(study.model().space) * ranks;
  p.total_bytes = base_bytes * ranks +
                  std::max(largest + kept_for_element * elements, made_for_element * elements);
  return p;
}

void require_memory(const Prediction& prediction, double available) {
  for (const Forecast& task : prediction.tasks) {
    if (task.storage != Storage::assembled) continue;
    if (task.entries <= static_cast<double>(largest_index)) continue;
    throw InputError(
        fmt::format("the assembled Liouvillian of dimension D = {} has about {:.4g} entries, more "
                    "than {}; take "
                    "liouvillian.storage = \"matrix-free\", or use fewer levels or spins",
                    prediction.dimension, task.entries, index_limit()));
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
