// Sums over the members that expressions name; the values of parameters.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/evaluate.hpp"
#include "lindwurm/operators/expansion.hpp"
#include "lindwurm/operators/joint_basis.hpp"
#include "lindwurm/operators/mentions.hpp"
#include "lindwurm/operators/symmetrised.hpp"
#include "lindwurm/operators/vocabulary.hpp"

namespace lindwurm {

namespace {

void require_finite_matrices(const std::vector<ProductTerm>& terms) {
  for (const ProductTerm& term : terms) {
    double largest = std::abs(term.coefficient.constant());
    for (const Factor& factor : term.factors)
      largest *= factor.matrix.nonZeros() > 0 ? factor.matrix.coeffs().abs().maxCoeff() : 0.0;
    if (!std::isfinite(largest))
      throw InputError("the terms add up to numbers that are not finite");
  }
}

Operator as_stored(const Operator& sum, const Space& space) { return in_joint_basis(sum, space); }

Superoperator as_stored(Superoperator sum, const Space& space) {
  if (space.joint()) throw Error("superoperators are not written in a joint basis");
  return sum;
}

// Magnitudes are given on the named sites, whatever basis is stored.
template <typename Kind>
ProductSum<Kind> sum_of_terms(const Expression& expression, const Space& stored,
                              const Parameters& parameters, std::string_view mistaken,
                              std::optional<double> magnitudes_at = {}) {
  const Space& space = stored.named();
  ProductSum<Kind> of_members;
  ProductSum<Kind> of_sums;
  const Space members = space.with_members();
  for (const Expression& term : additive_terms(expression, members, parameters)) {
    const bool has_sums = !magnitudes_at && names_ensembles_as_sums(term, space);
    ProductSum<Kind>& sum = has_sums ? of_sums : of_members;
    for (Scope& scope : bindings({term}, has_sums ? space : members, parameters)) {
      scope.magnitudes_at = magnitudes_at;
      const Value value = evaluate(term, scope);
      if (const auto* number = std::get_if<Coefficient>(&value)) {
        require_finite(*number, term, scope);
        sum += ProductSum<Kind>(*number);
      } else if (const auto* part = std::get_if<ProductSum<Kind>>(&value)) {
        sum += *part;
      } else {
        throw InputError(fmt::format("\"{}\" is {}", term.text(), mistaken));
      }
    }
  }
  if (!magnitudes_at) of_members = symmetrised(of_members, space);
  ProductSum<Kind> sum = (std::move(of_members) + of_sums).simplified();
  require_finite_matrices(sum.terms());
  return magnitudes_at ? sum : as_stored(std::move(sum), stored);
}

Operator sum_of_operators(const Expression& expression, const Space& space,
                          const Parameters& parameters, std::optional<double> magnitudes_at) {
  return sum_of_terms<HilbertSpace>(expression, space, parameters,
                                    "a superoperator where an operator belongs", magnitudes_at);
}

Superoperator sum_of_maps(const Expression& expression, const Space& space,
                          const Parameters& parameters, std::optional<double> magnitudes_at) {
  return sum_of_terms<LiouvilleSpace>(
      expression, space, parameters,
      "an operator where a superoperator belongs; wrap it in left(...), right(...), "
      "commutator(...), anticommutator(...) or dissipator(...)",
      magnitudes_at);
}

}  // namespace

// If coherences are left out, products on `space` could lead through the missing ones.
bool names_ensembles_as_sums(const Expression& term, const Space& space) {
  const auto& groups = space.groups();
  if (std::any_of(groups.begin(), groups.end(), [](const Group& group) {
        return group.multiplets && group.multiplets->is_limited();
      }))
    return false;
  const Mentions found = mentions(term, &space);
  return std::none_of(found.sites.begin(), found.sites.end(), [&](const Expression::Name& site) {
    const auto called = space.called(site.name);
    return !called.empty() && called.front()->multiplets;
  });
}

Operator sum_over_members(const Expression& expression, const Space& space,
                          const Parameters& parameters) {
  return sum_of_operators(expression, space, parameters, {});
}

Superoperator sum_of_superoperators(const Expression& expression, const Space& space,
                                    const Parameters& parameters) {
  return sum_of_maps(expression, space, parameters, {});
}

Operator observable_operator(const Expression& expression, const Space& space,
                             const Parameters& parameters) {
  Operator a = sum_over_members(expression, space, parameters);
  if (!a.is_constant() || is_hermitian(a)) return a;
  const double rest = largest_element((a - dag(a)).simplified());
  const double added_up = largest_element(magnitudes(expression, space, parameters, 0));
  if (rest > rounding_of_hermiticity * added_up) return a;
  return (Coefficient(0.5) * (a + dag(a))).simplified();
}

Operator magnitudes(const Expression& expression, const Space& space, const Parameters& parameters,
                    double t) {
  return sum_of_operators(expression, space, parameters, t);
}

Superoperator magnitudes_of_superoperators(const Expression& expression, const Space& space,
                                           const Parameters& parameters, double t) {
  return sum_of_maps(expression, space, parameters, t);
}

Parameter evaluate_parameter(const Expression& expression, const Parameters& parameters) {
  static const Space no_sites;
  Scope scope{.space = &no_sites, .parameters = &parameters};
  std::size_t length = 0;
  std::string longest;
  for (const std::string& name : vocabulary::arrays_without_index(expression, parameters)) {
    const std::size_t here = parameters.find(name)->second.values.size();
    if (length != 0 && here != length) {
      throw InputError(fmt::format("the arrays '{}' ({} values) and '{}' ({}) do not match",
                                   longest, length, name, here));
    }
    length = here;
    longest = name;
    scope.running[name] = 0;
  }
  Parameter result{.values = {}, .is_array = length != 0};
  for (std::size_t k = 0; k < std::max<std::size_t>(length, 1); ++k) {
    for (auto& [name, element] : scope.running)
      element = static_cast<int>(k);
    result.values.push_back(evaluate_number(expression, scope));
    require_finite(result.values.back(), expression, scope);
  }
  return result;
}

}  // namespace lindwurm
