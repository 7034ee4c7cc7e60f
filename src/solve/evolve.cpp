#include "lindwurm/solve/evolve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

#include "lindwurm/backend/error.hpp"
#include "solve/evolve/chebyshev.hpp"
#include "solve/evolve/integrator.hpp"
#include "solve/evolve/propagation.hpp"
#include "solve/kets/ket_run.hpp"

namespace lindwurm {

namespace {

// The automatic choice tries BDF for `trial_steps` steps if the first choice would need more than
// `worth_a_trial` products. It chooses BDF if the forecast of its products is below the share
// `clear_advantage` of those of the first choice.
constexpr int trial_steps = 300;
constexpr double worth_a_trial = 2000;
constexpr double clear_advantage = 0.8;
// The same share, if the first choice is a series. It is smaller because a product of BDF includes
// the vector operations of GMRES and costs about as much as five terms of a series.
constexpr double clear_advantage_over_series = 0.2;

std::unique_ptr<NewtonSystem> newton_system(const Liouvillian& liouvillian,
                                            const EvolveOptions& options) {
  return std::make_unique<NewtonSystem>(liouvillian, options);
}

// The method that `automatic` stands for. It is a series for a constant model for which a line was
// found, otherwise Adams. It is BDF if the number of products justifies a trial and the trial shows
// that BDF is faster.
EvolveMethod chosen_method(const Liouvillian& liouvillian, const std::optional<SpectralLine>& line,
                           Vec initial, const std::vector<double>& times, EvolveOptions options) {
  const EvolveMethod first = line ? EvolveMethod::chebyshev : EvolveMethod::adams;
  if (options.method != EvolveMethod::automatic) return options.method;
  if (times.size() < 2) return first;
  options.progress = {};
  const double products =
      line ? forecast_products(*line, times.back() - times.front())
           : Integrator(liouvillian, initial, times, options).forecast_products(trial_steps);
  if (products < worth_a_trial) return first;
  Integrator bdf(liouvillian, initial, times, options, newton_system(liouvillian, options));
  const double share = line ? clear_advantage_over_series : clear_advantage;
  return bdf.forecast_products(trial_steps) < share * products ? EvolveMethod::bdf : first;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

EvolveStatistics& EvolveStatistics::operator+=(const EvolveStatistics& part) {
  method = part.method;
  steps += part.steps;
  rhs_evaluations += part.rhs_evaluations;
  error_test_failures += part.error_test_failures;
  nonlinear_iterations += part.nonlinear_iterations;
  nonlinear_failures += part.nonlinear_failures;
  linear_iterations += part.linear_iterations;
  linear_failures += part.linear_failures;
  preconditioner_setups += part.preconditioner_setups;
  last_order = part.last_order;
  last_step = part.last_step;
  local_errors += part.local_errors;
  seconds += part.seconds;
  return *this;
}

void require_sound(const std::vector<double>& times, const EvolveOptions& options) {
  if (times.empty()) throw InputError("an evolution needs at least one output time");
  for (std::size_t k = 0; k < times.size(); ++k) {
    if (!std::isfinite(times[k])) throw InputError("an output time is not a finite number");
    if (k > 0 && times[k] <= times[k - 1]) {
      throw InputError(
          fmt::format("the output times do not increase: {} follows {}", times[k], times[k - 1]));
    }
  }
  for (const SiteAt& each : options.sites) {
    for (const double t : each.times) {
      if (!std::binary_search(times.begin(), times.end(), t))
        throw InputError(fmt::format("a site's state is wanted at t = {}, no output time", t));
    }
  }
  if (!(options.rtol > 0 && options.atol > 0 && options.accuracy > 0)) {
    throw InputError(fmt::format("rtol = {}, atol = {} and accuracy = {} must all be positive",
                                 options.rtol, options.atol, options.accuracy));
  }
  if (options.max_steps < 1 || !(options.max_step >= 0)) {
    throw InputError("max_steps must be at least 1 and max_step not negative");
  }
}

Evolution evolve(const Liouvillian& liouvillian, Vec initial, const std::vector<double>& times,
                 const EvolveOptions& options) {
  require_sound(times, options);
  require_basis(initial, liouvillian.basis().mark(), "the Liouvillian");
  require_series_fit(liouvillian, options);
  const auto start = std::chrono::steady_clock::now();
  Evolution run;
  run.times = times;
  Observer observer(options.observe, liouvillian, options.reduced, options.reduced_changes,
                    options.sites);
  run.is_hermitian = observer.is_real();
  StateMonitor monitor(liouvillian, options.eigenvalues);
  std::optional<SpectralLine> line;
  if (may_use_series(liouvillian, options)) line = find_line(liouvillian);
  const EvolveMethod method = chosen_method(liouvillian, line, initial, times, options);
  if (method == EvolveMethod::chebyshev) {
    evolve_by_series(liouvillian, *line, initial, options, observer, monitor, run);
  } else {
    Propagation how;
    if (method == EvolveMethod::bdf) how.newton = newton_system(liouvillian, options);
    if (!how.newton && options.method == EvolveMethod::automatic)
      how.line_at = [&](const Factors& factors) { return find_line(liouvillian, factors); };
    std::size_t seen = 0;
    const auto look = [&](Vec state) {
      observer.record(times[seen++], state);
      monitor.look(state, seen == times.size());
    };
    run.final_state =
        propagate(liouvillian, initial, times, options, std::move(how), look, run.statistics);
    run.warnings = doubts_about_steps(liouvillian.equation(), times.front(), times.back());
  }
  run.values = observer.values();
  run.reduced = observer.reduced();
  run.site_states = observer.site_states();
  run.basis = liouvillian.shared_basis();
  run.space = liouvillian.used_space();
  run.diagnostics = monitor.worst();
  run.statistics.seconds = seconds_since(start);
  return run;
}

KetEvolution evolve(const KetGenerator& generator, Vec initial, const std::vector<double>& times,
                    const EvolveOptions& options) {
  require_sound(times, options);
  require_basis(initial, generator.basis().mark(), "the generator of kets");
  require_ket_method(generator, options);
  const auto start = std::chrono::steady_clock::now();
  const KetColumns columns(generator.model(), options);
  const KetObserver observer(columns, generator);
  KnownLine line;
  KetRun one = run_ket(generator, observer, initial, times, options, line);
  KetEvolution run;
  run.times = times;
  columns.read(one.columns, 1, 0, run);
  run.diagnostics = columns.diagnostics(one.columns);
  run.final_state = std::move(one.final_state);
  run.warnings = doubts_about_steps(generator.equation(), times.front(), times.back());
  run.basis = generator.shared_basis();
  run.space = generator.used_space();
  run.statistics = std::move(one.statistics);
  run.statistics.seconds = seconds_since(start);
  return run;
}

}  // namespace lindwurm
