#include "lindwurm/tasks/correlation.hpp"
#include "lindwurm/tasks/evolve.hpp"
#include "lindwurm/tasks/map.hpp"
#include "lindwurm/tasks/phase_space.hpp"
#include "lindwurm/tasks/spectrum.hpp"
#include "lindwurm/tasks/steady.hpp"

namespace lindwurm {

std::vector<TaskKind> standard_tasks() {
  return {evolve_kind(),   map_kind(),         steady_kind(),
          spectrum_kind(), correlation_kind(), phase_space_kind()};
}

}  // namespace lindwurm
