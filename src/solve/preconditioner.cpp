#include "lindwurm/solve/preconditioner.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/liouville/dilu.hpp"
#include "pc_shell.hpp"

namespace lindwurm {

std::string_view name_of(PreconditionerChoice choice) {
  switch (choice) {
    case PreconditionerChoice::automatic:
      return "auto";
    case PreconditionerChoice::none:
      return "none";
    case PreconditionerChoice::dilu:
      return "dilu";
    case PreconditionerChoice::ilu:
      return "ilu";
  }
  return "unknown";
}

PreconditionerChoice resolved(PreconditionerChoice choice, const Liouvillian& liouvillian) {
  const bool is_stored = liouvillian.storage() == Storage::assembled;
  if (choice == PreconditionerChoice::automatic) {
    return is_stored ? PreconditionerChoice::ilu : PreconditionerChoice::dilu;
  }
  if (choice == PreconditionerChoice::dilu && is_stored) {
    throw InputError(
        "the preconditioner dilu works on a Liouvillian that is not stored; take storage = "
        "\"matrix-free\" or preconditioner = \"ilu\"");
  }
  return choice;
}

namespace {

Dilu& dilu_of(PC pc) {
  void* context = nullptr;
  LINDWURM_PETSC(PCShellGetContext(pc, &context));
  return *static_cast<Dilu*>(context);
}

PetscErrorCode apply_dilu(PC pc, Vec b, Vec x) {
  try {
    dilu_of(pc).solve(b, x);
  } catch (const Error&) {
    return PETSC_ERR_LIB;
  }
  return 0;
}

PetscErrorCode apply_dilu_transposed(PC pc, Vec b, Vec x) {
  try {
    dilu_of(pc).solve_transposed(b, x);
  } catch (const Error&) {
    return PETSC_ERR_LIB;
  }
  return 0;
}

PetscErrorCode destroy_dilu(PC pc) {
  delete &dilu_of(pc);
  return 0;
}

}  // namespace

void use_dilu(PC pc, const Liouvillian& liouvillian, double z) {
  auto dilu = std::make_unique<Dilu>(liouvillian.constant_part(), z);
  LINDWURM_PETSC(PCSetType(pc, PCSHELL));
  LINDWURM_PETSC(PCShellSetName(pc, "D-ILU of the matrix-free Liouvillian"));
  LINDWURM_PETSC(PCShellSetApply(pc, apply_dilu));
  LINDWURM_PETSC(PCShellSetApplyTranspose(pc, apply_dilu_transposed));
  LINDWURM_PETSC(PCShellSetDestroy(pc, destroy_dilu));
  LINDWURM_PETSC(PCShellSetContext(pc, dilu.release()));
}

double typical_rate(const Liouvillian& liouvillian) {
  const VecHandle diagonal = liouvillian.vector();
  LINDWURM_PETSC(MatGetDiagonal(liouvillian.constant_part(), diagonal));
  PetscReal norm = 0;
  PetscInt size = 0;
  LINDWURM_PETSC(VecNorm(diagonal, NORM_2, &norm));
  LINDWURM_PETSC(VecGetSize(diagonal, &size));
  const double tau = norm / std::sqrt(static_cast<double>(size));
  return tau > 0 ? tau : std::max(liouvillian.norm_bound(), 1.0);
}

}  // namespace lindwurm
