// The words of operator expressions, and the names that an expression uses.
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

/// The names of the functions of numbers.
[[nodiscard]] const std::vector<std::string>& functions();
[[nodiscard]] const Function& function(std::string_view name);
/// The names of the superoperators.
[[nodiscard]] const std::vector<std::string>& superoperators();
/// All words that are followed by parentheses.
[[nodiscard]] std::vector<std::string> calls();

[[nodiscard]] bool contains(const std::vector<std::string>& names, std::string_view name);

/// Throws InputError for an unknown word, with the nearest one that is known on this space.
[[noreturn]] void unknown_operator(const std::string& name, const Space& space);

/// The array parameters that an expression names without an index.
[[nodiscard]] std::vector<std::string> arrays_without_index(const Expression& expression,
                                                            const Parameters& parameters);

}  // namespace lindwurm::vocabulary
