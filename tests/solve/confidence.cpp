// Confidence intervals of bounded samples: how often they miss, and how wide they are.
#include "solve/kets/confidence.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <random>

using lindwurm::confidence_half_width;
using lindwurm::Range;

BOOST_AUTO_TEST_SUITE(confidence)

// No success in n trials: the exact bound on the probability is 1 - (miss)^(1/n) on one side.
BOOST_AUTO_TEST_CASE(nobody_in_a_rare_state) {
  for (const int n : {10, 500, 100'000}) {
    const double half = confidence_half_width(0, 0, n, {0, 1}, 1e-3);
    const double exact = 1 - std::pow(1e-3, 1.0 / n);
    BOOST_TEST(half >= exact);
    BOOST_TEST(half <= 1.4 * exact);
    BOOST_TEST(confidence_half_width(2, 0, n, {-5, 2}, 1e-3) == 7 * half,
               boost::test_tools::tolerance(1e-12));
  }
}

// Many samples: close to the normal distribution's interval, and never narrower.
BOOST_AUTO_TEST_CASE(as_narrow_as_a_normal_distribution_in_the_end) {
  const double normal = 3.2905 * 0.5;  // of a fair coin, with a miss of 0.001
  const int n = 10'000'000;
  const double half = std::sqrt(n) * confidence_half_width(0.5, 0.25, n, {0, 1}, 1e-3);
  BOOST_TEST(half >= normal);
  BOOST_TEST(half <= 1.25 * normal);
}

// The probability to miss is counted, with a miss of 0.05 that can be seen.
BOOST_DATA_TEST_CASE(misses_are_rarer_than_stated,
                     boost::unit_test::data::make({0.5, 0.1, 0.01, 1e-3, 1e-4}), p) {
  std::mt19937_64 engine(7);
  const int n = 300;
  const int repeats = 2000;
  int missed = 0;
  for (int k = 0; k < repeats; ++k) {
    const double successes = std::binomial_distribution<int>(n, p)(engine);
    const double mean = successes / n;
    const double variance = mean * (1 - mean) * n / (n - 1);
    if (std::abs(mean - p) > confidence_half_width(mean, variance, n, {0, 1}, 0.05)) ++missed;
  }
  BOOST_TEST(missed <= 0.05 * repeats);
}

BOOST_AUTO_TEST_CASE(corners) {
  BOOST_TEST(confidence_half_width(3, 0, 10, {3, 3}, 1e-3) == 0);
  BOOST_TEST(confidence_half_width(0, 0, 1, {0, 1}, 1e-3) ==
             std::numeric_limits<double>::infinity());
  // Means that rounding puts outside of the range.
  BOOST_TEST(std::isfinite(confidence_half_width(1 + 1e-15, 0, 10, {0, 1}, 1e-3)));
  BOOST_TEST(std::isfinite(confidence_half_width(-1e-15, 0, 10, {0, 1}, 1e-3)));
}

BOOST_AUTO_TEST_SUITE_END()
