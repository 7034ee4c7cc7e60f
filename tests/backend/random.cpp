// Random numbers that are functions of what they are for.
#include "lindwurm/backend/random.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

using lindwurm::DrawPurpose;
using lindwurm::Draws;

BOOST_AUTO_TEST_SUITE(random_numbers)

BOOST_AUTO_TEST_CASE(draws_are_even_and_open) {
  const Draws draws(3, 5, DrawPurpose::waiting_time);
  double sum = 0;
  double squares = 0;
  constexpr int count = 100000;
  for (int k = 0; k < count; ++k) {
    const double u = draws.uniform(k);
    BOOST_REQUIRE((u > 0 && u < 1));
    sum += u;
    squares += u * u;
  }
  BOOST_TEST(std::abs(sum / count - 0.5) < 5 * std::sqrt(1.0 / 12 / count));
  BOOST_TEST(std::abs(squares / count - 1.0 / 3) < 5 * std::sqrt(4.0 / 45 / count));
  BOOST_TEST(draws.uniform(7) == Draws(3, 5, DrawPurpose::waiting_time).uniform(7));
  BOOST_TEST(draws.uniform(7) != Draws(3, 5, DrawPurpose::jump_channel).uniform(7));
  BOOST_TEST(draws.uniform(7) != Draws(3, 6, DrawPurpose::waiting_time).uniform(7));
  BOOST_TEST(draws.uniform(7) != Draws(4, 5, DrawPurpose::waiting_time).uniform(7));
}

// The known answer of Random123 for a counter and a key of zeros.
BOOST_AUTO_TEST_CASE(draws_are_those_of_philox) {
  const double expected = (static_cast<double>(0x16554d9eca36314c >> 12) + 0.5) * 0x1p-52;
  BOOST_TEST(Draws(0, 0, DrawPurpose::initial_state).uniform(0) == expected);
}

BOOST_AUTO_TEST_SUITE_END()
