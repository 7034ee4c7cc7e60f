#include "lindwurm/operators/evaluate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/mentions.hpp"
#include "lindwurm/operators/site_operators.hpp"
#include "lindwurm/operators/symmetrised.hpp"
#include "lindwurm/operators/vocabulary.hpp"

namespace lindwurm {

namespace {

class Evaluator {
 public:
  explicit Evaluator(const Scope& scope) : scope_(scope) {}

  Value operator()(const Expression::Number& number) const { return Coefficient(number.value); }
  Value operator()(const Expression::Time& time) const { return time.value; }

  Value operator()(const Expression::Values& values) const {
    const auto length = static_cast<int>(values.values.size());
    if (scope_.element < 0 || scope_.element >= length) {
      throw InputError(
          fmt::format("an array of {} values meets member number {}", length, scope_.element));
    }
    return Coefficient(values.values[scope_.element]);
  }

  Value operator()(const Expression::Name& name) const {
    if (!name.index) {
      if (name.name == "i") return Coefficient(Complex(0, 1));
      if (name.name == "pi") return Coefficient(std::numbers::pi);
      if (name.name == "t") return Coefficient("t", [](double t) { return Complex(t); });
      if (auto index = scope_.indices.find(name.name); index != scope_.indices.end()) {
        return Coefficient(static_cast<double>(index->second));
      }
    }
    auto found = scope_.parameters->find(name.name);
    if (found == scope_.parameters->end()) unknown_name(name.name);
    return parameter(name, found->second);
  }

  Value operator()(const Expression::Call& call) const {
    const auto& function_names = vocabulary::functions();
    if (vocabulary::contains(function_names, call.name)) return function(call);
    if (vocabulary::contains(site_operator_names(), call.name)) return on_site(call);
    if (vocabulary::contains(vocabulary::superoperators(), call.name)) return superoperator(call);
    if (call.name == "sum") {
      require_arguments(call, 1);
      return sum_over_members(call.arguments[0], *scope_.space, *scope_.parameters);
    }
    if (call.name == "dag") {
      require_arguments(call, 1);
      const Value value = evaluate(call.arguments[0], scope_);
      if (const auto* number = std::get_if<Coefficient>(&value)) return conj(*number);
      return dag(as_operator(value, call.name));
    }
    auto known = vocabulary::calls();
    throw InputError(
        fmt::format("unknown operator '{}'{}", call.name, suggestion(call.name, known)));
  }

  Value operator()(const Expression::Binary& binary) const {
    const Value left = evaluate(binary.sides[0], scope_);
    const Value right = evaluate(binary.sides[1], scope_);
    switch (binary.symbol) {
      case '^':
        return power(left, right);
      case '/':
        if (const auto* divisor = std::get_if<Coefficient>(&right)) {
          if (divisor->is_zero()) throw InputError("division by zero");
          if (const auto* number = std::get_if<Coefficient>(&left)) return *number / *divisor;
          return combine(Coefficient(1.0) / *divisor, left, std::multiplies<>{});
        }
        throw InputError("division by an operator: only numbers divide");
      case '*':
        return combine(left, right, std::multiplies<>{});
      case '+':
        return combine(left, right, std::plus<>{});
      default:
        return combine(left, right, std::minus<>{});
    }
  }

 private:
  static void require_arguments(const Expression::Call& call, std::size_t count) {
    if (call.arguments.size() == count) return;
    throw InputError(fmt::format("{} takes {} argument{}, not {}", call.name, count,
                                 count == 1 ? "" : "s", call.arguments.size()));
  }

  [[noreturn]] void unknown_name(const std::string& name) const {
    if (scope_.space->find(name) != nullptr) {
      throw InputError(fmt::format(
          "the site '{}' stands where a number or an operator belongs; write an operator of it, "
          "such as id({})",
          name, name));
    }
    std::vector<std::string> known{"i", "t", "pi"};
    for (const auto& [key, value] : *scope_.parameters)
      known.push_back(key);
    throw InputError(fmt::format("unknown parameter '{}'{}", name, suggestion(name, known)));
  }

