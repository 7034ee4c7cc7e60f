// Lindwurm's own preconditioners with a common interface, and as PETSc preconditioners.
#pragma once

#include <memory>

#include "lindwurm/solve/preconditioner.hpp"

namespace lindwurm {

/// An approximate inverse of L_0 - z on packed vectors: density operators for real z, or operators
/// beside their conjugates for any z.
class PackedPreconditioner {
 public:
  virtual ~PackedPreconditioner() = default;
  virtual void solve(Vec b, Vec x) = 0;
  /// The same for the transposed L_0 - z.
  virtual void solve_transposed(Vec b, Vec x) = 0;
};

/// Makes the preconditioner of this name: dilu, one_site or no_jump. Collective.
[[nodiscard]] std::unique_ptr<PackedPreconditioner> make_preconditioner(
    PreconditionerChoice choice, const PackedGenerator& generator, Complex z);

/// Sets `pc` to the preconditioner of this name: none, dilu, one_site or no_jump. Collective.
void use_preconditioner(PC pc, PreconditionerChoice choice, const PackedGenerator& generator,
                        Complex z);

/// Sets `pc` to MUMPS's complete factorisation, or to ILU(0) in reverse Cuthill-McKee order. On
/// several ranks, each ILU(0) covers the rank's own rows and a layer of overlap.
void use_factorisation(PC pc, bool is_complete, MPI_Comm comm);

/// The root mean square of L_0's diagonal. Collective.
[[nodiscard]] double typical_rate(const PackedGenerator& generator);

}  // namespace lindwurm
