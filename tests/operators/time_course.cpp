// What coefficients do in the course of time, known beforehand: bounds, corners, panels.
#include "lindwurm/operators/time_course.hpp"

#include <fmt/format.h>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <random>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/evaluate.hpp"
#include "lindwurm/operators/vocabulary.hpp"

namespace data = boost::unit_test::data;

using lindwurm::Coefficient;
using lindwurm::Complex;
using lindwurm::InputError;
using lindwurm::TimeBehaviour;
using lindwurm::TimeCourse;

namespace {

Coefficient number(const std::string& text) {
  static const lindwurm::Space no_sites;
  static const lindwurm::Parameters none;
  return lindwurm::evaluate_number(lindwurm::Expression::parse(text),
                                   {.space = &no_sites, .parameters = &none});
}

std::vector<TimeCourse::Panel> panels(const std::string& text, double from, double to,
                                      double weight = 1, double tolerance = 1e-8) {
  TimeCourse course({number(text)}, {weight}, from, to, tolerance);
  std::vector<TimeCourse::Panel> all;
  for (double t = from;;) {
    all.push_back(course.panel(t));
    if (!(all.back().end < to)) return all;
    t = all.back().end;
  }
}

// Random formulas whose values are finite for all t.
class RandomFormula {
 public:
  explicit RandomFormula(unsigned seed) : random_(seed) {}

  std::string any(int depth) {
    if (depth == 0) return leaf();
    const std::string a = any(depth - 1);
    switch (pick(14)) {
      case 0:
        return "(" + a + " + " + any(depth - 1) + ")";
      case 1:
        return "(" + a + " - " + any(depth - 1) + ")";
      case 2:
        return "(" + a + "*" + any(depth - 1) + ")";
      case 3:
        return "(" + a + "/(1.5 + sin(" + any(depth - 1) + ")))";
      case 4:
        return "sin(" + a + ")";
      case 5:
        return "exp(-(" + a + ")^2)";
      case 6:
        return "tanh(" + a + ")";
      case 7:
        return "abs(" + a + ")";
      case 8:
        return "min(" + a + ", " + any(depth - 1) + ")";
      case 9:
        return "max(" + a + ", " + any(depth - 1) + ")";
      case 10:
        return "step(" + a + ")";
      case 11:
        return "floor(" + a + ")";
      case 12:
        return "mod(" + a + ", 0.7)";
      default:
        return "cos(" + a + ")^" + std::to_string(1 + pick(4));
    }
  }

