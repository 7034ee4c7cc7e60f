// Classes of equal spins against the spins that they stand for.
#include "lindwurm/model/spin_classes.hpp"

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

static Bath random_bath(int spins, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> between(0, 1);
  Bath bath;
  for (int k = 0; k < spins; ++k) {
    bath.frequencies.push_back(0.5 + 2 * between(random));
    bath.couplings.push_back(between(random) - 0.4);
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
  for (int k = 0; k < classes; ++k)
    BOOST_TEST(found.counts[k] >= 1);
  for (int m = 0; m < 2 * classes; ++m) {
    const double expected = moment(bath.frequencies, bath.couplings, m);
    BOOST_TEST(std::abs(moment(found, m) - expected) < 1e-12 * std::abs(expected));
  }
}

BOOST_AUTO_TEST_CASE(as_many_classes_as_spins_are_the_spins) {
  const SpinClasses found = spin_classes({1.5, 0.5, 1}, {-0.1, 0.2, 0.3}, 3);
  const std::vector<double> w{0.5, 1, 1.5};
  const std::vector<double> g{0.2, 0.3, 0.1};
  for (int k = 0; k < 3; ++k) {
    BOOST_TEST(found.counts[k] == 1);
    BOOST_TEST(std::abs(found.frequencies[k] - w[k]) < 1e-13);
    BOOST_TEST(std::abs(found.couplings[k] - g[k]) < 1e-13);
  }
  BOOST_TEST(std::isinf(found.agrees_until));
}

// Until then sum g^2 exp(-iwt) is the same but for a thousandth, and longer with more classes.
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
  BOOST_CHECK_THROW((void)spin_classes({1, 1, 2}, {0.1, 0.2, 0.3}, 3), InputError);
  BOOST_CHECK_THROW((void)spin_classes({1, 2}, {0.1, 0.0}, 2), InputError);
  BOOST_CHECK_THROW((void)spin_classes({1, 2}, {0.1, 0.2}, 0), InputError);
}

BOOST_AUTO_TEST_SUITE_END()
