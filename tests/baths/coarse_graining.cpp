// Coarse-grained rates against double integrals over time, closed forms, limits and positivity.
#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <random>
#include <utility>

#include "closed_forms.hpp"
#include "lindwurm/backend/error.hpp"
#include "lindwurm/baths/bath.hpp"
#include "oracle/dense.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Bath;
using lindwurm::BathKind;
using lindwurm::Cutoff;
using lindwurm::Estimate;
using lindwurm::InputError;
using oracle::Complex;

BOOST_AUTO_TEST_SUITE(coarse_graining)

// `uncertainty` is that of what is expected, relative to the scale.
static void near(const Estimate<Complex>& found, Complex expected, double scale,
                 double uncertainty = 1e-12) {
  const double difference = std::abs(found.value - expected);
  BOOST_TEST(difference <= (1e-9 + uncertainty) * scale, found.value << " instead of " << expected);
  BOOST_TEST(difference <= found.error + uncertainty * scale,
             "off by " << difference << " with a bound of " << found.error);
}

// Against the sum over Matsubara's frequencies.
BOOST_DATA_TEST_CASE(drude, data::xrange(100u, 140u), seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> unit;
  const oracle::DrudeBath closed{.g = 0.2,
                                 .cutoff = 1 + 10 * unit(random),
                                 .temperature = std::pow(10, 1.5 * unit(random) - 0.7)};
  const Bath bath(lindwurm::ohmic(closed.g, closed.cutoff, Cutoff::drude), closed.temperature);
  for (int k = 0; k < 6; ++k) {
    const double dt = std::pow(10, 5 * unit(random) - 1);
    const double w = 4 * unit(random) - 2;
    const double apart = std::pow(10, 5 * unit(random) - 5);
    for (double w_prime : {w, w + apart, -w, 4 * unit(random) - 2, 0.0}) {
      BOOST_TEST_CONTEXT("w = " << w << ", w' = " << w_prime << ", dt = " << dt
                                << ", T = " << closed.temperature) {
        // The closed form loses the digits of nearly equal frequencies' difference.
        const double lost = w == w_prime ? 0 : 1e-14 / std::abs((w - w_prime) * dt);
        const double scale =
            std::max(std::abs(closed.coarse(w, w, dt)), std::abs(closed.half_sided(w)));
        near(bath.coarse_grained(w, w_prime, dt), closed.coarse(w, w_prime, dt), scale,
             1e-12 + lost);
        near(bath.coarse_grained_half(w, w_prime, dt), closed.retarded(w, w_prime, dt), scale,
             1e-12 + lost);
      }
    }
  }
}

// Against nested quadratures over time.
BOOST_DATA_TEST_CASE(brute_force, data::xrange(200u, 212u), seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> unit;
  const oracle::ExponentialBath closed{.g = 0.3,
                                       .cutoff = 2 + 2 * unit(random),
                                       .s = 1 + 2 * unit(random),
                                       .temperature = seed % 2 == 0 ? 0 : 0.1 + unit(random)};
  const Bath bath(lindwurm::ohmic(closed.g, closed.cutoff, Cutoff::exponential, closed.s),
                  closed.temperature);
  const auto c = [&](double t) { return closed.correlation(t); };
  const double w = 2 * unit(random) - 1;
  const double w_prime = 2 * unit(random) - 1;
  for (double dt : {0.01, 0.5, 8.0}) {
    const Complex half = oracle::retarded_by_quadrature(c, w, w_prime, dt, 30);
    const Complex other = oracle::retarded_by_quadrature(c, w_prime, w, dt, 30);
    const double scale = std::abs(half) + std::abs(other);
    near(bath.coarse_grained_half(w, w_prime, dt), half, scale);
    near(bath.coarse_grained(w, w_prime, dt), half + std::conj(other), scale);
  }
}

BOOST_AUTO_TEST_CASE(discrete_modes_and_spins) {
  const Bath modes(lindwurm::discrete_modes({0.5, 1.3, 2}, {0.3, 0.2, 0.5}), 0.7);
  const Bath spins(lindwurm::discrete_spins({0.5, 1}, {0.6, 0.3}, {0.2, 1}), 0.4, BathKind::spin);
  for (const Bath& bath : {modes, spins}) {
    const auto c = [&](double t) { return bath.correlation(t).value; };
    // 0.5, 1.3: on a mode, where the quotients of the closed form vanish.
    for (auto [w, w_prime] : {std::pair{0.5, 1.3}, {0.5, 0.5}, {-0.7, 0.9}, {0.5, 0.5 + 1e-6}}) {
      for (double dt : {0.02, 3.0, 20.0}) {
        const Complex half = oracle::retarded_by_quadrature(c, w, w_prime, dt, 40);
        const Complex other = oracle::retarded_by_quadrature(c, w_prime, w, dt, 40);
        const double scale = std::abs(half) + std::abs(other);
        near(bath.coarse_grained_half(w, w_prime, dt), half, scale);
        near(bath.coarse_grained(w, w_prime, dt), half + std::conj(other), scale);
      }
    }
  }
}

