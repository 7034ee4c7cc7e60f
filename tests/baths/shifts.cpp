// Rates and shifts against closed forms, against quadrature over the rate and by their symmetries.
#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <random>

#include "baths/quadrature.hpp"
#include "closed_forms.hpp"
#include "lindwurm/backend/error.hpp"
#include "lindwurm/baths/bath.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Bath;
using lindwurm::BathKind;
using lindwurm::Cutoff;
using lindwurm::InputError;
using lindwurm::SpectralDensity;
using oracle::Complex;

BOOST_AUTO_TEST_SUITE(shifts)

static const double pi = std::numbers::pi;
static const double infinity = std::numeric_limits<double>::infinity();

// A density of any family with random parameters.
static SpectralDensity random_density(std::mt19937& random) {
  std::uniform_real_distribution<double> unit;
  const double strength = std::pow(10, 4 * unit(random) - 3);
  const double cutoff = std::pow(10, 3 * unit(random) - 1);
  const double s = 0.3 + 2.5 * unit(random);
  switch (random() % 5) {
    case 0:
      return ohmic(strength, cutoff, Cutoff::drude);
    case 1:
      return ohmic(strength, cutoff, Cutoff::exponential, s);
    case 2:
      return ohmic(strength, cutoff, Cutoff::drude, std::min(s, 1.7));
    case 3:
      return ohmic(strength, cutoff, Cutoff::hard, s);
    default:
      return lindwurm::poles({{.strength = strength, .frequency = cutoff, .width = 0.3 * cutoff},
                              {.strength = 1, .frequency = 2.7, .width = 0.05 + unit(random)}});
  }
}

// P int dw' S(w')/(2 pi (w - w')) by adaptive quadrature over the rate.
static lindwurm::Estimate<double> shift_by_quadrature(const Bath& bath, double w) {
  std::vector<double> points{0};
  std::vector<double> marks = bath.density().landmarks();
  const double top = bath.density().reach();
  for (double factor : {1.0, 10.0, 40.0})
    marks.push_back(factor * bath.temperature());
  for (double mark : marks) {
    if (mark <= 0 || mark >= top) continue;
    points.push_back(mark);
    points.push_back(-mark);
  }
  points.push_back(top);
  points.push_back(-top);
  std::sort(points.begin(), points.end());
  return lindwurm::principal_value([&](double v) { return -bath.rate(v) / (2 * pi); }, w, points);
}

BOOST_DATA_TEST_CASE(rates_keep_detailed_balance, data::xrange(100u, 140u), seed) {
  std::mt19937 random(seed);
  const SpectralDensity j = random_density(random);
  std::uniform_real_distribution<double> unit;
  const double temperature = std::pow(10, 3 * unit(random) - 1.5);
  for (const BathKind kind : {BathKind::bosonic, BathKind::spin}) {
    const Bath bath(j, temperature, kind);
    for (int k = 0; k < 20; ++k) {
      const double w = temperature * std::pow(10, 4 * unit(random) - 3);
      const double balanced = bath.rate(w) * std::exp(-w / temperature);
      BOOST_TEST(std::abs(bath.rate(-w) - balanced) <= 1e-12 * balanced,
                 j.text() << " at " << w << ", T = " << temperature);
      const double sum = bath.rate(w) + bath.rate(-w);
      const double both =
          2 * pi * j(w) * (kind == BathKind::bosonic ? 1 / std::tanh(w / (2 * temperature)) : 1);
      BOOST_TEST(std::abs(sum - both) <= 1e-12 * both);
    }
  }
  const Bath classical(j, temperature, BathKind::classical);
  BOOST_TEST(classical.rate(0.7) == classical.rate(-0.7));
  BOOST_TEST(std::abs(classical.rate(0.7) - pi * j(0.7)) <= 1e-14 * classical.rate(0.7));
}

