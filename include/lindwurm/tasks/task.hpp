// What a task of a study is: an evolution, a steady state, a spectrum, or one of your own.
//
// A new task derives from Task, which runs, and from Outcome, which judges and describes what was
// found. A TaskKind reads it from a model file and shows its part of the results. That is all:
// CONTRIBUTING.md walks through an example.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lindwurm/input/toml_reader.hpp"
#include "lindwurm/output/document.hpp"
#include "lindwurm/output/picture.hpp"

namespace lindwurm {

class Forecaster;
class Runner;
struct Forecast;
struct Study;

/// What cannot be trusted, and why.
struct Verdict {
  std::vector<std::string> problems;  ///< why a result cannot be trusted
  std::vector<std::string> warnings;  ///< what should be looked at
  /// "GKSL", "unitary", "not GKSL", or "not shown to be GKSL" if there are superoperator terms.
  std::string generator = "GKSL";
};

/// What a task has found.
class Outcome {
 public:
  virtual ~Outcome() = default;

  /// Adds to the verdict what cannot be trusted. Not collective.
  virtual void judge(const Study& study, Verdict& verdict) const = 0;
  /// Adds its part to the tree of results, and to that of diagnostics. Not collective.
  virtual void describe(const Study& study, Document& results, Document& diagnostics) const = 0;
  /// The number of stored entries of the generator that was used; 0 if none was stored.
  [[nodiscard]] virtual double entries() const { return 0; }
  /// Adds the arrays that only the HDF5 file holds. Collective.
  virtual void add_arrays(const Study& /*study*/, Arrays& /*arrays*/) const {}

 protected:
  Outcome() = default;
  Outcome(const Outcome&) = default;
  Outcome(Outcome&&) = default;
  Outcome& operator=(const Outcome&) = default;
  Outcome& operator=(Outcome&&) = default;
};

/// One task of a study.
class Task {
 public:
  virtual ~Task() = default;

  /// The name of its table in the model file.
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// The last time at which the task evaluates the model; empty if it has no times.
  [[nodiscard]] virtual std::optional<double> last_time() const { return std::nullopt; }
  /// True if the task asks for single sites, which can then not be joined into one.
  [[nodiscard]] virtual bool needs_sites() const { return false; }
  /// Takes over what the task needs from the rest of the study, which has been read by now.
  virtual void complete(Study& /*study*/) {}
  /// Throws InputError if the task cannot be done for the system as it is stored.
  virtual void require_feasible(const Study& /*study*/) const {}
  /// The memory that the task needs; empty if it needs no more than the others.
  [[nodiscard]] virtual std::optional<Forecast> forecast(const Forecaster& /*forecaster*/) const;
  /// Does the task. Collective.
  [[nodiscard]] virtual std::unique_ptr<Outcome> run(Runner& runner) const = 0;

 protected:
  Task() = default;
  Task(const Task&) = default;
  Task(Task&&) = default;
  Task& operator=(const Task&) = default;
  Task& operator=(Task&&) = default;
};

/// How tasks of a kind are read and shown.
struct TaskKind {
  /// The tables of a model file that it reads.
  std::vector<std::string> tables;
  /// Adds the tasks that the model file asks for to the study, which has its model, its initial
  /// state, its observables and the tasks of the kinds before.
  std::function<void(const TomlValue& root, Study& study)> read;
  /// The lines of the summary on its part of a tree of results, which may come from a file.
  std::function<std::string(const Document& results, const Document& diagnostics)> summary{};
  /// Adds its panels to the picture of a tree of results.
  std::function<void(const Document& results, Panels& panels)> draw{};
};

/// The kinds of docs/model-file.md, in the order in which they run.
[[nodiscard]] std::vector<TaskKind> standard_tasks();

}  // namespace lindwurm