static Bath any_bath(unsigned kind) {
  switch (kind % 6) {
    case 0:
      return {lindwurm::ohmic(0.1, 5, Cutoff::drude), 1};
    case 1:
      return {lindwurm::ohmic(0.1, 5, Cutoff::exponential, 0.5), 0.3};
    case 2:
      return {lindwurm::poles({{.strength = 1, .frequency = 1, .width = 0.01}}), 0};
    case 3:
      return {lindwurm::ohmic(0.1, 2, Cutoff::hard, 2), 4, BathKind::spin};
    case 4:
      return {lindwurm::flat(1), 0};
    default:
      return {lindwurm::discrete_modes({0.5, 1, 2}, {1, 0.1, 0.4}), 0.5};
  }
}

BOOST_DATA_TEST_CASE(matrices_are_positive, data::xrange(300u, 330u), seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> unit(-3, 3);
  const Bath bath = any_bath(seed);
  std::vector<double> frequencies{0, 1, -1, 1.001, 2};
  for (int k = 0; k < 5; ++k)
    frequencies.push_back(unit(random));
  const auto count = static_cast<int>(frequencies.size());
  for (double dt : {1e-3, 0.3, 5.0, 700.0, 1e5}) {
    Eigen::MatrixXcd gamma(count, count);
    for (int row = 0; row < count; ++row) {
      for (int column = 0; column < count; ++column)
        gamma(row, column) = bath.coarse_grained(frequencies[row], frequencies[column], dt).value;
    }
    const double size = gamma.norm();
    BOOST_TEST((gamma - gamma.adjoint()).norm() <= 1e-12 * size);
    const auto values = oracle::hermitian_eigenvalues(gamma);
    BOOST_TEST(values.minCoeff() >= -1e-11 * size, bath.density().text()
                                                       << " with dt = " << dt << ": "
                                                       << values.minCoeff() << " of " << size);
  }
}

// dt C(0) for short times, rates for long ones with a rest that falls like 1/dt.
BOOST_AUTO_TEST_CASE(limits) {
  const Bath bath(lindwurm::ohmic(0.1, 5, Cutoff::exponential), 0.8);
  const double c0 = bath.correlation(0).value.real();
  BOOST_TEST(std::abs(bath.coarse_grained(1, -2, 1e-6).value / (1e-6 * c0) - 1.0) < 1e-4);
  BOOST_TEST(std::abs(bath.coarse_grained_half(1, -2, 1e-6).value / (0.5e-6 * c0) - 1.0) < 1e-4);
  for (double w : {1.0, -1.0, 0.2}) {
    double before = std::abs(bath.coarse_grained(w, w, 1e3).value - bath.rate(w));
    for (double dt : {1e4, 1e5}) {
      const double rest = std::abs(bath.coarse_grained(w, w, dt).value - bath.rate(w));
      BOOST_TEST(std::abs(before / rest - 10) < 0.2);
      before = rest;
      const double apart = std::abs(bath.coarse_grained(w, w + 0.1, dt).value);
      BOOST_TEST(apart < 1000 * bath.rate(w) / dt);
    }
    const Complex half = bath.half_sided(w).value;
    BOOST_TEST(std::abs(bath.coarse_grained_half(w, w, 1e6).value - half) < 1e-5);
  }
}

// Flat and classical is white noise: gamma = rate sinc phase.
BOOST_AUTO_TEST_CASE(white_noise) {
  const Bath bath(lindwurm::flat(2), 0, BathKind::classical);
  const double dt = 3;
  for (double w : {0.0, 0.7, 5.0}) {
    const double x = (w - 0.7) * dt / 2;
    const Complex expected = std::polar(x == 0 ? 1 : std::sin(x) / x, x);
    near(bath.coarse_grained(w, 0.7, dt), expected, 1);
    near(bath.coarse_grained_half(w, 0.7, dt), 0.5 * expected, 1);
  }
}

BOOST_AUTO_TEST_CASE(refusals) {
  const Bath bath(lindwurm::ohmic(0.1, 5, Cutoff::drude), 1);
  const auto refused = [](const Bath& b, double dt) {
    BOOST_CHECK_THROW(static_cast<void>(b.coarse_grained(1, 1, dt)), InputError);
  };
  refused(bath, 0);
  refused(bath, -1);
  refused(bath, std::numeric_limits<double>::infinity());
  refused(Bath(lindwurm::flat(1), 1), 1);
  refused(Bath(lindwurm::ohmic(0.1, 5, Cutoff::drude, 3), 0), 1);
  BOOST_CHECK_THROW(static_cast<void>(Bath(lindwurm::flat(1), 0).coarse_grained_half(1, 1, 1)),
                    InputError);
}

BOOST_AUTO_TEST_SUITE_END()
