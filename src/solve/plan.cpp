#include "lindwurm/solve/plan.hpp"

#include <utility>

#include "lindwurm/states/random_phase.hpp"

namespace lindwurm {

Sector chosen(const LiouvillianSettings& settings, Sector sector) {
  return settings.uses_sectors ? std::move(sector) : whole_space(sector.charges);
}

// In a joint basis, L is sparse but not a sum of products of small matrices.
Storage automatic_storage(const Space& space, bool needs_matrix) {
  return needs_matrix || space.joint() ? Storage::assembled : Storage::matrix_free;
}

TaskPlan plan_evolution(const ProductState& initial, const Space& space, const Flow& flow,
                        const LiouvillianSettings& settings) {
  const auto reached = [&](const Charges& charges) {
    return flow.reached_from(sector_of(in_stored_basis(initial, space), charges));
  };
  return {chosen(settings, flow.smallest(reached)),
          settings.storage.value_or(automatic_storage(space, false))};
}

TaskPlan plan_ket_evolution(const ProductState& initial, double neglect, const Space& space,
                            const Flow& flow, const LiouvillianSettings& settings) {
  return {chosen(settings, flow.reached_from(largest_sector_of(initial, neglect, flow.charges()))),
          settings.storage.value_or(automatic_storage(space, false))};
}

// With superoperators, states that are only passed through may lose trace, so everything is
// included.
TaskPlan plan_steady_state(const SteadyOptions& options, const Model& model, const Flow& flow,
                           const LiouvillianSettings& settings, bool is_unique) {
  const bool keeps_trace = model.superoperators.empty();
  Sector sector = chosen(
      settings, is_unique && keeps_trace ? flow.recurrent() : sector_of_diagonal(flow.charges()));
  const bool is_factored = options.preconditioner == PreconditionerChoice::ilu ||
                           options.first_solver(size(sector)) == SteadySolver::mumps;
  return {std::move(sector),
          settings.storage.value_or(automatic_storage(model.space, is_factored))};
}

Flow::Region steady_region(const Model& model, const Flow& flow) {
  const bool keeps_trace = model.superoperators.empty();
  return [=, &flow](const Charges& charges) {
    return keeps_trace ? flow.recurrent_in(charges)
                       : flow.reached_from(sector_of_diagonal(charges));
  };
}

Flow::Region evolved_region(const ProductState& initial, const Space& space, const Flow& flow) {
  return [&](const Charges& charges) {
    return flow.reached_from(sector_of(in_stored_basis(initial, space), charges));
  };
}

}  // namespace lindwurm
