// From the members of ensembles to their multiplets.
#pragma once

#include "lindwurm/operators/product_sum.hpp"

namespace lindwurm {

/// An operator or a superoperator on space.with_members(), in which each ensemble is a group of
/// spins, as one on `space`. Throws InputError naming two members for a sum that exchanging the
/// members of an ensemble would change.
template <typename Kind>
[[nodiscard]] ProductSum<Kind> symmetrised(const ProductSum<Kind>& sum, const Space& space);

extern template Operator symmetrised(const Operator&, const Space&);
extern template Superoperator symmetrised(const Superoperator&, const Space&);

}  // namespace lindwurm
