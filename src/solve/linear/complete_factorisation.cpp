#include "complete_factorisation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "lindwurm/backend/session.hpp"
#include "packed_preconditioner.hpp"

namespace lindwurm {

namespace {

// Indices of MUMPS's settings and results.
constexpr int memory_relaxation = 14;  // ICNTL: extra workspace, in per cent of the forecast
constexpr int error_code = 1;          // INFOG
constexpr int error_detail = 2;
constexpr int forecast_megabytes = 17;  // forecast for all ranks together, including the relaxation
// The error codes of workspaces and buffers that were too small.
constexpr std::array wants_room{-8, -9, -11, -14, -15, -17, -18, -19, -20};
// The extra workspaces that are tried, in per cent of the forecast. The first one means MUMPS's own
// choice.
constexpr std::array relaxations{0, 100, 500, 2500, 10000};
constexpr double affordable_share_of_memory = 0.6;

// The factor of a complete factorisation by MUMPS; null if PETSc's options chose another one.
Mat mumps_factor(PC pc) {
  PetscBool is_lu = PETSC_FALSE;
  LINDWURM_PETSC(PetscObjectTypeCompare(reinterpret_cast<PetscObject>(pc), PCLU, &is_lu));
  if (is_lu == PETSC_FALSE) return nullptr;
  Mat factor = nullptr;
  LINDWURM_PETSC(PCFactorSetUpMatSolverType(pc));
  LINDWURM_PETSC(PCFactorGetMatrix(pc, &factor));
  MatSolverType package = nullptr;
  LINDWURM_PETSC(MatFactorGetSolverType(factor, &package));
  return std::string_view(package) == MATSOLVERMUMPS ? factor : nullptr;
}

PetscInt info(Mat factor, int number) {
  PetscInt value = 0;
  LINDWURM_PETSC(MatMumpsGetInfog(factor, number, &value));
  return value;
}

bool has_memory_for(double megabytes, MPI_Comm comm) {
  double available = available_memory_bytes();
  MPI_Allreduce(MPI_IN_PLACE, &available, 1, MPI_DOUBLE, MPI_MIN, comm);
  return megabytes * 1e6 < affordable_share_of_memory * available;
}

}  // namespace

std::string factor_completely(KSP ksp, Mat system, Mat matrix) {
  MPI_Comm comm = MPI_COMM_NULL;
  LINDWURM_PETSC(PetscObjectGetComm(reinterpret_cast<PetscObject>(ksp), &comm));
  PC pc = nullptr;
  LINDWURM_PETSC(KSPGetPC(ksp, &pc));
  LINDWURM_PETSC(KSPSetOperators(ksp, system, matrix));
  std::string failure;
  double megabytes = 0;
  int before = 0;
  for (const int relaxation : relaxations) {
    const double wanted = megabytes * (100.0 + relaxation) / (100.0 + before);
    if (!failure.empty() && !has_memory_for(wanted, comm)) {
      return fmt::format("{}; a workspace of {:.3g} GB is more than there is", failure,
                         wanted / 1e3);
    }
    use_factorisation(pc, true, comm);
    LINDWURM_PETSC(KSPSetFromOptions(ksp));
    const Mat factor = mumps_factor(pc);
    if (factor != nullptr && relaxation > 0)
      LINDWURM_PETSC(MatMumpsSetIcntl(factor, memory_relaxation, relaxation));
    // PETSc remembers the failure of the previous factorisation.
    LINDWURM_PETSC(PCSetFailedReason(pc, PC_NOERROR));
    LINDWURM_PETSC(KSPSetUp(ksp));
    if (factor == nullptr) return {};
    const PetscInt code = info(factor, error_code);
    if (code >= 0) return {};
    failure = fmt::format("MUMPS's factorisation failed, INFOG(1) = {}, INFOG(2) = {}", code,
                          info(factor, error_detail));
    if (std::find(wants_room.begin(), wants_room.end(), code) == wants_room.end()) return failure;
    megabytes = static_cast<double>(info(factor, forecast_megabytes));
    before = relaxation;
  }
  return failure;
}

}  // namespace lindwurm
