// Multiplies out products of sums, as far as their terms run over different members.
#pragma once

#include <vector>

#include "lindwurm/operators/evaluate.hpp"

namespace lindwurm {

/// Splits an expression into terms, each of which is summed over its own groups and free indices.
/// For example, sz(s)*(1 + n(m)*sx(s)) becomes sz(s) + sz(s)*n(m)*sx(s). A factor whose terms all
/// run over the same members is not expanded, however many terms that would give:
/// (a(m) + ad(m))*(n(m) + 1) stays as it is. An ensemble of `space` counts as a group. The work
/// grows with the length of the expression, times the number of different sets of groups in one
/// factor.
[[nodiscard]] std::vector<Expression> additive_terms(const Expression& expression,
                                                     const Space& space,
                                                     const Parameters& parameters);

}  // namespace lindwurm
