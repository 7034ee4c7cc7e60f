// The task [steady]: the steady state.
#pragma once

#include "lindwurm/tasks/study.hpp"

namespace lindwurm {

/// The steady state and what is observed in it.
class SteadyTask : public Task {
 public:
  SteadyOptions options;

  [[nodiscard]] std::string_view name() const override { return "steady"; }
  void complete(Study& study) override;
  [[nodiscard]] std::optional<Forecast> forecast(const Forecaster& forecaster) const override;
  [[nodiscard]] std::unique_ptr<Outcome> run(Runner& runner) const override;
};

class SteadyOutcome : public Outcome {
 public:
  SteadyState steady;
  /// By how much each value changes with more levels of the oscillators; empty if not computed.
  std::vector<double> cutoff_errors;
  bool is_cutoff_exact = false;  ///< nothing stays at the cutoffs

  std::string cutoff_failure;  ///< why these errors could not be computed; else empty

  void judge(const Study& study, Verdict& verdict) const override;
  void describe(const Study& study, Document& results, Document& diagnostics) const override;
  [[nodiscard]] double entries() const override { return steady.space.entries; }
  void add_arrays(const Study& study, Arrays& arrays) const override;
};

/// [steady].
[[nodiscard]] TaskKind steady_kind();

}  // namespace lindwurm
