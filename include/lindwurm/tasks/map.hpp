// The task [map]: the dynamical map of a qubit.
#pragma once

#include "lindwurm/solve/qubit_map.hpp"
#include "lindwurm/tasks/study.hpp"

namespace lindwurm {

/// The dynamical map of a qubit at the times of the evolution.
class MapTask : public Task {
 public:
  int site = 0;
  double threshold = 1e-6;  ///< |D| below which the rates are meaningless

  [[nodiscard]] std::string_view name() const override { return "map"; }
  [[nodiscard]] bool needs_sites() const override { return true; }
  [[nodiscard]] std::unique_ptr<Outcome> run(Runner& runner) const override;
};

class MapOutcome : public Outcome {
 public:
  QubitMap map;

  void judge(const Study& study, Verdict& verdict) const override;
  void describe(const Study& study, Document& results, Document& diagnostics) const override;
};

/// [map].
[[nodiscard]] TaskKind map_kind();

}  // namespace lindwurm
