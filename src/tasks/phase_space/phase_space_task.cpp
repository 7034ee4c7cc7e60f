#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "lindwurm/tasks/evolve.hpp"
#include "lindwurm/tasks/phase_space.hpp"
#include "lindwurm/tasks/runner.hpp"
#include "lindwurm/tasks/steady.hpp"

namespace lindwurm {

namespace {

// How far the integral of a quasi-probability over its grid may be from 1.
constexpr double whole_picture = 0.01;

}  // namespace

// The tasks before compute the states of these sites.
void PhaseSpaceTask::complete(Study& study) {
  auto* evolution = study.find<EvolveTask>();
  auto* steady = study.find<SteadyTask>();
  for (const PhaseSpaceRequest& request : requests) {
    if (evolution != nullptr) evolution->options.sites.push_back({request.site, request.times});
    if (steady != nullptr) steady->options.sites.push_back(request.site);
  }
}

std::unique_ptr<Outcome> PhaseSpaceTask::run(Runner& runner) const {
  const auto* evolution = runner.find<EvolveOutcome>();
  const auto* steady = runner.find<SteadyOutcome>();
  auto outcome = std::make_unique<PhaseSpaceOutcome>();
  for (std::size_t k = 0; k < requests.size(); ++k) {
    const PhaseSpaceRequest& request = requests[k];
    PhaseSpaceResult found{request, {}, std::nullopt};
    const auto drawn = [&](const SiteState& state) {
      return quasi_probability(state, request.function, request.grid);
    };
    if (evolution != nullptr) {
      for (const SiteState& state : evolution->series().site_states[k])
        found.at.push_back(drawn(state));
    }
    if (steady != nullptr && !steady->steady.site_states.empty())
      found.steady = drawn(steady->steady.site_states[k]);
    outcome->results.push_back(std::move(found));
  }
  return outcome;
}

void PhaseSpaceOutcome::judge(const Study& study, Verdict& verdict) const {
  for (const PhaseSpaceResult& found : results) {
    const PhaseSpaceRequest& request = found.request;
    const Group& site = study.model().space.group_of(request.site);
    std::vector<Eigen::MatrixXd> all = found.at;
    if (found.steady) all.push_back(*found.steady);
    double worst = 1;
    for (const auto& values : all) {
      const double weight = integral(values, site, request.grid);
      if (std::abs(weight - 1) > std::abs(worst - 1)) worst = weight;
    }
    if (std::abs(worst - 1) <= whole_picture) continue;
    verdict.warnings.push_back(fmt::format(
        "phase_space '{}': the integral over the grid is {:.4g}, not 1; raise {}", request.name,
        worst, site.kind == SiteKind::oscillator ? "extent or points" : "points"));
  }
}

}  // namespace lindwurm
