// SUNDIALS as Lindwurm uses it: checked calls and owning handles.
#pragma once

#include <mpi.h>
#include <sundials/sundials_context.h>
#include <sundials/sundials_linearsolver.h>
#include <sundials/sundials_nonlinearsolver.h>
#include <sundials/sundials_nvector.h>

#include <memory>
#include <source_location>
#include <string>
#include <type_traits>

namespace lindwurm {

/// Throws lindwurm::Error with the failed call and its place.
void check_sundials(int flag, const char* call,
                    std::source_location where = std::source_location::current());

/// Every SUNDIALS call that returns a flag goes through this.
#define LINDWURM_SUNDIALS(call) ::lindwurm::check_sundials((call), #call)

struct SundialsDeleter {
  void operator()(N_Vector v) const { N_VDestroy(v); }
  void operator()(SUNNonlinearSolver s) const { SUNNonlinSolFree(s); }
  void operator()(SUNLinearSolver s) const { SUNLinSolFree(s); }
  void operator()(SUNContext c) const { SUNContext_Free(&c); }
};

template <typename Pointer>
using SundialsHandle = std::unique_ptr<std::remove_pointer_t<Pointer>, SundialsDeleter>;

/// Throws Error if a SUNDIALS constructor returned a null pointer.
template <typename Pointer>
[[nodiscard]] SundialsHandle<Pointer> own(Pointer object, const char* what) {
  check_sundials(object == nullptr ? -1 : 0, what);
  return SundialsHandle<Pointer>(object);
}

[[nodiscard]] SundialsHandle<SUNContext> sundials_context(MPI_Comm comm);

/// Writes the text of each error of `cvode` to `message`, as "function: text", instead of to
/// standard error. `message` must live as long as `context`.
void keep_error_messages(void* cvode, SUNContext context, std::string& message);

/// The return values of a SUNDIALS linear solver. SUNDIALS' own names for them depend on the
/// version.
struct LinearSolverFlag {
  static constexpr int success = 0;
  static constexpr int not_converged = SUNLS_CONV_FAIL;
  /// Any negative value ends CVODE's step without another attempt.
  static constexpr int failed = -1;
};

}  // namespace lindwurm
