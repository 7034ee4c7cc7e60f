// Functions that C libraries call. No exception may pass through these libraries, and none may be
// lost.
#pragma once

#include <exception>

#include "lindwurm/backend/petsc.hpp"

namespace lindwurm {

/// PETSc's error code for a failure. PETSc keeps the text, and check_petsc() reports it when the
/// code arrives there. An InputError is thrown again as an InputError.
[[nodiscard]] PetscErrorCode petsc_error(const std::exception_ptr& failure) noexcept;

/// For a function that PETSc or SLEPc calls: runs the work and reports its failure as a PETSc
/// error.
template <typename Work>
[[nodiscard]] PetscErrorCode petsc_callback(Work work) noexcept {
  try {
    work();
    return 0;
  } catch (...) {
    return petsc_error(std::current_exception());
  }
}

/// The same for a caller that wants the exception itself: the first one thrown is stored in `kept`.
template <typename Work>
[[nodiscard]] PetscErrorCode petsc_callback(std::exception_ptr& kept, Work work) noexcept {
  try {
    work();
    return 0;
  } catch (...) {
    if (!kept) kept = std::current_exception();
    return petsc_error(std::current_exception());
  }
}

/// For a function that SUNDIALS calls: returns the code of the work, or `failed` if it throws.
template <typename Work>
[[nodiscard]] int sundials_callback(std::exception_ptr& kept, int failed, Work work) noexcept {
  try {
    return work();
  } catch (...) {
    if (!kept) kept = std::current_exception();
    return failed;
  }
}

}  // namespace lindwurm
