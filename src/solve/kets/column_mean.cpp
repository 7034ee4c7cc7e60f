#include "column_mean.hpp"

#include <algorithm>
#include <vector>

#include "lindwurm/backend/agreement.hpp"

namespace lindwurm {

namespace {

constexpr std::int64_t fewest_members = 8;
constexpr std::int64_t enough_members = 64;
constexpr double most_bytes = 256e6;

}  // namespace

// The update of B. P. Welford, Technometrics 4, 419 (1962).
void ColumnMean::add(const Eigen::MatrixXcd& columns) {
  if (count_ == 0) {
    mean_ = Eigen::MatrixXcd::Zero(columns.rows(), columns.cols());
    scatter_ = Eigen::MatrixXd::Zero(columns.rows(), columns.cols());
  }
  ++count_;
  const Eigen::MatrixXcd off = columns - mean_;
  mean_ += off / static_cast<double>(count_);
  scatter_ += (off.conjugate().cwiseProduct(columns - mean_)).real();
}

Eigen::MatrixXd ColumnMean::squared_error() const {
  if (count_ < 2) return Eigen::MatrixXd::Zero(scatter_.rows(), scatter_.cols());
  return scatter_ / (static_cast<double>(count_) * static_cast<double>(count_ - 1));
}

void over_ranks(std::int64_t first, std::int64_t last, MPI_Comm comm,
                const std::function<Eigen::MatrixXcd(std::int64_t)>& run,
                const std::function<void(const Eigen::MatrixXcd&)>& take) {
  int rank = 0;
  int ranks = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  std::vector<Eigen::MatrixXcd> mine;
  agree(comm, [&] {
    for (std::int64_t k = first + rank; k < last; k += ranks)
      mine.push_back(run(k));
  });
  std::int64_t shape[2] = {0, 0};
  if (rank == 0) {
    shape[0] = mine.front().rows();
    shape[1] = mine.front().cols();
  }
  MPI_Bcast(shape, 2, MPI_INT64_T, 0, comm);
  Eigen::MatrixXcd columns(shape[0], shape[1]);
  for (std::int64_t k = first; k < last; ++k) {
    const auto owner = static_cast<int>((k - first) % ranks);
    if (rank == owner) columns = mine[(k - first) / ranks];
    MPI_Bcast(columns.data(), static_cast<int>(columns.size()), MPI_CXX_DOUBLE_COMPLEX, owner,
              comm);
    take(columns);
  }
}

EvolveStatistics summed(EvolveStatistics mine, MPI_Comm comm) {
  for (long* number : {&mine.steps, &mine.rhs_evaluations, &mine.error_test_failures,
                       &mine.nonlinear_iterations, &mine.nonlinear_failures})
    MPI_Allreduce(MPI_IN_PLACE, number, 1, MPI_LONG, MPI_SUM, comm);
  MPI_Allreduce(MPI_IN_PLACE, &mine.local_errors, 1, MPI_DOUBLE, MPI_SUM, comm);
  return mine;
}

std::int64_t members_at_a_time(Eigen::Index numbers_of_each, std::int64_t wanted) {
  const double fitting = most_bytes / (16 * static_cast<double>(numbers_of_each));
  return std::clamp(static_cast<std::int64_t>(fitting), fewest_members,
                    std::max(wanted, enough_members));
}

}  // namespace lindwurm
