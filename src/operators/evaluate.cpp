#include "lindwurm/operators/evaluate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/site_operators.hpp"
#include "lindwurm/operators/vocabulary.hpp"

namespace lindwurm {

namespace {

// The largest number of products of two terms in one expression. More would take longer than a
// second.
constexpr double most_products = 1e6;

bool is_finite(Complex c) { return std::isfinite(c.real()) && std::isfinite(c.imag()); }

bool is_finite(const Value& value) {
  return std::visit(
      []<typename A>(const A& a) {
        if constexpr (std::is_same_v<A, Coefficient>) {
          return is_finite(a.constant());
        } else {
          return std::all_of(a.terms().begin(), a.terms().end(), [](const ProductTerm& term) {
            return is_finite(term.coefficient.constant());
          });
        }
      },
      value);
}

double terms_of(const Value& value) {
  return std::visit(
      []<typename A>(const A& a) {
        if constexpr (std::is_same_v<A, Coefficient>) {
          return 1.0;
        } else {
          return static_cast<double>(a.terms().size());
        }
      },
      value);
}

// The magnitudes of each number at time t, and of each element of each matrix.
Value magnitude_of(const Value& value, double t) {
  const auto magnitude = [t](const Coefficient& c) {
    const double size = std::abs(c.at(t));
    return Coefficient(std::isfinite(size) ? size : 0.0);
  };
  return std::visit(
      [&]<typename A>(const A& a) -> Value {
        if constexpr (std::is_same_v<A, Coefficient>) {
          return magnitude(a);
        } else {
          std::vector<ProductTerm> terms = a.terms();
          for (auto& term : terms) {
            term.coefficient = magnitude(term.coefficient);
            for (auto& factor : term.factors)
              factor.matrix = factor.matrix.cwiseAbs().template cast<Complex>();
          }
          return A(std::move(terms));
        }
      },
      value);
}

// True for calls that only combine what is in their argument.
bool combines_operators(const Expression& expression) {
  const auto* call = expression.as<Expression::Call>();
  if (call == nullptr) return expression.as<Expression::Binary>() != nullptr;
  return call->name == "dag" || call->name == "sum" ||
         vocabulary::contains(vocabulary::superoperators(), call->name);
}

class Evaluator {
 public:
  explicit Evaluator(const Scope& scope) : scope_(scope) {}

  [[nodiscard]] Value of(const Expression& expression) const {
    if (!scope_.magnitudes_at || combines_operators(expression))
      return std::visit(*this, expression.content());
    return magnitude_of(evaluate(expression, exact()), *scope_.magnitudes_at);
  }

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
      if (name.name == "t") return Coefficient::time();
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
      if (scope_.magnitudes_at) {
        return magnitudes(call.arguments[0], *scope_.space, *scope_.parameters,
                          *scope_.magnitudes_at);
      }
      return sum_over_members(call.arguments[0], *scope_.space, *scope_.parameters);
    }
    if (call.name == "dag") {
      require_arguments(call, 1);
      const Value value = of(call.arguments[0]);
      if (const auto* number = std::get_if<Coefficient>(&value)) return conj(*number);
      return dag(as_operator(value, call.name));
    }
    if (scope_.space->has_word(call.name)) return on_site(call);
    vocabulary::unknown_operator(call.name, *scope_.space);
  }

  // Long sums and products nest on the left side, so they are unrolled instead of recursing.
  Value operator()(const Expression::Binary& binary) const {
    std::vector<const Expression::Binary*> spine{&binary};
    const Expression* first = &binary.sides[0];
    while (const auto* next = first->as<Expression::Binary>()) {
      spine.push_back(next);
      first = &next->sides[0];
    }
    Value value = of(*first);
    for (auto next = spine.rbegin(); next != spine.rend(); ++next)
      value = combined(**next, std::move(value));
    return value;
  }

