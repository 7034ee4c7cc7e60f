// The results of a sweep: the trees of its points, stacked.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "lindwurm/study/sweep.hpp"

namespace lindwurm {

/// The results of a point as run_sweep() sends them: the tree of its own run, and the rates of its
/// baths.
[[nodiscard]] std::string encoded_point(const Study& study, const Results& results);

/// The results of a sweep, collected as its points arrive.
class SweepDocument {
 public:
  explicit SweepDocument(const Sweep& sweep) : sweep_(sweep), points_(sweep.points()) {}

  /// Adds the outcome of a point.
  void add(const PointOutcome& outcome);
  /// Takes over the results that an earlier run of the same sweep wrote to `file`. Throws
  /// InputError if there is no such file, and if its model file differs in more than the output
  /// files.
  void take_over(const std::filesystem::path& file);
  /// The points without results, because they failed or were not reached.
  [[nodiscard]] std::vector<std::size_t> missing() const;

  /// The properties of the run that the document reports.
  struct Run {
    std::string title;
    bool is_strict = false;
    int ranks = 1;
    int groups = 1;
    double seconds = 0;
    double peak_memory_bytes = 0;
  };
  /// The tree of docs/results.md: title, sweep, diagnostics.
  [[nodiscard]] Document document(const Run& run) const;

 private:
  enum class State { not_reached, failed, computed };
  struct Point {
    State state = State::not_reached;
    std::vector<std::string> problems;
    std::vector<std::string> warnings;
    double seconds = 0;
    Document results;

    [[nodiscard]] int status(bool is_strict) const;
  };
  [[nodiscard]] std::vector<std::size_t> shape() const;
  [[nodiscard]] Document grid_document(bool is_strict) const;
  [[nodiscard]] Document diagnostics_document(const Run& run) const;

  const Sweep& sweep_;
  std::vector<Point> points_;
};

}  // namespace lindwurm
