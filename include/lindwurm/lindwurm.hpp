// Everything that a program needs: models, the verbs that solve them, studies and their results.
//
//     Model model(Space{oscillator("mode", 10), spins("bath", 2)});
//     model.hamiltonian = n("mode") + 0.2 * x("mode") * sz("bath");
//     model.add({a("mode"), 0.05});
//     const auto run = evolve(System(model), start, times, {.observe = {{"n", n("mode")}}});
#pragma once

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/model/initial_state.hpp"
#include "lindwurm/model/model.hpp"
#include "lindwurm/model/system.hpp"
#include "lindwurm/operators/expression.hpp"
#include "lindwurm/output/document.hpp"
#include "lindwurm/solve/solve.hpp"
#include "lindwurm/study/study_file.hpp"
#include "lindwurm/tasks/correlation.hpp"
#include "lindwurm/tasks/evolve.hpp"
#include "lindwurm/tasks/map.hpp"
#include "lindwurm/tasks/phase_space.hpp"
#include "lindwurm/tasks/spectrum.hpp"
#include "lindwurm/tasks/steady.hpp"
#include "lindwurm/version.hpp"
