// The eigenoperators of L in an invariant subspace, and what can be said of each.
#pragma once

#include "invariant_subspace.hpp"
#include "lindwurm/solve/spectrum.hpp"

namespace lindwurm {

/// Adds the eigenvalues of the subspace of one sector's Liouvillian, with their residuals and
/// modes, to the spectrum. Eigenvectors of eigenvalues that differ by less than `cluster` are made
/// orthonormal where they stay eigenvectors. Collective.
void add_modes(const Liouvillian& liouvillian, const InvariantSubspace& subspace, int sector,
               double cluster, const SpectrumOptions& options, Spectrum& all);

/// The names of the observables that are linear in rho, of which modes have strengths.
[[nodiscard]] Observables linear_ones(const Observables& observables);

}  // namespace lindwurm
