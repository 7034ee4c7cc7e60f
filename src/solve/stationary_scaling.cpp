#include "stationary_scaling.hpp"

#include <algorithm>
#include <cmath>

#include "lindwurm/solve/steady_state.hpp"

namespace lindwurm {

void StationaryScaling::find_populations() {
  populations_.emplace();
  const Liouvillian diagonal(equation_,
                             {Storage::matrix_free, sector_of_diagonal(equation_->charges())});
  const SteadyState steady = steady_state(diagonal);
  if (!steady.is_converged || !steady.is_unique) return;
  const PackedBasis& basis = diagonal.basis();
  populations_->assign(basis.hilbert_dimension(), 0.0);
  PetscInt first = 0;
  PetscInt last = 0;
  LINDWURM_PETSC(VecGetOwnershipRange(steady.state, &first, &last));
  const PetscScalar* r = nullptr;
  LINDWURM_PETSC(VecGetArrayRead(steady.state, &r));
  for (std::int64_t m = 0; m < basis.hilbert_dimension(); ++m) {
    const std::int64_t position = basis.position(basis.index(m, m));
    if (position >= first && position < last) (*populations_)[m] = std::abs(r[position - first]);
  }
  LINDWURM_PETSC(VecRestoreArrayRead(steady.state, &r));
  MPI_Allreduce(MPI_IN_PLACE, populations_->data(), static_cast<int>(populations_->size()),
                MPI_DOUBLE, MPI_SUM, diagonal.communicator());
  const double most = *std::max_element(populations_->begin(), populations_->end());
  for (double& p : *populations_)
    p /= most;
}

VecHandle StationaryScaling::on(const Liouvillian& liouvillian, double floor) {
  if (!populations_) find_populations();
  if (populations_->empty()) return {};
  const PackedBasis& basis = liouvillian.basis();
  VecHandle s = liouvillian.vector();
  PetscInt first = 0;
  PetscInt last = 0;
  LINDWURM_PETSC(VecGetOwnershipRange(s, &first, &last));
  PetscScalar* values = nullptr;
  LINDWURM_PETSC(VecGetArrayWrite(s, &values));
  for (PetscInt k = first; k < last; ++k) {
    const auto [m, n] = basis.states(basis.element(k));
    const double p = std::max((*populations_)[m], floor) * std::max((*populations_)[n], floor);
    values[k - first] = std::sqrt(std::sqrt(p));
  }
  LINDWURM_PETSC(VecRestoreArrayWrite(s, &values));
  return s;
}

VecHandle reciprocal(Vec s) {
  VecHandle inverse = duplicate(s);
  LINDWURM_PETSC(VecCopy(s, inverse));
  LINDWURM_PETSC(VecReciprocal(inverse));
  return inverse;
}

void scale(const Liouvillian& liouvillian, Vec s) {
  LINDWURM_PETSC(MatDiagonalScale(liouvillian.constant_part(), reciprocal(s), s));
}

}  // namespace lindwurm
