// Conversion between matrices on a few sites and sums of products.
#pragma once

#include <Eigen/Core>
#include <vector>

#include "lindwurm/operators/product_sum.hpp"

namespace lindwurm {

/// The matrix of an operator on the product of these sites. The sites are in ascending order, and
/// the first one is the slowest index. Throws InputError if the operator acts on another site or
/// depends on time.
[[nodiscard]] Eigen::MatrixXcd matrix_on(const std::vector<int>& sites, const Operator& a,
                                         const Space& space);

/// The same matrix as a sum of products, |m><n| on all sites except the largest.
[[nodiscard]] Operator operator_on(const std::vector<int>& sites, const Eigen::MatrixXcd& matrix,
                                   const Space& space);

/// A map of operators on these sites, given as a D^2 x D^2 matrix, where D is the dimension of
/// their product. Entry (m D + n, k D + l) takes |k><l| to |m><n|.
[[nodiscard]] Superoperator superoperator_on(const std::vector<int>& sites, const SiteMatrix& map,
                                             const Space& space);

/// ln of the number of copies of each state of these sites, in ascending order. Only the states
/// |J,M> of ensembles have several copies. Empty if none of the sites is an ensemble.
[[nodiscard]] Eigen::VectorXd log_copies(const Space& space, const std::vector<int>& sites);

/// The sites that an operator acts on, in ascending order.
[[nodiscard]] std::vector<int> support(const Operator& a);

}  // namespace lindwurm
