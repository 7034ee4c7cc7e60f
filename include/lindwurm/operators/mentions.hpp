// The names that an expression refers to.
#pragma once

#include <string>
#include <vector>

#include "lindwurm/operators/expression.hpp"

namespace lindwurm {

/// The names in an expression, sorted by their use.
struct Mentions {
  std::vector<Expression::Name> sites;    ///< first arguments of site operators
  std::vector<Expression::Name> names;    ///< all other names, including those inside indices
  std::vector<std::string> calls;         ///< names of operators and functions
  std::vector<std::size_t> value_counts;  ///< lengths of arrays of numbers
};

[[nodiscard]] Mentions mentions(const Expression& expression);

}  // namespace lindwurm
