// The steady state of OSB(levels, spins) with complex PETSc alone: the Liouvillian as an AIJ matrix
// with the trace added to its first row, GMRES and an incomplete factorisation.
//
//   complex_gmres LEVELS SPINS [PETSc options]      prints what it found as JSON
//   complex_gmres                                   starts PETSc, which is all
#include <petscksp.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "complex_osb.hpp"

namespace {

struct Found {
  double n = 0;         // <n>
  double residual = 0;  // |L rho|/|rho|
};

// `residual` = (L + trace row) rho - right-hand side. L preserves the trace, so that its first row
// is minus the sum of those of the other diagonal elements.
Found evaluate(Vec rho, Vec residual, int levels, int spins) {
  const PetscInt d = static_cast<PetscInt>(levels) << spins;
  const PetscScalar* r = nullptr;
  PetscScalar* out = nullptr;
  VecGetArrayRead(rho, &r);
  VecGetArray(residual, &out);
  PetscScalar n = 0;
  PetscScalar trace = 0;
  out[0] = 0;
  for (PetscInt m = 0; m < d; ++m) {
    trace += r[m * d + m];
    n += static_cast<double>(m >> spins) * r[m * d + m];
    if (m > 0) out[0] -= out[m * d + m];
  }
  VecRestoreArrayRead(rho, &r);
  VecRestoreArray(residual, &out);
  PetscReal above = 0;
  PetscReal below = 0;
  VecNorm(residual, NORM_2, &above);
  VecNorm(rho, NORM_2, &below);
  return {PetscRealPart(n / trace), above / below};
}

void solve(int levels, int spins) {
  Mat matrix = complex_osb::liouvillian(levels, spins, complex_osb::SpinBasis::sx, true);
  Vec rho = nullptr;
  Vec one = nullptr;
  MatCreateVecs(matrix, &rho, &one);
  VecSetValue(one, 0, 1, INSERT_VALUES);
  VecAssemblyBegin(one);
  VecAssemblyEnd(one);

  KSP ksp = nullptr;
  PC pc = nullptr;
  KSPCreate(PETSC_COMM_SELF, &ksp);
  KSPSetOperators(ksp, matrix, matrix);
  KSPSetType(ksp, KSPGMRES);
  KSPGMRESSetRestart(ksp, 60);
  KSPSetPCSide(ksp, PC_RIGHT);  // the residual that is tested is the true one
  KSPSetTolerances(ksp, 1e-11, PETSC_DEFAULT, PETSC_DEFAULT, 10000);
  KSPGetPC(ksp, &pc);
  PCSetType(pc, PCILU);
  PCFactorSetLevels(pc, 1);
  KSPSetFromOptions(ksp);
  KSPSolve(ksp, one, rho);

  PetscInt iterations = 0;
  KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
  KSPGetIterationNumber(ksp, &iterations);
  KSPGetConvergedReason(ksp, &reason);
  Vec residual = nullptr;
  VecDuplicate(one, &residual);
  MatMult(matrix, rho, residual);
  VecAXPY(residual, -1, one);
  const Found found = evaluate(rho, residual, levels, spins);
  std::printf("{\"n\": %.15g, \"residual\": %.3e, \"iterations\": %d, \"reason\": \"%s\"}\n",
              found.n, found.residual, iterations, KSPConvergedReasons[reason]);

  VecDestroy(&residual);
  VecDestroy(&one);
  VecDestroy(&rho);
  KSPDestroy(&ksp);
  MatDestroy(&matrix);
}

}  // namespace

int main(int argc, char** argv) {
  PetscInitialize(&argc, &argv, nullptr, nullptr);
  PetscPushErrorHandler(PetscAbortErrorHandler, nullptr);
  if (argc > 2) solve(std::atoi(argv[1]), std::atoi(argv[2]));
  PetscFinalize();
  return 0;
}
