#include "preparation.hpp"

#include <algorithm>

#include "lindwurm/study/study_file.hpp"

namespace lindwurm {

namespace {

// True if nothing is requested for single sites and nothing relies on them.
bool may_join_sites(const Study& study) {
  return study.dynamics == Dynamics::lindblad && study.reduced.empty() &&
         std::none_of(study.tasks.begin(), study.tasks.end(),
                      [](const auto& task) { return task->needs_sites(); }) &&
         !study.liouvillian.storage &&
         study.liouvillian.preconditioner == PreconditionerChoice::automatic;
}

}  // namespace

void complete_tasks(Study& study) {
  const auto tasks = study.tasks;  // a task may add another one that it needs
  for (const auto& task : tasks)
    task->complete(study);
}

void choose_bases(Study& study) {
  study.system = prepared(study.system, study.dynamics, !may_join_sites(study));
}

void complete(Study& study) {
  complete_tasks(study);
  choose_bases(study);
  for (const auto& task : study.tasks)
    task->require_feasible(study);
}

}  // namespace lindwurm
