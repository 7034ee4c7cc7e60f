// Preconditioners as PETSc's PC.
#pragma once

#include <memory>

#include "lindwurm/solve/preconditioner.hpp"

namespace lindwurm {

/// Makes dilu, one_site, no_jump or one from outside. Collective.
[[nodiscard]] std::unique_ptr<PackedPreconditioner> make_preconditioner(
    const Preconditioner& preconditioner, const PackedGenerator& generator, Complex z);

/// Sets `pc` to none, dilu, one_site, no_jump or to one from outside. Collective.
void use_preconditioner(PC pc, const Preconditioner& preconditioner,
                        const PackedGenerator& generator, Complex z);

/// Sets `pc` to MUMPS's complete factorisation, or to ILU(0) in reverse Cuthill-McKee order. On
/// several ranks, each ILU(0) covers the rank's own rows and a layer of overlap.
void use_factorisation(PC pc, bool is_complete, MPI_Comm comm);

/// The root mean square of L_0's diagonal. Collective.
[[nodiscard]] double typical_rate(const PackedGenerator& generator);

}  // namespace lindwurm
