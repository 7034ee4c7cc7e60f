#include "lindwurm/backend/sundials.hpp"

#include <fmt/format.h>

#include "lindwurm/backend/error.hpp"

namespace lindwurm {

void check_sundials(int flag, const char* call, std::source_location where) {
  if (flag >= 0) return;
  throw Error(fmt::format("{}:{}: {} failed with SUNDIALS flag {}", where.file_name(), where.line(),
                          call, flag));
}

SundialsHandle<SUNContext> sundials_context(MPI_Comm comm) {
  SUNContext context = nullptr;
  LINDWURM_SUNDIALS(SUNContext_Create(&comm, &context));
  return SundialsHandle<SUNContext>(context);
}

}  // namespace lindwurm
