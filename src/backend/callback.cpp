#include "lindwurm/backend/callback.hpp"

#include "failure.hpp"

namespace lindwurm {

PetscErrorCode petsc_error(const std::exception_ptr& failure) noexcept {
  const auto report = [](PetscErrorCode code, const char* text) {
    return PetscError(PETSC_COMM_SELF, __LINE__, "petsc_callback", __FILE__, code,
                      PETSC_ERROR_INITIAL, "%s", text);
  };
  try {
    const Failure what = described(failure);
    const PetscErrorCode code = what.is_input    ? PETSC_ERR_USER_INPUT
                                : what.is_memory ? PETSC_ERR_MEM
                                                 : PETSC_ERR_LIB;
    return report(code, what.text.c_str());
  } catch (...) {
    return report(PETSC_ERR_MEM, "the memory is used up");
  }
}

}  // namespace lindwurm
