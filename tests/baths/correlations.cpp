// Correlation functions against closed forms and against exact spins, and how long they last.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <random>

#include "closed_forms.hpp"
#include "lindwurm/backend/error.hpp"
#include "lindwurm/baths/bath.hpp"
#include "oracle/dense.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Bath;
using lindwurm::BathKind;
using lindwurm::Cutoff;
using lindwurm::InputError;
using oracle::Complex;

BOOST_AUTO_TEST_SUITE(correlations)

static const double pi = std::numbers::pi;

static void near(const lindwurm::Estimate<Complex>& found, Complex expected, double scale) {
  const double difference = std::abs(found.value - expected);
  BOOST_TEST(difference <= 1e-11 * scale, found.value << " instead of " << expected);
  BOOST_TEST(difference <= found.error + 1e-14 * std::abs(expected),
             "off by " << difference << " with a bound of " << found.error);
}

BOOST_AUTO_TEST_CASE(drude) {
  for (double temperature : {0.05, 1.0, 30.0}) {
    const oracle::DrudeBath closed{.g = 0.1, .cutoff = 5, .temperature = temperature};
    const Bath bath(lindwurm::ohmic(0.1, 5, Cutoff::drude), temperature);
    const double scale = std::abs(closed.correlation(0.1));
    for (double t : {1e-2, 0.1, 0.7, 3.0, 20.0})
      near(bath.correlation(t), closed.correlation(t), scale);
    BOOST_TEST(bath.correlation(-0.3).value == std::conj(bath.correlation(0.3).value));
  }
}

BOOST_DATA_TEST_CASE(exponential_cutoffs, data::xrange(100u, 120u), seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> unit;
  const oracle::ExponentialBath closed{.g = 0.3,
                                       .cutoff = std::pow(10, 2 * unit(random) - 1),
                                       .s = 0.4 + 2.6 * unit(random),
                                       .temperature = seed % 3 == 0 ? 0 : 2 * unit(random)};
  const Bath bath(lindwurm::ohmic(closed.g, closed.cutoff, Cutoff::exponential, closed.s),
                  closed.temperature);
  const double scale = std::abs(closed.correlation(0));
  for (int k = 0; k < 8; ++k) {
    const double t = k == 0 ? 0 : std::pow(10, 5 * unit(random) - 3) / closed.cutoff;
    BOOST_TEST_CONTEXT(bath.density().text() << ", T = " << closed.temperature << ", t = " << t)
    near(bath.correlation(t), closed.correlation(t), scale);
  }
}

BOOST_AUTO_TEST_CASE(a_classical_lorentzian) {
  const auto j = [](double w) { return 2 * 0.3 / pi / (0.09 + w * w); };
  const Bath bath(lindwurm::formula("lorentzian", j, {0.3}), 7, BathKind::classical);
  for (double t : {0.0, 0.01, 1.0, 10.0, 50.0})
    near(bath.correlation(t), std::exp(-0.3 * t), 1);
}

// One pole at T = 0: int_0^inf by Gauss's rule on the density itself.
BOOST_AUTO_TEST_CASE(poles) {
  const auto j = lindwurm::poles({{.strength = 0.4, .frequency = 2, .width = 0.3}});
  const Bath bath(j, 0.5);
  for (double t : {0.0, 0.5, 4.0}) {
    const auto integrand = [&](double w) {
      return j(w) * Complex(std::cos(w * t) / std::tanh(w / 1.0), -std::sin(w * t));
    };
    // Beyond 4000 there is 2 g^2 width w0/(pi w^3)... 1e-9 of it, and less where it oscillates.
    const Complex expected =
        oracle::integral(integrand, 0, 20, 400) + oracle::integral(integrand, 20, 4000, 8000);
    BOOST_TEST(std::abs(bath.correlation(t).value - expected) < 1e-8);
  }
}

// A density that falls so slowly that only the oscillations make the integral converge:
// J = sqrt(w)/(1 + w) at T = 0 by its asymptotic series, term by term a Gamma integral.
BOOST_AUTO_TEST_CASE(slow_falls) {
  const auto j = [](double w) { return std::sqrt(w) / (1 + w); };
  const Bath bath(lindwurm::formula("slow", j, {1}), 0);
  for (double t : {50.0, 400.0, 3000.0}) {
    Complex expected = 0;
    for (int k = 0; k < 20; ++k) {
      expected += (k % 2 == 0 ? 1 : -1) * std::tgamma(k + 1.5) * std::pow(Complex(0, t), -k - 1.5);
    }
    near(bath.correlation(t), expected, 1);
  }
}

static Eigen::Matrix2cd matrix(Complex a, Complex b, Complex c, Complex d) {
  Eigen::Matrix2cd m;
  m << a, b, c, d;
  return m;
}

