#include "commands.hpp"

#include <fmt/format.h>
#include <mpi.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <optional>

#include "lindwurm/backend/agreement.hpp"
#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/log.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/study/study_file.hpp"
#include "lindwurm/tasks/evolve.hpp"
#include "lindwurm/tasks/rates.hpp"
#include "progress_bar.hpp"
#include "sweep_command.hpp"

namespace lindwurm {

void require_folder(const std::filesystem::path& file) {
  const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  if (!std::filesystem::is_directory(folder)) {
    throw InputError(
        fmt::format("{}: the folder {} does not exist", file.string(), folder.string()));
  }
  if (std::filesystem::is_directory(file)) {
    throw InputError(fmt::format("{} is a folder, not a file", file.string()));
  }
}

namespace {

// The number of rows that is enough for a forecast of the memory. `check` counts more.
constexpr std::int64_t rows_sampled_before_a_run = 10000;

// After this number of seconds, a rank that failed assumes that it is the only one.
constexpr double patience_with_ranks = 3;

std::vector<Override> parse_overrides(const std::vector<std::string>& words) {
  std::vector<Override> overrides;
  for (const auto& word : words) {
    const auto equals = word.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw InputError(fmt::format("--set {}: write key=value", word));
    }
    overrides.push_back({word.substr(0, equals), word.substr(equals + 1)});
  }
  return overrides;
}

// Rank 0 writes. Every rank learns whether that succeeded.
void write_results(const RunCommand& command, const Study& study, const Document& document,
                   const Arrays& arrays, const Session& session) {
  agree(Session::communicator(), [&] {
    if (session.rank() != 0) return;
    write_hdf5(study.output_file, document, study.text, arrays);
    if (!command.json.empty()) write_json(command.json, document);
  });
}

std::optional<Sweep> sweep_to_run(const RunCommand& command,
                                  const std::vector<Override>& overrides) {
  auto sweep = read_sweep(command.file, overrides);
  if (sweep) {
    if (!command.output.empty()) require_folder(command.output);
    if (!command.json.empty()) require_folder(command.json);
  } else if (command.groups) {
    throw InputError(fmt::format(
        "--groups {}: the groups are those of a [sweep], and there is none", *command.groups));
  }
  return sweep;
}

Study study_to_run(const RunCommand& command, const std::vector<Override>& overrides) {
  Study study = read_study(command.file, overrides);
  if (!command.output.empty()) study.output_file = command.output;
  require_folder(study.output_file);
  if (!command.json.empty()) require_folder(command.json);
  if (study.tasks.empty()) {
    throw InputError(fmt::format(
        "{}: nothing to run; add [evolve], [steady], [spectrum] or [[correlation]]", command.file));
  }
  if (!command.continues) return study;
  if (study.dynamics != Dynamics::trajectories) {
    throw InputError(fmt::format(
        "{}: --continue adds quantum trajectories, or the missing points of a [sweep]; take "
        "dynamics.kind = \"trajectories\"",
        command.file));
  }
  auto* evolution = study.find<EvolveTask>();
  if (evolution == nullptr) return study;
  evolution->earlier = read_ensemble(study);
  const std::int64_t members = evolution->earlier->members;
  if (members >= evolution->trajectories.count) {
    throw InputError(fmt::format(
        "{}: it holds {} trajectories, and trajectories.count = {} asks for no more; raise it",
        study.output_file.string(), members, evolution->trajectories.count));
  }
  return study;
}

int run_in_session(const RunCommand& command, const Session& session) {
  const MPI_Comm comm = Session::communicator();
  // Every rank reads the file and makes the forecast by itself, and may be the only one that fails.
  const auto overrides = agree(comm, [&] { return parse_overrides(command.overrides); });
  if (const auto sweep = agree(comm, [&] { return sweep_to_run(command, overrides); }))
    return run(command, *sweep, session);
  const Study study = agree(comm, [&] { return study_to_run(command, overrides); });
  require_memory(
      agree(comm, [&] { return predict(study, session.ranks(), rows_sampled_before_a_run); }),
      comm);

  ProgressBar bar(session.rank() == 0);
  const Results results =
      run(study, comm, [&](const std::string& what, double fraction) { bar.show(what, fraction); });
  bar.clear();
  const LoggedStage stage("output");
  const Document document = to_document(study, results, command.strict);
  write_results(command, study, document, arrays_to_store(study, results), session);
  if (session.rank() == 0) {
    std::cout << summary(document) << "written to " << study.output_file.string()
              << (command.json.empty() ? "" : " and " + command.json) << '\n';
  }
  return results.exit_status(command.strict);
}

}  // namespace

int run(const RunCommand& command) {
  const Session session(command.petsc_options);
  try {
    return run_in_session(command, session);
  } catch (const std::exception& error) {
    const int status = dynamic_cast<const InputError*>(&error) != nullptr ? 2 : 1;
    // If all ranks stopped, one of them prints the message. If only this rank stopped, the others
    // may be waiting for it.
    const bool is_common = session.all_arrive(patience_with_ranks);
    if (!is_common || session.rank() == 0) {
      std::cerr << fmt::format("lindwurm: {}{}\n",
                               is_common ? "" : fmt::format("rank {}: ", session.rank()),
                               error.what());
    }
    if (!is_common) MPI_Abort(Session::communicator(), status);
    return status;
  }
}

int check(const std::string& file, const std::vector<std::string>& overrides, int ranks) {
  const auto set = parse_overrides(overrides);
  if (const auto sweep = read_sweep(file, set)) {
    const std::vector<double> unknowns = read_points(*sweep);
    const auto [point, prediction] = predict_largest(*sweep, unknowns, ranks);
    std::cout << fmt::format("sweep of {} points, the largest at {}\n", sweep->points(),
                             sweep->label(point))
              << summary(sweep->study(point), prediction);
    require_memory(prediction);
    if (ranks > 1) {
      std::cout << fmt::format(
          "{} groups of ranks can work at the same time\n",
          groups_that_fit(*sweep, unknowns, ranks, sweep->points(), available_memory_bytes()));
    }
    return 0;
  }
  const Study study = read_study(file, set);
  const Prediction prediction = predict(study, ranks);
  std::cout << summary(study, prediction);
  require_memory(prediction);
  return 0;
}

int rates(const std::string& file, const std::vector<std::string>& overrides,
          const std::string& json) {
  const Study study = read_study(file, parse_overrides(overrides), Reading::without_generator);
  if (study.model().baths.empty()) {
    throw InputError(fmt::format("{}: the model has no [[bath]]", file));
  }
  if (!json.empty()) require_folder(json);
  const Document document = rates_document(study);
  std::cout << rates_summary(document);
  if (!json.empty()) {
    write_json(json, document);
    std::cout << "written to " << json << '\n';
  }
  return 0;
}

int show(const std::string& file) {
  std::string text = summary(read_hdf5(file));
  // Names in a file from elsewhere may contain control sequences of the terminal.
  std::replace_if(
      text.begin(), text.end(),
      [](unsigned char c) { return (c < 0x20 && c != '\n') || c == 0x7f; }, ' ');
  std::cout << text;
  return 0;
}

int draw(const std::string& file, const std::string& picture) {
  const std::filesystem::path target = picture.empty()
                                           ? std::filesystem::path(file).replace_extension(".png")
                                           : std::filesystem::path(picture);
  const Document document = read_hdf5(file);
  require_folder(target);
  plot(document, target);
  std::cout << "drawn to " << target.string() << '\n';
  return 0;
}

}  // namespace lindwurm
