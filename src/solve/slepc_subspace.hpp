// Eigenvalues of large real part as SLEPc reports them.
#pragma once

#include "invariant_subspace.hpp"

namespace lindwurm {

/// Relative tolerance of the eigenvalues that SLEPc iterates for.
inline constexpr double slepc_tolerance = 1e-10;

/// By an EPS on the assembled L with the options prefix -spectrum_: what it reports as converged,
/// which need not be the rightmost. Without left vectors. Collective.
[[nodiscard]] InvariantSubspace slepc_subspace(const Liouvillian& liouvillian, int count);

}  // namespace lindwurm
