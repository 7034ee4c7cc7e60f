// A study at every point of a grid of parameters.
#pragma once

#include "lindwurm/study/study_file.hpp"

namespace lindwurm {

/// The values of one parameter.
struct SweepAxis {
  std::string key;  ///< as in --set: the name of a parameter, or the path of another key
  std::vector<double> values;
  bool is_logarithmic = false;
};

/// The grid over all axes. The last axis varies fastest. The points are numbered from 0.
struct Sweep {
  /// The largest number of points; more are refused.
  static constexpr std::size_t most_points = 1'000'000;

  std::filesystem::path file;
  std::vector<Override> overrides;  ///< applied at every point
  std::string text;                 ///< the model file with the overrides applied
  std::vector<SweepAxis> axes;

  /// The number of points.
  [[nodiscard]] std::size_t points() const;
  /// The values of a point, one for each axis.
  [[nodiscard]] std::vector<double> values(std::size_t point) const;
  /// The label of a point, such as "g = 0.1, kappa = 0.3".
  [[nodiscard]] std::string label(std::size_t point) const;
  /// The study of a point: the model file with --set KEY=VALUE for every axis. Throws InputError
  /// whose message begins with the point's label.
  [[nodiscard]] Study study(std::size_t point) const;
};

/// Reads the [sweep] table of a model file. Keys that are set by overrides are not varied. Empty if
/// there is no such table, or if overrides set everything that it varies. Throws InputError with
/// the place of the error.
[[nodiscard]] std::optional<Sweep> read_sweep(const std::filesystem::path& file,
                                              const std::vector<Override>& overrides = {});

/// Reads the study of every point and returns the number of unknowns of each. Throws InputError for
/// the first one that cannot be read. Not collective.
[[nodiscard]] std::vector<double> read_points(const Sweep& sweep);
/// The same, with a share of the points on each rank. An error is thrown on all ranks. Collective.
[[nodiscard]] std::vector<double> read_points(const Sweep& sweep, MPI_Comm comm);

/// The unknowns and the memory that a point will need.
struct PointPrediction {
  std::size_t point = 0;
  Prediction prediction;
};
/// The prediction for the most expensive of those points that have the most unknowns; only a few of
/// them are tried. `ranks` work on the point. Not collective.
[[nodiscard]] PointPrediction predict_largest(const Sweep& sweep,
                                              const std::vector<double>& unknowns, int ranks);

/// The number of groups of ranks: the number of ranks or of points, whichever is smaller, or fewer
/// if the memory requires it, since every group works on a point at the same time. Throws
/// InputError if `available` bytes are not enough for one group. available = 0 means no limit. Not
/// collective.
[[nodiscard]] int groups_that_fit(const Sweep& sweep, const std::vector<double>& unknowns,
                                  int ranks, std::size_t points, double available);

/// The outcome of a point.
struct PointOutcome {
  std::size_t point = 0;
  bool is_computed = false;
  std::string content;  ///< the encoded results, or why there are none
};

/// The functions that run_sweep() calls.
struct SweepHooks {
  /// Encodes results as a text, which is sent to rank 0. Called on the first rank of a group.
  std::function<std::string(const Study&, const Results&)> encode;
  /// Receives outcomes as they arrive. Called on rank 0.
  std::function<void(const PointOutcome&)> deliver;
  /// Called on rank 0.
  Progress progress{};
};

/// Runs the studies of `points` on `groups` of ranks. Each group takes a contiguous range of
/// points; the ranges have about equal sums of `unknowns`. Each study starts from the results of
/// the one before (WarmStart). A failure on all ranks of a group affects only its point.
/// Collective. Throws Error if a point failed on some ranks of its group and the others do not
/// return.
void run_sweep(const Sweep& sweep, const std::vector<std::size_t>& points,
               const std::vector<double>& unknowns, int groups, MPI_Comm comm,
               const SweepHooks& hooks);

}  // namespace lindwurm
