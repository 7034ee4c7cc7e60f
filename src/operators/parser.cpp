// The grammar of operator expressions, written with PEGTL.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <tao/pegtl.hpp>
#include <tao/pegtl/contrib/parse_tree.hpp>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/expression.hpp"

namespace lindwurm {

namespace grammar {

namespace pegtl = tao::pegtl;
using pegtl::one, pegtl::star, pegtl::opt, pegtl::seq, pegtl::sor, pegtl::plus, pegtl::must,
    pegtl::digit, pegtl::if_must, pegtl::list_must;

template <typename Rule>
using padded = pegtl::pad<Rule, pegtl::space>;

struct sum;
struct exponent : seq<one<'e', 'E'>, opt<one<'+', '-'>>, plus<digit>> {};
struct number : seq<sor<seq<plus<digit>, opt<one<'.'>, star<digit>>>, seq<one<'.'>, plus<digit>>>,
                    opt<exponent>> {};
struct identifier : pegtl::identifier {};
struct index : if_must<padded<one<'['>>, sum, one<']'>> {};
struct arguments : if_must<padded<one<'('>>, list_must<sum, one<','>>, one<')'>> {};
struct call : seq<identifier, pegtl::at<star<pegtl::space>, one<'('>>, arguments> {};
struct name : seq<identifier, opt<index>> {};
struct parenthesis : if_must<one<'('>, sum, one<')'>> {};
struct primary : padded<sor<number, call, name, parenthesis>> {};
struct factor;
struct power_sign : sor<pegtl::string<'*', '*'>, one<'^'>> {};
struct power : seq<primary, opt<if_must<power_sign, factor>>> {};
struct minus : padded<one<'-'>> {};
struct negation : if_must<minus, factor> {};
struct factor : sor<seq<padded<one<'+'>>, factor>, negation, power> {};
struct times : seq<one<'*', '/'>, pegtl::not_at<one<'*'>>> {};
struct product : seq<factor, star<if_must<times, factor>>> {};
struct plus_minus : one<'+', '-'> {};
struct sum : seq<product, star<if_must<plus_minus, product>>> {};
struct whole : must<sum, pegtl::eof> {};

template <typename Rule>
using selector = pegtl::parse_tree::selector<
    Rule, pegtl::parse_tree::store_content::on<number, identifier, times, plus_minus>,
    pegtl::parse_tree::remove_content::on<index, arguments, call, name, negation, power>,
    pegtl::parse_tree::fold_one::on<sum, product>>;

}  // namespace grammar

namespace {

using Node = tao::pegtl::parse_tree::node;

double to_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) {
    throw InputError(fmt::format("the number {} does not fit double precision", text));
  }
  return value;
}

Expression to_expression(const Node& node);

std::vector<Expression> to_expressions(const Node& node) {
  std::vector<Expression> all;
  for (const auto& child : node.children)
    all.push_back(to_expression(*child));
  return all;
}

// A product or a sum: operand, sign, operand, sign, ..., combined from left to right.
Expression to_chain(const Node& node) {
  Expression chain = to_expression(*node.children[0]);
  for (std::size_t i = 1; i + 1 < node.children.size(); i += 2) {
    chain = Expression(Expression::Binary{node.children[i]->string_view()[0],
                                          {chain, to_expression(*node.children[i + 1])}});
  }
  return chain;
}

// The nesting depth of brackets, signs and powers. Reading and evaluation recurse to this depth.
int depth_of(std::string_view text) {
  int deepest = 0;
  std::vector<int> open{0};  // for each bracket, the signs and powers since the last operand
  bool follows_operand = false;
  for (std::size_t k = 0; k < text.size(); ++k) {
    const char c = text[k];
    if (std::isspace(static_cast<unsigned char>(c))) continue;
    if (c == '(' || c == '[') {
      open.push_back(open.back() + 1);
      follows_operand = false;
    } else if (c == ')' || c == ']') {
      if (open.size() > 1) open.pop_back();
      follows_operand = true;
    } else if (c == '^' || (c == '*' && k + 1 < text.size() && text[k + 1] == '*')) {
      if (c == '*') ++k;
      ++open.back();
      follows_operand = false;
    } else if (c == '+' || c == '-') {
      // A sum or difference ends the operand of the signs and powers before it.
      open.back() =
          follows_operand ? (open.size() > 1 ? open[open.size() - 2] + 1 : 0) : open.back() + 1;
      follows_operand = false;
    } else if (c == '*' || c == '/' || c == ',') {
      open.back() = open.size() > 1 ? open[open.size() - 2] + 1 : 0;
      follows_operand = false;
    } else {
      follows_operand = true;
    }
    deepest = std::max(deepest, open.back());
  }
  return deepest;
}

Expression to_expression(const Node& node) {
  const auto& children = node.children;
  if (node.is_type<grammar::number>()) return Expression(to_number(node.string_view()));
  if (node.is_type<grammar::negation>()) return -to_expression(*children[0]);
  if (node.is_type<grammar::name>()) {
    std::shared_ptr<const Expression> index;
    if (children.size() > 1) {
      index = std::make_shared<Expression>(to_expression(*children[1]->children[0]));
    }
    return Expression(Expression::Name{children[0]->string(), index});
  }
  if (node.is_type<grammar::call>()) {
    return Expression(Expression::Call{children[0]->string(), to_expressions(*children[1])});
  }
  if (node.is_type<grammar::power>()) {
    if (children.size() == 1) return to_expression(*children[0]);
    return Expression(Expression::Binary{'^', to_expressions(node)});
  }
  return to_chain(node);
}

}  // namespace

Expression Expression::parse(std::string_view text) {
  namespace pegtl = tao::pegtl;
  constexpr std::size_t longest = 10000;
  constexpr int deepest = 500;
  if (text.size() > longest) {
    throw InputError(
        fmt::format("an expression of {} characters is longer than {}; split it into "
                    "several terms",
                    text.size(), longest));
  }
  if (depth_of(text) > deepest) {
    throw InputError(
        fmt::format("an expression has more than {} brackets, signs and powers within each other; "
                    "name parts of "
                    "it in [parameters], or split it into several terms",
                    deepest));
  }
  pegtl::memory_input<> input(text.data(), text.size(), "expression");
  try {
    const auto root = pegtl::parse_tree::parse<grammar::whole, grammar::selector>(input);
    return to_expression(*root->children[0]);
  } catch (const pegtl::parse_error& error) {
    const std::size_t position = error.positions().front().byte;
    throw InputError(fmt::format("cannot read the expression \"{}\": {} at character {}", text,
                                 position >= text.size()
                                     ? std::string("it ends too early")
                                     : fmt::format("unexpected '{}'", text[position]),
                                 position + 1));
  }
}

}  // namespace lindwurm
