// Discretised baths: their moments against those of the density.
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/baths/spectral_density.hpp"

using lindwurm::Cutoff;
using lindwurm::DiscreteMode;
using lindwurm::Discretisation;
using lindwurm::discretised;
using lindwurm::InputError;

BOOST_AUTO_TEST_SUITE(discretisations)

static double moment(const std::vector<DiscreteMode>& modes, int k) {
  double sum = 0;
  for (const DiscreteMode& mode : modes)
    sum += mode.weight * std::pow(mode.frequency, k);
  return sum;
}

static void equal(double found, double expected, double tolerance) {
  BOOST_TEST(std::abs(found - expected) <= tolerance * std::abs(expected),
             found << " instead of " << expected);
}

// int w^(s + k) exp(-w/wc) dw = Gamma(s + k + 1) wc^(s + k + 1)
BOOST_AUTO_TEST_CASE(gauss_keeps_moments) {
  for (double s : {0.5, 1.0, 2.2}) {
    const auto j = lindwurm::ohmic(0.3, 4, Cutoff::exponential, s);
    for (int modes : {1, 2, 5, 12}) {
      const auto found = discretised(j, modes, Discretisation::gauss);
      BOOST_TEST(static_cast<int>(found.size()) == modes);
      for (int k = 0; k < 2 * modes; ++k)
        equal(moment(found, k), 0.3 * std::pow(4, k + 2) * std::tgamma(s + k + 1), 1e-11);
    }
  }
  // Hard cutoff: g wc^(k+2)/(s + k + 1).
  for (int modes : {3, 20}) {
    const auto found =
        discretised(lindwurm::ohmic(0.3, 4, Cutoff::hard, 0.5), modes, Discretisation::gauss);
    for (int k = 0; k < 2 * modes; ++k)
      equal(moment(found, k), 0.3 * std::pow(4, k + 2) / (k + 1.5), 1e-11);
  }
}

// The Laguerre polynomial's zeros are known: J = w exp(-w) has L_2^(1), w = 3 -+ sqrt 3.
BOOST_AUTO_TEST_CASE(gauss_has_laguerre_nodes) {
  const auto found =
      discretised(lindwurm::ohmic(1, 1, Cutoff::exponential), 2, Discretisation::gauss);
  equal(found[0].frequency, 3 - std::sqrt(3.0), 1e-12);
  equal(found[1].frequency, 3 + std::sqrt(3.0), 1e-12);
}

BOOST_AUTO_TEST_CASE(intervals_keep_weight_and_mean) {
  const double top = 30;
  const double cutoff = 4;
  const auto j = lindwurm::ohmic(0.3, cutoff, Cutoff::drude);
  // int w L^2/(L^2 + w^2) = L^2/2 ln(1 + w^2/L^2); its first moment L^2 [w - L atan(w/L)].
  const auto weight = [=](double w) { return 0.15 * 16 * std::log1p(w * w / 16); };
  const auto first = [=](double w) { return 0.3 * 16 * (w - cutoff * std::atan(w / cutoff)); };
  const auto linear = discretised(j, 50, Discretisation::linear, top);
  equal(moment(linear, 0), weight(top), 1e-12);
  equal(moment(linear, 1), first(top), 1e-12);
  equal(linear[3].weight, weight(2.4) - weight(1.8), 1e-11);
  equal(linear[3].weight * linear[3].frequency, first(2.4) - first(1.8), 1e-11);
  const auto logarithmic = discretised(j, 50, Discretisation::logarithmic, top, 0.01);
  equal(moment(logarithmic, 0), weight(top) - weight(0.01), 1e-12);
  equal(moment(logarithmic, 1), first(top) - first(0.01), 1e-12);
  BOOST_TEST(logarithmic[0].frequency < 0.01 * std::pow(3000, 0.02));
}

BOOST_AUTO_TEST_CASE(narrow_peaks_are_seen) {
  const auto j = lindwurm::poles({{.strength = 1, .frequency = 3, .width = 1e-4}});
  equal(moment(discretised(j, 7, Discretisation::linear, 100), 0), 1, 1e-4);
  equal(moment(discretised(j, 7, Discretisation::gauss, 100), 0), 1, 1e-4);
}

BOOST_AUTO_TEST_CASE(refusals) {
  const auto drude = lindwurm::ohmic(0.3, 4, Cutoff::drude);
  const double infinity = std::numeric_limits<double>::infinity();
  const auto refused = [&](const lindwurm::SpectralDensity& j, int modes, Discretisation how,
                           double highest, double lowest = 0) {
    BOOST_CHECK_THROW(static_cast<void>(discretised(j, modes, how, highest, lowest)), InputError);
  };
  refused(drude, 4, Discretisation::gauss, infinity);
  refused(drude, 4, Discretisation::linear, infinity);
  refused(drude, 0, Discretisation::linear, 10);
  refused(drude, 4, Discretisation::linear, 0);
  refused(drude, 4, Discretisation::logarithmic, 10);
  refused(drude, 4, Discretisation::logarithmic, 10, 11);
  refused(lindwurm::discrete_modes({1}, {1}), 4, Discretisation::gauss, 10);
  refused(lindwurm::ohmic(0, 4, Cutoff::drude), 4, Discretisation::gauss, 10);
}

BOOST_AUTO_TEST_SUITE_END()
