// Converts an exception of any kind to the text that is reported.
#pragma once

#include <exception>
#include <string>

namespace lindwurm {

struct Failure {
  bool is_input = false;
  bool is_memory = false;
  std::string text;
};

[[nodiscard]] Failure described(const std::exception_ptr& failure);

}  // namespace lindwurm
