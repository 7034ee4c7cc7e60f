// The names that an expression refers to.
#pragma once

#include <string>
#include <vector>

#include "lindwurm/operators/expression.hpp"
#include "lindwurm/operators/space.hpp"

namespace lindwurm {

/// The names in an expression, sorted by their use.
struct Mentions {
  std::vector<Expression::Name> sites;    ///< first arguments of site operators
  std::vector<Expression::Name> names;    ///< all other names, including those inside indices
  std::vector<std::string> calls;         ///< names of operators and functions
  std::vector<std::size_t> value_counts;  ///< lengths of arrays of numbers
};

/// With a space, the words of its sites are operators of sites as well.
[[nodiscard]] Mentions mentions(const Expression& expression, const Space* space = nullptr);

}  // namespace lindwurm
