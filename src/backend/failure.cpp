#include "failure.hpp"

#include <new>

#include "lindwurm/backend/error.hpp"

namespace lindwurm {

Failure described(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const InputError& error) {
    return {.is_input = true, .text = error.what()};
  } catch (const std::bad_alloc&) {
    return {.is_memory = true,
            .text = "the memory is used up; use fewer levels or spins, or a machine with more"};
  } catch (const std::exception& error) {
    return {.text = error.what()};
  } catch (...) {
    return {.text = "a failure of an unknown kind"};
  }
}

}  // namespace lindwurm
