#include "stationary_system.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "complete_factorisation.hpp"
#include "lindwurm/backend/agreement.hpp"
#include "lindwurm/backend/callback.hpp"
#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/generator/assemble.hpp"
#include "packed_preconditioner.hpp"

namespace lindwurm {

namespace {

// sigma / tau. An incomplete factorisation is stable only near diagonal dominance, hence a shift of
// the size of the rates (iterations on oscillator-spin models: docs/steady-state.md). A complete
// one needs a shift that is just large enough to make it regular.
constexpr double shift_of_iterative = 1.5;
constexpr double fine_shift = 1e-12;
constexpr double coarse_shift = 1e-6;
constexpr double shift_of_parts = 1e-3;
constexpr int most_iterations_of_direct = 200;
// A factorisation with this number of operations takes minutes.
constexpr double affordable_operations = 3e12;
constexpr double affordable_share_of_memory = 0.6;
constexpr std::int64_t rows_sampled = 10000;

template <StationarySystem::Side side>
PetscErrorCode apply_shell(Mat shell, Vec in, Vec out) {
  return petsc_callback([&] {
    void* context = nullptr;
    LINDWURM_PETSC(MatShellGetContext(shell, &context));
    static_cast<StationarySystem*>(context)->apply_deflated(in, out, side);
  });
}

}  // namespace

StationarySystem::StationarySystem(const Liouvillian& liouvillian, SteadySolver solver,
                                   const SteadyOptions& options, bool keeps_trace)
    : liouvillian_(liouvillian),
      uses_mumps_(solver == SteadySolver::mumps),
      shift_(uses_mumps_ ? fine_shift : shift_of_iterative),
      preconditioner_(uses_mumps_ ? Preconditioner()
                                  : resolved(options.preconditioner, liouvillian)),
      max_iterations_(options.max_iterations),
      trace_(liouvillian.trace_functional()) {
  tau_ = typical_rate(liouvillian);
  if (!keeps_trace) LINDWURM_PETSC(VecSet(trace_, 0.0));
  populations_ = dot(trace_, trace_);
  PetscInt local = 0;
  LINDWURM_PETSC(VecGetLocalSize(trace_, &local));
  LINDWURM_PETSC(MatCreateShell(liouvillian.communicator(), local, local, PETSC_DETERMINE,
                                PETSC_DETERMINE, this, shell_.put()));
  using Operation = void (*)(void);
  LINDWURM_PETSC(MatShellSetOperation(shell_, MATOP_MULT,
                                      reinterpret_cast<Operation>(apply_shell<Side::right>)));
  LINDWURM_PETSC(MatShellSetOperation(shell_, MATOP_MULT_TRANSPOSE,
                                      reinterpret_cast<Operation>(apply_shell<Side::left>)));
  configure(options);
  factor();
  PetscInt limit = 0;  // PETSc's options may have changed it
  LINDWURM_PETSC(KSPGetTolerances(ksp_, nullptr, nullptr, nullptr, &limit));
  max_iterations_ = static_cast<int>(limit);
  // If a factorisation has not helped within this number of iterations, it will not.
  if (uses_mumps_) max_iterations_ = std::min(max_iterations_, most_iterations_of_direct);
}

void StationarySystem::configure(const SteadyOptions& options) {
  LINDWURM_PETSC(KSPCreate(liouvillian_.communicator(), ksp_.put()));
  LINDWURM_PETSC(KSPSetOptionsPrefix(ksp_, "steady_"));
  LINDWURM_PETSC(KSPSetType(ksp_, KSPGMRES));
  LINDWURM_PETSC(KSPSetPCSide(ksp_, PC_RIGHT));
  LINDWURM_PETSC(KSPGMRESSetRestart(ksp_, options.restart));
  LINDWURM_PETSC(KSPGMRESSetCGSRefinementType(ksp_, KSP_GMRES_CGS_REFINE_IFNEEDED));
  LINDWURM_PETSC(KSPSetInitialGuessNonzero(ksp_, PETSC_TRUE));
  LINDWURM_PETSC(KSPSetTolerances(ksp_, 1e-50, PETSC_DEFAULT, PETSC_DEFAULT, max_iterations_));
  if (uses_mumps_) return;
  PC pc = nullptr;
  LINDWURM_PETSC(KSPGetPC(ksp_, &pc));
  if (preconditioner_ == PreconditionerChoice::ilu) {
    use_factorisation(pc, false, liouvillian_.communicator());
  } else {
    // D-ILU shifts itself. The other preconditioners are singular where L is.
    const double z = preconditioner_ == PreconditionerChoice::dilu ? 0 : shift_of_parts * tau_;
    use_preconditioner(pc, preconditioner_, liouvillian_, z);
  }
  LINDWURM_PETSC(KSPSetFromOptions(ksp_));
}

// A factorisation works on L - sigma, which exists only while it is factored. The diagonal of a
// stored L is shifted and restored afterwards, which saves a copy of the matrix.
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
  LINDWURM_PETSC(MatShift(matrix, -tau_ * shift_));
  try {
    if (uses_mumps_) {
      failure_ = factor_completely(ksp_, shell_, matrix);
    } else {
      LINDWURM_PETSC(KSPSetOperators(ksp_, shell_, matrix));
      LINDWURM_PETSC(KSPSetUp(ksp_));
      PC pc = nullptr;
      LINDWURM_PETSC(KSPGetPC(ksp_, &pc));
      LINDWURM_PETSC(PCSetUpOnBlocks(pc));
    }
  } catch (...) {
    MatDiagonalSet(matrix, diagonal, INSERT_VALUES);
    throw;
  }
  LINDWURM_PETSC(MatDiagonalSet(matrix, diagonal, INSERT_VALUES));
  LINDWURM_PETSC(KSPSetReusePreconditioner(ksp_, PETSC_TRUE));
}

