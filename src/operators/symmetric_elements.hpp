// Sums of products over the members of ensembles, compared element by element.
#pragma once

#include <optional>
#include <vector>

#include "lindwurm/operators/product_sum.hpp"

namespace lindwurm {

/// The result of symmetrised() for a sum on space.with_members() that may be written in any form.
/// All products are expanded in the elements of their matrices. Elements that differ only by a
/// permutation of members must agree up to rounding; the result is empty if they do not. The cost
/// is that of the matrix on the sites of the sum, so this is for few members.
[[nodiscard]] std::optional<std::vector<ProductTerm>> symmetrised_by_elements(
    const std::vector<ProductTerm>& terms, const Space& space);

}  // namespace lindwurm
