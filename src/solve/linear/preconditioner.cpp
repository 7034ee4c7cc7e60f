#include "lindwurm/solve/preconditioner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "dense_preconditioner.hpp"
#include "lindwurm/backend/callback.hpp"
#include "lindwurm/backend/error.hpp"
#include "lindwurm/generator/dilu.hpp"
#include "packed_preconditioner.hpp"

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

namespace {

constexpr std::array choices{PreconditionerChoice::automatic, PreconditionerChoice::none,
                             PreconditionerChoice::dilu,      PreconditionerChoice::ilu,
                             PreconditionerChoice::one_site,  PreconditionerChoice::no_jump};

}  // namespace

Preconditioner::Preconditioner(std::string name, Factory factory)
    : name_(std::move(name)), factory_(std::move(factory)) {
  if (name_.empty()) throw InputError("a preconditioner needs a name");
  if (!factory_)
    throw InputError(fmt::format("the preconditioner '{}' has no function that makes it", name_));
  for (const PreconditionerChoice choice : choices) {
    if (name_ != name_of(choice)) continue;
    throw InputError(fmt::format(
        "the name '{}' is that of a preconditioner of the library; take another name", name_));
  }
}

Preconditioner resolved(const Preconditioner& preconditioner, const PackedGenerator& generator) {
  const bool is_stored = generator.storage() == Storage::assembled;
  if (preconditioner == PreconditionerChoice::automatic) {
    return is_stored ? PreconditionerChoice::ilu : PreconditionerChoice::dilu;
  }
  if (preconditioner == PreconditionerChoice::dilu && is_stored) {
    throw InputError(
        "the preconditioner dilu works on a Liouvillian that is not stored; take storage = "
        "\"matrix-free\" or preconditioner = \"ilu\"");
  }
  return preconditioner;
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

std::unique_ptr<PackedPreconditioner> make_preconditioner(const Preconditioner& preconditioner,
                                                          const PackedGenerator& generator,
                                                          Complex z) {
  const auto choice = preconditioner.choice();
  if (!choice) {
    auto made = preconditioner.factory()(generator, z);
    if (made == nullptr)
      throw Error(fmt::format("the preconditioner '{}' was not made", preconditioner.name()));
    return made;
  }
  switch (*choice) {
    case PreconditionerChoice::dilu:
      return std::make_unique<DiluOfProduct>(generator, z);
    case PreconditionerChoice::one_site:
      return one_site_part(generator, z);
    case PreconditionerChoice::no_jump:
      return no_jump_part(generator, z);
    default:
      throw Error(fmt::format("the preconditioner {} is PETSc's own", name_of(*choice)));
  }
}

void use_preconditioner(PC pc, const Preconditioner& preconditioner,
                        const PackedGenerator& generator, Complex z) {
  // This destroys the previous content of the shell.
  LINDWURM_PETSC(PCSetType(pc, PCNONE));
  if (preconditioner == PreconditionerChoice::none) return;
  auto made = make_preconditioner(preconditioner, generator, z);
  LINDWURM_PETSC(PCSetType(pc, PCSHELL));
  LINDWURM_PETSC(PCShellSetName(pc, std::string(preconditioner.name()).c_str()));
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
