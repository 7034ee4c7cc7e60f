// The grammar of expressions.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/evaluate.hpp"
#include "oracle/comparison.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Complex;
using lindwurm::Expression;
using lindwurm::InputError;
using lindwurm::Space;

BOOST_AUTO_TEST_SUITE(parser)

static Complex value(const std::string& text) {
  static const Space none;
  static const lindwurm::Parameters parameters{{"two", {{2.0}}}, {"e", {{7.0}}}, {"x2", {{5.0}}}};
  const lindwurm::Scope scope{.space = &none, .parameters = &parameters};
  return evaluate_number(Expression::parse(text), scope).at(0);
}

struct Sum {
  std::string text;
  double value;
};
static std::ostream& operator<<(std::ostream& out, const Sum& sum) { return out << sum.text; }

static const std::vector<Sum> sums{
    {"1", 1},
    {"  1  ", 1},
    {".5", 0.5},
    {"5.", 5},
    {"1.5e3", 1500},
    {"1E-2", 0.01},
    {"2e+1", 20},
    {"1 + 2*3", 7},
    {"(1 + 2)*3", 9},
    {"10 - 4 - 3", 3},
    {"10 - (4 - 3)", 9},
    {"24/4/2", 3},
    {"24/(4/2)", 12},
    {"24/4*2", 12},
    {"2^3", 8},
    {"2**3", 8},
    {"2^3^2", 512},
    {"(2^3)^2", 64},
    {"2 ** 3 ** 2", 512},
    {"2*3^2", 18},
    {"-2^2", -4},
    {"(-2)^2", 4},
    {"2^-1", 0.5},
    {"2^-1^2", 0.5},
    {"-2*-3", 6},
    {"2 - -3", 5},
    {"2--3", 5},
    {"+3", 3},
    {"2 + +3", 5},
    {"--3", 3},
    {"-(1 + 2)*2", -6},
    {"1 - 2*3 + 4/2", -3},
    {"two*e", 14},
    {"two^x2", 32},
    {"2*\n3\t+ 1", 7},
    {"((((1))))", 1},
    {"min(2, 1) + max(2, 1)", 3},
    {"sqrt(16)", 4},
    {"mod(-1, 3)", 2},
};

BOOST_DATA_TEST_CASE(precedence, data::make(sums), sum) {
  BOOST_TEST(value(sum.text) == Complex(sum.value));
}

static const std::vector<std::string> malformed{
    "",          " ",     "1 +", "* 2",   "1 2",      "(1",      "1)",      "()",
    "2 */ 3",    "a(",    "a()", "a(m",   "a(m,)",    "a(,m)",   "1 ++",    "s[",
    "s[]",       "s[1",   "s]",  "1..2",  "1.2.3",    "2^",      "2^*3",    "**2",
    "n(m) n(m)", "a m",   "#",   "1 + $", "sin 1",    "[1, 2]",  "s[1][2]", "a(m)(n)",
    "1e",        "1 = 1", "x;",  "\"x\"", "\xc3\xa9", "2 * * 3", "1 // 2",  "f(1 2)",
};

BOOST_DATA_TEST_CASE(malformed_expressions_are_refused, data::make(malformed), text) {
  BOOST_CHECK_THROW((void)Expression::parse(text), InputError);
}

