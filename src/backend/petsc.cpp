#include "lindwurm/backend/petsc.hpp"

#include <fmt/format.h>

#include "lindwurm/backend/error.hpp"

namespace lindwurm {

void check_petsc(PetscErrorCode code, const char* call, std::source_location where) {
  if (code == 0) return;
  const char* generic = nullptr;
  char* specific = nullptr;
  PetscErrorMessage(code, &generic, &specific);
  throw Error(fmt::format(
      "{}:{}: {} failed with PETSc error {}: {}{}{}", where.file_name(), where.line(), call,
      static_cast<int>(code), generic != nullptr ? generic : "unknown error",
      specific != nullptr && *specific != '\0' ? ": " : "", specific != nullptr ? specific : ""));
}

VecHandle duplicate(Vec like) {
  VecHandle copy;
  LINDWURM_PETSC(VecDuplicate(like, copy.put()));
  return copy;
}

}  // namespace lindwurm
