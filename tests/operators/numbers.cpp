// Numbers, functions of numbers, and numbers that depend on time.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/evaluate.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Coefficient;
using lindwurm::Complex;
using lindwurm::Expression;
using lindwurm::InputError;
using lindwurm::Parameters;
using lindwurm::Space;

BOOST_AUTO_TEST_SUITE(numbers)

static Coefficient number(const std::string& text, const Parameters& parameters = {}) {
  static const Space none;
  const lindwurm::Scope scope{.space = &none, .parameters = &parameters};
  return evaluate_number(Expression::parse(text), scope);
}

struct Named {
  std::string text;
  Complex value;
};
static std::ostream& operator<<(std::ostream& out, const Named& named) { return out << named.text; }

static const std::vector<Named> functions{
    {"pi", std::numbers::pi},
    {"i*i", -1},
    {"sqrt(2)", std::sqrt(2.0)},
    {"sqrt(-1)", {0, 1}},
    {"exp(1)", std::numbers::e},
    {"exp(i*pi/2)", {0, 1}},
    {"log(2)", std::numbers::ln2},
    {"sin(0.3)", std::sin(0.3)},
    {"cos(0.3)", std::cos(0.3)},
    {"tan(0.3)", std::tan(0.3)},
    {"asin(0.3)", std::asin(0.3)},
    {"acos(0.3)", std::acos(0.3)},
    {"atan(0.3)", std::atan(0.3)},
    {"sinh(0.3)", std::sinh(0.3)},
    {"cosh(0.3)", std::cosh(0.3)},
    {"tanh(0.3)", std::tanh(0.3)},
    {"abs(3 - 4*i)", 5},
    {"conj(3 - 4*i)", {3, 4}},
    {"real(3 - 4*i)", 3},
    {"imag(3 - 4*i)", -4},
    {"floor(-1.5)", -2},
    {"step(0)", 1},
    {"step(-0.1)", 0},
    {"min(3, -2)", -2},
    {"max(3, -2)", 3},
    {"mod(7, 3)", 1},
    {"2^0.5", std::sqrt(2.0)},
    {"(1 + i)^2", {0, 2}},
    {"dag(1 + i)", {1, -1}},
    {"1/(1 + i)", {0.5, -0.5}},
};

BOOST_DATA_TEST_CASE(functions_have_their_values, data::make(functions), named) {
  const Coefficient c = number(named.text);
  BOOST_TEST(c.is_constant());
  BOOST_TEST(std::abs(c.at(0) - named.value) < 1e-15 * (1 + std::abs(named.value)));
}

BOOST_AUTO_TEST_CASE(functions_of_real_numbers_stay_real) {
  for (const char* text : {"sqrt(2)", "exp(0.3)", "log(5)", "2^0.5", "(-2)^3", "tanh(1)", "4^-1"}) {
    BOOST_TEST(number(text).constant().imag() == 0);
  }
}

BOOST_AUTO_TEST_CASE(division_is_correctly_rounded) {
  std::string wrong;
  for (int divisor = 1; divisor <= 200; ++divisor) {
    for (int quotient : {1, 2, 3, 7}) {
      const std::string text = std::to_string(divisor * quotient) + "/" + std::to_string(divisor);
      if (number(text).constant().real() != quotient) wrong += text + " ";
    }
  }
  BOOST_TEST(wrong == "");
}

BOOST_AUTO_TEST_CASE(whole_powers_of_i_are_exact) {
  BOOST_TEST(number("i^2").constant() == Complex(-1));
  BOOST_TEST(number("i^4").constant() == Complex(1));
}

BOOST_AUTO_TEST_CASE(division_by_zero_is_refused) {
  BOOST_CHECK_THROW(number("1/0"), InputError);
  BOOST_CHECK_THROW(number("1/(2 - 2)"), InputError);
}

BOOST_AUTO_TEST_CASE(wrong_numbers_of_arguments_are_refused) {
  BOOST_CHECK_THROW(number("sin(1, 2)"), InputError);
  BOOST_CHECK_THROW(number("min(1)"), InputError);
  BOOST_CHECK_THROW(number("mod(1, 2, 3)"), InputError);
}

BOOST_AUTO_TEST_CASE(parameters_have_values) {
  const Parameters parameters{{"g", {{0.25}}}, {"z", {{Complex(1, 2)}}}};
  BOOST_TEST(number("2*g + 1", parameters).constant() == Complex(1.5));
  BOOST_TEST(number("z*conj(z)", parameters).constant() == Complex(5));
}

