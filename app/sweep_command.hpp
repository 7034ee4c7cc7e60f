// Runs a model file with a [sweep] table.
#pragma once

#include "commands.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/study/sweep.hpp"

namespace lindwurm {

/// Runs the points, writes the results along the way and returns the exit status. Collective.
int run(const RunCommand& command, const Sweep& sweep, const Session& session);

}  // namespace lindwurm
