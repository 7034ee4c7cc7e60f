// Means over many members, run by many ranks.
#pragma once

#include <mpi.h>

#include <Eigen/Dense>
#include <cstdint>
#include <functional>

#include "lindwurm/solve/evolve.hpp"

namespace lindwurm {

/// Mean and scatter of equally weighted columns, as they come in.
class ColumnMean {
 public:
  ColumnMean() = default;
  /// One that goes on from what it had become.
  ColumnMean(std::int64_t count, Eigen::MatrixXcd mean, Eigen::MatrixXd scatter)
      : count_(count), mean_(std::move(mean)), scatter_(std::move(scatter)) {}

  void add(const Eigen::MatrixXcd& columns);
  [[nodiscard]] std::int64_t count() const { return count_; }
  [[nodiscard]] const Eigen::MatrixXcd& mean() const { return mean_; }
  /// The sum of |columns - mean|^2.
  [[nodiscard]] const Eigen::MatrixXd& scatter() const { return scatter_; }
  /// The square of the mean's standard error, scatter/(count (count - 1)); 0 for fewer than two.
  [[nodiscard]] Eigen::MatrixXd squared_error() const;

 private:
  std::int64_t count_ = 0;
  Eigen::MatrixXcd mean_;
  Eigen::MatrixXd scatter_;
};

/// Runs the members [first, last), the k-th on rank k modulo the number of ranks, and hands all
/// of their columns to every rank in the order of the members, so that sums do not depend on the
/// number of ranks. What one rank throws, all throw. Collective.
void over_ranks(std::int64_t first, std::int64_t last, MPI_Comm comm,
                const std::function<Eigen::MatrixXcd(std::int64_t)>& run,
                const std::function<void(const Eigen::MatrixXcd&)>& take);

/// The work of all the ranks' members. Collective.
[[nodiscard]] EvolveStatistics summed(EvolveStatistics mine, MPI_Comm comm);

/// How many members over_ranks() may have at a time: some, or as many as `wanted`, for their run
/// times to even out, unless their columns fill the memory. Not dependent on the number of ranks.
[[nodiscard]] std::int64_t members_at_a_time(Eigen::Index numbers_of_each, std::int64_t wanted = 0);

}  // namespace lindwurm
