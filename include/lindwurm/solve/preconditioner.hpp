// Preconditioners by name.
#pragma once

#include <string_view>

#include "lindwurm/liouville/liouvillian.hpp"

namespace lindwurm {

/// What approximates L - z, of which every eigenvalue has Re <= -Re z.
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

/// The choice that `automatic` stands for; any other is returned as it is. Throws InputError if the
/// generator's storage does not go with it.
[[nodiscard]] PreconditionerChoice resolved(PreconditionerChoice choice,
                                            const PackedGenerator& generator);

}  // namespace lindwurm
