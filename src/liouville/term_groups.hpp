// A sum of products regrouped by what it does to the inner sites.
#pragma once

#include <Eigen/SparseCore>
#include <vector>

#include "lindwurm/liouville/packed_basis.hpp"
#include "lindwurm/operators/product_sum.hpp"

namespace lindwurm {

using RealMatrix = Eigen::SparseMatrix<double, Eigen::RowMajor>;

// sum_k c_k prod M_ks over the outer sites, times one real matrix on the inner sites.
struct TermGroup {
  std::vector<ProductTerm> outer;
  RealMatrix inner;
  bool is_identity = false;
};

// factor * sum_k c_k prod_s M_ks as sum_g A_g x B_g, B_g real and no two multiples of one another;
// the identity, if it is among them, first. Inner rows and columns that no slice has are left out.
// Sites of the outer factors are numbered as in
// outer_sites().
[[nodiscard]] std::vector<TermGroup> group_terms(const std::vector<ProductTerm>& terms,
                                                 const PackedBasis& basis, Complex factor);

}  // namespace lindwurm
