#include "lindwurm/solve/evolve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

#include "chebyshev.hpp"
#include "integrator.hpp"
#include "ket_run.hpp"
#include "lindwurm/backend/error.hpp"

namespace lindwurm {

namespace {

// The automatic choice tries BDF for this many steps where the first choice would need more
// products than worth_a_trial, and takes it if it promises the end for this share of them.
constexpr int trial_steps = 300;
constexpr double worth_a_trial = 2000;
constexpr double clear_advantage = 0.8;
// A product of BDF brings vectors of GMRES with it, some five terms of a series in time.
constexpr double clear_advantage_over_series = 0.2;

std::unique_ptr<NewtonSystem> newton_system(const Liouvillian& liouvillian,
                                            const EvolveOptions& options) {
  return std::make_unique<NewtonSystem>(liouvillian, options);
}

// What `automatic` stands for: series for a constant model, for which a line was found, else Adams;
// or BDF, where many products are worth a trial and the trial shows that it is faster.
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
  if (!(options.rtol > 0 && options.atol > 0)) {
    throw InputError(
        fmt::format("rtol = {} and atol = {} must both be positive", options.rtol, options.atol));
  }
  if (options.max_steps < 1 || !(options.max_step >= 0)) {
    throw InputError("max_steps must be at least 1 and max_step not negative");
  }
}

Evolution evolve(const Liouvillian& liouvillian, Vec initial, const std::vector<double>& times,
                 const EvolveOptions& options) {
  require_sound(times, options);
  require_series_fit(liouvillian, options);
  const auto start = std::chrono::steady_clock::now();
  Evolution run;
  run.times = times;
  Observer observer(options.observe, liouvillian, options.reduced, options.reduced_changes,
                    options.sites);
  run.is_hermitian = observer.is_real();
  StateMonitor monitor(liouvillian);
  std::optional<SpectralLine> line;
  if (may_use_series(liouvillian, options)) line = find_line(liouvillian);
  const EvolveMethod method = chosen_method(liouvillian, line, initial, times, options);
  if (method == EvolveMethod::chebyshev) {
    evolve_by_series(liouvillian, *line, initial, options, observer, monitor, run);
  } else {
    const bool uses_bdf = method == EvolveMethod::bdf;
    Integrator integrator(liouvillian, initial, times, options,
                          uses_bdf ? newton_system(liouvillian, options) : nullptr);
    for (std::size_t k = 0; k < times.size(); ++k) {
      if (k > 0) integrator.advance(times[k]);
      observer.record(times[k], integrator.state());
      monitor.look(integrator.state(), k + 1 == times.size());
    }
    run.statistics = integrator.statistics();
    run.final_state = integrator.take_state();
  }
  run.values = observer.values();
  run.reduced = observer.reduced();
  run.site_states = observer.site_states();
  run.basis = liouvillian.shared_basis();
  run.diagnostics = monitor.worst();
  run.statistics.seconds = seconds_since(start);
  return run;
}

KetEvolution evolve(const KetGenerator& generator, Vec initial, const std::vector<double>& times,
                    const EvolveOptions& options) {
  require_sound(times, options);
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
  run.basis = generator.shared_basis();
  run.statistics = std::move(one.statistics);
  run.statistics.seconds = seconds_since(start);
  return run;
}

}  // namespace lindwurm
