// The subcommands. Each function returns the exit status.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lindwurm {

struct RunCommand {
  std::string file;
  std::string output;  ///< empty: as in the model file
  std::string json;    ///< empty: no JSON file
  std::vector<std::string> overrides;
  std::vector<std::string> petsc_options;
  bool strict = false;
  bool continues = false;     ///< continue from the content of the output file
  std::optional<int> groups;  ///< groups of ranks for a sweep; empty: as many as fit
};

/// Throws InputError unless the folder that the file is to be written to exists.
void require_folder(const std::filesystem::path& file);

int run(const RunCommand& command);
int check(const std::string& file, const std::vector<std::string>& overrides, int ranks);
int rates(const std::string& file, const std::vector<std::string>& overrides,
          const std::string& json);
int show(const std::string& file);
int draw(const std::string& file, const std::string& picture);

}  // namespace lindwurm
