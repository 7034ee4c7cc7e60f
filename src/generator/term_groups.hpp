// A sum of products, regrouped by its action on the inner sites.
#pragma once

#include <Eigen/SparseCore>
#include <vector>

#include "lindwurm/operators/product_sum.hpp"
#include "lindwurm/sectors/packed_basis.hpp"

namespace lindwurm {

using RealMatrix = Eigen::SparseMatrix<double, Eigen::RowMajor>;

// sum_k c_k prod M_ks over the outer sites, times one real matrix on the inner sites.
struct TermGroup {
  std::vector<ProductTerm> outer;
  RealMatrix inner;
  bool is_identity = false;
};

// Writes factor * sum_k c_k prod_s M_ks as sum_g A_g x B_g. The B_g are real, and none is a
// multiple of another. The identity, if it is among them, comes first. Inner rows and columns that
// do not occur in any slice are left out. The sites of the outer factors are numbered as in
// outer_sites().
[[nodiscard]] std::vector<TermGroup> group_terms(const std::vector<ProductTerm>& terms,
                                                 const PackedBasis& basis, Complex factor);

}  // namespace lindwurm
