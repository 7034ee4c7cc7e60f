// What the subcommands do. Each returns the exit status.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lindwurm {

struct RunCommand {
  std::string file;
  std::string output;  ///< empty: as the model file says
  std::string json;    ///< empty: none
  std::vector<std::string> overrides;
  std::vector<std::string> petsc_options;
  bool strict = false;
  bool continues = false;     ///< from what the output file holds
  std::optional<int> groups;  ///< of ranks, for a sweep; none: as many as fit
};

/// Throws InputError unless the file can lie where it is to be written.
void require_folder(const std::filesystem::path& file);

int run(const RunCommand& command);
int check(const std::string& file, const std::vector<std::string>& overrides, int ranks);
int rates(const std::string& file, const std::vector<std::string>& overrides,
          const std::string& json);
int show(const std::string& file);
int draw(const std::string& file, const std::string& picture);

}  // namespace lindwurm