bool StationarySystem::shift_coarsely() {
  if (!uses_mumps_ || shift_ == coarse_shift) return false;
  shift_ = coarse_shift;
  LINDWURM_PETSC(KSPSetReusePreconditioner(ksp_, PETSC_FALSE));
  factor();
  return failure_.empty();
}

double StationarySystem::residual(Vec b, Vec x, Side side) const {
  const VecHandle left = duplicate(x);
  apply_deflated(x, left, side);
  LINDWURM_PETSC(VecAYPX(left, -1.0, b));
  return norm(left);
}

void StationarySystem::apply(Vec in, Vec out, Side side) const {
  if (side == Side::right) {
    LINDWURM_PETSC(MatMult(liouvillian_.constant_part(), in, out));
  } else {
    LINDWURM_PETSC(MatMultTranspose(liouvillian_.constant_part(), in, out));
  }
  add_trace_term(in, out);
}

void StationarySystem::apply_deflated(Vec in, Vec out, Side side) const {
  if (columns_ == nullptr || columns_->empty()) return apply(in, out, side);
  if (projected_.get() == nullptr) projected_ = duplicate(trace_);
  LINDWURM_PETSC(VecCopy(in, projected_));
  project(projected_);
  apply(projected_, out, side);
  project(out);
}

void StationarySystem::project(Vec v) const {
  if (columns_ == nullptr || columns_->empty()) return;
  const std::vector<Vec> columns(columns_->begin(), columns_->end());
  std::vector<PetscScalar> parts(columns.size());
  const auto count = static_cast<PetscInt>(columns.size());
  // Done twice, so that rounding leaves nothing of the columns.
  for (int pass = 0; pass < 2; ++pass) {
    LINDWURM_PETSC(VecMDot(v, count, columns.data(), parts.data()));
    for (PetscScalar& part : parts)
      part = -part;
    std::vector<Vec> same = columns;
    LINDWURM_PETSC(VecMAXPY(v, count, parts.data(), same.data()));
  }
}

// tau |1/D)(tr| is symmetric: the packed identity equals the trace functional.
void StationarySystem::add_trace_term(Vec in, Vec out) const {
  PetscScalar trace = 0;
  LINDWURM_PETSC(VecDot(trace_, in, &trace));
  if (populations_ > 0) LINDWURM_PETSC(VecAXPY(out, tau_ * trace / populations_, trace_));
}

StationarySystem::Outcome StationarySystem::solve(Vec b, Vec x, double tolerance, int iterations,
                                                  Side side) {
  if (!failure_.empty()) return {false, 0, failure_};
  LINDWURM_PETSC(KSPSetTolerances(ksp_, 1e-50, tolerance, PETSC_DEFAULT,
                                  iterations > 0 ? iterations : max_iterations_));
  try {
    if (side == Side::right) {
      LINDWURM_PETSC(KSPSolve(ksp_, b, x));
    } else {
      LINDWURM_PETSC(KSPSolveTranspose(ksp_, b, x));
    }
  } catch (const Error& error) {
    if (!uses_mumps_) throw;
    failure_ = error.what();  // from MUMPS's solve; the same on all ranks
    LINDWURM_PETSC(VecSet(x, 0.0));
    return {false, 0, failure_};
  }
  PetscInt used = 0;
  KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
  LINDWURM_PETSC(KSPGetIterationNumber(ksp_, &used));
  LINDWURM_PETSC(KSPGetConvergedReason(ksp_, &reason));
  const bool is_finite = std::isfinite(norm(x));
  if (!is_finite) LINDWURM_PETSC(VecSet(x, 0.0));
  project(x);
  return {reason > 0 && is_finite, static_cast<int>(used),
          is_finite ? KSPConvergedReasons[reason]
                    : fmt::format("{}, the solution is not finite", KSPConvergedReasons[reason])};
}

bool mumps_is_affordable(const Liouvillian& liouvillian) {
  if (liouvillian.storage() != Storage::assembled) {
    const double entries =
        count_entries(liouvillian.equation().terms(), liouvillian.sector(), rows_sampled);
    const auto rows = static_cast<double>(liouvillian.basis().size());
    // The factors are many times larger than the matrix.
    int ranks = 1;
    MPI_Comm_size(liouvillian.communicator(), &ranks);
    const double bytes = 10 * assembled_bytes(rows, entries) / ranks;
    if (entries > 2e8 || !tightest_node(bytes, liouvillian.communicator()).suffices()) return false;
  }
  const AssembledPart matrix(liouvillian);
  MatHandle factor;
  MatFactorInfo info;
  LINDWURM_PETSC(MatGetFactor(matrix, MATSOLVERMUMPS, MAT_FACTOR_LU, factor.put()));
  LINDWURM_PETSC(MatFactorInfoInitialize(&info));
  LINDWURM_PETSC(MatLUFactorSymbolic(factor, matrix, nullptr, nullptr, &info));
  PetscReal operations = 0;
  PetscInt megabytes = 0;  // for this rank, by MUMPS's forecast
  LINDWURM_PETSC(MatMumpsGetRinfog(factor, 1, &operations));
  LINDWURM_PETSC(MatMumpsGetInfo(factor, 15, &megabytes));
  const double bytes = megabytes * 1e6 / affordable_share_of_memory;
  return tightest_node(bytes, liouvillian.communicator()).suffices() &&
         operations < affordable_operations;
}

}  // namespace lindwurm
