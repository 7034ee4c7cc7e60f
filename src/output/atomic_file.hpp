// Writes files completely or not at all.
#pragma once

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "lindwurm/backend/error.hpp"

namespace lindwurm {

/// Calls write(temporary path), then renames the temporary file to `file`. Removes it if either
/// fails.
template <typename Write>
void write_whole(const std::filesystem::path& file, Write&& write) {
  std::filesystem::path temporary = file;
  temporary += fmt::format(".{}.partial", getpid());
  try {
    write(temporary);
    std::filesystem::rename(temporary, file);
  } catch (const std::exception& error) {
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    throw Error(fmt::format("cannot write {}: {}", file.string(), error.what()));
  }
}

}  // namespace lindwurm
