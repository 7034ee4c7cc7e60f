#include "lindwurm/backend/sundials.hpp"

#include <cvode/cvode.h>
#include <fmt/format.h>
#include <sundials/sundials_version.h>

#include "lindwurm/backend/error.hpp"

namespace lindwurm {

void check_sundials(int flag, const char* call, std::source_location where) {
  if (flag >= 0) return;
  throw Error(fmt::format("{}:{}: {} failed with SUNDIALS flag {}", where.file_name(), where.line(),
                          call, flag));
}

// All differences between versions 6 and 7 of SUNDIALS are handled here.
#if SUNDIALS_VERSION_MAJOR >= 7

SundialsHandle<SUNContext> sundials_context(MPI_Comm comm) {
  SUNContext context = nullptr;
  LINDWURM_SUNDIALS(SUNContext_Create(comm, &context));
  return SundialsHandle<SUNContext>(context);
}

void keep_error_messages(void*, SUNContext context, std::string& message) {
  const SUNErrHandlerFn keep = [](int, const char* function, const char*, const char* text,
                                  SUNErrCode, void* kept, SUNContext) {
    *static_cast<std::string*>(kept) = fmt::format("{}: {}", function, text);
  };
  LINDWURM_SUNDIALS(SUNContext_ClearErrHandlers(context));
  LINDWURM_SUNDIALS(SUNContext_PushErrHandler(context, keep, &message));
}

#else

SundialsHandle<SUNContext> sundials_context(MPI_Comm comm) {
  SUNContext context = nullptr;
  LINDWURM_SUNDIALS(SUNContext_Create(&comm, &context));
  return SundialsHandle<SUNContext>(context);
}

void keep_error_messages(void* cvode, SUNContext, std::string& message) {
  const CVErrHandlerFn keep = [](int code, const char*, const char* function, char* text,
                                 void* kept) {
    if (code > 0) return;  // a warning
    *static_cast<std::string*>(kept) = fmt::format("{}: {}", function, text);
  };
  LINDWURM_SUNDIALS(CVodeSetErrHandlerFn(cvode, keep, &message));
}

#endif

}  // namespace lindwurm
