#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "lindwurm/backend/log.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/model/bath_equation.hpp"
#include "lindwurm/study/study_file.hpp"
#include "lindwurm/tasks/spectrum.hpp"
#include "lindwurm/tasks/steady.hpp"

namespace lindwurm {

namespace {

// Also tells of what form the generator is.
void judge_baths(const System& system, Verdict& verdict) {
  const Model& model = system.model();
  if (!model.superoperators.empty()) verdict.generator = "not shown to be GKSL";
  for (std::size_t k = 0; k < model.baths.size(); ++k) {
    const BathCoupling& bath = model.baths[k];
    std::set<std::string> said;  // once for all members
    for (const auto& equation : system.reported_bath_equations(k)) {
      if (!equation.is_gksl) verdict.generator = "not GKSL";
      for (const auto& warning : equation.validity.warnings) {
        if (!said.insert(warning).second) continue;
        verdict.warnings.push_back(
            fmt::format("bath '{}', {}: {}", bath.name, name_of(bath.scheme), warning));
      }
    }
  }
}

void judge_ensembles(const Study& study, Verdict& verdict) {
  if (study.find<SteadyTask>() == nullptr && study.find<SpectrumTask>() == nullptr) return;
  for (const auto& group : study.model().space.groups()) {
    if (!group.multiplets || !group.multiplets->is_limited()) continue;
    verdict.warnings.push_back(
        fmt::format("sites.{}.coherence: stationary states and modes of higher coherence were not "
                    "looked for",
                    group.name));
  }
}

void judge_initial(const Study& study, Verdict& verdict) {
  if (!study.initial || study.initial->neglected_weight <= study.thresholds.top_level) return;
  verdict.warnings.push_back(
      fmt::format("initial: the cutoff takes the weight {:.3g} from the initial state; raise "
                  "the levels",
                  study.initial->neglected_weight));
}

// What can be said before any task has run.
void judge_model(const Study& study, Runner& runner, Verdict& verdict) {
  if (study.dynamics == Dynamics::unitary) {
    verdict.generator = "unitary";
  } else {
    judge_baths(study.system, verdict);
  }
  judge_ensembles(study, verdict);
  judge_initial(study, verdict);
  if (study.has_kets()) return;
  if (const std::string& lost = runner.trace_loss(); !lost.empty())
    verdict.problems.push_back(lost);
}

// A number of the results that is not finite is a problem.
void judge_numbers(const Document& document, Verdict& verdict) {
  for (const NotFinite& each : not_finite(document)) {
    verdict.problems.push_back(each.of == 1
                                   ? fmt::format("{}: it is not a finite number", each.path)
                                   : fmt::format("{}: {} of {} values are not finite numbers",
                                                 each.path, each.bad, each.of));
  }
}

// Makes the equation of the study, which also says how large it is.
void make_equation(Runner& runner) {
  switch (runner.study().dynamics) {
    case Dynamics::lindblad:
      (void)runner.master_equation();
      break;
    case Dynamics::unitary:
      (void)runner.schroedinger_equation();
      break;
    case Dynamics::trajectories:
      (void)runner.jump_equation();
      break;
  }
}

}  // namespace

Results run(const Study& study, MPI_Comm comm, const Progress& progress, WarmStart* warm) {
  const auto start = std::chrono::steady_clock::now();
  Results results;
  results.communicator = comm;
  MPI_Comm_size(comm, &results.ranks);
  results.dimension = study.model().space.dimension();
  if (progress) progress("assemble", 0);
  Runner runner(study, comm, results, progress, warm);
  make_equation(runner);
  judge_model(study, runner, results.verdict);
  for (const auto& task : study.tasks) {
    const LoggedStage stage(std::string(task->name()).c_str());
    results.outcomes.push_back(task->run(runner));
    const Outcome& outcome = *results.outcomes.back();
    outcome.judge(study, results.verdict);
    outcome.describe(study, results.document, results.diagnostics);
    results.entries = std::max(results.entries, outcome.entries());
  }
  judge_numbers(results.document, results.verdict);
  results.peak_memory_bytes = peak_memory_bytes(comm);
  results.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return results;
}

}  // namespace lindwurm
