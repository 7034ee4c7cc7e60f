#include "newton_system.hpp"

#include <cvode/cvode.h>
#include <nvector/nvector_petsc.h>

#include <cmath>

#include "lindwurm/backend/callback.hpp"
#include "lindwurm/backend/error.hpp"
#include "solve/linear/packed_preconditioner.hpp"

namespace lindwurm {

namespace {

// The factorisation is reused while gamma changes by less than this factor.
constexpr double gamma_drift = 1.3;
constexpr int iteration_limit = 200;

PetscErrorCode apply_shell(Mat shell, Vec in, Vec out) {
  void* context = nullptr;
  if (const auto code = MatShellGetContext(shell, &context); code != 0) return code;
  auto& system = *static_cast<NewtonSystem*>(context);
  return petsc_callback(system.failure, [&] { system.apply(in, out); });
}

Preconditioner chosen_preconditioner(const Liouvillian& liouvillian, const EvolveOptions& options) {
  switch (options.jacobian) {
    case Jacobian::matrix_free:
      return PreconditionerChoice::none;
    case Jacobian::assembled:
      return PreconditionerChoice::ilu;
    case Jacobian::automatic:
      break;
  }
  return resolved(options.preconditioner, liouvillian);
}

NewtonSystem& system_of(SUNLinearSolver solver) {
  return *static_cast<NewtonSystem*>(solver->content);
}

int solve_for_cvode(SUNLinearSolver solver, SUNMatrix, N_Vector x, N_Vector b,
                    sunrealtype tolerance) {
  NewtonSystem& system = system_of(solver);
  // An exception inside a product was stored already, and says more than PETSc's error about it.
  return sundials_callback(system.failure, LinearSolverFlag::failed, [&] {
    sunrealtype t = 0;
    sunrealtype gamma = 0;
    LINDWURM_SUNDIALS(CVodeGetCurrentTime(system.cvode(), &t));
    LINDWURM_SUNDIALS(CVodeGetCurrentGamma(system.cvode(), &gamma));
    return system.solve(t, gamma, N_VGetVector_Petsc(b), N_VGetVector_Petsc(x), tolerance);
  });
}

}  // namespace

NewtonSystem::NewtonSystem(const Liouvillian& liouvillian, const EvolveOptions& options)
    : liouvillian_(liouvillian), preconditioner_(chosen_preconditioner(liouvillian, options)) {
  const VecHandle like = liouvillian.vector();
  PetscInt local = 0;
  LINDWURM_PETSC(VecGetLocalSize(like, &local));
  LINDWURM_PETSC(MatCreateShell(liouvillian.communicator(), local, local, PETSC_DETERMINE,
                                PETSC_DETERMINE, this, shell_.put()));
  LINDWURM_PETSC(
      MatShellSetOperation(shell_, MATOP_MULT, reinterpret_cast<void (*)(void)>(apply_shell)));
  LINDWURM_PETSC(KSPCreate(liouvillian.communicator(), ksp_.put()));
  LINDWURM_PETSC(KSPSetOptionsPrefix(ksp_, "evolve_"));
  LINDWURM_PETSC(KSPSetType(ksp_, KSPGMRES));
  LINDWURM_PETSC(KSPSetPCSide(ksp_, PC_RIGHT));
  if (preconditioner_ != PreconditionerChoice::ilu) {
    PC pc = nullptr;
    LINDWURM_PETSC(KSPGetPC(ksp_, &pc));
    LINDWURM_PETSC(PCSetType(pc, PCNONE));
    LINDWURM_PETSC(KSPSetOperators(ksp_, shell_, shell_));
  }
  LINDWURM_PETSC(KSPSetFromOptions(ksp_));
}

SUNLinearSolver NewtonSystem::as_sundials(void* cvode, SUNContext context) {
  cvode_ = cvode;
  SUNLinearSolver solver = SUNLinSolNewEmpty(context);
  if (solver == nullptr) throw Error("SUNLinSolNewEmpty gave nothing");
  solver->content = this;
  solver->ops->gettype = [](SUNLinearSolver) { return SUNLINEARSOLVER_MATRIX_EMBEDDED; };
  solver->ops->solve = solve_for_cvode;
  solver->ops->numiters = [](SUNLinearSolver self) { return system_of(self).iterations(); };
  solver->ops->free = [](SUNLinearSolver self) {
    SUNLinSolFreeEmpty(self);
    return LinearSolverFlag::success;
  };
  return solver;
}

void NewtonSystem::apply(Vec in, Vec out) {
  liouvillian_.apply(factors_, in, out);
  LINDWURM_PETSC(VecAYPX(out, -gamma_, in));
}

void NewtonSystem::refresh_preconditioner() {
  const double drift = factored_gamma_ == 0 ? 0 : gamma_ / factored_gamma_;
  const bool uses_ilu = preconditioner_ == PreconditionerChoice::ilu;
  const bool is_stale = uses_ilu && factors_ != factored_factors_;
  if (drift > 1 / gamma_drift && drift < gamma_drift && !is_stale) return;
  factored_gamma_ = gamma_;
  factored_factors_ = factors_;
  ++setups_;
  if (!uses_ilu) {
    // 1 - gamma L_0 = -gamma (L_0 - 1/gamma). With right preconditioning, the factor does not
    // matter.
    PC pc = nullptr;
    LINDWURM_PETSC(KSPGetPC(ksp_, &pc));
    use_preconditioner(pc, preconditioner_, liouvillian_, 1 / gamma_);
    return;
  }
  const bool can_copy = liouvillian_.is_constant() && liouvillian_.storage() == Storage::assembled;
  if (matrix_.get() == nullptr || !can_copy) {
    matrix_ = liouvillian_.assembled(factors_);
  } else {
    LINDWURM_PETSC(MatCopy(liouvillian_.constant_part(), matrix_, SAME_NONZERO_PATTERN));
  }
  LINDWURM_PETSC(MatScale(matrix_, -gamma_));
  LINDWURM_PETSC(MatShift(matrix_, 1.0));
  LINDWURM_PETSC(KSPSetOperators(ksp_, shell_, matrix_));
}

int NewtonSystem::solve(double t, double gamma, Vec b, Vec x, double tolerance) {
  if (course_ != nullptr) course_->values(t, factors_);
  gamma_ = gamma;
  if (preconditioner_ != PreconditionerChoice::none) refresh_preconditioner();
  LINDWURM_PETSC(KSPSetTolerances(ksp_, 1e-14, tolerance, PETSC_DEFAULT, iteration_limit));
  LINDWURM_PETSC(KSPSolve(ksp_, b, x));
  PetscInt iterations = 0;
  KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
  LINDWURM_PETSC(KSPGetIterationNumber(ksp_, &iterations));
  LINDWURM_PETSC(KSPGetConvergedReason(ksp_, &reason));
  iterations_ = static_cast<int>(iterations);
  return reason > 0 ? LinearSolverFlag::success : LinearSolverFlag::not_converged;
}

}  // namespace lindwurm
