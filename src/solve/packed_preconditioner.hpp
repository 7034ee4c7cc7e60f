// Our own preconditioners behind one interface, and in the form that PETSc takes.
#pragma once

#include <memory>

#include "lindwurm/solve/preconditioner.hpp"

namespace lindwurm {

/// An approximate inverse of L_0 - z on packed vectors.
class PackedPreconditioner {
 public:
  virtual ~PackedPreconditioner() = default;
  virtual void solve(Vec b, Vec x) = 0;
  /// The same for the transposed L_0 - z.
  virtual void solve_transposed(Vec b, Vec x) = 0;
};

/// The preconditioner of this name; dilu, one_site or no_jump. Collective.
[[nodiscard]] std::unique_ptr<PackedPreconditioner> make_preconditioner(
    PreconditionerChoice choice, const Liouvillian& liouvillian, double z);

/// Makes `pc` the preconditioner of this name: none, dilu, one_site or no_jump. Collective.
void use_preconditioner(PC pc, PreconditionerChoice choice, const Liouvillian& liouvillian,
                        double z);

/// The root mean square of L_0's diagonal. Collective.
[[nodiscard]] double typical_rate(const Liouvillian& liouvillian);

}  // namespace lindwurm
