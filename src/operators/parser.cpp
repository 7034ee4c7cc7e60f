// The grammar of operator expressions, with PEGTL.
#include <fmt/format.h>

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

// product and sum: operand, sign, operand, sign, ..., from left to right.
Expression to_chain(const Node& node) {
  Expression chain = to_expression(*node.children[0]);
  for (std::size_t i = 1; i + 1 < node.children.size(); i += 2) {
    chain = Expression(Expression::Binary{node.children[i]->string_view()[0],
                                          {chain, to_expression(*node.children[i + 1])}});
  }
  return chain;
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
  // Reading and evaluating recurse into the expression.
  constexpr std::size_t longest = 10000;
  if (text.size() > longest) {
    throw InputError(
        fmt::format("an expression of {} characters is longer than {}; split it into "
                    "several terms",
                    text.size(), longest));
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
