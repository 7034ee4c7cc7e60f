// Adaptive quadrature against integrals in closed form.
#include "baths/quadrature.hpp"

#include <boost/math/special_functions/expint.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

#include "lindwurm/backend/error.hpp"

using lindwurm::Estimate;
using lindwurm::InputError;
using lindwurm::integrate;
using lindwurm::principal_value;

BOOST_AUTO_TEST_SUITE(quadrature)

static const double pi = std::numbers::pi;
static const double infinity = std::numeric_limits<double>::infinity();

static void near(const Estimate<double>& found, double expected, double tolerance = 1e-12) {
  BOOST_TEST(std::abs(found.value - expected) <= tolerance * std::abs(expected));
  BOOST_TEST(std::abs(found.value - expected) <= found.error + 1e-15 * std::abs(expected));
}

BOOST_AUTO_TEST_CASE(smooth_functions) {
  near(integrate([](double x) { return std::exp(-x); }, {0, infinity}), 1);
  near(integrate([](double x) { return 1 / (1 + x * x); }, {-infinity, infinity}), pi);
  near(integrate([](double x) { return 1 / (1 + x * x); }, {-infinity, -3, 2, infinity}), pi);
  near(integrate([](double x) { return std::cos(50 * x); }, {0, 1}), std::sin(50.0) / 50, 1e-11);
  near(integrate([](double x) { return 1e-3 / (1e-6 + (x - 2) * (x - 2)); },
                 {-infinity, 0, 2, infinity}),
       pi, 1e-11);
}

BOOST_AUTO_TEST_CASE(power_laws_at_the_ends) {
  for (double s : {0.1, 0.5, 0.9}) {
    near(integrate([&](double x) { return std::pow(x, s - 1) * std::exp(-x); }, {0, 1, infinity}),
         std::tgamma(s));
    near(integrate([&](double x) { return std::pow(x, -1 - s); }, {1, infinity}), 1 / s);
    near(integrate([&](double x) { return std::pow(-x, s - 1); }, {-1, 0}), 1 / s);
  }
  near(integrate([](double x) { return std::log(x); }, {0, 1}), -1);
  near(integrate([](double x) { return std::sqrt(2 - x); }, {1, 2}), 2.0 / 3, 1e-11);
}

BOOST_AUTO_TEST_CASE(principal_values) {
  const auto lorentzian = [](double x) { return 1 / (1 + x * x); };
  for (double pole : {0.7, -0.7, 1.0, 0.01, 40.0}) {
    near(principal_value(lorentzian, pole, {-infinity, 0, 1, infinity}),
         -pi * pole / (1 + pole * pole), 1e-11);
  }
  near(principal_value([](double x) { return std::exp(-x); }, 1, {0, 1, infinity}),
       -std::exp(-1.0) * boost::math::expint(1.0));
  near(principal_value([](double) { return 1.0; }, 0.3, {0, 1}), std::log(0.7 / 0.3));
  // A corner at the pole: P int |x| exp(-|x|)/(x - 0) = 0, and with a sloping factor
  // int |x| (1 + x)/x exp(-|x|) = 2.
  near(principal_value([](double x) { return std::abs(x) * (1 + x) * std::exp(-std::abs(x)); }, 0,
                       {-infinity, 0, infinity}),
       2);
  near(principal_value([](double x) { return std::exp(-x); }, -1, {0, infinity}),
       std::exp(1.0) * boost::math::expint(1, 1.0));
}

BOOST_AUTO_TEST_CASE(what_does_not_exist_is_refused) {
  const auto refused = [](auto f, std::vector<double> points) {
    BOOST_CHECK_THROW(static_cast<void>(integrate(f, points)), InputError);
  };
  refused([](double x) { return 1 / (1 + x); }, {0, 1, infinity});
  refused([](double x) { return 1 / x; }, {0, 1});
  refused([](double x) { return std::log(x - 1); }, {0, 2});
  refused([](double x) { return x; }, {0});
  refused([](double x) { return x; }, {1, 0});
  BOOST_CHECK_THROW(static_cast<void>(principal_value([](double) { return 1.0; }, 1, {0, 1})),
                    InputError);
}

BOOST_AUTO_TEST_SUITE_END()
