// Our own preconditioners behind one interface, and in the form that PETSc takes.
#pragma once

#include <memory>

#include "lindwurm/solve/preconditioner.hpp"

namespace lindwurm {

/// An approximate inverse of L_0 - z on packed vectors: of density operators for a real z, of
/// operators beside their conjugates for any.
class PackedPreconditioner {
 public:
  virtual ~PackedPreconditioner() = default;
  virtual void solve(Vec b, Vec x) = 0;
  /// The same for the transposed L_0 - z.
  virtual void solve_transposed(Vec b, Vec x) = 0;
};

/// The preconditioner of this name; dilu, one_site or no_jump. Collective.
[[nodiscard]] std::unique_ptr<PackedPreconditioner> make_preconditioner(
    PreconditionerChoice choice, const PackedGenerator& generator, Complex z);

/// Makes `pc` the preconditioner of this name: none, dilu, one_site or no_jump. Collective.
void use_preconditioner(PC pc, PreconditionerChoice choice, const PackedGenerator& generator,
                        Complex z);

/// Makes `pc` MUMPS's complete factorisation, or ILU(0) in reverse Cuthill-McKee order, on several
/// ranks of each one's rows with a layer of overlap.
void use_factorisation(PC pc, bool is_complete, MPI_Comm comm);

/// The root mean square of L_0's diagonal. Collective.
[[nodiscard]] double typical_rate(const PackedGenerator& generator);

}  // namespace lindwurm
