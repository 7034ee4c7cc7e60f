// From the members of ensembles to their multiplets.
#pragma once

#include "lindwurm/operators/product_sum.hpp"

namespace lindwurm {

/// Converts an operator or a superoperator on space.with_members(), where each ensemble is a group
/// of spins, to one on `space`. Throws InputError if exchanging members of an ensemble would change
/// the sum, and names two such members.
template <typename Kind>
[[nodiscard]] ProductSum<Kind> symmetrised(const ProductSum<Kind>& sum, const Space& space);

extern template Operator symmetrised(const Operator&, const Space&);
extern template Superoperator symmetrised(const Superoperator&, const Space&);

}  // namespace lindwurm
