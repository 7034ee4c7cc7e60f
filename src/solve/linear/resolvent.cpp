#include "resolvent.hpp"

#include <cmath>

#include "lindwurm/backend/callback.hpp"
#include "lindwurm/solve/steady_state.hpp"
#include "lindwurm/states/ket.hpp"
#include "packed_preconditioner.hpp"

namespace lindwurm {

namespace {

// The shifts of the matrix that is factored, in units of tau; see src/solve/stationary_system.cpp.
constexpr double shift_of_incomplete = 1.5;
constexpr double shift_of_complete = 1e-6;
constexpr double shift_of_parts = 1e-3;
constexpr int most_attempts = 4;

PetscErrorCode apply_shell(Mat shell, Vec in, Vec out) {
  return petsc_callback([&] {
    void* context = nullptr;
    LINDWURM_PETSC(MatShellGetContext(shell, &context));
    static_cast<Resolvent*>(context)->apply(in, out);
  });
}

// If |z| is large compared with the diagonal, nearly every pivot is moved, and MUMPS's forecast of
// its memory is too small. This adds some per cent; the matrices are small.
void make_room_for_pivots(PC pc) {
  constexpr int memory_relaxation = 14;  // the index of this setting in MUMPS
  constexpr int per_cent = 400;
  Mat factor = nullptr;
  LINDWURM_PETSC(PCFactorSetUpMatSolverType(pc));
  LINDWURM_PETSC(PCFactorGetMatrix(pc, &factor));
  LINDWURM_PETSC(MatMumpsSetIcntl(factor, memory_relaxation, per_cent));
}

}  // namespace

Resolvent::Resolvent(const OperatorGenerator& generator, const CorrelationOptions& options)
    : generator_(generator),
      uses_mumps_(options.preconditioner == PreconditionerChoice::automatic &&
                  generator.storage() == Storage::assembled &&
                  generator.basis().size() <= options.direct_limit),
      preconditioner_(uses_mumps_ ? Preconditioner() : resolved(options.preconditioner, generator)),
      tau_(typical_rate(generator)),
      identity_(identity(generator)),
      image_(generator.vector()) {
  PetscInt local = 0;
  LINDWURM_PETSC(VecGetLocalSize(identity_, &local));
  LINDWURM_PETSC(MatCreateShell(generator.communicator(), local, local, PETSC_DETERMINE,
                                PETSC_DETERMINE, this, shell_.put()));
  LINDWURM_PETSC(
      MatShellSetOperation(shell_, MATOP_MULT, reinterpret_cast<void (*)(void)>(apply_shell)));
  LINDWURM_PETSC(KSPCreate(generator.communicator(), ksp_.put()));
  LINDWURM_PETSC(KSPSetOptionsPrefix(ksp_, "correlation_"));
  LINDWURM_PETSC(KSPSetType(ksp_, KSPGMRES));
  LINDWURM_PETSC(KSPSetPCSide(ksp_, PC_RIGHT));
  LINDWURM_PETSC(KSPGMRESSetRestart(ksp_, options.restart));
  LINDWURM_PETSC(KSPGMRESSetCGSRefinementType(ksp_, KSP_GMRES_CGS_REFINE_IFNEEDED));
  LINDWURM_PETSC(KSPSetInitialGuessNonzero(ksp_, PETSC_TRUE));
  LINDWURM_PETSC(
      KSPSetTolerances(ksp_, 1e-50, PETSC_DEFAULT, PETSC_DEFAULT, options.max_iterations));
}

void Resolvent::apply(Vec in, Vec out) const {
  const PackedBasis& basis = generator_.basis();
  generator_.apply(0, in, out);
  LINDWURM_PETSC(VecScale(out, -1.0));
  add_multiple(z_, in, out, basis);
  const Complex trace = inner_product(identity_, in, basis);
  if (trace == 0.0) return;
  const Complex populations = inner_product(identity_, identity_, basis);
  add_multiple(tau_ * trace / populations, identity_, out, basis);
}

// Everything is made anew for each z, because the pattern of a factorisation has no entries for
// z = 0.
void Resolvent::prepare() {
  PC pc = nullptr;
  LINDWURM_PETSC(KSPGetPC(ksp_, &pc));
  if (uses_mumps_ || preconditioner_ == PreconditionerChoice::ilu) {
    const double shift = uses_mumps_ ? shift_of_complete : shift_of_incomplete;
    matrix_ = generator_.shifted(z_ + tau_ * shift);
    use_factorisation(pc, uses_mumps_, generator_.communicator());
    LINDWURM_PETSC(KSPSetOperators(ksp_, shell_, matrix_));
    if (uses_mumps_) make_room_for_pivots(pc);
  } else {
    // D-ILU shifts itself. The other preconditioners are singular where L - z is.
    const double shift = preconditioner_ == PreconditionerChoice::dilu ? 0 : shift_of_parts * tau_;
    use_preconditioner(pc, preconditioner_, generator_, z_ + shift);
    LINDWURM_PETSC(KSPSetOperators(ksp_, shell_, shell_));
  }
  LINDWURM_PETSC(KSPSetFromOptions(ksp_));
}

// A complete factorisation on several ranks is not reproducible, and may be inaccurate for tiny
// systems. Then the solve continues with a second one.
Resolvent::Outcome Resolvent::solve(Complex z, Vec b, Vec x, double tolerance) {
  z_ = z;
  Outcome outcome = attempt(b, x, tolerance);
  for (int again = 1; uses_mumps_ && again < most_attempts && !(outcome.residual <= tolerance);
       ++again) {
    if (!std::isfinite(outcome.residual)) LINDWURM_PETSC(VecSet(x, 0.0));
    const int before = outcome.iterations;
    outcome = attempt(b, x, tolerance);
    outcome.iterations += before;
  }
  return outcome;
}

Resolvent::Outcome Resolvent::attempt(Vec b, Vec x, double tolerance) {
  prepare();
  PetscInt limit = 0;
  LINDWURM_PETSC(KSPGetTolerances(ksp_, nullptr, nullptr, nullptr, &limit));
  LINDWURM_PETSC(KSPSetTolerances(ksp_, 1e-50, tolerance, PETSC_DEFAULT, limit));
  LINDWURM_PETSC(KSPSolve(ksp_, b, x));
  PetscInt iterations = 0;
  LINDWURM_PETSC(KSPGetIterationNumber(ksp_, &iterations));
  apply(x, image_);
  LINDWURM_PETSC(VecAXPY(image_, -1.0, b));
  return {static_cast<int>(iterations), norm(image_)};
}

}  // namespace lindwurm