// Spins by their 2 x 2 matrices.
BOOST_DATA_TEST_CASE(exact_spins, data::xrange(10u, 20u), seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> unit(-2, 2);
  const double temperature = seed == 10 ? 0.02 : 0.2 + std::abs(unit(random));
  std::vector<double> couplings;
  std::vector<double> asymmetries;
  std::vector<double> tunnelings;
  for (int k = 0; k < 4; ++k) {
    couplings.push_back(unit(random));
    asymmetries.push_back(unit(random));
    tunnelings.push_back(unit(random));
  }
  const Bath bath(lindwurm::discrete_spins(couplings, asymmetries, tunnelings), temperature,
                  BathKind::spin);
  const Eigen::Matrix2cd sz = matrix(1, 0, 0, -1);
  const Eigen::Matrix2cd sx = matrix(0, 1, 1, 0);
  for (double t : {0.0, 0.3, -1.7, 20.0}) {
    Complex expected = 0;
    for (int k = 0; k < 4; ++k) {
      const Eigen::Matrix2cd h = (asymmetries[k] * sz + tunnelings[k] * sx) / 2;
      const Eigen::Matrix2cd weight = oracle::exponential(-h / temperature);
      const Eigen::Matrix2cd rho = weight / weight.trace();
      const Complex mean = (sz * rho).trace();
      const Eigen::Matrix2cd b = couplings[k] * (sz - mean * Eigen::Matrix2cd::Identity());
      const Eigen::Matrix2cd u = oracle::exponential(Complex(0, t) * h);
      expected += (u * b * u.adjoint() * b * rho).trace();
    }
    BOOST_TEST(std::abs(bath.correlation(t).value - expected) < 1e-12);
  }
}

BOOST_AUTO_TEST_CASE(divergences_are_refused) {
  const auto drude = lindwurm::ohmic(0.1, 5, Cutoff::drude);
  BOOST_CHECK_EXCEPTION(static_cast<void>(Bath(drude, 1).correlation(0)), InputError,
                        [](const InputError& error) {
                          return std::string(error.what()).find("logarithm") != std::string::npos;
                        });
  BOOST_CHECK_THROW(static_cast<void>(Bath(lindwurm::flat(1), 0).correlation(1)), InputError);
  const auto step = lindwurm::formula("step", [](double w) { return std::exp(-w); }, {1});
  BOOST_CHECK_THROW(static_cast<void>(Bath(step, 1).correlation(1)), InputError);
  BOOST_TEST(std::abs(Bath(step, 0).correlation(2).value - 1.0 / Complex(1, 2)) < 1e-13);
}

BOOST_AUTO_TEST_CASE(memory) {
  const auto lasts = [](const Bath& bath, double expected, double tolerance) {
    BOOST_TEST(std::abs(bath.correlation_time() / expected - 1) < tolerance,
               bath.density().text()
                   << ": " << bath.correlation_time() << " instead of " << expected);
  };
  const double infinity = std::numeric_limits<double>::infinity();
  // |C| = g/(b^2 + t^2)
  lasts({lindwurm::ohmic(0.1, 5, Cutoff::exponential), 0}, std::tan(0.45 * pi) / 5, 0.05);
  // g wc^(1-s) Gamma(s+1) (b^2 + t^2)^(-(s+1)/2), s = 3: the integral of 1/(1 + x^2)^2.
  const auto share = [](double x) { return 2 / pi * (std::atan(x) + x / (1 + x * x)); };
  double x = 0;
  while (share(x) < 0.9)
    x += 1e-4;
  lasts({lindwurm::ohmic(0.1, 5, Cutoff::exponential, 3), 0}, x / 5, 0.05);
  const auto j = [](double w) { return 2 * 0.3 / pi / (0.09 + w * w); };
  lasts({lindwurm::formula("lorentzian", j, {0.3}), 0, BathKind::classical}, std::log(10) / 0.3,
        0.05);
  // |C| = g^2 exp(-width t/2), but for a share width/frequency.
  lasts({lindwurm::poles({{.strength = 1, .frequency = 10, .width = 0.01}}), 0},
        std::log(10) * 2 / 0.01, 0.05);
  // ... |cos 10 t| of it at high temperature.
  lasts({lindwurm::poles({{.strength = 1, .frequency = 10, .width = 0.01}}), 1000},
        std::log(10) * 2 / 0.01, 0.08);
  BOOST_TEST(Bath(lindwurm::discrete_modes({1}, {1}), 0).correlation_time() == infinity);
  BOOST_TEST(Bath(lindwurm::ohmic(0.1, 5, Cutoff::hard), 1).correlation_time() == infinity);
  BOOST_TEST(Bath(lindwurm::ohmic(0.1, 5, Cutoff::exponential, 0.5), 1).correlation_time() ==
             infinity);
  BOOST_TEST(std::abs(Bath(lindwurm::flat(1), 2).correlation_time() * 4 * pi - 1) < 1e-14);
  BOOST_TEST(Bath(lindwurm::flat(1), 0).correlation_time() == 0);
  BOOST_TEST(Bath(lindwurm::flat(1), 1, BathKind::classical).correlation_time() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
