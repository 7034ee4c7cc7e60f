// Eigenvalues of large real part as SLEPc reports them.
#pragma once

#include "invariant_subspace.hpp"

namespace lindwurm {

/// The relative tolerance of the eigenvalues in SLEPc.
inline constexpr double slepc_tolerance = 1e-10;

/// Uses an EPS on the assembled L with the options prefix -spectrum_. Returns what it reports as
/// converged, which need not be the rightmost eigenvalues. There are no left vectors. Collective.
[[nodiscard]] InvariantSubspace slepc_subspace(const Liouvillian& liouvillian, int count);

}  // namespace lindwurm