  Value parameter(const Expression::Name& name, const Parameter& parameter) const {
    if (!parameter.is_array) {
      if (name.index) throw InputError(fmt::format("the parameter '{}' is no array", name.name));
      return parameter.values.front();
    }
    int element = 0;
    if (name.index) {
      element = integer(*name.index, "an index");
    } else if (auto run = scope_.running.find(name.name); run != scope_.running.end()) {
      element = run->second;
    } else {
      throw InputError(fmt::format(
          "the array '{}' has no group to run along here; give it an index, as in {}[0]", name.name,
          name.name));
    }
    const auto length = static_cast<int>(parameter.values.size());
    if (element < 0 || element >= length) {
      throw InputError(fmt::format("{}[{}] does not exist: the array has {} values, 0 to {}",
                                   name.name, element, length, length - 1));
    }
    return parameter.values[element];
  }

  int integer(const Expression& expression, std::string_view what) const {
    const Coefficient number = evaluate_number(expression, scope_);
    const double value = number.constant().real();
    if (!number.is_constant() || number.constant().imag() != 0 || value != std::floor(value) ||
        std::abs(value) > 1e9) {
      throw InputError(fmt::format("\"{}\" = {} is no whole number, as {} needs", expression.text(),
                                   number.text(), what));
    }
    return static_cast<int>(value);
  }

  int site(const Expression& expression) const {
    const auto* name = expression.as<Expression::Name>();
    if (name == nullptr) {
      throw InputError(fmt::format("\"{}\" is no site", expression.text()));
    }
    const Group* group = scope_.space->find(name->name);
    if (group == nullptr) {
      std::vector<std::string> known;
      for (const auto& each : scope_.space->groups())
        known.push_back(each.name);
      throw InputError(
          fmt::format("unknown site '{}'{}", name->name, suggestion(name->name, known)));
    }
    int member = 0;
    if (name->index) {
      member = integer(*name->index, "a site's index");
      if (!group->count) {
        throw InputError(fmt::format("the site '{}' is no group and takes no index", group->name));
      }
    } else if (group->count) {
      auto bound = scope_.members.find(group->name);
      if (bound == scope_.members.end()) {
        throw InputError(fmt::format("'{}' is a group of {}; name one member, as in {}[0]",
                                     group->name, group->size(), group->name));
      }
      member = bound->second;
    }
    if (member < 0 || member >= group->size()) {
      throw InputError(fmt::format("{}[{}] does not exist: the group has the members 0 to {}",
                                   group->name, member, group->size() - 1));
    }
    return group->first + member;
  }

  Value function(const Expression::Call& call) const {
    const auto& known = vocabulary::function(call.name);
    require_arguments(call, known.arguments);
    const Coefficient first = evaluate_number(call.arguments[0], scope_);
    if (known.arguments == 1) return first.map(call.name, known.of_one);
    const Coefficient second = evaluate_number(call.arguments[1], scope_);
    if (first.is_constant() && second.is_constant()) {
      return Coefficient(known.of_two(first.constant(), second.constant()));
    }
    return Coefficient(fmt::format("{}({}, {})", call.name, first.text(), second.text()),
                       [first, second, apply = known.of_two](double t) {
                         return apply(first.at(t), second.at(t));
                       });
  }

  Value on_site(const Expression::Call& call) const {
    const bool is_ket = call.name == "ket";
    const bool is_projector = call.name == "proj";
    require_arguments(call, is_ket ? 3 : (is_projector ? 2 : 1));
    const int ordinal = site(call.arguments[0]);
    const Group& group = scope_.space->group_of(ordinal);
    const int d = group.dimension;
    if (is_ket || is_projector) {
      const int j = integer(call.arguments[1], "a level");
      const int k = is_ket ? integer(call.arguments[2], "a level") : j;
      return Operator(ordinal, in_stored_basis(transition(j, k, d), group));
    }
    if (call.name == "id") return Operator(Coefficient(1.0));
    return Operator(ordinal, in_stored_basis(site_operator(call.name, group.kind, d), group));
  }

  Value superoperator(const Expression::Call& call) const {
    require_arguments(call, 1);
    const Operator inner = as_operator(evaluate(call.arguments[0], scope_), call.name);
    if (call.name == "left") return left(inner);
    if (call.name == "right") return right(inner);
    if (call.name == "commutator") return commutator(inner);
    if (call.name == "anticommutator") return anticommutator(inner);
    return dissipator(inner);
  }

