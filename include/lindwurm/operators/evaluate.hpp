// From expressions to operators: names meet the space and the parameters.
#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "lindwurm/operators/expression.hpp"
#include "lindwurm/operators/product_sum.hpp"
#include "lindwurm/operators/superoperator.hpp"

namespace lindwurm {

/// A named number, or several: an array that runs along the members of a group.
struct Parameter {
  std::vector<Coefficient> values;
  bool is_array = false;
};
using Parameters = std::map<std::string, Parameter, std::less<>>;

/// What a name stands for while one term is evaluated.
struct Scope {
  const Space* space = nullptr;
  const Parameters* parameters = nullptr;
  std::map<std::string, int, std::less<>> members{};  ///< group named without index -> its member
  std::map<std::string, int, std::less<>> indices{};  ///< free index -> its value
  std::map<std::string, int, std::less<>> running{};  ///< array without index -> its element
  int element = 0;                                    ///< the element of every array of numbers
};

using Value = std::variant<Coefficient, Operator, Superoperator>;

/// The value of an expression in which every group, index and array is bound. Throws InputError
/// with the nearest known name if a name is unknown, and if a word does not fit its site.
[[nodiscard]] Value evaluate(const Expression& expression, const Scope& scope);
[[nodiscard]] Coefficient evaluate_number(const Expression& expression, const Scope& scope);

/// All ways to bind what the expressions leave open, one after the other:
/// a group named without an index runs over its members (named twice it is the same member,
/// different groups run independently), a free index such as k in c[k] over the members that
/// exist (two free indices of one group never meet), and arrays run along.
[[nodiscard]] std::vector<Scope> bindings(const std::vector<Expression>& expressions,
                                          const Space& space, const Parameters& parameters);

/// True if a term names ensembles within sum(...) alone, and so means the same on `space` as on
/// space.with_members(), without the products of all members being written out.
[[nodiscard]] bool names_ensembles_as_sums(const Expression& term, const Space& space);

/// The sum of an expression's terms, each over the members that it names; products are multiplied
/// out first, so that a term is summed over its own groups alone. The spins of an ensemble are
/// members as those of a group; the sum has to be the same for all of them.
[[nodiscard]] Operator sum_over_members(const Expression& expression, const Space& space,
                                        const Parameters& parameters = {});
/// The same for an expression in left, right, commutator, anticommutator and dissipator.
[[nodiscard]] Superoperator sum_of_superoperators(const Expression& expression, const Space& space,
                                                  const Parameters& parameters = {});

/// A value of the [parameters] table; arrays combine element by element.
[[nodiscard]] Parameter evaluate_parameter(const Expression& expression,
                                           const Parameters& parameters);

/// The names that an expression looks up among the parameters.
[[nodiscard]] std::vector<std::string> names_in(const Expression& expression);

/// True for the words of the language (operators, functions, i, t, pi), which no parameter or site
/// may be called.
[[nodiscard]] bool is_reserved(std::string_view name);

/// "; did you mean 'kappa'?" where a candidate is near, else a list of the candidates.
[[nodiscard]] std::string suggestion(std::string_view wrong,
                                     const std::vector<std::string>& candidates);

}  // namespace lindwurm
