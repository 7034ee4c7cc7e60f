// Errors. Everything that the library throws derives from lindwurm::Error.
#pragma once

#include <stdexcept>
#include <string>

namespace lindwurm {

/// A run that failed: a solver, a library underneath, the file system. Exit status 1.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Something that the user wrote cannot be carried out as written. Exit status 2.
/// The message names the place, the value and the remedy.
class InputError : public Error {
 public:
  using Error::Error;
};

}  // namespace lindwurm
