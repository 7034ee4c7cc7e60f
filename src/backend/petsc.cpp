#include "lindwurm/backend/petsc.hpp"

#include <fmt/format.h>

#include "lindwurm/backend/error.hpp"

namespace lindwurm {

void check_petsc(PetscErrorCode code, const char* call, std::source_location where) {
  if (code == 0) return;
  const char* generic = nullptr;
  char* specific = nullptr;
  PetscErrorMessage(code, &generic, &specific);
  const bool is_explained = specific != nullptr && *specific != '\0';
  if (code == PETSC_ERR_USER_INPUT && is_explained) throw InputError(specific);
  throw Error(fmt::format("{}:{}: {} failed with PETSc error {}: {}{}{}", where.file_name(),
                          where.line(), call, static_cast<int>(code),
                          generic != nullptr ? generic : "unknown error", is_explained ? ": " : "",
                          is_explained ? specific : ""));
}

std::string index_limit() {
  return fmt::format("the {} that this PETSc's {}-bit indices can number", largest_index,
                     8 * sizeof(PetscInt));
}

VecHandle duplicate(Vec like) {
  VecHandle copy;
  LINDWURM_PETSC(VecDuplicate(like, copy.put()));
  return copy;
}

MPI_Comm communicator_of(Vec v) {
  MPI_Comm comm = MPI_COMM_NULL;
  LINDWURM_PETSC(PetscObjectGetComm(reinterpret_cast<PetscObject>(v), &comm));
  return comm;
}

double norm(Vec v) {
  PetscReal value = 0;
  LINDWURM_PETSC(VecNorm(v, NORM_2, &value));
  return value;
}

double dot(Vec a, Vec b) {
  PetscScalar value = 0;
  LINDWURM_PETSC(VecDot(a, b, &value));
  return value;
}

void fill_randomly(Vec v, std::mt19937_64& random) {
  PetscInt first = 0;
  PetscInt last = 0;
  PetscInt size = 0;
  LINDWURM_PETSC(VecGetOwnershipRange(v, &first, &last));
  LINDWURM_PETSC(VecGetSize(v, &size));
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  PetscScalar* values = nullptr;
  LINDWURM_PETSC(VecGetArrayWrite(v, &values));
  for (PetscInt row = 0; row < size; ++row) {
    const double number = uniform(random);
    if (row >= first && row < last) values[row - first] = number;
  }
  LINDWURM_PETSC(VecRestoreArrayWrite(v, &values));
}

void fill_normally(Vec v, const Draws& draws) {
  PetscInt first = 0;
  PetscInt last = 0;
  LINDWURM_PETSC(VecGetOwnershipRange(v, &first, &last));
  PetscScalar* values = nullptr;
  LINDWURM_PETSC(VecGetArrayWrite(v, &values));
  for (PetscInt k = first; k < last; ++k)
    values[k - first] = draws.normal(static_cast<std::uint64_t>(k));
  LINDWURM_PETSC(VecRestoreArrayWrite(v, &values));
}

}  // namespace lindwurm
