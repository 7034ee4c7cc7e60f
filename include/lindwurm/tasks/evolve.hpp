// The task [evolve]: density operators, kets or trajectories in time.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "lindwurm/tasks/study.hpp"

namespace lindwurm {

/// The time evolution of the initial state at the given output times.
class EvolveTask : public Task {
 public:
  std::vector<double> times;
  EvolveOptions options;
  MixtureOptions mixture;  ///< for kets, if the initial state is mixed
  TrajectoriesOptions trajectories;
  /// The ensemble of an earlier run, which this run continues.
  std::optional<Ensemble> earlier;

  [[nodiscard]] std::string_view name() const override { return "evolve"; }
  [[nodiscard]] std::optional<double> last_time() const override { return times.back(); }
  void complete(Study& study) override;
  [[nodiscard]] std::optional<Forecast> forecast(const Forecaster& forecaster) const override;
  [[nodiscard]] std::unique_ptr<Outcome> run(Runner& runner) const override;
};

/// The evolution of density operators or of kets.
class EvolveOutcome : public Outcome {
 public:
  std::optional<Evolution> evolution;
  std::optional<KetEvolution> kets;
  double accuracy = 1e-6;  ///< EvolveOptions::accuracy
  /// By how much each value changes with more levels of the oscillators; empty if not computed.
  std::vector<std::vector<double>> cutoff_errors;
  bool is_cutoff_exact = false;  ///< nothing reaches the cutoffs

  [[nodiscard]] const TimeSeries& series() const {
    if (kets) return *kets;
    return *evolution;
  }
  std::string cutoff_failure;  ///< why these errors could not be computed; else empty

  void judge(const Study& study, Verdict& verdict) const override;
  void describe(const Study& study, Document& results, Document& diagnostics) const override;
  [[nodiscard]] double entries() const override { return series().space.entries; }
  void add_arrays(const Study& study, Arrays& arrays) const override;
};

/// Evolves `initial` under the equation of the study's dynamics. Collective.
[[nodiscard]] EvolveOutcome evolved(const EvolveTask& task, const ProductState& initial,
                                    const EvolveOptions& options, Runner& runner);

/// The plan of evolved(), or of the same task on another space.
[[nodiscard]] TaskPlan plan_of(const EvolveTask& task, const Study& study, const Space& space,
                               const ProductState& initial, const Flow& flow);

/// The ensemble of quantum trajectories that an earlier run of the same study wrote to its file,
/// for continuation. Throws InputError if there is none, or if the study was a different one.
[[nodiscard]] Ensemble read_ensemble(const Study& study);

/// [evolve], [mixture] and [trajectories].
[[nodiscard]] TaskKind evolve_kind();

}  // namespace lindwurm
