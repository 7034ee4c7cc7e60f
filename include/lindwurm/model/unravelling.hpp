// A master equation of GKSL form as quantum jumps and the evolution between them.
#pragma once

#include <vector>

#include "lindwurm/model/model.hpp"

namespace lindwurm {

/// One jump channel: |psi> becomes A|psi> at the rate `jump.rate` |A psi|^2/|psi|^2.
struct JumpChannel {
  Jump jump;
  Operator number;  ///< A^dag A
};

/// The unravelling of d rho/dt = -i [H, rho] + sum_k rate_k D[A_k] rho into pure states. Between
/// jumps
///
///     d psi/dt = -i H_eff psi,   H_eff = H - (i/2) sum_k rate_k A_k^dag A_k,
///
/// and |psi|^2 is the probability that no jump has occurred since |psi| was 1 (J. Dalibard, Y.
/// Castin and K. Molmer, Phys. Rev. Lett. 68, 580 (1992); M. B. Plenio and P. L. Knight, Rev. Mod.
/// Phys. 70, 101 (1998)).
struct Unravelling {
  Operator hamiltonian;  ///< H with the Lamb shifts of the baths
  /// The channels of the dissipators, then those of the baths. Channels of rate 0 are left out.
  std::vector<JumpChannel> channels;

  /// H_eff = H - (i/2) sum_k rate_k A_k^dag A_k.
  [[nodiscard]] Operator effective_hamiltonian() const;
};

class System;

/// Throws InputError for superoperator terms, for a bath whose equation is not of GKSL form, and
/// for a jump operator that depends on time.
[[nodiscard]] Unravelling unravelled(const System& system);

}  // namespace lindwurm
