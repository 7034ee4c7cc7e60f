// Invariant subspaces of L.
#pragma once

#include <Eigen/Core>
#include <vector>

#include "lindwurm/generator/liouvillian.hpp"

namespace lindwurm {

/// Q with L Q = Q T and Q^T Q = 1, and P with P^T L = T P^T and P^T Q = 1. All are real matrices on
/// packed vectors.
struct InvariantSubspace {
  std::vector<VecHandle> right;  ///< the columns of Q
  std::vector<VecHandle> left;   ///< the columns of P; empty if they were not found
  Eigen::MatrixXd matrix;        ///< T

  [[nodiscard]] int size() const { return static_cast<int>(right.size()); }
};

/// sum_j c_j v_j. Collective.
void combine(const std::vector<VecHandle>& vectors, const Eigen::VectorXd& c, Vec out);
/// The product V C, one vector for each column of C. Collective.
[[nodiscard]] std::vector<VecHandle> combinations(const std::vector<VecHandle>& v,
                                                  const Eigen::MatrixXd& c);
/// The scalar products a_i . v. Collective.
[[nodiscard]] Eigen::VectorXd components(const std::vector<VecHandle>& a, Vec v);
/// The scalar products a_i . b_j. Collective.
[[nodiscard]] Eigen::MatrixXd overlaps(const std::vector<VecHandle>& a,
                                       const std::vector<VecHandle>& b);
/// Removes from v its part in the span of orthonormal vectors. This is done twice, so that rounding
/// leaves nothing. Collective.
void remove_components(Vec v, const std::vector<VecHandle>& orthonormal);

/// The first `count` columns of a matrix on rank 0, as parallel vectors. Collective.
[[nodiscard]] std::vector<VecHandle> scattered(const Eigen::MatrixXd& columns, int count,
                                               const Liouvillian& liouvillian);
/// All of a parallel vector on rank 0; empty on the others. Collective.
[[nodiscard]] Eigen::VectorXd gathered(Vec vector);

/// The indices of the rightmost of these values: at least `count`, and more until the next real
/// part is lower by more than `cluster`. Pairs are not split. The largest real part comes first; in
/// a pair, the one with Im > 0.
[[nodiscard]] std::vector<std::size_t> rightmost(const std::vector<Complex>& values, int count,
                                                 double cluster);

}  // namespace lindwurm
