// The tasks [[phase_space]]: Husimi and Wigner functions of single sites.
#pragma once

#include "lindwurm/solve/phase_space.hpp"
#include "lindwurm/tasks/study.hpp"

namespace lindwurm {

/// A quasi-probability of one site, at some times of the evolution and in the steady state.
struct PhaseSpaceRequest {
  std::string name;
  int site = 0;
  QuasiProbability function = QuasiProbability::husimi;
  std::vector<double> times{};  ///< output times, ascending; empty without an evolution
  PhaseSpaceGrid grid{};
};

/// All phase spaces of a study. The states come from its evolution and its steady state.
class PhaseSpaceTask : public Task {
 public:
  std::vector<PhaseSpaceRequest> requests;

  [[nodiscard]] std::string_view name() const override { return "phase_space"; }
  [[nodiscard]] bool needs_sites() const override { return true; }
  void complete(Study& study) override;
  [[nodiscard]] std::unique_ptr<Outcome> run(Runner& runner) const override;
};

/// The values of a PhaseSpaceRequest on its grid.
struct PhaseSpaceResult {
  PhaseSpaceRequest request;
  std::vector<Eigen::MatrixXd> at;  ///< one for each of its times
  std::optional<Eigen::MatrixXd> steady;
};

class PhaseSpaceOutcome : public Outcome {
 public:
  std::vector<PhaseSpaceResult> results;

  void judge(const Study& study, Verdict& verdict) const override;
  void describe(const Study& study, Document& tree, Document& diagnostics) const override;
};

/// [[phase_space]].
[[nodiscard]] TaskKind phase_space_kind();

}  // namespace lindwurm
