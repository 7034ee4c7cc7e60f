#include "lindwurm/solve/trajectories.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/model/mixture.hpp"
#include "solve/kets/column_mean.hpp"
#include "solve/kets/ket_run.hpp"
#include "solve/kets/quantum_jumps.hpp"

namespace lindwurm {

namespace {

// The probability that all intervals contain their expectation values.
constexpr double confidence = 0.999;

// The number of looks at the errors. A run that ends once its errors are small enough looks at them
// whenever the number of trajectories has doubled, and each look may mislead.
double looks(const TrajectoriesOptions& trajectories) {
  if (!trajectories.error) return 1;
  return 1 + std::ceil(std::log2(static_cast<double>(trajectories.count)));
}

void require_sound(const TrajectoriesOptions& trajectories) {
  if (trajectories.count >= 2) return;
  throw InputError(fmt::format("count = {}: a statistical error takes at least 2 trajectories",
                               trajectories.count));
}

void require_linear(const Observables& observables) {
  for (const auto& [name, content] : observables) {
    if (!std::holds_alternative<StateFunction>(content)) continue;
    throw InputError(fmt::format(
        "'{}': purity and entropy are not means over trajectories; ask for those of some sites in "
        "[reduced], or evolve the density operator",
        name));
  }
}

ColumnMean begun(const Ensemble* earlier) {
  if (earlier == nullptr) return {};
  return {earlier->members, earlier->mean, earlier->scatter};
}

}  // namespace

KetEvolution evolve_trajectories(const System& system, const ProductState& initial,
                                 const std::vector<double>& times, const EvolveOptions& options,
                                 const TrajectoriesOptions& trajectories, const KetStorage& held,
                                 MPI_Comm comm, const Ensemble* earlier) {
  require_sound(times, options);
  require_sound(trajectories);
  require_linear(options.observe);
  const auto start = std::chrono::steady_clock::now();
  const KetColumns columns(system.model(), options);
  JumpTrajectories jumps(std::make_shared<const JumpEquation>(
                             system, MPI_COMM_SELF,
                             std::vector<double>{times.front(), times.back()}, held.subdivision),
                         initial, times, columns, options, trajectories.seed,
                         {held.storage, held.uses_sectors});
  Ensemble ensemble{.kind = "trajectories", .requested = trajectories.error};
  EvolveStatistics statistics;
  double jumps_seen = 0;
  ColumnMean mean = begun(earlier);
  const std::int64_t first_new = mean.count();
  const auto is_enough = [&] {
    if (mean.count() < 2) return false;
    ensemble.largest_error = columns.largest_error(mean.squared_error());
    return trajectories.error && ensemble.largest_error <= *trajectories.error &&
           columns.largest_norm() <= *trajectories.error * static_cast<double>(mean.count());
  };
  const Eigen::Index numbers = columns.size() * static_cast<Eigen::Index>(times.size());
  bool is_done = is_enough();
  for (std::int64_t first = first_new; !is_done && first < trajectories.count;) {
    // Doubles the number of trajectories: few looks at the errors, and run times that average out.
    const std::int64_t last =
        std::min(first + members_at_a_time(numbers, mean.count()), trajectories.count);
    over_ranks(
        first, last, comm,
        [&](std::int64_t k) {
          if (options.progress)
            options.progress(static_cast<double>(k) / static_cast<double>(trajectories.count));
          Trajectory one = jumps.run(static_cast<std::uint64_t>(k));
          statistics += one.statistics;
          jumps_seen += static_cast<double>(one.jumps.size());
          return std::move(one.columns);
        },
        [&](const Eigen::MatrixXcd& of_one) { mean.add(of_one); });
    first = last;
    is_done = is_enough();
  }
  MPI_Allreduce(MPI_IN_PLACE, &jumps_seen, 1, MPI_DOUBLE, MPI_SUM, comm);
  ensemble.members = mean.count();
  ensemble.is_reached = !trajectories.error || is_done;
  const auto added = static_cast<double>(mean.count() - first_new);
  if (added > 0) ensemble.jumps = jumps_seen / added;
  KetEvolution run;
  run.times = times;
  columns.read(mean.mean(), 1, 0, run);
  ensemble.confidence = confidence;
  columns.read_intervals(mean, (1 - confidence) / looks(trajectories),
                         SiteMixtures(initial).is_pure(), run);
  run.diagnostics = columns.diagnostics(mean.mean());
  ensemble.mean = mean.mean();
  ensemble.scatter = mean.scatter();
  run.statistics = summed(std::move(statistics), comm);
  run.ensemble = std::move(ensemble);
  run.statistics.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return run;
}

}  // namespace lindwurm
