#include "slepc_subspace.hpp"

#include <slepceps.h>

#include <algorithm>

namespace lindwurm {

InvariantSubspace slepc_subspace(const Liouvillian& liouvillian, int count) {
  const AssembledPart matrix(liouvillian);
  Handle<EPS, EPSDestroy> eps;
  LINDWURM_PETSC(EPSCreate(liouvillian.communicator(), eps.put()));
  LINDWURM_PETSC(EPSSetOptionsPrefix(eps, "spectrum_"));
  LINDWURM_PETSC(EPSSetOperators(eps, matrix, nullptr));
  LINDWURM_PETSC(EPSSetProblemType(eps, EPS_NHEP));
  LINDWURM_PETSC(EPSSetWhichEigenpairs(eps, EPS_LARGEST_REAL));
  LINDWURM_PETSC(EPSSetTolerances(eps, slepc_tolerance, PETSC_DEFAULT));
  const auto n = static_cast<PetscInt>(liouvillian.basis().size());
  // With few vectors, Krylov-Schur may converge to wrong eigenvalues: docs/spectrum.md.
  const PetscInt vectors = std::min<PetscInt>(n, std::max(8 * count, 100));
  LINDWURM_PETSC(EPSSetDimensions(eps, count, vectors, PETSC_DEFAULT));
  LINDWURM_PETSC(EPSSetFromOptions(eps));
  LINDWURM_PETSC(EPSSolve(eps));
  PetscInt converged = 0;
  LINDWURM_PETSC(EPSGetConverged(eps, &converged));
  InvariantSubspace found;
  std::vector<Vec> borrowed;
  for (PetscInt k = 0; k < converged; ++k) {
    found.right.push_back(liouvillian.vector());
    borrowed.push_back(found.right.back());
  }
  if (converged > 0) LINDWURM_PETSC(EPSGetInvariantSubspace(eps, borrowed.data()));
  std::vector<VecHandle> images;
  for (const auto& vector : found.right) {
    images.push_back(liouvillian.vector());
    LINDWURM_PETSC(MatMult(matrix, vector, images.back()));
  }
  found.matrix = overlaps(found.right, images);
  return found;
}

}  // namespace lindwurm
