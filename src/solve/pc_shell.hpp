// Our own preconditioners in the form that PETSc takes.
#pragma once

#include "lindwurm/liouville/liouvillian.hpp"

namespace lindwurm {

/// Makes `pc` the Dilu of L_0 - z, which it owns. Collective.
void use_dilu(PC pc, const Liouvillian& liouvillian, double z);

/// The root mean square of L_0's diagonal. Collective.
[[nodiscard]] double typical_rate(const Liouvillian& liouvillian);

}  // namespace lindwurm
