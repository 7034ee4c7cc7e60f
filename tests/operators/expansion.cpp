// Products of sums: the same as multiplied out by hand, at a cost that goes with the text.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <ctime>
#include <functional>
#include <random>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/evaluate.hpp"
#include "lindwurm/operators/expansion.hpp"
#include "oracle/comparison.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Expression;
using lindwurm::InputError;
using lindwurm::Parameters;
using lindwurm::Space;
using oracle::Matrix;

BOOST_AUTO_TEST_SUITE(expansion)

static Space space() {
  return Space{lindwurm::oscillator("m", 2), lindwurm::spins("s", 2),
               lindwurm::oscillators("c", 2, 2)};
}
static const Parameters parameters{{"w", {.values = {1.0, 2.0}, .is_array = true}}, {"g", {{0.3}}}};

static Matrix matrix(const std::string& text) {
  return oracle::matrix_of(sum_over_members(Expression::parse(text), space(), parameters), space());
}

// A sum of words, and the same as a list of the words with their signs.
struct Factor {
  std::string text;
  std::vector<std::string> words;
};

static Factor random_factor(std::mt19937& random) {
  static const std::vector<std::string> words{
      "sz(s)",  "sx(s)",    "n(m)",      "a(m)",       "x(c)",      "1",         "0.5",
      "sy(s)",  "sp(s[k])", "n(c[k])",   "sm(s[1])",   "g*sx(s)",   "i*p(m)",    "dag(a(m))",
      "2*a(c)", "sz(s[l])", "g*x(c[1])", "sp(s[k+1])", "w[1]*n(m)", "sum(sz(s))"};
  Factor factor;
  const int count = 1 + static_cast<int>(random() % 4);
  for (int k = 0; k < count; ++k) {
    const std::string& word = words[random() % words.size()];
    const bool is_taken = k > 0 && random() % 3 == 0;
    factor.text += k == 0 ? word : (is_taken ? " - " : " + ") + word;
    factor.words.push_back(is_taken ? "(-1)*" + word : word);
  }
  return factor;
}

// Every product of one word of each factor is a term of its own.
static std::string multiplied_out(const std::vector<Factor>& factors) {
  std::vector<std::string> terms{"1"};
  for (const Factor& factor : factors) {
    std::vector<std::string> longer;
    for (const auto& term : terms) {
      for (const auto& word : factor.words)
        longer.push_back(term + "*" + word);
    }
    terms = longer;
  }
  return fmt::format("{}", fmt::join(terms, " + "));
}

BOOST_DATA_TEST_CASE(products_of_sums_are_those_multiplied_out, data::xrange(60u), seed) {
  std::mt19937 random(seed);
  std::vector<Factor> factors;
  std::string text = "1";
  const int count = 1 + static_cast<int>(random() % 3);
  for (int k = 0; k < count; ++k) {
    factors.push_back(random_factor(random));
    text += "*(" + factors.back().text + ")";
  }
  const Matrix expected = matrix(multiplied_out(factors));
  BOOST_TEST(oracle::distance(matrix(text), expected) <= 1e-13 * (1 + expected.norm()),
             text << " is not " << multiplied_out(factors));
}

BOOST_AUTO_TEST_CASE(powers_are_repeated_products) {
  for (const std::string base : {"n(m) + sz(s)", "a(m) + ad(m) + 1", "sz(s)*n(c) + sx(s)"}) {
    const std::string by_hand = fmt::format("({0})*({0})*({0})", base);
    BOOST_TEST(oracle::distance(matrix("(" + base + ")^3"), matrix(by_hand)) < 1e-12);
  }
}

// What runs over the same members stays together.
BOOST_AUTO_TEST_CASE(terms_are_as_few_as_the_groups_need) {
  const auto terms = [](const std::string& text) {
    return additive_terms(Expression::parse(text), space(), parameters).size();
  };
  BOOST_TEST(terms("(a(m) + ad(m))*(n(m) + 1)") == 1);
  BOOST_TEST(terms("(sz(s) + sx(s))*(n(m) + 1)") == 1);
  BOOST_TEST(terms("(sz(s) + 1)*(n(m) + 1)") == 2);
  BOOST_TEST(terms("(sz(s) + n(c))*(sx(s) + n(c))") == 3);
  BOOST_TEST(terms("sz(s) + sx(s)") == 2);
}

