// A study at every point of a grid of parameters.
#pragma once

#include "lindwurm/study/plan.hpp"

namespace lindwurm {

struct SweepAxis {
  std::string key;  ///< as in --set: a parameter's name, or the path of another key
  std::vector<double> values;
  bool is_logarithmic = false;
};

/// The grid over all axes, the last of them the fastest. Its points are numbered from 0.
struct Sweep {
  /// More points are refused.
  static constexpr std::size_t most_points = 1'000'000;

  std::filesystem::path file;
  std::vector<Override> overrides;  ///< at every point
  std::string text;                 ///< the model file with them applied
  std::vector<SweepAxis> axes;

  [[nodiscard]] std::size_t points() const;
  /// One value for each axis.
  [[nodiscard]] std::vector<double> values(std::size_t point) const;
  /// "g = 0.1, kappa = 0.3"
  [[nodiscard]] std::string label(std::size_t point) const;
  /// The model file's with --set KEY=VALUE for every axis. Throws InputError, whose message begins
  /// with the point's label.
  [[nodiscard]] Study study(std::size_t point) const;
};

/// The [sweep] of a model file; none if there is none, or if overrides set all that it varies: what
/// is set is not varied. Throws InputError with the place of what is wrong.
[[nodiscard]] std::optional<Sweep> read_sweep(const std::filesystem::path& file,
                                              const std::vector<Override>& overrides = {});

/// Reads the study of every point and returns their unknowns. Throws InputError for the first that
/// cannot be read. Not collective.
[[nodiscard]] std::vector<double> read_points(const Sweep& sweep);
/// The same, a share of the points on each rank; all learn of an error. Collective.
[[nodiscard]] std::vector<double> read_points(const Sweep& sweep, MPI_Comm comm);

/// What a point will take.
struct PointPrediction {
  std::size_t point = 0;
  Prediction prediction;
};
/// The most expensive of the points with the most unknowns, as far as a few of them tell; `ranks`
/// work on it. Not collective.
[[nodiscard]] PointPrediction predict_largest(const Sweep& sweep,
                                              const std::vector<double>& unknowns, int ranks);

/// As many groups as there are ranks or points, whichever is less, or as few as memory needs: every
/// group works on a point at the same time. Throws InputError if `available` bytes are not enough
/// for one; 0 stands for any number. Not collective.
[[nodiscard]] int groups_that_fit(const Sweep& sweep, const std::vector<double>& unknowns,
                                  int ranks, std::size_t points, double available);

/// What became of a point.
struct PointOutcome {
  std::size_t point = 0;
  bool is_computed = false;
  std::string content;  ///< the results as they were encoded, or why there are none
};

struct SweepHooks {
  /// Makes results a text, which is sent to rank 0. Called on the first rank of a group.
  std::function<std::string(const Study&, const Results&)> encode;
  /// Takes outcomes as they come in. Called on rank 0.
  std::function<void(const PointOutcome&)> deliver;
  /// Called on rank 0.
  Progress progress{};
};

/// Runs the studies of `points` by `groups` of ranks. Each group takes a contiguous run of them,
/// shares weighed by `unknowns`, and starts each from the one before (WarmStart). What fails on
/// all ranks of a group is the outcome of its point alone. Collective. Throws Error if a point
/// failed on some ranks of its group and the others do not return.
void run_sweep(const Sweep& sweep, const std::vector<std::size_t>& points,
               const std::vector<double>& unknowns, int groups, MPI_Comm comm,
               const SweepHooks& hooks);

}  // namespace lindwurm
