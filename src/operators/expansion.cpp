#include "lindwurm/operators/expansion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/mentions.hpp"

namespace lindwurm {

namespace {

// What a term is summed over: the groups without an index, and the members whose index is free.
// Terms with the same runs are bound to the same members and can stay together.
using Runs = std::set<std::string>;

// The largest number of parts of one expression when it is written out. More would take longer than
// a second.
constexpr double most_parts = 100000;

struct Term {
  Expression expression;
  Runs runs;
  double parts = 1;  // the number of parts that the expression consists of, with repetitions
};

struct Sum {
  std::vector<Term> terms;
  bool holds_operator = false;  // if false, it is a number and is not expanded
};

bool is_linear(std::string_view call) {
  return call == "dag" || call == "left" || call == "right" || call == "commutator" ||
         call == "anticommutator";
}

// Merges the terms with the same runs, in the order of the first of each.
std::vector<Term> gathered(std::vector<Term> terms) {
  std::vector<Term> classes;
  for (Term& term : terms) {
    const auto alike = std::find_if(classes.begin(), classes.end(),
                                    [&](const Term& other) { return other.runs == term.runs; });
    if (alike == classes.end()) {
      classes.push_back(std::move(term));
    } else {
      alike->expression = alike->expression + term.expression;
      alike->parts += term.parts;
    }
  }
  return classes;
}

// A sum as a factor of a product. It is a single term if all of it has the same runs.
std::vector<Term> factor_of(const Expression& whole, Sum sum) {
  std::vector<Term> classes = gathered(std::move(sum.terms));
  if (classes.size() == 1) classes.front().expression = whole;
  return classes;
}

class Expansion {
 public:
  Expansion(const Space& space, const Parameters& parameters)
      : space_(space), parameters_(parameters) {}

  [[nodiscard]] Sum of(const Expression& expression) const {
    if (const auto* call = expression.as<Expression::Call>();
        call != nullptr && is_linear(call->name) && call->arguments.size() == 1) {
      Sum sum = of(call->arguments.front());
      if (!sum.holds_operator) return {{{expression, {}}}};
      for (Term& term : sum.terms)
        term.expression = Expression(Expression::Call{call->name, {term.expression}});
      return sum;
    }
    // Sums and products nest on the left side, and may be long.
    std::vector<const Expression*> spine;
    const Expression* first = &expression;
    while (const auto* binary = first->as<Expression::Binary>()) {
      spine.push_back(first);
      first = &binary->sides[0];
    }
    if (spine.empty()) return single(expression);
    Sum sum = of(*first);
    for (auto whole = spine.rbegin(); whole != spine.rend(); ++whole)
      sum = combined(**whole, std::move(sum));
    return sum;
  }

 private:
  [[nodiscard]] Sum single(const Expression& expression) const {
    const Mentions found = mentions(expression, &space_);
    Term term{expression, {}};
    for (const Expression::Name& site : found.sites) {
      const Group* group = space_.find(site.name);
      if (group == nullptr || !group->count) continue;
      if (!site.index) {
        term.runs.insert(site.name);
      } else if (is_running(*site.index)) {
        term.runs.insert(fmt::format("{}[{}]", site.name, site.index->text()));
      }
    }
    return {{std::move(term)}, !found.sites.empty()};
  }

  [[nodiscard]] bool is_running(const Expression& index) const {
    const auto names = names_in(index);
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
      return !is_reserved(name) && !parameters_.contains(name);
    });
  }

  // `whole` is a binary expression, and `left` the result for its left side.
  [[nodiscard]] Sum combined(const Expression& whole, Sum left) const {
    const auto& binary = *whole.as<Expression::Binary>();
    Sum right = of(binary.sides[1]);
    if (!left.holds_operator && !right.holds_operator) return {{{whole, {}}}};
    switch (binary.symbol) {
      case '+':
      case '-':
        for (Term& term : right.terms) {
          if (binary.symbol == '-') term.expression = -term.expression;
          left.terms.push_back(std::move(term));
        }
        left.holds_operator = true;
        return left;
      case '^':
        return power(whole, std::move(left));
      default:
        return product(whole, factor_of(binary.sides[0], std::move(left)),
                       factor_of(binary.sides[1], std::move(right)));
    }
  }

  // Multiplies each term of the left with all terms of the right that have the same runs at once.
  [[nodiscard]] static Sum product(const Expression& whole, const std::vector<Term>& left,
                                   const std::vector<Term>& right) {
    const auto& binary = *whole.as<Expression::Binary>();
    const char symbol = binary.symbol;
    double parts = 0;
    std::vector<Term> all;
    for (const Term& a : left) {
      std::vector<Term> beside;
      for (const Term& b : right) {
        Term term = b;
        term.runs.insert(a.runs.begin(), a.runs.end());
        beside.push_back(std::move(term));
      }
      for (Term& term : gathered(std::move(beside))) {
        term.expression =
            Expression(Expression::Binary{symbol, {a.expression, std::move(term.expression)}});
        term.parts += a.parts;
        parts += term.parts;
        all.push_back(std::move(term));
      }
      if (parts > most_parts) refuse_product(binary);
    }
    if (left.size() == 1 && right.size() == 1) all.front().expression = whole;
    return {gathered(std::move(all)), true};
  }

  [[noreturn]] static void refuse_product(const Expression::Binary& product) {
    throw InputError(fmt::format(
        "a product of sums has too many terms when it is multiplied out, at the factor \"{}\": its "
        "terms run over different groups; write the product with sum(...), or as fewer factors",
        product.sides[1].text()));
  }

  [[nodiscard]] static Sum power(const Expression& whole, Sum base) {
    const auto& binary = *whole.as<Expression::Binary>();
    const std::vector<Term> factor = factor_of(binary.sides[0], std::move(base));
    if (factor.size() == 1) return {{{whole, factor.front().runs}}, true};
    const auto* number = binary.sides[1].as<Expression::Number>();
    const double times = number == nullptr ? -1 : number->value.real();
    if (times != std::floor(times) || times < 1 || times > 8) {
      throw InputError(fmt::format(
          "a sum of terms that run over different groups is raised to a literal whole number from "
          "1 to 8, not to {}",
          binary.sides[1].text()));
    }
    Sum sum{factor, true};
    Expression repeated = binary.sides[0];
    for (int k = 1; k < static_cast<int>(times); ++k) {
      repeated = repeated * binary.sides[0];
      sum = product(repeated, sum.terms, factor);
    }
    return sum;
  }

  const Space& space_;
  const Parameters& parameters_;
};

}  // namespace

std::vector<Expression> additive_terms(const Expression& expression, const Space& space,
                                       const Parameters& parameters) {
  std::vector<Expression> terms;
  for (Term& term : Expansion(space, parameters).of(expression).terms)
    terms.push_back(std::move(term.expression));
  return terms;
}

}  // namespace lindwurm