BOOST_AUTO_TEST_CASE(rates_at_zero_frequency) {
  const auto ohmic_density = lindwurm::ohmic(0.3, 5, Cutoff::drude);
  BOOST_TEST(std::abs(Bath(ohmic_density, 2).rate(0) - 2 * pi * 2 * 0.3) < 1e-14);
  BOOST_TEST(std::abs(Bath(ohmic_density, 2).rate(1e-9) - 2 * pi * 2 * 0.3) < 1e-8);
  BOOST_TEST(Bath(ohmic_density, 0).rate(0) == 0);
  BOOST_TEST(Bath(ohmic_density, 2, BathKind::spin).rate(0) == 0);
  BOOST_TEST(Bath(lindwurm::ohmic(0.3, 5, Cutoff::drude, 1.2), 2).rate(0) == 0);
  const Bath subohmic(lindwurm::ohmic(0.3, 5, Cutoff::exponential, 0.5), 2);
  BOOST_CHECK_THROW(static_cast<void>(subohmic.rate(0)), InputError);
  BOOST_TEST(Bath(subohmic.density(), 0).rate(0) == 0);
  BOOST_CHECK_THROW(static_cast<void>(Bath(lindwurm::flat(1), 1).rate(0)), InputError);
  BOOST_TEST(std::abs(Bath(lindwurm::flat(1), 0).rate(0) - 0.5) < 1e-15);
  BOOST_TEST(std::abs(Bath(lindwurm::flat(1), 1, BathKind::classical).rate(0) - 0.5) < 1e-15);
  BOOST_TEST(std::abs(Bath(lindwurm::flat(1), 1, BathKind::spin).rate(0) - 0.5) < 1e-15);
}

BOOST_AUTO_TEST_CASE(rates_at_extreme_temperatures) {
  const auto j = lindwurm::ohmic(0.3, 5, Cutoff::drude);
  const Bath cold(j, 1e-300);
  BOOST_TEST(cold.rate(1) == 2 * pi * j(1));
  BOOST_TEST(cold.rate(-1) == 0);
  BOOST_TEST(std::abs(cold.shift(1).value / Bath(j, 0).shift(1).value - 1) < 1e-12);
  const Bath hot(j, 1e12);
  BOOST_TEST(std::abs(hot.rate(1) / (2 * pi * j(1) * 1e12) - 1) < 1e-11);
  BOOST_TEST(lindwurm::planck(1, 0) == 0);
  BOOST_TEST(std::abs(lindwurm::planck(1e-13, 1) * 1e-13 - 1) < 1e-12);
  BOOST_CHECK_THROW(Bath(j, -1), InputError);
  BOOST_CHECK_THROW(Bath(j, infinity), InputError);
}

BOOST_DATA_TEST_CASE(drude_has_a_closed_form, data::xrange(200u, 230u), seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> unit;
  const oracle::DrudeBath closed{.g = 0.2,
                                 .cutoff = std::pow(10, 2 * unit(random) - 0.5),
                                 .temperature = std::pow(10, 1.5 * unit(random) - 0.7)};
  const Bath bath(lindwurm::ohmic(closed.g, closed.cutoff, Cutoff::drude), closed.temperature);
  for (int k = 0; k < 10; ++k) {
    const double w = (2 * unit(random) - 1) * 3 * closed.cutoff;
    const Complex expected = closed.half_sided(w);
    const auto found = bath.half_sided(w);
    BOOST_TEST(std::abs(found.value - expected) <= 1e-10 * std::abs(expected),
               bath.density().text() << " at " << w << ", T = " << closed.temperature << ": "
                                     << found.value << " instead of " << expected);
    BOOST_TEST(found.error <= 1e-10 * std::abs(expected));
  }
}

// C(t) = D exp(-lambda t).
BOOST_AUTO_TEST_CASE(classical_lorentzian_has_a_closed_form) {
  const double lambda = 0.8;
  const double variance = 1.7;
  const auto j = [=](double w) { return 2 * lambda * variance / pi / (lambda * lambda + w * w); };
  const Bath bath(lindwurm::formula("lorentzian", j, {lambda}), 0, BathKind::classical);
  for (double w : {0.0, 1e-6, 0.1, -0.8, 3.0, 500.0}) {
    const Complex expected = variance / Complex(lambda, -w);
    BOOST_TEST(std::abs(bath.half_sided(w).value - expected) < 1e-12 * std::abs(expected));
  }
}

