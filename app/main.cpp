// The command line: lindwurm run | check | rates | show | plot.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <optional>

#include "commands.hpp"
#include "lindwurm/backend/error.hpp"
#include "lindwurm/version.hpp"

namespace {

constexpr const char* footer = R"(
Examples:
  lindwurm run model.toml                               runs the tasks of the file
  lindwurm run model.toml --set N=4 --set evolve.rtol=1e-6 -o four.h5 --json four.json
  mpirun -n 2 lindwurm run model.toml                   the same numbers on two ranks
  lindwurm run model.toml -- -steady_ksp_monitor -log_view     options for PETSc and SLEPc
  mpirun -n 8 lindwurm run sweep.toml --groups 4        a [sweep], four points at a time
  lindwurm run sweep.toml --continue                    the missing points of an interrupted sweep
  lindwurm check model.toml                             sizes and memory, runs nothing
  lindwurm rates model.toml --json rates.json           rates and shifts of the baths
  lindwurm plot model.h5 -o model.svg

Exit status: 0 every result is sound; 1 a run failed; 2 bad input;
  3 results were written but one cannot be trusted (with --strict: or carries a warning).)";

// Returns the words after "--", which are options for PETSc, and removes them.
std::vector<std::string> split_off_petsc_options(std::vector<std::string>& words) {
  const auto dashes = std::find(words.begin(), words.end(), "--");
  if (dashes == words.end()) return {};
  std::vector<std::string> options(dashes + 1, words.end());
  words.erase(dashes, words.end());
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  lindwurm::RunCommand run_command;
  run_command.petsc_options = split_off_petsc_options(words);

  CLI::App app{"Open quantum systems with large state spaces: evolution, steady states, spectra"};
  app.name("lindwurm");
  app.set_version_flag("--version", lindwurm::version);
  app.footer(footer);
  app.require_subcommand(1);

  std::string file;
  auto* run = app.add_subcommand("run", "Run a model file");
  run->add_option("FILE", file, "Model file (TOML)")->required();
  run->add_option("-o,--output", run_command.output, "HDF5 file for the results");
  run->add_option("--json", run_command.json, "JSON file for the results");
  run->add_option("--set", run_command.overrides,
                  "Override a key by its dotted path, or a parameter by its bare name: key=value")
      ->allow_extra_args(false);
  run->add_flag(
      "--continue", run_command.continues,
      "Compute what the HDF5 file lacks: trajectories up to the count of the model, points of a "
      "[sweep]");
  run->add_option("--groups", run_command.groups,
                  "Groups of ranks, each of which works on one point of a [sweep] at a time [as "
                  "many as ranks, or as fit into the memory]")
      ->check(CLI::PositiveNumber);
  run->add_flag("--strict", run_command.strict, "Exit with status 3 if there is a warning");

  std::vector<std::string> check_overrides;
  auto* check = app.add_subcommand("check", "Validate a model file and print its size and memory");
  check->add_option("FILE", file, "Model file (TOML)")->required();
  check->add_option("--set", check_overrides, "Override a key, as in run")->allow_extra_args(false);

  int check_ranks = 1;
  check->add_option("--ranks", check_ranks, "Number of MPI ranks that the run will use")
      ->check(CLI::PositiveNumber);

  std::string rates_json;
  std::vector<std::string> rates_overrides;
  auto* rates = app.add_subcommand(
      "rates", "Print the eigenoperators, rates, shifts and validity of the baths of a model");
  rates->add_option("FILE", file, "Model file (TOML)")->required();
  rates->add_option("--json", rates_json, "JSON file for the numbers");
  rates->add_option("--set", rates_overrides, "Override a key, as in run")->allow_extra_args(false);

  auto* show = app.add_subcommand("show", "Print a result");
  show->add_option("OUT.h5", file, "Result of lindwurm run")->required();

  std::string picture;
  auto* plot = app.add_subcommand(
      "plot", "Draw a result: observables in time, eigenvalues; of a sweep against the parameters");
  plot->add_option("OUT.h5", file, "Result of lindwurm run")->required();
  plot->add_option("-o,--output", picture, "Picture, .png or .svg [the result's name, .png]");

  std::reverse(words.begin(), words.end());  // CLI11 takes the words from the back
  try {
    app.parse(words);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }

  try {
    if (*check) return lindwurm::check(file, check_overrides, check_ranks);
    if (*rates) return lindwurm::rates(file, rates_overrides, rates_json);
    if (*show) return lindwurm::show(file);
    if (*plot) return lindwurm::draw(file, picture);
    run_command.file = file;
    return lindwurm::run(run_command);
  } catch (const lindwurm::InputError& error) {
    std::cerr << "lindwurm: " << error.what() << '\n';
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "lindwurm: " << error.what() << '\n';
    return 1;
  }
}
