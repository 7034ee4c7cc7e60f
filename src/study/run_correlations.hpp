// The correlations that a study asks for.
#pragma once

#include <functional>
#include <memory>

#include "lindwurm/study/study.hpp"

namespace lindwurm {

/// Correlations in the steady state take the state from the results. Collective.
void run_correlations(const Study& study, const std::shared_ptr<const MasterEquation>& equation,
                      const std::function<void(double)>& progress, Results& results);

}  // namespace lindwurm
