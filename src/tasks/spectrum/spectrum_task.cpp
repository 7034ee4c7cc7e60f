#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>

#include "lindwurm/input/read_values.hpp"
#include "lindwurm/tasks/evolve.hpp"
#include "lindwurm/tasks/forecast.hpp"
#include "lindwurm/tasks/runner.hpp"
#include "lindwurm/tasks/spectrum.hpp"
#include "lindwurm/tasks/steady.hpp"
#include "spectrum_show.hpp"
#include "tasks/cutoff_report.hpp"

namespace lindwurm {

namespace {

constexpr double search_vectors = 20;  // in addition to the basis and the modes of a spectrum
// The number of matrices of all unknowns that the real Schur form needs.
constexpr double dense_matrices = 3.2;

void read(const TomlValue& root, Study& study) {
  const auto table = table_to_run(root, "spectrum");
  if (!table) return;
  table->allow_only({"run", "count", "method", "dense_limit", "max_products"});
  SpectrumOptions options;
  const Model& model = study.model();
  const auto unknowns = static_cast<std::int64_t>(model.space.elements_estimate());
  if (auto key = table->find("method")) {
    options.method = static_cast<SpectrumMethod>(key->one_of({"auto", "dense", "krylov", "slepc"}));
  }
  if (auto key = table->find("dense_limit"))
    options.dense_limit = key->integer(model.parameters, 1);
  if (auto key = table->find("max_products"))
    options.max_products = static_cast<long>(key->integer(model.parameters, 1));
  if (auto key = table->find("count")) {
    const std::int64_t count = key->integer(model.parameters, 1);
    if (count > unknowns) {
      key->fail(fmt::format("{} eigenvalues are asked for, but L has {}{}", count,
                            model.space.has_ensembles() ? "" : "D^2 = ", unknowns));
    }
    options.count = static_cast<int>(count);
  } else {
    options.count = static_cast<int>(std::min<std::int64_t>(options.count, unknowns));
  }
  auto task = std::make_shared<SpectrumTask>();
  task->options = options;
  study.tasks.push_back(std::move(task));
}

// The basis of Krylov-Schur, and the left and right modes of two sectors. More modes converge than
// are requested.
double vectors_of_search(int count) {
  const double basis = std::max(2.0 * count + 20, 48.0);
  return basis + 4 * std::max(1.0 * count, 12.0) + search_vectors;
}

// There must be only one verdict on what counts as 0. The solver of the steady state distinguishes
// smaller eigenvalues from 0, so its verdict is used.
void take_over(const SteadyState& steady, Spectrum& spectrum) {
  const bool is_settled =
      steady.is_converged && steady.failure.empty() && steady.dimension_is_exact;
  if (!is_settled || spectrum.stationary <= steady.dimension) return;
  spectrum.stationary = steady.dimension;
  if (steady.gap) spectrum.gap = *steady.gap;
}

// The relative error that a gap may have.
constexpr double well_known = 0.1;

void judge_spectrum(const Spectrum& spectrum, Verdict& verdict) {
  if (!spectrum.is_complete) {
    verdict.problems.push_back(
        fmt::format("spectrum: not shown complete: {}", spectrum.certificate.failure));
  }
  if (!spectrum.is_found) {
    verdict.problems.push_back(
        fmt::format("spectrum: only {} eigenvalues converged", spectrum.eigenvalues.size()));
    return;
  }
  if (!spectrum.is_converged()) {
    verdict.problems.push_back("spectrum: a residual is larger than rounding explains");
  }
  const auto exceptional = std::count_if(spectrum.modes.begin(), spectrum.modes.end(),
                                         [](const Mode& mode) { return mode.is_near_exceptional; });
  if (exceptional > 0) {
    verdict.warnings.push_back(fmt::format(
        "spectrum: {} modes are near an exceptional point, where modes merge: their eigenvalues "
        "are known to the errors given only, and amplitudes are not given, as they nearly cancel",
        exceptional));
  }
  if (spectrum.stationary > 1) {
    verdict.warnings.push_back(fmt::format(
        "spectrum: the eigenvalue 0 is {}-fold, the steady state is not unique; the gap is that of "
        "the slowest mode beside them",
        spectrum.stationary));
  }
  if (!spectrum.gap && spectrum.is_everything_stationary) {
    verdict.warnings.push_back("spectrum: every mode is stationary, there is no gap");
  } else if (!spectrum.gap) {
    verdict.problems.push_back(
        "spectrum: no mode beside the stationary ones was found, the gap is not known; take method "
        "= \"dense\" with a higher dense_limit, or raise max_products");
  } else if (*spectrum.gap == 0) {
    verdict.warnings.push_back(
        "spectrum: a mode oscillates without decay, there is no gap (gap = 0)");
  } else if (std::abs(*spectrum.gap) < 1e-10 * spectrum.scale) {
    verdict.warnings.push_back(fmt::format(
        "spectrum: the gap {:.3g} is so small beside the largest eigenvalues, which may reach "
        "{:.3g}, that rounding blurs it",
        *spectrum.gap, spectrum.scale));
  }
  const auto& error = spectrum.gap_error;
  if (spectrum.gap && *spectrum.gap > 0 && error && !(*error < well_known * *spectrum.gap)) {
    verdict.problems.push_back(fmt::format(
        "spectrum: the gap {:.3g} is known to an error of {:.3g} only: the equation is so far from "
        "normal, or the gap so small, that rounding blurs it",
        *spectrum.gap, *error));
  }
  if (spectrum.gap && *spectrum.gap < -1e-10 * std::abs(spectrum.scale)) {
    verdict.problems.push_back(fmt::format(
        "spectrum: an eigenvalue has the positive real part {:.3g}; the equation is not stable",
        -*spectrum.gap));
  }
}

}  // namespace

TaskKind spectrum_kind() { return {{"spectrum"}, read, spectrum_summary, draw_spectrum}; }

void SpectrumTask::complete(Study& study) {
  options.observe = study.observables;
  options.initial = study.initial;
}

// Checks only what can be refused now, since finding sectors takes time.
void SpectrumTask::require_feasible(const Study& study) const {
  if (options.method != SpectrumMethod::dense && !is_unitary(study.model())) return;
  const std::int64_t at_once =
      study.liouvillian.uses_sectors
          ? largest_sector_size(study.system)
          : static_cast<std::int64_t>(study.model().space.elements_estimate());
  require_method(options, study.model(), at_once);
}

// The forecast for the largest sector. The Liouvillians of the others, kept beside it, are smaller.
std::optional<Forecast> SpectrumTask::forecast(const Forecaster& forecaster) const {
  const LiouvillianSettings& settings = forecaster.study().liouvillian;
  const Charges& charges = forecaster.flow().charges();
  const Sector sector = settings.uses_sectors ? largest_sector(charges) : whole_space(charges);
  const SpectrumMethod method = method_for(size(sector), options);
  const bool is_dense = method == SpectrumMethod::dense;
  const bool is_searched = method == SpectrumMethod::krylov;
  const Storage storage =
      is_searched ? settings.storage.value_or(Storage::matrix_free) : Storage::assembled;
  Forecast task = forecaster.task("spectrum", sector, storage);
  const auto n = static_cast<double>(task.unknowns);
  const double vectors = is_dense      ? dense_matrices * n
                         : is_searched ? vectors_of_search(options.count)
                                       : std::max(8.0 * options.count, 100.0);
  const double generator =
      is_searched ? 2 * forecaster.generator({sector, storage}, task) : Forecaster::assembled(task);
  task.bytes = 8 * n * vectors + generator;
  return task;
}

namespace {

// Sectors of up to this many unknowns are searched a second time without being asked for.
constexpr std::int64_t cheap_sector = 1000;

// Compares the eigenvalues with those for more levels, if that is cheap or asked for.
void estimate_cutoff_errors(const SpectrumOptions& options, SpectrumOutcome& found,
                            Runner& runner) {
  const Study& study = runner.study();
  const Spectrum& spectrum = found.spectrum;
  const auto& enlarged = runner.enlarged();
  if (!enlarged || !spectrum.is_complete) return;
  const Charges& charges = enlarged->master->charges();
  const std::int64_t largest =
      size(study.liouvillian.uses_sectors ? largest_sector(charges) : whole_space(charges));
  if (!study.estimates_cutoffs.value_or(largest <= cheap_sector)) return;
  SpectrumOptions here = options;
  here.observe.clear();
  here.initial.reset();
  here.count = static_cast<int>(2 * spectrum.eigenvalues.size());
  const Spectrum larger = lindwurm::spectrum(enlarged->master, here, study.liouvillian);
  for (const Complex& value : spectrum.eigenvalues) {
    double nearest = std::numeric_limits<double>::infinity();
    for (const Complex& other : larger.eigenvalues)
      nearest = std::min(nearest, std::abs(value - other));
    found.cutoff_errors.push_back(nearest);
  }
  if (spectrum.gap && larger.gap) found.gap_cutoff_error = std::abs(*spectrum.gap - *larger.gap);
}

void judge_cutoffs(const SpectrumOutcome& found, const Thresholds& allowed, Verdict& verdict) {
  const auto& gap = found.spectrum.gap;
  if (!gap || !found.gap_cutoff_error) return;
  const double error = *found.gap_cutoff_error;
  const double share = error / *gap;
  if (!(share > allowed.top_level)) return;
  auto& told =
      share > std::max(wrong_share, allowed.top_level) ? verdict.problems : verdict.warnings;
  told.push_back(
      fmt::format("spectrum: the cutoff of the oscillators makes an error of about {:.2g} in the "
                  "gap {:.6g}, as a spectrum with more levels shows; raise their levels",
                  error, *gap));
}

}  // namespace

std::unique_ptr<Outcome> SpectrumTask::run(Runner& runner) const {
  SpectrumOptions here = options;
  here.progress = runner.progress("spectrum");
  auto outcome = std::make_unique<SpectrumOutcome>();
  outcome->spectrum = spectrum(runner.master_equation(), here, runner.study().liouvillian);
  if (const auto* found = runner.find<SteadyOutcome>()) take_over(found->steady, outcome->spectrum);
  if (const auto* found = runner.find<EvolveOutcome>())
    outcome->prediction = prediction(outcome->spectrum, *found->evolution, options.observe);
  outcome->cutoff_failure = failure_of([&] { estimate_cutoff_errors(options, *outcome, runner); });
  return outcome;
}

void SpectrumOutcome::judge(const Study& study, Verdict& verdict) const {
  judge_spectrum(spectrum, verdict);
  judge_failure(cutoff_failure, "spectrum", verdict);
  judge_cutoffs(*this, study.thresholds, verdict);
}

}  // namespace lindwurm
