// Means over many members that are computed on many ranks.
#pragma once

#include <mpi.h>

#include <Eigen/Core>
#include <cstdint>
#include <functional>

#include "lindwurm/solve/evolve.hpp"

namespace lindwurm {

/// The mean and the scatter of equally weighted columns, updated one by one.
class ColumnMean {
 public:
  ColumnMean() = default;
  /// Continues from earlier values.
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

/// Runs the members [first, last), the k-th one on rank k modulo the number of ranks. Every rank
/// then receives the columns of all members in the order of the members, so that sums do not depend
/// on the number of ranks. An exception on one rank is thrown on all. Collective.
void over_ranks(std::int64_t first, std::int64_t last, MPI_Comm comm,
                const std::function<Eigen::MatrixXcd(std::int64_t)>& run,
                const std::function<void(const Eigen::MatrixXcd&)>& take);

/// The statistics summed over the members of all ranks. Collective.
[[nodiscard]] EvolveStatistics summed(EvolveStatistics mine, MPI_Comm comm);

/// The number of members that over_ranks() should take at a time: as many as fit into the memory,
/// but not more than are needed for their run times to average out, or than `wanted` if that is
/// larger. Does not depend on the number of ranks.
[[nodiscard]] std::int64_t members_at_a_time(Eigen::Index numbers_of_each, std::int64_t wanted = 0);

}  // namespace lindwurm
