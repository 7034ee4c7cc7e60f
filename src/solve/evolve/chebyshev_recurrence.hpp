// The coefficients of exp(L t) in Chebyshev polynomials, and the recurrence of the polynomials.
#pragma once

#include <cmath>
#include <vector>

#include "chebyshev.hpp"
#include "lindwurm/backend/petsc.hpp"

namespace lindwurm {

/// The coefficients c_0, ..., c_count-1 of exp(L t) = sum_k c_k T_k((L - centre)/d). d is the focus
/// of the line, or i times it. For imaginary d, the factors i^k are absorbed into the sign of the
/// recurrence.
[[nodiscard]] std::vector<double> coefficients(const SpectralLine& line, int count, double t);

/// next = a image + b here + sign next, then sum += c next. Returns |next|^2 over this rank's n
/// numbers.
double recur(const double* image, const double* here, double* next, double* sum, PetscInt n,
             double a, double b, double sign, double c);

/// One step of the recurrence on vectors: recur_here(image, here, next, sum) does it on the numbers
/// of this rank, as recur() does, and returns |next|^2 of them. Returns |next|. Collective.
template <typename Recur>
double recur_on_vectors(Vec image, Vec here, Vec next, Vec sum, MPI_Comm comm, Recur recur_here) {
  const PetscScalar* of_image = nullptr;
  const PetscScalar* of_here = nullptr;
  PetscScalar* of_next = nullptr;
  PetscScalar* of_sum = nullptr;
  LINDWURM_PETSC(VecGetArrayRead(image, &of_image));
  LINDWURM_PETSC(VecGetArrayRead(here, &of_here));
  LINDWURM_PETSC(VecGetArray(next, &of_next));
  LINDWURM_PETSC(VecGetArray(sum, &of_sum));
  double square = recur_here(of_image, of_here, of_next, of_sum);
  LINDWURM_PETSC(VecRestoreArray(sum, &of_sum));
  LINDWURM_PETSC(VecRestoreArray(next, &of_next));
  LINDWURM_PETSC(VecRestoreArrayRead(here, &of_here));
  LINDWURM_PETSC(VecRestoreArrayRead(image, &of_image));
  MPI_Allreduce(MPI_IN_PLACE, &square, 1, MPI_DOUBLE, MPI_SUM, comm);
  return std::sqrt(square);
}

}  // namespace lindwurm