BOOST_AUTO_TEST_CASE(messages_show_the_place) {
  try {
    (void)Expression::parse("g*x(mode + 1");
    BOOST_ERROR("accepted");
  } catch (const InputError& error) {
    const std::string message = error.what();
    BOOST_TEST(message.find("g*x(mode + 1") != std::string::npos);
    BOOST_TEST(message.find("ends too early") != std::string::npos);
  }
  try {
    (void)Expression::parse("2*x(m) $ 3");
    BOOST_ERROR("accepted");
  } catch (const InputError& error) {
    const std::string message = error.what();
    BOOST_TEST(message.find("'$'") != std::string::npos);
    BOOST_TEST(message.find("character 8") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(numbers_that_do_not_fit_are_refused) {
  // Read as something else, 0 say, they would change the model without a word.
  BOOST_CHECK_THROW((void)Expression::parse("1e400"), InputError);
  BOOST_CHECK_THROW((void)Expression::parse("2*1e999*n(m)"), InputError);
}

BOOST_AUTO_TEST_CASE(numbers_are_read_to_the_last_digit) {
  BOOST_TEST(value("0.1").real() == 0.1);
  BOOST_TEST(value("3.141592653589793").real() == 3.141592653589793);
  BOOST_TEST(value("1.7976931348623157e308").real() == 1.7976931348623157e308);
  BOOST_TEST(value("123456789012345678").real() == 123456789012345678.0);
}

// The text of an expression is an expression of the same value.
BOOST_DATA_TEST_CASE(text_reads_back, data::make(sums), sum) {
  BOOST_TEST(value(Expression::parse(sum.text).text()) == Complex(sum.value));
}

static const std::vector<std::string> operators{
    "g*x(m)*sz(s)",
    "dag(a(m))*a(m)^2",
    "-(sp(s[0])*sm(s[1]) - sm(s[0])*sp(s[1]))",
    "ket(m, 0, 1)/2 + proj(m, 2)",
    "J*(ad(c[k])*a(c[k+1]) + dag(ad(c[k])*a(c[k+1])))",
    "2 - (3 - n(m))",
    "n(m)/(2/g)",
    "(n(m) + 1)^2",
};

BOOST_DATA_TEST_CASE(text_of_operators_reads_back, data::make(operators), text) {
  const Space space{lindwurm::oscillator("m", 3), lindwurm::spins("s", 2),
                    lindwurm::oscillators("c", 2, 2)};
  const lindwurm::Parameters parameters{{"g", {{0.7}}}, {"J", {{Complex(0.2, 0.1)}}}};
  const Expression first = Expression::parse(text);
  const Expression second = Expression::parse(first.text());
  BOOST_TEST(
      oracle::distance(oracle::matrix_of(sum_over_members(first, space, parameters), space),
                       oracle::matrix_of(sum_over_members(second, space, parameters), space)) == 0);
}

BOOST_AUTO_TEST_CASE(words_and_text_are_the_same_expression) {
  using namespace lindwurm::words;
  const Space space{lindwurm::oscillator("m", 3), lindwurm::spins("s", 2),
                    lindwurm::level_site("v", 3)};
  const Expression words = 0.5 * x("m") * sz("s") - dag(sp("s[1]")) / 2.0 +
                           (n("m") - 1.0) * ket("v", 0, 2) + Complex(0, 1) * proj("v", 1);
  const Expression text = Expression::parse(
      "0.5*x(m)*sz(s) - dag(sp(s[1]))/2 + (n(m) - 1)*ket(v, 0, 2) + i*proj(v, 1)");
  BOOST_TEST(oracle::distance(oracle::matrix_of(sum_over_members(words, space), space),
                              oracle::matrix_of(sum_over_members(text, space), space)) == 0);
}

BOOST_AUTO_TEST_CASE(long_sums_are_read) {
  std::string text = "0";
  for (int k = 0; k < 2000; ++k)
    text += " + 1";
  BOOST_TEST(value(text).real() == 2000);
}

static std::string repeated(const std::string& part, int times) {
  std::string text;
  for (int k = 0; k < times; ++k)
    text += part;
  return text;
}

BOOST_AUTO_TEST_CASE(deep_nesting_is_read_or_refused) {
  BOOST_TEST(value(repeated("(", 300) + "3" + repeated(")", 300)).real() == 3);
  BOOST_TEST(value(repeated("-", 300) + "3").real() == 3);
  BOOST_TEST(value(repeated("abs(", 300) + "-3" + repeated(")", 300)).real() == 3);
  BOOST_TEST(value(repeated("(", 499) + "3" + repeated(")", 499)).real() == 3);
  BOOST_TEST(value(repeated("1 + 2*-1 - ", 500) + "1").real() == -1499);
  for (const char* part : {"(", "-", "2^", "abs(", "-(", "2^-("}) {
    try {
      (void)Expression::parse(repeated(part, 1600) + "1");
      BOOST_ERROR("accepted");
    } catch (const InputError& error) {
      BOOST_TEST(std::string(error.what()).find("within each other") != std::string::npos);
    }
  }
  for (const char* part : {"(", "-", "+", "2^", "abs(", "s[", "1+", "1*"}) {
    BOOST_CHECK_THROW((void)Expression::parse(repeated(part, 100000) + "1"), InputError);
  }
}

BOOST_AUTO_TEST_SUITE_END()
