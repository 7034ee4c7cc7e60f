// The words of operator expressions, and what an expression names.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "lindwurm/operators/evaluate.hpp"

namespace lindwurm::vocabulary {

/// A function of numbers, such as tanh.
struct Function {
  std::size_t arguments = 1;
  std::function<Complex(Complex)> of_one{};
  std::function<Complex(Complex, Complex)> of_two{};
};

[[nodiscard]] const std::vector<std::string>& functions();
[[nodiscard]] const Function& function(std::string_view name);
[[nodiscard]] const std::vector<std::string>& superoperators();
/// Everything that is written with parentheses.
[[nodiscard]] std::vector<std::string> calls();

[[nodiscard]] bool contains(const std::vector<std::string>& names, std::string_view name);

/// a*(b + c) as {a*b, a*c}, wherever operators are multiplied out; numbers stay as they are.
[[nodiscard]] std::vector<Expression> additive_terms(const Expression& expression);

/// Array parameters that an expression names without an index.
[[nodiscard]] std::vector<std::string> arrays_without_index(const Expression& expression,
                                                            const Parameters& parameters);

}  // namespace lindwurm::vocabulary
