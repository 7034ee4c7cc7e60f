#include "judge.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "lindwurm/model/bath_equation.hpp"

namespace lindwurm {

namespace {

// How far the integral of a quasi-probability over its grid may be from 1.
constexpr double whole_picture = 0.01;

// One line, however many oscillators there are.
void judge_top_levels(const std::vector<std::pair<std::string, double>>& populations,
                      const Thresholds& allowed, const std::string& of, Results& results) {
  const auto is_above = [&](const auto& each) { return !(each.second <= allowed.top_level); };
  const auto above = std::count_if(populations.begin(), populations.end(), is_above);
  if (above == 0) return;
  const auto worst =
      std::max_element(populations.begin(), populations.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  results.warnings.push_back(fmt::format(
      "{}: the top level of '{}' holds {:.3g} (more than {:.1g}){}; the truncation may be too "
      "small: raise its levels",
      of, worst->first, worst->second, allowed.top_level,
      above > 1 ? fmt::format(", and those of {} other sites too much", above - 1) : ""));
}

}  // namespace

void judge(const KetDiagnostics& found, const Thresholds& allowed, const std::string& of,
           Results& results) {
  if (!(found.norm_error <= allowed.trace)) {
    results.problems.push_back(fmt::format(
        "{}: the norm is off by {:.3g}; lower evolve.rtol and evolve.atol", of, found.norm_error));
  }
  if (found.energy_drift && !(*found.energy_drift <= allowed.energy)) {
    results.warnings.push_back(
        fmt::format("{}: <H> went astray by {:.3g}; lower evolve.rtol and evolve.atol", of,
                    *found.energy_drift));
  }
  auto populations = found.top_levels;
  std::erase_if(populations,
                [&](const auto& each) { return results.exact_cutoffs.contains(each.first); });
  judge_top_levels(populations, allowed, of, results);
}

void judge(const StateDiagnostics& found, const Thresholds& allowed, const std::string& of,
           Results& results) {
  if (!(found.trace_error <= allowed.trace)) {
    results.problems.push_back(
        fmt::format("{}: the trace is off by {:.3g}", of, found.trace_error));
  }
  judge_top_levels(found.top_levels, allowed, of, results);
  if (found.lowest_eigenvalue && !(*found.lowest_eigenvalue >= -allowed.positivity)) {
    // An equation of GKSL form keeps states positive; others may leave them.
    const bool is_gksl = results.generator == "GKSL";
    auto& told = is_gksl ? results.problems : results.warnings;
    told.push_back(fmt::format("{}: rho is not positive, its lowest eigenvalue is {:.3g}{}", of,
                               *found.lowest_eigenvalue,
                               is_gksl ? ", which an equation of GKSL form does not do: lower the "
                                         "tolerances"
                                       : ""));
  }
}

void judge(const TimeSeries& run, double accuracy, std::int64_t members, Results& results) {
  for (const auto& text : run.warnings)
    results.warnings.push_back("evolve: " + text);
  const double sum =
      run.statistics.local_errors / static_cast<double>(std::max<std::int64_t>(members, 1));
  if (sum <= accuracy) return;
  results.problems.push_back(fmt::format(
      "evolve: the errors of its {} steps may add up to {:.2g} of the state, more than "
      "evolve.accuracy = {:.2g}, although the tolerances were lowered on the way; begin with a "
      "lower evolve.rtol, evolve for a shorter time, or raise evolve.accuracy",
      run.statistics.steps, sum, accuracy));
}

namespace {

// What has not been tried yet.
std::string advice(const SteadyState& steady) {
  const bool tried_gmres = steady.solver.find("gmres") != std::string::npos;
  const bool tried_mumps = steady.solver.find("mumps") != std::string::npos;
  std::vector<std::string> ways;
  if (tried_gmres) ways.emplace_back("raise steady.max_iterations or steady.restart");
  if (tried_gmres && tried_mumps) ways.emplace_back("take another liouvillian.preconditioner");
  if (!tried_mumps) ways.emplace_back("use solver = \"mumps\"");
  if (!tried_gmres) ways.emplace_back("use solver = \"gmres\"");
  return fmt::format("{}", fmt::join(ways, ", or "));
}

// An observable of the steady state may be this wrong, relative to 1 or to itself.
constexpr double allowed_error = 1e-6;

void judge_errors(const Study& study, Results& results) {
  double worst = 0;
  std::size_t which = 0;
  for (std::size_t k = 0; k < results.steady_errors.size(); ++k) {
    const auto& error = results.steady_errors[k];
    if (!error) continue;
    const double relative = *error / std::max(1.0, std::abs(results.steady_values[k]));
    if (relative <= worst) continue;
    worst = std::isfinite(relative) ? relative : std::numeric_limits<double>::infinity();
    which = k;
  }
  if (worst <= allowed_error) return;
  results.problems.push_back(fmt::format(
      "steady: <{}> is known to an error of about {:.2g} only: L has rates so far apart that its "
      "slowest modes make this of the residual |L rho|/|rho| = {:.2g} and of rounding; measure the "
      "slow part by itself, or bring the rates closer",
      study.observables[which].name, *results.steady_errors[which], results.steady->residual));
}

void judge_uniqueness(const SteadyState& steady, Results& results) {
  if (!steady.is_unique) {
    const char* mean = steady.state.get() != nullptr
                           ? "given is the long-time mean of the initial state's evolution"
                       : steady.dimension_is_exact
                           ? "give an [initial] state to have its long-time mean"
                           : "no long-time mean is given, because it needs all of them";
    results.problems.push_back(
        fmt::format("steady: not unique, the stationary space has dimension {}{}; {}",
                    steady.dimension_is_exact ? "" : "at least ", steady.dimension, mean));
  } else if (!steady.dimension_is_exact && steady.is_converged) {
    results.problems.push_back(fmt::format(
        "steady: not shown to be unique: either the check did not converge, or L has an eigenvalue "
        "too close to 0 to be told from it (steady.resolution); {}",
        advice(steady)));
  }
}

}  // namespace

void judge(const SteadyState& steady, const Study& study, Results& results) {
  if (!steady.failure.empty()) {
    results.problems.push_back("steady: " + steady.failure);
    return;
  }
  judge_uniqueness(steady, results);
  if (!steady.is_converged) {
    results.problems.push_back(fmt::format("steady: not converged ({}), |L rho|/|rho| = {:.3g}; {}",
                                           steady.reason, steady.residual, advice(steady)));
  }
  if (!steady.is_stability_shown) {
    results.warnings.push_back(
        "steady: not tested whether L has eigenvalues with a positive real part, which an equation "
        "that is not of GKSL form can have; [spectrum] with a larger max_products may show it");
  }
  judge_errors(study, results);
}

namespace {

// The relative error that a gap may have.
constexpr double well_known = 0.1;

}  // namespace

void judge(const Spectrum& spectrum, Results& results) {
  if (!spectrum.is_complete) {
    results.problems.push_back(
        fmt::format("spectrum: not shown complete: {}", spectrum.certificate.failure));
  }
  if (!spectrum.is_found) {
    results.problems.push_back(
        fmt::format("spectrum: only {} eigenvalues converged", spectrum.eigenvalues.size()));
    return;
  }
  if (!spectrum.is_converged()) {
    results.problems.push_back("spectrum: a residual is larger than rounding explains");
  }
  const auto exceptional = std::count_if(spectrum.modes.begin(), spectrum.modes.end(),
                                         [](const Mode& mode) { return mode.is_near_exceptional; });
  if (exceptional > 0) {
    results.warnings.push_back(fmt::format(
        "spectrum: {} modes are near an exceptional point, where modes merge: their eigenvalues "
        "are known to the errors given only, and amplitudes are not given, as they nearly cancel",
        exceptional));
  }
  if (spectrum.stationary > 1) {
    results.warnings.push_back(fmt::format(
        "spectrum: the eigenvalue 0 is {}-fold, the steady state is not unique; the gap is that of "
        "the slowest mode beside them",
        spectrum.stationary));
  }
  if (!spectrum.gap && spectrum.is_everything_stationary) {
    results.warnings.push_back("spectrum: every mode is stationary, there is no gap");
  } else if (!spectrum.gap) {
    results.problems.push_back(
        "spectrum: no mode beside the stationary ones was found, the gap is not known; take method "
        "= \"dense\" with a higher dense_limit, or raise max_products");
  } else if (*spectrum.gap == 0) {
    results.warnings.push_back(
        "spectrum: a mode oscillates without decay, there is no gap (gap = 0)");
  } else if (std::abs(*spectrum.gap) < 1e-10 * spectrum.scale) {
    results.warnings.push_back(fmt::format(
        "spectrum: the gap {:.3g} is so small beside the largest eigenvalues, which may reach "
        "{:.3g}, that rounding blurs it",
        *spectrum.gap, spectrum.scale));
  }
  const auto& error = spectrum.gap_error;
  if (spectrum.gap && *spectrum.gap > 0 && error && !(*error < well_known * *spectrum.gap)) {
    results.problems.push_back(fmt::format(
        "spectrum: the gap {:.3g} is known to an error of {:.3g} only: the equation is so far from "
        "normal, or the gap so small, that rounding blurs it",
        *spectrum.gap, *error));
  }
  if (spectrum.gap && *spectrum.gap < -1e-10 * std::abs(spectrum.scale)) {
    results.problems.push_back(fmt::format(
        "spectrum: an eigenvalue has the positive real part {:.3g}; the equation is not stable",
        -*spectrum.gap));
  }
}

void judge(const CorrelationTask& task, const CorrelationResult& found, Results& results) {
  const std::string of = fmt::format("correlation '{}'", found.name);
  if (found.at.empty()) {
    results.problems.push_back(
        fmt::format("{}: not found, there is no unique steady state; give `at` a time", of));
    return;
  }
  if (task.options.frequencies.empty()) return;
  const Correlation& spectrum = found.at.front();
  if (results.generator != "GKSL") {
    results.warnings.push_back(
        fmt::format("{}: the master equation is {}; its spectrum has meaning if every correlation "
                    "decays{}",
                    of, results.generator,
                    spectrum.method == "solve" ? ", which method = \"evolve\" shows" : ""));
  }
  if (spectrum.is_converged) return;
  if (spectrum.method == "evolve") {
    results.problems.push_back(
        fmt::format("{}: the correlation has not decayed after {} products; raise max_iterations, "
                    "or take method = \"solve\"",
                    of, spectrum.products));
    return;
  }
  const auto missed =
      std::count_if(spectrum.residuals.begin(), spectrum.residuals.end(),
                    [&](double residual) { return !(residual <= task.options.tolerance); });
  results.problems.push_back(fmt::format(
      "{}: the spectrum is not converged at {} of {} frequencies, the largest residual is {:.3g}; "
      "raise max_iterations, take method = \"evolve\" or another liouvillian.preconditioner",
      of, missed, spectrum.residuals.size(),
      *std::max_element(spectrum.residuals.begin(), spectrum.residuals.end())));
}

void judge_baths(const System& system, Results& results) {
  const Model& model = system.model();
  if (!model.superoperators.empty()) results.generator = "not shown to be GKSL";
  for (std::size_t k = 0; k < model.baths.size(); ++k) {
    const BathCoupling& bath = model.baths[k];
    std::set<std::string> said;  // once for all members
    for (const auto& equation : system.reported_bath_equations(k)) {
      if (!equation.is_gksl) results.generator = "not GKSL";
      for (const auto& warning : equation.validity.warnings) {
        if (!said.insert(warning).second) continue;
        results.warnings.push_back(
            fmt::format("bath '{}', {}: {}", bath.name, name_of(bath.scheme), warning));
      }
    }
  }
}

void judge_ensembles(const Study& study, Results& results) {
  if (!study.steady && !study.spectrum) return;
  for (const auto& group : study.model().space.groups()) {
    if (!group.multiplets || !group.multiplets->is_limited()) continue;
    results.warnings.push_back(
        fmt::format("sites.{}.coherence: stationary states and modes of higher coherence were not "
                    "looked for",
                    group.name));
  }
}

void judge_initial(const Study& study, Results& results) {
  if (!study.initial || study.initial->neglected_weight <= study.thresholds.top_level) return;
  results.warnings.push_back(
      fmt::format("initial: the cutoff takes the weight {:.3g} from the initial state; raise "
                  "the levels",
                  study.initial->neglected_weight));
}

void judge_phase_space(const Study& study, Results& results) {
  for (std::size_t k = 0; k < results.phase_space.size(); ++k) {
    const PhaseSpaceTask& task = study.phase_space[k];
    const Group& site = study.model().space.group_of(task.site);
    std::vector<Eigen::MatrixXd> all = results.phase_space[k].at;
    if (results.phase_space[k].steady) all.push_back(*results.phase_space[k].steady);
    double worst = 1;
    for (const auto& values : all) {
      const double weight = integral(values, site, task.grid);
      if (std::abs(weight - 1) > std::abs(worst - 1)) worst = weight;
    }
    if (std::abs(worst - 1) <= whole_picture) continue;
    results.warnings.push_back(fmt::format(
        "phase_space '{}': the integral over the grid is {:.4g}, not 1; raise {}", task.name, worst,
        site.kind == SiteKind::oscillator ? "extent or points" : "points"));
  }
}

void judge(const QubitMap& map, Results& results) {
  const auto unreliable = std::count(map.is_reliable.begin(), map.is_reliable.end(), false);
  if (unreliable > 0) {
    results.warnings.push_back(
        fmt::format("map: |D| is below map.threshold, or its error, at {} of {} times, "
                    "where there are no rates",
                    unreliable, map.times.size()));
  }
  if (map.mixing > 1e-6) {
    results.warnings.push_back(
        fmt::format("map: it mixes populations and coherences by up to {:.3g}; gamma_up and "
                    "gamma_down hold for starts without coherences",
                    map.mixing));
  }
}

void judge(const Ensemble& ensemble, Results& results) {
  if (!ensemble.is_reached) {
    results.problems.push_back(fmt::format(
        "evolve: the largest standard error is {:.3g}, not shown to be {:.3g} as asked for; raise "
        "{}",
        ensemble.largest_error, *ensemble.requested,
        ensemble.kind == "trajectories" ? "trajectories.count, and go on with --continue"
                                        : "mixture.samples"));
  }
}

}  // namespace lindwurm