 private:
  int pick(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  std::string leaf() {
    const double c = std::uniform_real_distribution<double>(-2, 2)(random_);
    return pick(3) == 0 ? fmt::format("({:.3f})", c) : fmt::format("({:.3f}*t + {:.3f})", c, c * c);
  }
  std::mt19937 random_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(time_course)

BOOST_DATA_TEST_CASE(bounds_hold_for_dense_samples_of_random_formulas, data::xrange(200), seed) {
  const std::string text = RandomFormula(static_cast<unsigned>(seed)).any(3);
  const Coefficient c = number(text);
  for (const double from : {-1.3, 0.0, 0.4}) {
    for (const double length : {2.0, 0.1, 1e-4}) {
      const auto [re, im] = lindwurm::bounds(c, from, from + length);
      for (int k = 0; k <= 200; ++k) {
        const Complex value = c.at(from + length * k / 200);
        BOOST_TEST((re.lo <= value.real() && value.real() <= re.hi),
                   fmt::format("{} at {}: {} not in {}, {}", text, from + length * k / 200,
                               value.real(), re.lo, re.hi));
        BOOST_TEST((im.lo <= value.imag() && value.imag() <= im.hi));
      }
    }
  }
}

// Between neighbouring panels' ends nothing jumps, and the frozen formula is the formula.
BOOST_DATA_TEST_CASE(corners_of_random_formulas_are_found, data::xrange(200), seed) {
  const std::string text = RandomFormula(1000 + static_cast<unsigned>(seed)).any(3);
  const Coefficient c = number(text);
  const double to = 3;
  TimeCourse course({c}, {1.0}, 0, to, 1e-6);
  std::vector<Complex> f;
  const int samples = 3000;
  int differing = 0;
  for (int k = 0; k < samples; ++k) {
    const double t = to * (k + 0.5) / samples;
    course.enter(t);
    course.values(t, f);
    // Within rounding of a corner either branch is right.
    if (std::abs(f[0] - c.at(t)) > 1e-9 * (1 + std::abs(f[0])) &&
        std::abs(f[0] - c.at(t + 1e-9)) > 1e-6 && std::abs(f[0] - c.at(t - 1e-9)) > 1e-6)
      ++differing;
  }
  BOOST_TEST(differing == 0, text);
}

BOOST_AUTO_TEST_CASE(corners_are_located_to_rounding) {
  using Times = std::vector<double>;
  const auto check = [](const std::string& text, double to, const Times& expected) {
    const Times found = lindwurm::corners(number(text), 0, to);
    BOOST_TEST_REQUIRE(found.size() == expected.size(), text);
    for (std::size_t k = 0; k < found.size(); ++k)
      BOOST_TEST(std::abs(found[k] - expected[k]) <= 4e-16 * expected[k], text);
  };
  check("step(t - 0.3)", 1, {0.3});
  check("step(t - 705.2)*step(707.2 - t)", 1000, {705.2, 707.2});
  check("floor(t/3)", 10, {3, 6, 9});
  check("1 - 2*step(mod(t, 1) - 0.5)", 3, {0.5, 1, 1.5, 2, 2.5});
  check("min(max(t - 1, 0), 1)", 5, {1, 2});
  check("abs(t^2 - 2)", 5, {std::numbers::sqrt2});
  check("abs(sin(t))", 7, {std::numbers::pi, 2 * std::numbers::pi});
  check("step(sin(t^2))", 3, {std::sqrt(std::numbers::pi), std::sqrt(2 * std::numbers::pi)});
  check("(-1)^floor(t)", 3.5, {1, 2, 3});
  check("sqrt(t - 1)", 3, {1});
}

// Where an argument touches a corner without passing it nothing changes.
// The inner jump lies in the middle of the first parts that are looked at.
BOOST_DATA_TEST_CASE(corners_of_arguments_that_jump_themselves,
                     data::make({0.03125, 0.125, 0.25, 0.5, 1.0, 0.1, 0.3}), period) {
  const std::string text = fmt::format("1 - 2*step(mod(t, {}) - {}/2)", period, period);
  const std::vector<double> found = lindwurm::corners(number(text), 0, 1);
  std::vector<double> expected;
  for (int k = 1; k * period / 2 < 1 - 1e-9; ++k)
    expected.push_back(k * period / 2);
  BOOST_REQUIRE(found.size() == expected.size());
  for (std::size_t k = 0; k < found.size(); ++k)
    BOOST_TEST(std::abs(found[k] - expected[k]) < 1e-14);
}

BOOST_DATA_TEST_CASE(corners_that_are_touched_and_not_passed_cost_nothing,
                     data::make<std::string>({"abs((t - 3.3)^2)", "step((t - 3.3)^2)",
                                              "step(-(t - 3.3)^2)", "abs(1 - sin(t)^2)",
                                              "max(sin(t), -1)", "min(cos(2*t)^2, 1)"}),
                     text) {
  const auto all = panels(text, 0, 20);
  BOOST_TEST(all.size() < 2000);
  for (const auto& panel : all)
    BOOST_TEST(!panel.follows_corner);
}

BOOST_AUTO_TEST_CASE(a_function_that_is_off_is_constant_there) {
  const auto window = panels("sin(3*t)*step(t - 705.2)*step(707.2 - t)", 0, 1000);
  BOOST_TEST(window.front().is_constant);
  BOOST_TEST(window.front().end == 705.2);
  BOOST_TEST(window.back().is_constant);
  BOOST_TEST(window.back().begin == 707.2);
  // What is never asked for is not worked out: log(t) at 0.
  BOOST_TEST(panels("step(t - 1)*log(t)", 0, 2).front().is_constant);
}

BOOST_AUTO_TEST_CASE(a_narrow_pulse_is_seen_wherever_it_is) {
  for (const std::string text :
       {"exp(-((t - 612.345)/1e-4)^2)", "exp(-1e6*(t^2 - 2*612.345*t + 612.345^2))",
        "sin(pi*t/1000)^20000", "1/cosh(1e4*(t - 612.345))"}) {
    TimeCourse course({number(text)}, {1.0}, 0, 1000, 1e-8);
    double t = 0;
    double area = 0;
    long steps = 0;
    std::vector<Complex> f;
    course.enter(0);
    // The trapezium rule on steps as long as they may be.
    while (t < 1000) {
      const double next = course.limit(t).time;
      BOOST_TEST_REQUIRE(next > t);
      for (int k = 0; k < 40; ++k) {
        course.values(t + (k + 0.5) / 40 * (next - t), f);
        area += f[0].real() * (next - t) / 40;
      }
      t = next;
      BOOST_TEST_REQUIRE(++steps < 5000);
    }
    double expected = std::sqrt(std::numbers::pi) * 1e-4;
    if (text.starts_with("exp(-1e6")) expected *= 10;
    if (text.starts_with("sin"))
      expected =
          1000 * std::exp(std::lgamma(10000.5) - std::lgamma(10001)) / std::sqrt(std::numbers::pi);
    if (text.starts_with("1/cosh")) expected = std::numbers::pi * 1e-4;
    BOOST_TEST(std::abs(area - expected) < 2e-3 * expected, text << ": " << area);
  }
}

BOOST_AUTO_TEST_CASE(a_slow_function_allows_long_steps) {
  BOOST_TEST(panels("0.3*cos(0.01*t)", 0, 1000).size() < 40);
  BOOST_TEST(panels("1 + 0.5*t - 3*t^2", 0, 1000, 1, 1e-8).size() == 1);
}

BOOST_AUTO_TEST_CASE(singularities_are_refused_in_plain_words) {
  const auto message = [](const std::string& text, double from, double to) {
    try {
      static_cast<void>(panels(text, from, to, 0));
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  BOOST_TEST(message("1/t", 0, 1).find("infinite at t = 0") != std::string::npos,
             message("1/t", 0, 1));
  BOOST_TEST(message("log(t)", 0, 1).find("infinite at t = 0") != std::string::npos);
  BOOST_TEST(message("1/(t - 0.3)", 0, 1).find("at t = 0.3") != std::string::npos);
  BOOST_TEST(message("tan(t)", 0, 3).find("at t = 1.57") != std::string::npos);
  BOOST_TEST(message("exp(exp(t))", 0, 9).find("infinite") != std::string::npos,
             message("exp(exp(t))", 0, 9));
  // All along a segment, to which the rest of the run has no limit.
  for (const std::string text : {"1/floor(t)", "1/step(t - 0.4)", "log(step(t - 0.4))",
                                 "0*t + 1/max(0, t - 1)", "step(t - 0.2)/min(0, t - 0.6)"})
    BOOST_TEST(message(text, 0, 0.9).find("infinite") != std::string::npos, text);
  // Removable ones, and those outside of the run, are none.
  BOOST_TEST(message("sin(t - 0.5)/(t - 0.5)", 0, 1) == "");
  BOOST_TEST(message("1/t", 0.1, 1) == "");
  BOOST_TEST(message("sqrt(t)", 0, 1) == "");
}

BOOST_AUTO_TEST_CASE(numbers_that_are_never_negative_are_told_from_those_that_are) {
  const auto negative = [](const std::string& text, double to) {
    return lindwurm::find_negative(number(text), 0, to);
  };
  for (const std::string text :
       {"1 - sin(t)^2", "1 + cos(7*t)", "abs(sin(t))", "mod(t, 1)", "exp(-t)", "(t - 3)^2",
        "t^2 - 6*t + 9", "exp(i*t)*exp(-i*t)", "step(t - 1)", "max(sin(t), 0)", "sqrt(t)"})
    BOOST_TEST(!negative(text, 30), text);
  for (const auto& [text, at] : std::vector<std::pair<std::string, double>>{
           {"1 - 2*step(t - 2.5)*step(2.5000001 - t)", 2.50000005},
           {"1 - 1.1*exp(-((t - 17.3)/1e-4)^2)", 17.3},
           {"1e-3 + (t - 11)^2 - 2e-3*exp(-(1e5*(t - 11))^2)", 11}}) {
    const auto found = negative(text, 30);
    BOOST_TEST_REQUIRE(found.has_value(), text);
    BOOST_TEST(std::abs(found->t - at) < 1e-3);
    BOOST_TEST(found->value.real() < 0);
  }
  BOOST_TEST(negative("i*exp(-((t - 17.3)/1e-3)^2)", 30).has_value());
}

BOOST_AUTO_TEST_CASE(many_corners_are_found_as_time_goes_on) {
  TimeCourse course({number("mod(t, 1e-4)")}, {1.0}, 0, 1000, 1e-8);
  course.enter(700);
  BOOST_TEST(std::abs(*course.next_corner(700.00005) - 700.0001) < 1e-12);
}

BOOST_AUTO_TEST_CASE(corners_that_accumulate_are_refused) {
  for (const std::string text : {"floor(1/t)", "mod(1, t)", "step(sin(1/t))", "abs(cos(1/t))",
                                 "min(sin(1/t^2), 0)", "sin(1/t^2)"}) {
    BOOST_CHECK_THROW((void)panels(text, 0, 1), InputError);
    BOOST_CHECK_NO_THROW((void)panels(text, 0.03, 1));
  }
}

BOOST_AUTO_TEST_CASE(cpp_functions_tell_when_they_jump) {
  const Coefficient f(
      "f", [](double t) { return Complex(t < 0.3 ? 1.0 : 2.0); },
      TimeBehaviour{.breakpoints = {0.3}, .shortest_time = 1});
  BOOST_TEST(lindwurm::corners(f, 0, 1) == (std::vector<double>{0.3}),
             boost::test_tools::per_element());
  TimeCourse course({f}, {1.0}, 0, 1, 1e-8);
  std::vector<Complex> value;
  course.enter(0);
  const auto limit = course.limit(0, 1);
  BOOST_TEST(limit.time == 0.3);
  BOOST_TEST(limit.is_corner);
  course.values(0.3, value);
  BOOST_TEST(value[0] == Complex(1));
  course.enter(0.3);
  course.values(0.3, value);
  BOOST_TEST(value[0] == Complex(2));
  BOOST_TEST(!lindwurm::has_unknown_shortest_time(f, 0, 1));
  const Coefficient silent("f", [](double t) { return Complex(t); });
  BOOST_TEST(lindwurm::has_unknown_shortest_time(silent, 0, 1));
  TimeCourse slow({silent}, {1.0}, 0, 1, 1e-8);
  slow.enter(0);
  BOOST_TEST(slow.limit(0).time <= 2.1e-3);
}

BOOST_AUTO_TEST_CASE(two_cpp_functions_of_one_text_are_two_functions) {
  const Coefficient f("f", [](double t) { return Complex(t); });
  const Coefficient g("f", [](double t) { return Complex(-t); });
  BOOST_TEST(f.function_key() != g.function_key());
  BOOST_TEST((Coefficient(2.0) * f).function_key() == f.function_key());
}

// The formulas of time against the functions of numbers, for real and complex arguments.
BOOST_AUTO_TEST_CASE(formulas_have_the_values_of_the_functions) {
  for (const auto& name : lindwurm::vocabulary::functions()) {
    const auto& function = lindwurm::vocabulary::function(name);
    for (const std::string argument :
         {"t", "t - 2.2", "3*t", "t + 0.3*i", "i*t - 1", "(2 - i)*t"}) {
      for (const double t : {0.1, 0.77, 1.9, 3.4}) {
        const Complex z = number(argument).at(t);
        const bool is_of_two = function.arguments == 2;
        const std::string text =
            is_of_two ? name + "(" + argument + ", 1.3)" : name + "(" + argument + ")";
        const Complex expected = is_of_two ? function.of_two(z, Complex(1.3)) : function.of_one(z);
        const Complex found = number(text).at(t);
        BOOST_TEST(std::abs(found - expected) <= 1e-13 * (1 + std::abs(expected)),
                   fmt::format("{} at {}: {}{:+}i for {}{:+}i", text, t, found.real(), found.imag(),
                               expected.real(), expected.imag()));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(long_chains_of_parameters_cost_their_length) {
  Coefficient c = Coefficient::time();
  for (int k = 0; k < 40; ++k)
    c = c * c * Coefficient(1e-3) + Coefficient::time();
  BOOST_TEST(std::isfinite(c.at(1e-3).real()));
  BOOST_TEST(c.text().size() < 300);
}

BOOST_AUTO_TEST_SUITE_END()
