#include "lindwurm/solve/preconditioner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <string>

#include "dense_preconditioner.hpp"
#include "lindwurm/backend/callback.hpp"
#include "lindwurm/backend/error.hpp"
#include "lindwurm/generator/dilu.hpp"

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
    case PreconditionerChoice::one_site:
      return "one-site";
    case PreconditionerChoice::no_jump:
      return "no-jump";
  }
  return "unknown";
}

PreconditionerChoice resolved(PreconditionerChoice choice, const PackedGenerator& generator) {
  const bool is_stored = generator.storage() == Storage::assembled;
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

class DiluOfProduct : public PackedPreconditioner {
 public:
  DiluOfProduct(const PackedGenerator& generator, Complex z)
      : dilu_(generator.constant_part(), z) {}
  void solve(Vec b, Vec x) override { dilu_.solve(b, x); }
  void solve_transposed(Vec b, Vec x) override { dilu_.solve_transposed(b, x); }

 private:
  Dilu dilu_;
};

PackedPreconditioner& context_of(PC pc) {
  void* context = nullptr;
  LINDWURM_PETSC(PCShellGetContext(pc, &context));
  return *static_cast<PackedPreconditioner*>(context);
}

template <void (PackedPreconditioner::*solve)(Vec, Vec)>
PetscErrorCode apply_shell(PC pc, Vec b, Vec x) {
  return petsc_callback([&] { (context_of(pc).*solve)(b, x); });
}

PetscErrorCode destroy_shell(PC pc) {
  return petsc_callback([&] { delete &context_of(pc); });
}

}  // namespace

std::unique_ptr<PackedPreconditioner> make_preconditioner(PreconditionerChoice choice,
                                                          const PackedGenerator& generator,
                                                          Complex z) {
  switch (choice) {
    case PreconditionerChoice::dilu:
      return std::make_unique<DiluOfProduct>(generator, z);
    case PreconditionerChoice::one_site:
      return one_site_part(generator, z);
    case PreconditionerChoice::no_jump:
      return no_jump_part(generator, z);
    default:
      throw Error(fmt::format("the preconditioner {} is PETSc's own", name_of(choice)));
  }
}

void use_preconditioner(PC pc, PreconditionerChoice choice, const PackedGenerator& generator,
                        Complex z) {
  // This destroys the previous content of the shell.
  LINDWURM_PETSC(PCSetType(pc, PCNONE));
  if (choice == PreconditionerChoice::none) return;
  auto made = make_preconditioner(choice, generator, z);
  LINDWURM_PETSC(PCSetType(pc, PCSHELL));
  LINDWURM_PETSC(PCShellSetName(pc, std::string(name_of(choice)).c_str()));
  LINDWURM_PETSC(PCShellSetApply(pc, apply_shell<&PackedPreconditioner::solve>));
  LINDWURM_PETSC(
      PCShellSetApplyTranspose(pc, apply_shell<&PackedPreconditioner::solve_transposed>));
  LINDWURM_PETSC(PCShellSetDestroy(pc, destroy_shell));
  LINDWURM_PETSC(PCShellSetContext(pc, made.release()));
}

void use_factorisation(PC pc, bool is_complete, MPI_Comm comm) {
  int ranks = 1;
  MPI_Comm_size(comm, &ranks);
  // This destroys the previous factorisation.
  LINDWURM_PETSC(PCSetType(pc, PCNONE));
  if (is_complete) {
    LINDWURM_PETSC(PCSetType(pc, PCLU));
    LINDWURM_PETSC(PCFactorSetMatSolverType(pc, MATSOLVERMUMPS));
  } else if (ranks == 1) {
    LINDWURM_PETSC(PCSetType(pc, PCILU));
    LINDWURM_PETSC(PCFactorSetMatOrderingType(pc, MATORDERINGRCM));
  } else {
    LINDWURM_PETSC(PCSetType(pc, PCASM));
    LINDWURM_PETSC(PCASMSetOverlap(pc, 1));
  }
}

double typical_rate(const PackedGenerator& generator) {
  const VecHandle diagonal = generator.vector();
  LINDWURM_PETSC(MatGetDiagonal(generator.constant_part(), diagonal));
  PetscReal norm = 0;
  PetscInt size = 0;
  LINDWURM_PETSC(VecNorm(diagonal, NORM_2, &norm));
  LINDWURM_PETSC(VecGetSize(diagonal, &size));
  const double tau = norm / std::sqrt(static_cast<double>(size));
  // What is left where terms cancel is no rate.
  const double terms = generator.size_of_terms();
  const double rounding = 100 * std::numeric_limits<double>::epsilon() * terms;
  if (tau > rounding) return tau;
  const double bound = generator.norm_bound();
  if (bound > rounding) return bound;
  return terms > 0 ? terms : 1;
}

}  // namespace lindwurm