BOOST_AUTO_TEST_CASE(time_runs) {
  const Coefficient c = number("2*cos(3*t) + t^2");
  BOOST_TEST(!c.is_constant());
  for (double t : {-1.0, 0.0, 0.4, 10.0}) {
    BOOST_TEST(std::abs(c.at(t) - (2 * std::cos(3 * t) + t * t)) < 1e-13);
  }
  const Coefficient d = number("exp(-i*2*t)/(1 + t^2) - max(t, 1)*mod(t, 2)");
  for (double t : {0.0, 0.4, 3.3}) {
    const Complex expected =
        std::exp(Complex(0, -2 * t)) / (1 + t * t) - std::max(t, 1.0) * (t - 2 * std::floor(t / 2));
    BOOST_TEST(std::abs(d.at(t) - expected) < 1e-14);
  }
}

BOOST_AUTO_TEST_CASE(numbers_stand_before_their_function_of_time) {
  const Coefficient c = number("3*i*sin(t)");
  BOOST_TEST(c.constant() == Complex(0, 3));
  BOOST_TEST(c.function_key() == number("sin(t)").function_key());
  BOOST_TEST(conj(c).constant() == Complex(0, -3));
  BOOST_TEST(std::abs(conj(c).at(0.5) - Complex(0, -3 * std::sin(0.5))) < 1e-15);
}

BOOST_AUTO_TEST_CASE(different_functions_have_different_keys) {
  const std::vector<std::string> texts{"sin(t)",        "sin(2*t)",        "cos(t)", "sin(t)^2",
                                       "sin(t)^3",      "sin(t + 1)",      "t",      "1 + t",
                                       "exp(-i*t)",     "exp(i*t)",        "1/t",    "sin(t)*t",
                                       "sin(t + 1e-9)", "conj(exp(i*t)*t)"};
  for (const auto& first : texts) {
    for (const auto& second : texts) {
      BOOST_TEST((number(first).function_key() == number(second).function_key()) ==
                 (first == second));
    }
  }
}

BOOST_AUTO_TEST_CASE(coefficients_combine_like_their_values) {
  const Coefficient f("f", [](double t) { return Complex(std::cos(t), std::sin(t)); });
  const Coefficient g("g", [](double t) { return Complex(1 + t, -t); });
  const Coefficient c(Complex(0.3, -2));
  for (double t : {0.0, 0.7, -3.0}) {
    const Complex ft = f.at(t);
    const Complex gt = g.at(t);
    const Complex ct = c.at(t);
    const auto near = [](Complex a, Complex b) { return std::abs(a - b) < 1e-14; };
    BOOST_TEST(near((c * f + g).at(t), ct * ft + gt));
    BOOST_TEST(near((c - f * g).at(t), ct - ft * gt));
    BOOST_TEST(near((f / g).at(t), ft / gt));
    BOOST_TEST(near((c * f / c).at(t), ft));
    BOOST_TEST(near(conj(c * f * g).at(t), std::conj(ct * ft * gt)));
    BOOST_TEST(near(((c * f) * (c * g)).at(t), ct * ct * ft * gt));
    BOOST_TEST(near(pow(g, Coefficient(2.0)).at(t), gt * gt));
    BOOST_TEST(near((Coefficient(0.0) * f).at(t), 0.0));
    BOOST_TEST(near((c * f).function_part().at(t), ft));
  }
  BOOST_TEST((Coefficient(0.0) * f).is_constant());
  BOOST_TEST((c * c).is_constant());
}

BOOST_AUTO_TEST_CASE(parameters_follow_from_others) {
  Parameters parameters{{"g", {{0.5}}},
                        {"w", {.values = {1.0, 2.0, 4.0}, .is_array = true}},
                        {"k", {.values = {1.0, 3.0, 5.0}, .is_array = true}},
                        {"pair", {.values = {1.0, 2.0}, .is_array = true}}};
  const auto single = evaluate_parameter(Expression::parse("2*g + w[1]"), parameters);
  BOOST_TEST(!single.is_array);
  BOOST_TEST(single.values.at(0).constant() == Complex(3));
  const auto along = evaluate_parameter(Expression::parse("g*w + k"), parameters);
  BOOST_TEST(along.is_array);
  BOOST_REQUIRE(along.values.size() == 3);
  BOOST_TEST(along.values[2].constant() == Complex(7));
  BOOST_CHECK_THROW((void)evaluate_parameter(Expression::parse("w + pair"), parameters),
                    InputError);
  BOOST_CHECK_THROW((void)evaluate_parameter(Expression::parse("w[3]"), parameters), InputError);
  BOOST_CHECK_THROW((void)evaluate_parameter(Expression::parse("w[-1]"), parameters), InputError);
  BOOST_CHECK_THROW((void)evaluate_parameter(Expression::parse("w[0.5]"), parameters), InputError);
  BOOST_CHECK_THROW((void)evaluate_parameter(Expression::parse("g[0]"), parameters), InputError);
}

BOOST_AUTO_TEST_SUITE_END()
