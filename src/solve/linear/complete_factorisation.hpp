// A complete factorisation by MUMPS that is repeated if the workspace was too small.
#pragma once

#include <string>

#include "lindwurm/backend/petsc.hpp"

namespace lindwurm {

/// Sets the preconditioner of `ksp`, which solves with `system`, to MUMPS's LU factorisation of
/// `matrix`, and factors. MUMPS forecasts its workspace without knowing the pivots. If the forecast
/// is too small, the factorisation is repeated with more, as long as the memory allows it. PETSc's
/// options of `ksp` are read, and may choose another package. Returns the reason of a failure, or
/// an empty text on success. Collective.
[[nodiscard]] std::string factor_completely(KSP ksp, Mat system, Mat matrix);

}  // namespace lindwurm
