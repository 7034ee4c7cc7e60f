#include "stationary_system.hpp"

#include <algorithm>
#include <cmath>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/liouville/assemble.hpp"
#include "packed_preconditioner.hpp"

namespace lindwurm {

namespace {

// sigma / tau. An incomplete factorisation is only stable near diagonal dominance, hence a shift of
// the size of the rates (iterations on oscillator-spin models: docs/steady-state.md); a complete
// one needs a shift just large enough to be regular.
constexpr double shift_of_iterative = 1.5;
constexpr double shift_of_direct = 1e-6;
constexpr double shift_of_parts = 1e-3;
// Operations of a factorisation that are a matter of minutes.
constexpr double affordable_operations = 3e12;
constexpr double affordable_share_of_memory = 0.6;
constexpr std::int64_t rows_sampled = 10000;

template <void (StationarySystem::*apply)(Vec, Vec) const>
PetscErrorCode apply_shell(Mat shell, Vec in, Vec out) {
  void* context = nullptr;
  MatShellGetContext(shell, &context);
  try {
    (static_cast<StationarySystem*>(context)->*apply)(in, out);
  } catch (const Error&) {
    return PETSC_ERR_LIB;
  }
  return 0;
}

}  // namespace

StationarySystem::StationarySystem(const Liouvillian& liouvillian, SteadySolver solver,
                                   const SteadyOptions& options)
    : liouvillian_(liouvillian),
      uses_mumps_(solver == SteadySolver::mumps),
      preconditioner_(uses_mumps_ ? PreconditionerChoice::automatic
                                  : resolved(options.preconditioner, liouvillian)),
      trace_(liouvillian.trace_functional()) {
  tau_ = typical_rate(liouvillian);
  PetscInt local = 0;
  LINDWURM_PETSC(VecGetLocalSize(trace_, &local));
  LINDWURM_PETSC(MatCreateShell(liouvillian.communicator(), local, local, PETSC_DETERMINE,
                                PETSC_DETERMINE, this, shell_.put()));
  using Operation = void (*)(void);
  LINDWURM_PETSC(MatShellSetOperation(
      shell_, MATOP_MULT, reinterpret_cast<Operation>(apply_shell<&StationarySystem::apply>)));
  LINDWURM_PETSC(MatShellSetOperation(
      shell_, MATOP_MULT_TRANSPOSE,
      reinterpret_cast<Operation>(apply_shell<&StationarySystem::apply_transposed>)));
  configure(options);
  factor();
}

void StationarySystem::configure(const SteadyOptions& options) {
  LINDWURM_PETSC(KSPCreate(liouvillian_.communicator(), ksp_.put()));
  LINDWURM_PETSC(KSPSetOptionsPrefix(ksp_, "steady_"));
  LINDWURM_PETSC(KSPSetType(ksp_, KSPGMRES));
  LINDWURM_PETSC(KSPSetPCSide(ksp_, PC_RIGHT));
  LINDWURM_PETSC(KSPGMRESSetRestart(ksp_, options.restart));
  LINDWURM_PETSC(KSPGMRESSetCGSRefinementType(ksp_, KSP_GMRES_CGS_REFINE_IFNEEDED));
  LINDWURM_PETSC(KSPSetInitialGuessNonzero(ksp_, PETSC_TRUE));
  LINDWURM_PETSC(
      KSPSetTolerances(ksp_, 1e-50, PETSC_DEFAULT, PETSC_DEFAULT, options.max_iterations));
  PC pc = nullptr;
  LINDWURM_PETSC(KSPGetPC(ksp_, &pc));
  if (uses_mumps_ || preconditioner_ == PreconditionerChoice::ilu) {
    use_factorisation(pc, uses_mumps_, liouvillian_.communicator());
  } else {
    // D-ILU shifts itself; the others are singular where L is.
    const double z = preconditioner_ == PreconditionerChoice::dilu ? 0 : shift_of_parts * tau_;
    use_preconditioner(pc, preconditioner_, liouvillian_, z);
  }
  LINDWURM_PETSC(KSPSetFromOptions(ksp_));
}

// A factorisation works on L - sigma, which exists only while it is factored: a stored L's own
// diagonal is shifted and put back, rather than doubling the memory of the matrix.
void StationarySystem::factor() {
  const bool needs_matrix = uses_mumps_ || preconditioner_ == PreconditionerChoice::ilu;
  if (!needs_matrix) {
    LINDWURM_PETSC(KSPSetOperators(ksp_, shell_, shell_));
    LINDWURM_PETSC(KSPSetUp(ksp_));
    return;
  }
  const AssembledPart matrix(liouvillian_);
  const VecHandle diagonal = liouvillian_.vector();
  LINDWURM_PETSC(MatGetDiagonal(matrix, diagonal));
  LINDWURM_PETSC(MatShift(matrix, -tau_ * (uses_mumps_ ? shift_of_direct : shift_of_iterative)));
  try {
    LINDWURM_PETSC(KSPSetOperators(ksp_, shell_, matrix));
    LINDWURM_PETSC(KSPSetUp(ksp_));
    PC pc = nullptr;
    LINDWURM_PETSC(KSPGetPC(ksp_, &pc));
    LINDWURM_PETSC(PCSetUpOnBlocks(pc));
  } catch (...) {
    MatDiagonalSet(matrix, diagonal, INSERT_VALUES);
    throw;
  }
  LINDWURM_PETSC(MatDiagonalSet(matrix, diagonal, INSERT_VALUES));
  LINDWURM_PETSC(KSPSetReusePreconditioner(ksp_, PETSC_TRUE));
}

void StationarySystem::apply(Vec in, Vec out) const {
  LINDWURM_PETSC(MatMult(liouvillian_.constant_part(), in, out));
  add_trace_term(in, out);
}

void StationarySystem::apply_transposed(Vec in, Vec out) const {
  LINDWURM_PETSC(MatMultTranspose(liouvillian_.constant_part(), in, out));
  add_trace_term(in, out);
}

// tau |1/D)(tr| is symmetric: packed, the identity is the trace functional.
void StationarySystem::add_trace_term(Vec in, Vec out) const {
  PetscScalar trace = 0;
  LINDWURM_PETSC(VecDot(trace_, in, &trace));
  const auto d = static_cast<double>(liouvillian_.basis().hilbert_dimension());
  LINDWURM_PETSC(VecAXPY(out, tau_ * trace / d, trace_));
}

StationarySystem::Outcome StationarySystem::solve(Vec b, Vec x, double tolerance) {
  return run(KSPSolve, b, x, tolerance);
}

StationarySystem::Outcome StationarySystem::solve_transposed(Vec b, Vec x, double tolerance) {
  return run(KSPSolveTranspose, b, x, tolerance);
}

StationarySystem::Outcome StationarySystem::run(PetscErrorCode (*solver)(KSP, Vec, Vec), Vec b,
                                                Vec x, double tolerance) {
  PetscInt limit = 0;
  LINDWURM_PETSC(KSPGetTolerances(ksp_, nullptr, nullptr, nullptr, &limit));
  LINDWURM_PETSC(KSPSetTolerances(ksp_, 1e-50, tolerance, PETSC_DEFAULT, limit));
  LINDWURM_PETSC(solver(ksp_, b, x));
  PetscInt iterations = 0;
  KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
  LINDWURM_PETSC(KSPGetIterationNumber(ksp_, &iterations));
  LINDWURM_PETSC(KSPGetConvergedReason(ksp_, &reason));
  return {reason > 0, static_cast<int>(iterations), KSPConvergedReasons[reason]};
}

bool mumps_is_affordable(const Liouvillian& liouvillian) {
  if (liouvillian.storage() != Storage::assembled) {
    const EquationTerms equation(liouvillian.model(), Dynamics::lindblad);
    const double entries = count_entries(equation.terms, liouvillian.sector(), rows_sampled);
    const auto rows = static_cast<double>(liouvillian.basis().size());
    // Factors are many times larger than the matrix.
    if (10 * assembled_bytes(rows, entries) > available_memory_bytes() || entries > 2e8)
      return false;
  }
  const AssembledPart matrix(liouvillian);
  MatHandle factor;
  MatFactorInfo info;
  LINDWURM_PETSC(MatGetFactor(matrix, MATSOLVERMUMPS, MAT_FACTOR_LU, factor.put()));
  LINDWURM_PETSC(MatFactorInfoInitialize(&info));
  LINDWURM_PETSC(MatLUFactorSymbolic(factor, matrix, nullptr, nullptr, &info));
  PetscReal operations = 0;
  PetscInt megabytes = 0;  // over all ranks
  LINDWURM_PETSC(MatMumpsGetRinfog(factor, 1, &operations));
  LINDWURM_PETSC(MatMumpsGetInfog(factor, 17, &megabytes));
  double available = available_memory_bytes();
  MPI_Allreduce(MPI_IN_PLACE, &available, 1, MPI_DOUBLE, MPI_MIN, liouvillian.communicator());
  return operations < affordable_operations &&
         megabytes * 1e6 < affordable_share_of_memory * available;
}

}  // namespace lindwurm
