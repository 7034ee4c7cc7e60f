#include "sweep_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <numeric>

#include "lindwurm/backend/agreement.hpp"
#include "lindwurm/backend/error.hpp"
#include "lindwurm/study/sweep_document.hpp"
#include "progress_bar.hpp"

namespace lindwurm {

namespace {

using Clock = std::chrono::steady_clock;

// The file of results while points arrive. Each file written is complete. It is written rarely, so
// that this takes little of the time.
class SweepFile {
 public:
  SweepFile(std::filesystem::path file, const Sweep& sweep, const SweepDocument& points)
      : file_(std::move(file)), sweep_(sweep), points_(points) {}

  Document write(const SweepDocument::Run& run) {
    const auto start = Clock::now();
    Document document = points_.document(run);
    write_hdf5(file_, document, sweep_.text, {});
    written_ = Clock::now();
    pause_ = std::max<Clock::duration>(std::chrono::seconds(1), 20 * (written_ - start));
    return document;
  }
  void write_now_and_then(const SweepDocument::Run& run) {
    if (Clock::now() - written_ >= pause_) write(run);
  }

 private:
  std::filesystem::path file_;
  const Sweep& sweep_;
  const SweepDocument& points_;
  Clock::time_point written_;
  Clock::duration pause_{};
};

void require_task(const Sweep& sweep, const Study& study) {
  if (!study.tasks.empty() || !study.model().baths.empty()) return;
  throw InputError(fmt::format(
      "{}: nothing to run at the points of the sweep; add [evolve], [steady], [spectrum] or a "
      "[[bath]], whose rates are found",
      sweep.file.string()));
}

// The number of groups, the same on all ranks, although each rank may see a different amount of
// free memory.
int groups_for(const RunCommand& command, const Sweep& sweep, const std::vector<double>& unknowns,
               std::size_t points, const Session& session) {
  if (!command.groups) {
    double available = available_memory_bytes();
    MPI_Allreduce(MPI_IN_PLACE, &available, 1, MPI_DOUBLE, MPI_MIN, Session::communicator());
    return groups_that_fit(sweep, unknowns, session.ranks(), points, available);
  }
  if (*command.groups > session.ranks()) {
    throw InputError(fmt::format("--groups {}: there are only {} ranks to make groups of",
                                 *command.groups, session.ranks()));
  }
  return static_cast<int>(std::min<std::size_t>(*command.groups, std::max<std::size_t>(points, 1)));
}

}  // namespace

int run(const RunCommand& command, const Sweep& sweep, const Session& session) {
  const auto start = Clock::now();
  const MPI_Comm comm = Session::communicator();
  std::filesystem::path output = command.output;
  const Study first = agree(comm, [&] {
    Study study = sweep.study(0);
    require_task(sweep, study);
    if (output.empty()) output = study.output_file;
    require_folder(output);
    return study;
  });
  const std::vector<double> unknowns = read_points(sweep, comm);
  SweepDocument results(sweep);
  if (command.continues) agree(comm, [&] { results.take_over(output); });
  const std::vector<std::size_t> missing = results.missing();
  SweepDocument::Run facts{.title = first.title,
                           .is_strict = command.strict,
                           .ranks = session.ranks(),
                           .groups = groups_for(command, sweep, unknowns, missing.size(), session)};
  SweepFile file(output, sweep, results);
  ProgressBar bar(session.rank() == 0);
  const SweepHooks hooks{
      .encode = encoded_point,
      .deliver =
          [&](const PointOutcome& outcome) {
            results.add(outcome);
            facts.seconds = std::chrono::duration<double>(Clock::now() - start).count();
            file.write_now_and_then(facts);
          },
      .progress = [&](const std::string& what, double fraction) { bar.show(what, fraction); }};
  run_sweep(sweep, missing, unknowns, facts.groups, comm, hooks);
  bar.clear();
  facts.peak_memory_bytes = peak_memory_bytes(comm);
  facts.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  int status = 0;
  agree(comm, [&] {
    if (session.rank() != 0) return;
    const Document document = file.write(facts);
    if (!command.json.empty()) write_json(command.json, document);
    std::cout << summary(document) << "written to " << output.string()
              << (command.json.empty() ? "" : " and " + command.json) << '\n';
    status = document["diagnostics"]["status"].get<int>();
  });
  MPI_Bcast(&status, 1, MPI_INT, 0, comm);
  return status;
}

}  // namespace lindwurm