  static Operator as_operator(const Value& value, const std::string& word) {
    if (const auto* number = std::get_if<Coefficient>(&value)) return Operator(*number);
    if (const auto* op = std::get_if<Operator>(&value)) return *op;
    throw InputError(fmt::format("{}(...) takes an operator, not a superoperator", word));
  }

  // Numbers stand for multiples of the identity beside operators.
  template <typename Apply>
  static Value combine(const Value& a, const Value& b, Apply apply) {
    return std::visit(
        [&]<typename A, typename B>(const A& x, const B& y) -> Value {
          if constexpr (std::is_same_v<A, B>) {
            return apply(x, y);
          } else if constexpr (std::is_same_v<A, Coefficient>) {
            return apply(B(x), y);
          } else if constexpr (std::is_same_v<B, Coefficient>) {
            return apply(x, A(y));
          } else {
            throw InputError(
                "an operator meets a superoperator; wrap it in left(...), right(...), "
                "commutator(...) or anticommutator(...)");
          }
        },
        a, b);
  }

  static Value power(const Value& base, const Value& exponent) {
    const auto* number = std::get_if<Coefficient>(&exponent);
    if (number == nullptr) throw InputError("an exponent is a number");
    if (const auto* scalar = std::get_if<Coefficient>(&base)) return pow(*scalar, *number);
    const double times = number->constant().real();
    if (!number->is_constant() || number->constant().imag() != 0 || times < 0 ||
        times != std::floor(times) || times > 100) {
      throw InputError(fmt::format("an operator's exponent is a whole number from 0 to 100, not {}",
                                   number->text()));
    }
    Value product = Coefficient(1.0);
    for (int k = 0; k < static_cast<int>(times); ++k) {
      product = combine(product, base, std::multiplies<>{});
    }
    return product;
  }

  const Scope& scope_;
};

template <typename Kind>
ProductSum<Kind> sum_of_terms(const Expression& expression, const Space& space,
                              const Parameters& parameters, std::string_view mistaken) {
  ProductSum<Kind> of_members;
  ProductSum<Kind> of_sums;
  const Space members = space.with_members();
  for (const Expression& term : vocabulary::additive_terms(expression)) {
    const bool has_sums = names_ensembles_as_sums(term, space);
    ProductSum<Kind>& sum = has_sums ? of_sums : of_members;
    for (const Scope& scope : bindings({term}, has_sums ? space : members, parameters)) {
      const Value value = evaluate(term, scope);
      if (const auto* number = std::get_if<Coefficient>(&value)) {
        sum += ProductSum<Kind>(*number);
      } else if (const auto* part = std::get_if<ProductSum<Kind>>(&value)) {
        sum += *part;
      } else {
        throw InputError(fmt::format("\"{}\" is {}", term.text(), mistaken));
      }
    }
  }
  return (symmetrised(of_members, space) + of_sums).simplified();
}

}  // namespace

Value evaluate(const Expression& expression, const Scope& scope) {
  return std::visit(Evaluator(scope), expression.content());
}

Coefficient evaluate_number(const Expression& expression, const Scope& scope) {
  const Value value = evaluate(expression, scope);
  if (const auto* number = std::get_if<Coefficient>(&value)) return *number;
  throw InputError(fmt::format("\"{}\" is an operator where a number belongs", expression.text()));
}

// Where coherences are left out, products on `space` could lead through those.
bool names_ensembles_as_sums(const Expression& term, const Space& space) {
  const auto& groups = space.groups();
  if (std::any_of(groups.begin(), groups.end(), [](const Group& group) {
        return group.multiplets && group.multiplets->is_limited();
      }))
    return false;
  const Mentions found = mentions(term);
  return std::none_of(found.sites.begin(), found.sites.end(), [&](const Expression::Name& site) {
    const auto called = space.called(site.name);
    return !called.empty() && called.front()->multiplets;
  });
}

Operator sum_over_members(const Expression& expression, const Space& space,
                          const Parameters& parameters) {
  return sum_of_terms<HilbertSpace>(expression, space, parameters,
                                    "a superoperator where an operator belongs");
}

Superoperator sum_of_superoperators(const Expression& expression, const Space& space,
                                    const Parameters& parameters) {
  return sum_of_terms<LiouvilleSpace>(
      expression, space, parameters,
      "an operator where a superoperator belongs; wrap it in left(...), right(...), "
      "commutator(...), anticommutator(...) or dissipator(...)");
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
  }
  return result;
}

}  // namespace lindwurm
