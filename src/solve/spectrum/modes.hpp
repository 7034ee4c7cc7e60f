// The eigenoperators of L in an invariant subspace, and their properties.
#pragma once

#include "balancing.hpp"
#include "invariant_subspace.hpp"
#include "lindwurm/solve/spectrum.hpp"

namespace lindwurm {

struct ModeContext {
  int sector;
  /// The eigenvectors of eigenvalues that differ by less than this are orthonormalised if they
  /// remain eigenvectors.
  double cluster;
  double residual_allowed;  ///< the residual that rounding or the search explains
  double size;              ///< |L|, in the norm of the balanced matrix if that is known
  const Balancing& balancing;
};

/// Adds the eigenvalues in the subspace of one sector's Liouvillian, with residuals and modes, to
/// the spectrum. The subspace is one of the balanced matrix, and so are the condition numbers
/// behind the errors. The modes are those of L. Collective.
void add_modes(const Liouvillian& liouvillian, const InvariantSubspace& subspace,
               const ModeContext& context, const SpectrumOptions& options, Spectrum& all);

/// The observables that are linear in rho. Modes have strengths only for these.
[[nodiscard]] Observables linear_ones(const Observables& observables);

}  // namespace lindwurm
