// The tasks [[correlation]]: two-time correlation functions and their spectra.
#pragma once

#include "lindwurm/solve/correlation.hpp"
#include "lindwurm/tasks/study.hpp"

namespace lindwurm {

/// One <C(t) A(t + tau) B(t)>. The operators are given as expressions, summed over members.
struct CorrelationRequest {
  std::string name;
  Expression a{1.0};
  Expression b{1.0};
  Expression c{1.0};
  /// The times t in the evolution of the initial state. Empty: in the steady state.
  std::vector<double> times;
  CorrelationOptions options;

  [[nodiscard]] bool is_steady() const { return times.empty(); }
  /// The operators in the bases in which the model stores its spins.
  [[nodiscard]] TwoTimeOperators operators(const Model& model) const;
};

/// All correlations of a study.
class CorrelationTask : public Task {
 public:
  std::vector<CorrelationRequest> requests;

  [[nodiscard]] std::string_view name() const override { return "correlation"; }
  [[nodiscard]] std::optional<double> last_time() const override;
  void complete(Study& study) override;
  [[nodiscard]] std::optional<Forecast> forecast(const Forecaster& forecaster) const override;
  [[nodiscard]] std::unique_ptr<Outcome> run(Runner& runner) const override;
};

/// The result of a CorrelationRequest.
struct CorrelationResult {
  CorrelationRequest request;
  /// One for each time, or one for the steady state; empty if there is none.
  std::vector<Correlation> at;
  /// The largest populations of top levels on the way to these times.
  std::vector<std::pair<std::string, double>> top_levels{};
};

class CorrelationOutcome : public Outcome {
 public:
  std::vector<CorrelationResult> results;

  void judge(const Study& study, Verdict& verdict) const override;
  void describe(const Study& study, Document& tree, Document& diagnostics) const override;
};

/// [[correlation]].
[[nodiscard]] TaskKind correlation_kind();

}  // namespace lindwurm