  // Reports the innermost part that is not finite although its own parts are.
  [[noreturn]] void refuse_infinite(const Expression& expression) const {
    std::vector<Expression> parts;
    if (const auto* binary = expression.as<Expression::Binary>()) parts = binary->sides;
    if (const auto* call = expression.as<Expression::Call>();
        call && vocabulary::contains(vocabulary::functions(), call->name)) {
      parts = call->arguments;
    }
    bool is_number = true;
    for (const Expression& part : parts) {
      const Value value = of(part);
      if (!is_finite(value)) refuse_infinite(part);
      is_number = is_number && std::holds_alternative<Coefficient>(value);
    }
    throw InputError(fmt::format(
        "\"{}\" is not finite: {}", expression.text(),
        is_number ? evaluate_number(expression, scope_).text() : "its coefficient fits no number"));
  }

 private:
  // The scope for exact values, even when magnitudes are evaluated.
  [[nodiscard]] Scope exact() const {
    Scope scope = scope_;
    scope.magnitudes_at.reset();
    return scope;
  }

  // The exact value of a divisor or an exponent.
  [[nodiscard]] Value exact_value(const Expression& expression) const {
    if (!scope_.magnitudes_at) return of(expression);
    return evaluate(expression, exact());
  }

  Value combined(const Expression::Binary& binary, Value left) const {
    const bool is_sum = binary.symbol == '+' || binary.symbol == '-';
    if (is_sum) {
      const Value right = of(binary.sides[1]);
      if (binary.symbol == '+' || scope_.magnitudes_at)
        return combine(std::move(left), right, std::plus<>{});
      return combine(std::move(left), right, std::minus<>{});
    }
    const bool left_was_finite = is_finite(left);
    const Value right = binary.symbol == '*' ? of(binary.sides[1]) : exact_value(binary.sides[1]);
    Value value = binary.symbol == '*'   ? product(std::move(left), right)
                  : binary.symbol == '/' ? quotient(left, right)
                                         : power(left, right);
    // An intermediate number may be infinite, as in 1/(1 + exp(1000)). A number beside an operator
    // may not.
    if (std::holds_alternative<Coefficient>(value) || is_finite(value)) return value;
    if (!left_was_finite) refuse_infinite(binary.sides[0]);
    refuse_infinite(is_finite(right) ? Expression(binary) : binary.sides[1]);
  }

  Value product(Value left, const Value& right) const {
    products_ += terms_of(left) * terms_of(right);
    if (products_ > most_products) {
      throw InputError(fmt::format(
          "a product of sums takes more than {} products of terms when it is multiplied "
          "out; use fewer factors, or shorter ones",
          most_products));
    }
    return combine(std::move(left), right, std::multiplies<>{});
  }