// Of the processor, however many share it.
static double seconds_of(const std::function<void()>& work) {
  const std::clock_t begin = std::clock();
  work();
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

static std::string repeated(const std::string& part, int times, const std::string& sign) {
  std::string text = part;
  for (int k = 1; k < times; ++k)
    text += sign + part;
  return text;
}

// 4^30 terms if it were written out.
BOOST_AUTO_TEST_CASE(many_factors_of_one_site_take_no_time) {
  const std::string factor = "(a(m) + ad(m) + n(m) + 1)/3";
  Matrix expected = Matrix::Identity(32, 32);
  const Matrix one = matrix(factor);
  const int factors = 30;
  for (int k = 0; k < factors; ++k)
    expected = expected * one;
  Matrix found;
  const double seconds = seconds_of([&] { found = matrix(repeated(factor, factors, "*")); });
  BOOST_TEST(oracle::distance(found, expected) <= 1e-12 * expected.norm());
  BOOST_TEST(seconds < 20);
}

BOOST_AUTO_TEST_CASE(many_factors_that_name_groups_take_no_time) {
  const std::string factor = "(sx(s) + x(c) + 1)/2";
  Matrix found;
  BOOST_TEST(seconds_of([&] { found = matrix(repeated(factor, 12, "*")); }) < 20);
  // Term by term: those with neither, with s, with c and with both.
  const double none = std::pow(0.5, 12);
  Matrix expected = none * Matrix::Identity(32, 32);
  const auto power = [](const std::string& of) { return matrix("(" + of + ")^12"); };
  const auto number = [&](const std::string& of) {
    return Matrix(power(of) - none * Matrix::Identity(32, 32));
  };
  for (const std::string x : {"sx(s[0])", "sx(s[1])", "x(c[0])", "x(c[1])"})
    expected += number(fmt::format("({} + 1)/2", x));
  for (const std::string x : {"sx(s[0])", "sx(s[1])"}) {
    for (const std::string y : {"x(c[0])", "x(c[1])"}) {
      expected += power(fmt::format("({} + {} + 1)/2", x, y)) -
                  number(fmt::format("({} + 1)/2", x)) - number(fmt::format("({} + 1)/2", y)) -
                  none * Matrix::Identity(32, 32);
    }
  }
  BOOST_TEST(oracle::distance(found, expected) <= 1e-11 * expected.norm());
}

BOOST_AUTO_TEST_CASE(what_would_take_too_long_is_refused) {
  std::vector<lindwurm::Group> groups;
  std::string of_sites = "1";
  std::string of_groups = "1";
  for (int k = 0; k < 12; ++k) {
    groups.push_back(lindwurm::spin(fmt::format("q{}", k)));
    groups.push_back(lindwurm::spins(fmt::format("b{}", k), 2));
    of_sites += fmt::format(" + sx(q{0}) + sz(q{0})", k);
    of_groups += fmt::format(" + sx(b{0})", k);
  }
  const Space many(groups);
  for (const std::string& sum : {of_sites, of_groups}) {
    const Expression product = Expression::parse(repeated("(" + sum + ")", 20, "*"));
    const double seconds =
        seconds_of([&] { BOOST_CHECK_THROW((void)sum_over_members(product, many), InputError); });
    BOOST_TEST(seconds < 20);
  }
  const Space large{lindwurm::spins("b", 30)};
  BOOST_CHECK_THROW((void)sum_over_members(
                        Expression::parse("sz(b[k])*sz(b[l])*sz(b[o])*sz(b[r])*sz(b[u])"), large),
                    InputError);
}

BOOST_AUTO_TEST_CASE(long_sums_take_a_time_that_goes_with_their_length) {
  Expression sum = Expression::parse(repeated("n(m)", 1200, " + "));
  for (int k = 0; k < 4; ++k)
    sum = sum + sum;
  lindwurm::Operator found;
  BOOST_TEST(seconds_of([&] { found = sum_over_members(sum, space(), parameters); }) < 20);
  BOOST_TEST(oracle::distance(oracle::matrix_of(found, space()), 19200 * matrix("n(m)")) < 1e-8);
}

static std::string complaint(const std::string& text) {
  try {
    (void)matrix(text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

BOOST_AUTO_TEST_CASE(an_unknown_site_is_told_before_what_depends_on_it) {
  const std::string message = complaint("w*x(m)*sz(t2)");
  BOOST_TEST(message.find("unknown site 't2'") != std::string::npos, message);
  BOOST_TEST(complaint("w*x(m)*sz(ss)").find("did you mean 's'") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(dag_of_two_operators_is_refused) {
  BOOST_TEST(complaint("dag(a(m), n(m))").find("takes 1 argument") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(numbers_that_are_not_finite_are_named) {
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"1e308*n(m)*10", "(1e+308 * n(m)) * 10"},
      {"log(0)*sx(s)", "log(0)"},
      {"n(m)/1e-308/1e-10", "n(m) / "},
      {"n(m) + 3*exp(1000)", "exp(1000)"},
      {"(exp(1000) - exp(1000))*n(m)", "exp(1000)"},
      {"n(m)*(2 + 10^400)", "10 ^ 400"},
      {"1e308*n(m) + 1e308*n(m)", "not finite"},
  };
  for (const auto& [text, named] : wrong) {
    const std::string message = complaint(text);
    BOOST_TEST(message.find("not finite") != std::string::npos, text << ": " << message);
    BOOST_TEST(message.find(named) != std::string::npos, text << ": " << message);
  }
}

// A number may be infinite on the way to one that is not.
BOOST_AUTO_TEST_CASE(numbers_may_be_infinite_on_the_way) {
  BOOST_TEST(matrix("1/(1 + exp(1000))*n(m)").norm() == 0);
  BOOST_TEST(oracle::distance(matrix("tanh(exp(1000))*n(m)"), matrix("n(m)")) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
