// Parts of the space that L maps to themselves.
#pragma once

#include <Eigen/Dense>
#include <vector>

#include "lindwurm/liouville/liouvillian.hpp"

namespace lindwurm {

/// Q with L Q = Q T, Q^T Q = 1, and P with P^T L = T P^T, P^T Q = 1, all real on packed vectors.
struct InvariantSubspace {
  std::vector<VecHandle> right;  ///< the columns of Q
  std::vector<VecHandle> left;   ///< the columns of P; none if they were not found
  Eigen::MatrixXd matrix;        ///< T

  [[nodiscard]] int size() const { return static_cast<int>(right.size()); }
};

/// sum_j c_j v_j. Collective.
void combine(const std::vector<VecHandle>& vectors, const Eigen::VectorXd& c, Vec out);
/// V C, the columns of C one after the other. Collective.
[[nodiscard]] std::vector<VecHandle> combinations(const std::vector<VecHandle>& v,
                                                  const Eigen::MatrixXd& c);
/// a_i . v. Collective.
[[nodiscard]] Eigen::VectorXd components(const std::vector<VecHandle>& a, Vec v);
/// a_i . b_j. Collective.
[[nodiscard]] Eigen::MatrixXd overlaps(const std::vector<VecHandle>& a,
                                       const std::vector<VecHandle>& b);
/// v minus its part in the span of orthonormal vectors; twice, so that rounding leaves nothing.
/// Collective.
void remove_components(Vec v, const std::vector<VecHandle>& orthonormal);

/// As many of the rightmost eigenvalues of L as asked for, and more up to the next clear gap, by
/// the real Schur form of the dense matrix on rank 0. `all` takes all eigenvalues. Collective.
[[nodiscard]] InvariantSubspace dense_subspace(const Liouvillian& liouvillian, int count,
                                               double cluster, std::vector<Complex>& all);

/// The numbers of the rightmost of these, at least `count`, and more until the next real part is
/// further than `cluster` to the left, pairs whole; largest real part first, and of a pair the
/// partner with Im > 0.
[[nodiscard]] std::vector<std::size_t> rightmost(const std::vector<Complex>& values, int count,
                                                 double cluster);

}  // namespace lindwurm
