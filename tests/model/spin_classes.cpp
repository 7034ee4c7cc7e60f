// Classes of equal spins against the spins that they stand for.
#include "lindwurm/model/spin_classes.hpp"

#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <complex>
#include <numeric>
#include <random>

#include "lindwurm/backend/error.hpp"

namespace data = boost::unit_test::data;
using lindwurm::InputError;
using lindwurm::spin_classes;
using lindwurm::SpinClasses;

BOOST_AUTO_TEST_SUITE(classes_of_spins)

struct Bath {
  std::vector<double> frequencies;
  std::vector<double> couplings;
};

// Of couplings of one sign.
static Bath random_bath(int spins, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> between(0, 1);
  const double sign = seed % 2 == 0 ? 1 : -1;
  Bath bath;
  for (int k = 0; k < spins; ++k) {
    bath.frequencies.push_back(0.5 + 2 * between(random));
    bath.couplings.push_back(sign * between(random));
  }
  return bath;
}

static double moment(const std::vector<double>& w, const std::vector<double>& g, int m) {
  double sum = 0;
  for (std::size_t k = 0; k < w.size(); ++k)
    sum += g[k] * g[k] * std::pow(w[k], m);
  return sum;
}

static double moment(const SpinClasses& classes, int m) {
  double sum = 0;
  for (std::size_t k = 0; k < classes.counts.size(); ++k)
    sum +=
        classes.counts[k] * std::pow(classes.couplings[k], 2) * std::pow(classes.frequencies[k], m);
  return sum;
}

BOOST_DATA_TEST_CASE(moments_are_kept, data::make({3, 10, 100}) * data::make({1, 2, 3}), spins,
                     classes) {
  const Bath bath = random_bath(spins, 10 * spins + classes);
  const SpinClasses found = spin_classes(bath.frequencies, bath.couplings, classes);
  BOOST_TEST(std::accumulate(found.counts.begin(), found.counts.end(), 0) == spins);
  for (int k = 0; k < classes; ++k) {
    BOOST_TEST(found.counts[k] >= 1);
    BOOST_TEST(found.couplings[k] * bath.couplings[k] > 0);
  }
  // Each spin belongs to one class, and lies between its neighbours' frequencies there.
  std::vector<int> all = found.spins;
  for (std::size_t k = 1; k < all.size(); ++k)
    BOOST_TEST((classes == spins || bath.frequencies[all[k - 1]] <= bath.frequencies[all[k]]));
  std::sort(all.begin(), all.end());
  for (int k = 0; k < spins; ++k)
    BOOST_TEST(all[k] == k);
  for (int m = 0; m < 2 * classes; ++m) {
    const double expected = moment(bath.frequencies, bath.couplings, m);
    BOOST_TEST(std::abs(moment(found, m) - expected) < 1e-12 * std::abs(expected));
  }
}

// In their order, whatever their signs, and whether or not frequencies or couplings are equal.
BOOST_DATA_TEST_CASE(as_many_classes_as_spins_are_the_spins, data::xrange(10u), seed) {
  std::mt19937 random(seed);
  std::uniform_int_distribution<int> number(-2, 2);
  Bath bath;
  for (unsigned k = 0; k <= seed; ++k) {
    bath.frequencies.push_back(number(random));
    bath.couplings.push_back(0.1 * number(random));
  }
  const int spins = static_cast<int>(seed) + 1;
  const SpinClasses found = spin_classes(bath.frequencies, bath.couplings, spins);
  BOOST_TEST(found.counts == std::vector<int>(spins, 1));
  BOOST_TEST(found.frequencies == bath.frequencies);
  BOOST_TEST(found.couplings == bath.couplings);
  for (int k = 0; k < spins; ++k)
    BOOST_TEST(found.spins[k] == k);
  BOOST_TEST(std::isinf(found.agrees_until));
}

// Until then sum g^2 exp(-iwt) is the same but for a thousandth, and longer with more classes.
BOOST_DATA_TEST_CASE(as_many_classes_as_kinds_are_the_spins_that_are_alike, data::xrange(10u),
                     seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> between(-0.5, 0.5);
  const int number = 2 + static_cast<int>(seed) % 3;
  Bath kinds;
  for (int k = 0; k < number; ++k) {
    // Kinds may share a frequency, and a coupling may be 0.
    kinds.frequencies.push_back(k == 1 && seed % 2 == 0 ? kinds.frequencies[0]
                                                        : 1 + between(random));
    kinds.couplings.push_back(k == 2 && seed % 3 == 0 ? 0 : between(random));
  }
  std::vector<int> kind_of(3 * number);
  for (int k = 0; k < 3 * number; ++k)
    kind_of[k] = k % number;
  std::shuffle(kind_of.begin(), kind_of.end(), random);
  Bath bath;
  for (const int k : kind_of) {
    bath.frequencies.push_back(kinds.frequencies[k]);
    bath.couplings.push_back(kinds.couplings[k]);
  }
  const SpinClasses found = spin_classes(bath.frequencies, bath.couplings, number);
  BOOST_TEST(std::isinf(found.agrees_until));
  BOOST_TEST(found.counts == std::vector<int>(number, 3), boost::test_tools::per_element());
  BOOST_TEST(std::is_sorted(found.frequencies.begin(), found.frequencies.end()));
  BOOST_REQUIRE(found.spins.size() == bath.frequencies.size());
  for (std::size_t k = 0; k < found.spins.size(); ++k) {
    BOOST_TEST(bath.frequencies[found.spins[k]] == found.frequencies[k / 3]);
    BOOST_TEST(bath.couplings[found.spins[k]] == found.couplings[k / 3]);
  }
}

BOOST_AUTO_TEST_CASE(more_classes_agree_longer) {
  const Bath bath = random_bath(60, 5);
  double before = 0;
  for (int classes : {1, 2, 4, 8}) {
    const SpinClasses found = spin_classes(bath.frequencies, bath.couplings, classes);
    BOOST_TEST(found.agrees_until > before);
    before = found.agrees_until;
    std::complex<double> difference = 0;
    for (std::size_t k = 0; k < bath.frequencies.size(); ++k)
      difference += std::polar(std::pow(bath.couplings[k], 2), bath.frequencies[k] * before);
    for (int k = 0; k < classes; ++k)
      difference -= std::polar(found.counts[k] * std::pow(found.couplings[k], 2),
                               found.frequencies[k] * before);
    BOOST_TEST(std::abs(difference) <= 1e-3 * moment(bath.frequencies, bath.couplings, 0));
  }
}

BOOST_AUTO_TEST_CASE(refusals) {
  BOOST_CHECK_THROW((void)spin_classes({1, 2}, {0.1}, 1), InputError);
  BOOST_CHECK_THROW((void)spin_classes({1, 1, 1}, {0.1, 0.2, 0.3}, 2), InputError);
  BOOST_CHECK_THROW((void)spin_classes({1, 2, 3}, {0.1, 0.0, 0.0}, 2), InputError);
  // Squares do not know the sign.
  BOOST_CHECK_THROW((void)spin_classes({1, 2, 3}, {0.1, -0.1, 0.2}, 2), InputError);
  BOOST_CHECK_THROW((void)spin_classes({1, 2}, {0.1, 0.2}, 3), InputError);
  BOOST_CHECK_THROW((void)spin_classes({1, 2}, {0.1, 0.2}, 0), InputError);
}

BOOST_AUTO_TEST_SUITE_END()
