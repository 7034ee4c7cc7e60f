// The steps between the words of a study and a study that can run.
#pragma once

#include "lindwurm/tasks/study.hpp"

namespace lindwurm {

/// Lets each task take over what it needs from the others.
void complete_tasks(Study& study);
/// Stores the system in the bases in which it is solved best.
void choose_bases(Study& study);

}  // namespace lindwurm
