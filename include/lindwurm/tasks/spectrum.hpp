// The task [spectrum]: relaxation spectra.
#pragma once

#include "lindwurm/tasks/study.hpp"

namespace lindwurm {

class SpectrumTask : public Task {
 public:
  SpectrumOptions options;

  [[nodiscard]] std::string_view name() const override { return "spectrum"; }
  void complete(Study& study) override;
  void require_feasible(const Study& study) const override;
  [[nodiscard]] std::optional<Forecast> forecast(const Forecaster& forecaster) const override;
  [[nodiscard]] std::unique_ptr<Outcome> run(Runner& runner) const override;
};

class SpectrumOutcome : public Outcome {
 public:
  Spectrum spectrum;
  /// The distance of each eigenvalue from the nearest one with more levels of the oscillators, and
  /// the change of the gap; empty if not computed.
  std::vector<double> cutoff_errors;
  std::optional<double> gap_cutoff_error;
  /// The observables as the modes alone predict them at the times of the evolution, by name; a
  /// value is [Re, Im] unless the observable is Hermitian. Null if they predict nothing.
  Document prediction;

  std::string cutoff_failure;  ///< why these errors could not be computed; else empty

  void judge(const Study& study, Verdict& verdict) const override;
  void describe(const Study& study, Document& results, Document& diagnostics) const override;
};

/// [spectrum].
[[nodiscard]] TaskKind spectrum_kind();

}  // namespace lindwurm
