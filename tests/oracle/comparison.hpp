// The library's objects as dense matrices, gathered without the library's own reading of them.
#pragma once

#include "lindwurm/generator/liouvillian.hpp"
#include "lindwurm/operators/product_sum.hpp"
#include "oracle/dense.hpp"

namespace oracle {

/// D x D, each factor embedded by Kronecker products.
[[nodiscard]] Matrix matrix_of(const lindwurm::Operator& a, const lindwurm::Space& space,
                               double t = 0);

/// The largest absolute difference between the packed matrix, put back in the order m D + n, and
/// the packed form of `l`. The same on all ranks. Collective.
[[nodiscard]] double largest_difference(Mat packed, const lindwurm::PackedBasis& basis,
                                        const Matrix& l);

/// Columns: the stored states of each site in those of the model's words.
[[nodiscard]] Matrix stored_states(const lindwurm::Space& space);

/// The index of a product state over the sites whose bits are set, or over the others.
[[nodiscard]] int part_of(int state, const lindwurm::Space& space, unsigned bits, bool chosen);

/// |rho - sigma| in the largest element.
[[nodiscard]] double distance(const Matrix& rho, const Matrix& sigma);

/// The largest distance between partners when each value of `found` takes the nearest of
/// `expected` that is still free.
[[nodiscard]] double matching_distance(const std::vector<Complex>& found,
                                       std::vector<Complex> expected);

}  // namespace oracle
