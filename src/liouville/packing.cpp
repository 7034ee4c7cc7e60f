#include "packing.hpp"

#include <fmt/format.h>

#include "lindwurm/backend/error.hpp"

namespace lindwurm {

void refuse_state(std::string_view generator) {
  throw InputError(
      fmt::format("the state reaches beyond the sector that the {} was made for; make it for "
                  "sector_of(state, charges) or for the whole space",
                  generator));
}

void require_constant_observable(const Operator& a) {
  for (const auto& term : a.terms()) {
    if (!term.coefficient.is_constant()) {
      throw InputError(
          fmt::format("an observable depends on time through {}; observe the "
                      "operators and combine their values",
                      term.coefficient.text()));
    }
  }
}

VecHandle on_every_rank(Vec packed) {
  VecHandle all;
  ScatterHandle scatter;
  LINDWURM_PETSC(VecScatterCreateToAll(packed, scatter.put(), all.put()));
  LINDWURM_PETSC(VecScatterBegin(scatter, packed, all, INSERT_VALUES, SCATTER_FORWARD));
  LINDWURM_PETSC(VecScatterEnd(scatter, packed, all, INSERT_VALUES, SCATTER_FORWARD));
  return all;
}

}  // namespace lindwurm
