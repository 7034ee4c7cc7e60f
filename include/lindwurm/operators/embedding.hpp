// Between matrices on a few sites and sums of products.
#pragma once

#include <Eigen/Dense>
#include <vector>

#include "lindwurm/operators/product_sum.hpp"

namespace lindwurm {

/// The matrix of an operator on the product of these sites, ascending, the first of which is the
/// slowest index. Throws InputError if the operator acts on another site or depends on time.
[[nodiscard]] Eigen::MatrixXcd matrix_on(const std::vector<int>& sites, const Operator& a,
                                         const Space& space);

/// The same matrix as a sum of products, |m><n| on all sites but the largest.
[[nodiscard]] Operator operator_on(const std::vector<int>& sites, const Eigen::MatrixXcd& matrix,
                                   const Space& space);

/// A map of the sites' operators: entry (m D + n, k D + l) takes |k><l| to |m><n|, D the dimension
/// of their product.
[[nodiscard]] Superoperator superoperator_on(const std::vector<int>& sites, const SiteMatrix& map,
                                             const Space& space);

/// ln of the number of copies of each state of these sites, ascending: those of |J,M> of ensembles.
/// Empty if none of them is an ensemble.
[[nodiscard]] Eigen::VectorXd log_copies(const Space& space, const std::vector<int>& sites);

/// The sites that an operator acts on, ascending.
[[nodiscard]] std::vector<int> support(const Operator& a);

}  // namespace lindwurm
