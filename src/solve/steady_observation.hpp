// What is observed in a steady state.
#pragma once

#include "lindwurm/solve/steady_state.hpp"

namespace lindwurm {

/// Adds the values that the options ask for, their errors, and the heat currents of baths. Does
/// nothing without a state. Collective.
void observe(SteadyState& steady, const Liouvillian& liouvillian, const SteadyOptions& options);

}  // namespace lindwurm
