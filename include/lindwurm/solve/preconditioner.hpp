// The preconditioners and their names.
#pragma once

#include <string_view>

#include "lindwurm/generator/liouvillian.hpp"

namespace lindwurm {

/// Approximations of L - z that are cheap to invert. For an L of GKSL form every
/// eigenvalue of L - z has Re <= -Re z.
enum class PreconditionerChoice {
  automatic,  ///< dilu for a matrix-free Liouvillian, ilu for an assembled one
  none,
  dilu,      ///< the diagonal incomplete factorisation of Dilu; matrix-free
  ilu,       ///< ILU(0) in reverse Cuthill-McKee order of the assembled L - z, one for each rank
  one_site,  ///< the sum of single-site Liouvillians, inverted exactly; one rank
  no_jump,   ///< A X + X A^dag with the no-jump Hamiltonian's A, D x D dense; one rank
};

/// "auto", "none", "dilu", "ilu", "one-site" or "no-jump", as in the model file.
[[nodiscard]] std::string_view name_of(PreconditionerChoice choice);

/// Replaces `automatic` by the choice that it stands for; any other choice is returned unchanged.
/// Throws InputError if the preconditioner does not support the generator's storage.
[[nodiscard]] PreconditionerChoice resolved(PreconditionerChoice choice,
                                            const PackedGenerator& generator);

}  // namespace lindwurm