// Shifts to the pole's two sides, and principal values, by the private quadrature.
BOOST_DATA_TEST_CASE(shifts_are_principal_values, data::xrange(300u, 360u), seed) {
  std::mt19937 random(seed);
  const SpectralDensity j = random_density(random);
  std::uniform_real_distribution<double> unit;
  const double temperature = seed % 4 == 0 ? 0 : std::pow(10, 2.5 * unit(random) - 1.5);
  for (const BathKind kind : {BathKind::bosonic, BathKind::spin, BathKind::classical}) {
    const Bath bath(j, temperature, kind);
    for (int k = 0; k < 4; ++k) {
      const double w = (random() % 2 == 0 ? 1 : -1) * std::pow(10, 4 * unit(random) - 2);
      const auto expected = shift_by_quadrature(bath, w);
      const auto found = bath.shift(w);
      const double difference = std::abs(found.value - expected.value);
      BOOST_TEST(difference <= 1e-9 * std::abs(expected.value) + 2 * expected.error,
                 j.text() << ", " << name_of(kind) << ", T = " << temperature << ", w = " << w
                          << ": " << found.value << " instead of " << expected.value);
      BOOST_TEST(difference <= found.error + 2 * expected.error);
    }
  }
}

BOOST_AUTO_TEST_CASE(spins_are_bosons_of_another_density) {
  const double temperature = 0.7;
  const auto j = lindwurm::ohmic(0.3, 5, Cutoff::exponential);
  const Bath spins(j, temperature, BathKind::spin);
  const Bath bosons(
      lindwurm::formula("surrogate",
                        [=](double w) { return j(w) * std::tanh(w / (2 * temperature)); }, {1, 5}),
      temperature);
  for (double w : {-3.0, -0.01, 0.0, 0.4, 7.0}) {
    BOOST_TEST(std::abs(spins.rate(w) - bosons.rate(w)) < 1e-13);
    BOOST_TEST(std::abs(spins.shift(w).value - bosons.shift(w).value) < 1e-11);
  }
}

// At w = 0 the reorganisation energy: int J/w.
BOOST_AUTO_TEST_CASE(shift_at_zero_frequency) {
  for (double temperature : {0.0, 0.01, 3.0}) {
    BOOST_TEST(
        std::abs(
            Bath(lindwurm::ohmic(0.3, 5, Cutoff::exponential, 0.5), temperature).shift(0).value +
            0.3 * 5 * std::tgamma(0.5)) < 1e-12);
    BOOST_TEST(std::abs(Bath(lindwurm::ohmic(0.3, 5, Cutoff::drude), temperature).shift(0).value +
                        0.3 * 5 * pi / 2) < 1e-12);
  }
}

static void refused(const Bath& bath, double w, const char* word) {
  BOOST_CHECK_EXCEPTION(static_cast<void>(bath.shift(w)), InputError, [&](const InputError& error) {
    const bool names_it = std::string(error.what()).find(word) != std::string::npos;
    BOOST_TEST(names_it, error.what());
    return names_it;
  });
}

BOOST_AUTO_TEST_CASE(divergences_are_refused) {
  refused(Bath(lindwurm::flat(1), 0), 1, "diverges at high frequency");
  refused(Bath(lindwurm::flat(1), 1, BathKind::spin), 1, "diverges at high frequency");
  BOOST_TEST(std::abs(Bath(lindwurm::flat(1), 1, BathKind::classical).shift(1).value) < 1e-14);
  refused(Bath(lindwurm::ohmic(1, 2, Cutoff::drude, 2), 0), 1, "diverges at high frequency");
  refused(Bath(lindwurm::ohmic(1, 2, Cutoff::hard), 1), 2, "step");
  BOOST_TEST(std::isfinite(Bath(lindwurm::ohmic(1, 2, Cutoff::hard), 1).shift(2.0001).value));
  const auto steep = lindwurm::formula("1/f", [](double w) { return std::exp(-w); }, {1});
  refused(Bath(steep, 1), 1, "diverges at low frequency");
  refused(Bath(steep, 0), 0, "diverges at low frequency");
  BOOST_TEST(std::isfinite(Bath(steep, 0).shift(1).value));
  refused(Bath(lindwurm::discrete_modes({1}, {1}), 0), 1, "discrete");
  BOOST_CHECK_THROW(
      static_cast<void>(
          Bath(lindwurm::formula("negative", [](double w) { return 1 - w; }, {1}), 0).rate(2)),
      InputError);
}

BOOST_AUTO_TEST_SUITE_END()
