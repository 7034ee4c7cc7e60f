// From expressions to operators: looks up names in the space and the parameters.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "lindwurm/operators/expression.hpp"
#include "lindwurm/operators/product_sum.hpp"
#include "lindwurm/operators/superoperator.hpp"

namespace lindwurm {

/// A named number, or an array with one number for each member of a group.
struct Parameter {
  std::vector<Coefficient> values;
  bool is_array = false;
  /// The group whose classes the values belong to; an index then numbers a spin.
  std::string group{};
};
using Parameters = std::map<std::string, Parameter, std::less<>>;

/// The bindings of names during the evaluation of one term.
struct Scope {
  const Space* space = nullptr;
  const Parameters* parameters = nullptr;
  std::map<std::string, int, std::less<>> members{};  ///< group named without index -> its member
  std::map<std::string, int, std::less<>> indices{};  ///< free index -> its value
  std::map<std::string, int, std::less<>> running{};  ///< array without index -> its element
  int element = 0;                                    ///< the element of every array of numbers
  /// If set, the evaluation gives a bound on the numbers that rounding acts on at this time. It
  /// takes the magnitude of every number and matrix element, and adds where the expression
  /// subtracts.
  std::optional<double> magnitudes_at{};
};

using Value = std::variant<Coefficient, Operator, Superoperator>;

/// The value of an expression in which every group, index and array is bound. Throws InputError if
/// a name is unknown, with the nearest known name, and if an operator does not fit its site.
[[nodiscard]] Value evaluate(const Expression& expression, const Scope& scope);
[[nodiscard]] Coefficient evaluate_number(const Expression& expression, const Scope& scope);
/// Throws InputError if `value` is infinite, and names the part of the expression that makes it so.
void require_finite(const Coefficient& value, const Expression& expression, const Scope& scope);

/// All ways to bind the names that the expressions leave open.
/// - A group without an index runs over its members. Named twice, it is the same member; different
///   groups run independently.
/// - A free index, such as k in c[k], runs over the members that exist. Two free indices of one
///   group are never equal.
/// - Arrays run along.
[[nodiscard]] std::vector<Scope> bindings(const std::vector<Expression>& expressions,
                                          const Space& space, const Parameters& parameters);

/// True if a term names ensembles only inside sum(...). Such a term means the same on `space` and
/// on space.with_members(), so the products of all members need not be written out.
[[nodiscard]] bool names_ensembles_as_sums(const Expression& term, const Space& space);

/// The sum of an expression's terms, each summed over the members that it names. Products are
/// multiplied out first, so that each term is summed only over its own groups. The spins of an
/// ensemble count as members, like those of a group; the sum must not change when they are
/// permuted.
[[nodiscard]] Operator sum_over_members(const Expression& expression, const Space& space,
                                        const Parameters& parameters = {});
/// The same for an expression of left, right, commutator, anticommutator and dissipator.
[[nodiscard]] Superoperator sum_of_superoperators(const Expression& expression, const Space& space,
                                                  const Parameters& parameters = {});

/// The same for an observable. If its anti-Hermitian part is only rounding of the numbers that were
/// added up, the Hermitian part is returned.
[[nodiscard]] Operator observable_operator(const Expression& expression, const Space& space,
                                           const Parameters& parameters);
/// Bounds on the magnitudes of the numbers that were added up in sum_over_members and
/// sum_of_superoperators, element by element, at time t. Ensembles count as groups of spins: the
/// result acts on space.with_members().
[[nodiscard]] Operator magnitudes(const Expression& expression, const Space& space,
                                  const Parameters& parameters, double t);
[[nodiscard]] Superoperator magnitudes_of_superoperators(const Expression& expression,
                                                         const Space& space,
                                                         const Parameters& parameters, double t);

/// A value of the [parameters] table. Arrays combine element by element.
[[nodiscard]] Parameter evaluate_parameter(const Expression& expression,
                                           const Parameters& parameters);

/// The names that an expression looks up in the parameters.
[[nodiscard]] std::vector<std::string> names_in(const Expression& expression);

/// True for the words of the language (operators, functions, i, t, pi). No parameter or site may
/// have such a name.
[[nodiscard]] bool is_reserved(std::string_view name);

/// Throws InputError for an unknown site, with the nearest known name.
[[noreturn]] void unknown_site(const std::string& name, const Space& space);

/// "; did you mean 'kappa'?" if a candidate is near, otherwise a list of the candidates.
[[nodiscard]] std::string suggestion(std::string_view wrong,
                                     const std::vector<std::string>& candidates);

}  // namespace lindwurm
