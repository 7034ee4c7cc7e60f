// Models with higher cutoffs of their oscillators, for the errors of the cutoffs that were chosen.
#pragma once

#include <optional>

#include "lindwurm/model/initial_state.hpp"
#include "lindwurm/model/system.hpp"

namespace lindwurm {

/// The same system with more levels of every oscillator of N levels: N + max(4, N/2, b), where no
/// term changes the number of quanta by more than b (b counts up to 40). Its terms are written out
/// anew, so that they act on the levels beyond the cutoff. Empty if there is no oscillator, and for
/// sites that are stored as one.
[[nodiscard]] std::optional<System> beyond_cutoffs(const System& system);

/// The same state on a space whose sites have at least as many levels. The levels that are added
/// are empty.
[[nodiscard]] ProductState padded(const ProductState& state, const Space& larger);

}  // namespace lindwurm
