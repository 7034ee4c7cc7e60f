// A study: a model, its initial state, and the tasks to be done.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lindwurm/solve/solve.hpp"
#include "lindwurm/tasks/task.hpp"

namespace lindwurm {

/// A result that exceeds one of these carries a warning, or a problem: the trace, and the
/// positivity of states under equations of GKSL form.
struct Thresholds {
  double top_level = 1e-6;   ///< population of an oscillator's highest level
  double trace = 1e-6;       ///< |tr rho - 1|, |psi^dag psi - 1|
  double energy = 1e-6;      ///< change of <H>, for kets
  double positivity = 1e-6;  ///< -(lowest eigenvalue of rho)
};

/// A model, its initial state and the tasks, in the order in which they run.
struct Study {
  explicit Study(System of) : system(std::move(of)) {}

  std::string title;
  std::string text;  ///< the model file with the overrides applied
  System system;
  Dynamics dynamics = Dynamics::lindblad;
  LiouvillianSettings liouvillian;
  std::optional<ProductState> initial;
  double initial_time = 0;  ///< the time of the initial state
  Observables observables;
  /// The subsystems whose reduced density matrices are requested.
  std::vector<ReducedSpace> reduced;
  Thresholds thresholds;
  /// Whether each task is done with more levels of its oscillators as well, which gives the errors
  /// of the cutoffs. If not given, it is done where that is cheap.
  std::optional<bool> estimates_cutoffs;
  std::vector<std::shared_ptr<Task>> tasks;
  std::filesystem::path output_file;
  /// Whether density matrices are written to the HDF5 file. If not given, they are if D is at most
  /// states_limit.
  std::optional<bool> output_states;
  static constexpr std::int64_t states_limit = 512;

  [[nodiscard]] const Model& model() const { return system.model(); }
  [[nodiscard]] bool has_kets() const { return dynamics != Dynamics::lindblad; }
  [[nodiscard]] bool stores_states() const;
  /// The first and the last time that the model is evaluated at, by any task.
  [[nodiscard]] std::pair<double, double> time_span() const;

  /// The first task of this class; null if there is none.
  template <typename Wanted>
  [[nodiscard]] Wanted* find() const {
    for (const auto& task : tasks)
      if (auto* found = dynamic_cast<Wanted*>(task.get())) return found;
    return nullptr;
  }
};

/// The results of a study.
struct Results {
  /// Those of the tasks that were run, in their order.
  std::vector<std::unique_ptr<Outcome>> outcomes;
  /// What the outcomes say of themselves: docs/results.md.
  Document document = Document::object();
  Document diagnostics = Document::object();
  Verdict verdict;
  /// For each conserved charge, its modulus; 0 for an integer charge.
  std::vector<int> charge_moduli;
  std::int64_t dimension = 0;
  std::int64_t unknowns = 0;  ///< D^2, or 2 D for kets
  double entries = 0;         ///< the most of any task's generator
  double seconds = 0;
  double peak_memory_bytes = 0;
  int ranks = 1;
  MPI_Comm communicator = MPI_COMM_NULL;  ///< of the run; borrowed

  /// The outcome of this class; null if no task had one.
  template <typename Wanted>
  [[nodiscard]] const Wanted* find() const {
    for (const auto& outcome : outcomes)
      if (const auto* found = dynamic_cast<const Wanted*>(outcome.get())) return found;
    return nullptr;
  }
  /// The exit status: 0 if the results are sound, 3 if they cannot be trusted. With `strict`,
  /// warnings count as well.
  [[nodiscard]] int exit_status(bool strict) const {
    return verdict.problems.empty() && (!strict || verdict.warnings.empty()) ? 0 : 3;
  }
};

}  // namespace lindwurm
