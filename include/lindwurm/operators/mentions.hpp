// What an expression refers to.
#pragma once

#include <vector>

#include "lindwurm/operators/expression.hpp"

namespace lindwurm {

struct Mentions {
  std::vector<Expression::Name> sites;    ///< first arguments of site operators
  std::vector<Expression::Name> names;    ///< all other names, those inside indices as well
  std::vector<std::size_t> value_counts;  ///< lengths of arrays of numbers
};

[[nodiscard]] Mentions mentions(const Expression& expression);

}  // namespace lindwurm