  [[nodiscard]] Value quotient(const Value& left, const Value& right) const {
    const auto* divisor = std::get_if<Coefficient>(&right);
    if (divisor == nullptr) throw InputError("division by an operator: only numbers divide");
    if (divisor->is_zero()) throw InputError("division by zero");
    const Coefficient by =
        scope_.magnitudes_at ? Coefficient(std::abs(divisor->at(*scope_.magnitudes_at))) : *divisor;
    if (const auto* number = std::get_if<Coefficient>(&left)) return *number / by;
    return combine(Coefficient(1.0) / by, left, std::multiplies<>{});
  }

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
      const bool is_of_classes = scope_.space != nullptr && !parameter.group.empty();
      const Group* group = is_of_classes ? scope_.space->find(parameter.group) : nullptr;
      if (group != nullptr && !group->classes.empty())
        element = group->class_of(group->member_of(element));
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
    if (group == nullptr) unknown_site(name->name, *scope_.space);
    int member = 0;
    if (name->index) {
      const int spin = integer(*name->index, "a site's index");
      if (!group->count) {
        throw InputError(fmt::format("the site '{}' is no group and takes no index", group->name));
      }
      member = group->member_of(spin);
    } else if (group->count) {
      auto bound = scope_.members.find(group->name);
      if (bound == scope_.members.end()) {
        throw InputError(fmt::format("'{}' is a group of {}; name one member, as in {}[0]",
                                     group->name, group->size(), group->name));
      }
      member = bound->second;
    }
    return group->first + member;
  }

  Value function(const Expression::Call& call) const {
    const auto& known = vocabulary::function(call.name);
    require_arguments(call, known.arguments);
    const Coefficient first = evaluate_number(call.arguments[0], scope_);
    if (known.arguments == 1) {
      return first.is_constant() ? Coefficient(known.of_one(first.constant()))
                                 : Coefficient::call(call.name, first);
    }
    const Coefficient second = evaluate_number(call.arguments[1], scope_);
    if (first.is_constant() && second.is_constant()) {
      return Coefficient(known.of_two(first.constant(), second.constant()));
    }
    return Coefficient::call(call.name, first, second);
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
    return Operator(ordinal, in_stored_basis(site_operator(call.name, group), group));
  }

  Value superoperator(const Expression::Call& call) const {
    require_arguments(call, 1);
    const Operator inner = as_operator(of(call.arguments[0]), call.name);
    if (call.name == "left") return left(inner);
    if (call.name == "right") return right(inner);
    if (call.name == "anticommutator") return anticommutator(inner);
    if (scope_.magnitudes_at) {
      if (call.name == "commutator") return anticommutator(inner);
      return left(inner) * right(dag(inner)) +
             Coefficient(0.5) * anticommutator(dag(inner) * inner);
    }
    if (call.name == "commutator") return commutator(inner);
    return dissipator(inner);
  }

  static Operator as_operator(const Value& value, const std::string& word) {
    if (const auto* number = std::get_if<Coefficient>(&value)) return Operator(*number);
    if (const auto* op = std::get_if<Operator>(&value)) return *op;
    throw InputError(fmt::format("{}(...) takes an operator, not a superoperator", word));
  }

  // Beside an operator, a number stands for that multiple of the identity.
  template <typename Apply>
  static Value combine(Value a, const Value& b, Apply apply) {
    return std::visit(
        [&]<typename A, typename B>(A& x, const B& y) -> Value {
          if constexpr (std::is_same_v<A, B>) {
            return apply(std::move(x), y);
          } else if constexpr (std::is_same_v<A, Coefficient>) {
            return apply(B(x), y);
          } else if constexpr (std::is_same_v<B, Coefficient>) {
            return apply(std::move(x), A(y));
          } else {
            throw InputError(
                "an operator meets a superoperator; wrap it in left(...), right(...), "
                "commutator(...) or anticommutator(...)");
          }
        },
        a, b);
  }

  [[nodiscard]] Value power(const Value& base, const Value& exponent) const {
    const auto* number = std::get_if<Coefficient>(&exponent);
    if (number == nullptr) throw InputError("an exponent is a number");
    if (const auto* scalar = std::get_if<Coefficient>(&base)) return pow(*scalar, *number);
    const double times = number->constant().real();
    if (!number->is_constant() || number->constant().imag() != 0 || times < 0 ||
        times != std::floor(times) || times > 100) {
      throw InputError(fmt::format("an operator's exponent is a whole number from 0 to 100, not {}",
                                   number->text()));
    }
    Value power = Coefficient(1.0);
    for (int k = 0; k < static_cast<int>(times); ++k) {
      power = product(std::move(power), base);
    }
    return power;
  }

  const Scope& scope_;
  mutable double products_ = 0;  // the number of products of terms so far
};

}  // namespace

Value evaluate(const Expression& expression, const Scope& scope) {
  return Evaluator(scope).of(expression);
}

Coefficient evaluate_number(const Expression& expression, const Scope& scope) {
  const Value value = evaluate(expression, scope);
  if (const auto* number = std::get_if<Coefficient>(&value)) return *number;
  throw InputError(fmt::format("\"{}\" is an operator where a number belongs", expression.text()));
}

void require_finite(const Coefficient& value, const Expression& expression, const Scope& scope) {
  if (!is_finite(value.constant())) Evaluator(scope).refuse_infinite(expression);
}

}  // namespace lindwurm
