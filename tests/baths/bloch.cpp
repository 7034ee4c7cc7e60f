// The Bloch rates of fourth order against published closed forms, against the time-ordered
// cumulants and against the exact decay from hierarchical equations of motion.
#include <algorithm>
#include <boost/math/special_functions/expint.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/baths/bloch.hpp"
#include "two_level.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Bath;
using lindwurm::BathKind;
using lindwurm::BlochGenerator;
using lindwurm::BlochRates;
using lindwurm::Cutoff;
using lindwurm::InputError;
using lindwurm::Pole;
using oracle::Cumulants;

BOOST_AUTO_TEST_SUITE(bloch)

static const double pi = std::numbers::pi;

static Bath classical_bath(double variance, double lambda) {
  const auto j = [=](double w) { return 2 * lambda * variance / pi / (lambda * lambda + w * w); };
  return {lindwurm::formula("lorentzian", j, {lambda}), 0.0, BathKind::classical};
}

static void near(double found, double expected, double tolerance, const std::string& what) {
  BOOST_TEST(std::abs(found - expected) <= tolerance,
             what << ": " << found << " instead of " << expected << ", off by " << found - expected
                  << ", allowed " << tolerance);
}

static void near(const lindwurm::Estimate<double>& found, double expected, double tolerance,
                 const std::string& what) {
  near(found.value, expected, tolerance, what);
  BOOST_TEST(found.error <= tolerance, what << " with a bound of error " << found.error);
}

static const std::vector<double> ratios{1, 0, 0.3, -1};

// The closed forms after Laird et al. Eqs. 140, 141 with E1, E3.
BOOST_DATA_TEST_CASE(stochastic_limit, data::make({0.3, 1.0, 4.0}), w0) {
  const double variance = 0.7;
  const double lambda = 1.1;
  const Bath bath = classical_bath(variance, lambda);
  const double s = lambda * lambda + w0 * w0;
  const double unit = variance * variance / (s * s * s);
  const double tolerance = 1e-12;
  const BlochRates real = bloch_rates(bath, w0);
  near(real.inverse_t1.second, 4 * lambda * variance / s, tolerance, "1/T1, second");
  near(real.inverse_t1.fourth, -32 * lambda * w0 * w0 * unit, tolerance, "1/T1");
  near(real.pure_dephasing.fourth, 4 * w0 * w0 * (w0 * w0 + 5 * lambda * lambda) / lambda * unit,
       tolerance, "1/T2'");
  near(real.k10.fourth, real.k01.fourth.value, tolerance, "k10 = k01");
  near(real.K.total(), 1, tolerance, "K");
  const BlochRates isotropic = bloch_rates(bath, w0, 0);
  near(isotropic.inverse_t1.fourth, 8 * lambda * (lambda * lambda - 3 * w0 * w0) * unit, tolerance,
       "1/T1, isotropic");
  const double quartic = std::pow(w0, 4) + 6 * std::pow(lambda * w0, 2) - 3 * std::pow(lambda, 4);
  near(isotropic.pure_dephasing.fourth, 2 * quartic / lambda * unit, tolerance, "1/T2', isotropic");
}

// `accuracy` is relative to the largest number of each order.
static void agrees(const BlochRates& rates, const Cumulants& exact, double accuracy) {
  using enum oracle::Element;
  const Eigen::Matrix4cd second = exact.second();
  const Eigen::Matrix4cd fourth = exact.fourth();
  const double k10 = -fourth(e00, e00).real();
  const double k01 = -fourth(e11, e11).real();
  const double inverse_t2 = -fourth(e10, e10).real();
  double tolerance = accuracy * second.cwiseAbs().maxCoeff();
  near(rates.k10.second, -second(e00, e00).real(), tolerance, "k10, second");
  near(rates.k01.second, -second(e11, e11).real(), tolerance, "k01, second");
  near(rates.inverse_t2.second, -second(e10, e10).real(), tolerance, "1/T2, second");
  near(rates.shift.second, -second(e10, e10).imag(), tolerance, "shift, second");
  const auto mixing = rates.counter_rotating.value;
  near(std::abs(mixing - second(e10, e01)), 0, tolerance, "R_1001");
  tolerance = accuracy * fourth.cwiseAbs().maxCoeff();
  near(rates.k10.fourth, k10, tolerance, "k10, fourth");
  near(rates.k01.fourth, k01, tolerance, "k01, fourth");
  near(rates.inverse_t1.fourth, k10 + k01, tolerance, "1/T1, fourth");
  near(rates.inverse_t2.fourth, inverse_t2, tolerance, "1/T2, fourth");
  near(rates.pure_dephasing.fourth, inverse_t2 - (k10 + k01) / 2, tolerance, "1/T2', fourth");
  // Eq. A6
  near(rates.shift.fourth, -fourth(e10, e10).imag() - std::norm(second(e10, e01)) / (2 * rates.w0),
       tolerance, "shift, fourth");
}

BOOST_DATA_TEST_CASE(cumulants_of_classical_noise, data::make(ratios), c) {
  for (const double w0 : {0.2, 1.3, 5.0}) {
    agrees(bloch_rates(classical_bath(0.4, 0.9), w0, c),
           Cumulants(oracle::ornstein_uhlenbeck(0.4, 0.9), c, w0), 3e-12);
  }
}

BOOST_DATA_TEST_CASE(cumulants_of_a_damped_mode, data::make(ratios), c) {
  for (const double width : {0.6, 1e-3}) {
    const Pole mode{.strength = 0.5, .frequency = 1.2, .width = width};
    for (const double T : {0.2, 1.0, 8.0}) {
      const Bath bath(lindwurm::poles({mode}), T);
      for (const double w0 : {0.4, 1.2, 2.9}) {
        agrees(bloch_rates(bath, w0, c), Cumulants(oracle::damped_mode(mode, T, 40), c, w0), 1e-11);
      }
    }
  }
}

static void agrees(const BlochRates& rates, const oracle::DecayOrders& exact, double tolerance) {
  near(rates.inverse_t1.second, exact.second.relaxation.real(), tolerance, "1/T1, second");
  near(rates.inverse_t1.fourth, exact.fourth.relaxation.real(), tolerance, "1/T1, fourth");
  near(rates.inverse_t2.second, exact.second.coherence.real(), tolerance, "1/T2, second");
  near(rates.inverse_t2.fourth, exact.fourth.coherence.real(), tolerance, "1/T2, fourth");
  near(rates.shift.second, exact.second.coherence.imag(), tolerance, "shift, second");
  near(rates.shift.fourth, exact.fourth.coherence.imag(), tolerance, "shift, fourth");
}

BOOST_DATA_TEST_CASE(eigenvalues_with_classical_noise, data::make(ratios), c) {
  for (const double w0 : {0.5, 1.3}) {
    agrees(bloch_rates(classical_bath(0.4, 0.9), w0, c),
           hierarchy_orders(oracle::ornstein_uhlenbeck(0.4, 0.9), c, w0, 0.02), 1e-10);
  }
}

BOOST_DATA_TEST_CASE(eigenvalues_with_a_damped_mode, data::make({1.0, 0.0}), c) {
  const Pole mode{.strength = 0.1, .frequency = 1.2, .width = 0.8};
  agrees(bloch_rates(Bath(lindwurm::poles({mode}), 3.0), 0.9, c),
         // A difference of eigenvalues divides their rounding by 0.01^4.
         hierarchy_orders(oracle::damped_mode(mode, 3.0, 4), c, 0.9, 0.01), 3e-9);
}

// T = 0, J = strength w exp(-w/cutoff): P(w0) and its derivatives by exponential integrals.
BOOST_DATA_TEST_CASE(zero_temperature, data::make({0.03, 0.5, 1.0, 4.0}), x) {
  const double cutoff = 2.5;
  const double w0 = x * cutoff;
  const double strength = 0.02;
  const double unit = 2 * pi * strength;
  const double S = unit * w0 * std::exp(-x);
  const double S_slope = unit * (1 - x) * std::exp(-x);
  const double rising = std::exp(-x) * boost::math::expint(x);
  const double falling = std::exp(x) * boost::math::expint(1, x);
  const double D = unit * w0 * (falling - rising);
  const double P_slope = unit * ((x - 1) * rising - 1);
  const double P_slope_minus = unit * ((1 + x) * falling - 1);
  const Bath bath(lindwurm::ohmic(strength, cutoff, Cutoff::exponential), 0.0);
  for (const double c : ratios) {
    const BlochRates rates = bloch_rates(bath, w0, c);
    const double share = c * c / w0;
    near(rates.k10.second, 0, 0, "k10, second");
    near(rates.k10.fourth, S * P_slope_minus / (2 * pi), 1e-12, "k10, fourth (Eq. 96)");
    near(rates.k01.fourth,
         (share * S * D - S_slope * D - P_slope * S - 2 * S * P_slope_minus) / (2 * pi), 1e-12,
         "k01, fourth");
    near(rates.pure_dephasing.total(), 0, 0, "1/T2'");
    near(rates.shift.second, -D / (2 * pi), 1e-12, "shift, second");
    near(rates.shift.fourth,
         D * (P_slope + P_slope_minus) / (4 * pi * pi) - S * S_slope / 4 +
             share * (S * S / 8 - D * D / (8 * pi * pi)),
         1e-12, "shift, fourth");
    near(rates.K.total(), P_slope_minus / (2 * pi), 1e-12, "K (Eq. 117)");
    BOOST_TEST(bloch_generator(rates).is_gksl);
  }
}

// A rate r at all frequencies: the shift and 1/T1 of fourth order cancel, the rest is r^2/w0.
BOOST_AUTO_TEST_CASE(flat_density_at_zero_temperature) {
  const double r = 0.3;
  const double w0 = 1.7;
  const BlochRates rates = bloch_rates(Bath(lindwurm::flat(r), 0.0), w0);
  near(rates.k10.fourth, r * r / (2 * pi * w0), 1e-13, "k10");
  near(rates.k01.fourth, -r * r / (2 * pi * w0), 1e-13, "k01");
  near(rates.inverse_t1.fourth, 0, 1e-13, "1/T1");
  near(rates.shift.second, 0, 1e-13, "shift, second");
  near(rates.shift.fourth, r * r / (8 * w0), 1e-13, "shift, fourth");
}

static const std::vector<std::function<lindwurm::SpectralDensity()>> densities{
    [] { return lindwurm::ohmic(0.1, 3.0, Cutoff::drude); },
    [] { return lindwurm::ohmic(0.1, 3.0, Cutoff::exponential); },
    [] { return lindwurm::ohmic(0.1, 3.0, Cutoff::hard); },
    [] { return lindwurm::ohmic(0.1, 3.0, Cutoff::exponential, 0.7); },
    [] { return lindwurm::ohmic(0.1, 3.0, Cutoff::exponential, 3); },
    [] {
      return lindwurm::poles({{0.2, 1.0, 0.3}, {0.1, 4.0, 0.02}});
    },
};

// Eq. 115 is Eq. 111: rates and the static expansion are computed from different integrals.
BOOST_DATA_TEST_CASE(detailed_balance, data::xrange(densities.size()), k) {
  for (const double T : {0.1, 0.7, 20.0}) {
    const Bath bath(densities[k](), T);
    for (const double w0 : {0.3, 1.0, 2.0}) {
      for (const double c : {1.0, 0.0}) {
        const BlochRates rates = bloch_rates(bath, w0, c);
        const double boltzmann = std::exp(-w0 / T);
        near(rates.k10.second.value / rates.k01.second.value, boltzmann, 1e-14, "zeroth order");
        near(rates.K.zeroth, boltzmann, 1e-14, "K, zeroth");
        const double second =
            (rates.k10.fourth.value - boltzmann * rates.k01.fourth.value) / rates.k01.second.value;
        const double size = std::abs(rates.k01.fourth.value / rates.k01.second.value);
        near(second, rates.K.second.value, 1e-10 * std::max(std::abs(second), boltzmann * size),
             "second order");
      }
    }
  }
}

// The paper's point, T2 > 2 T1: exactly so at a finite coupling, with sixth order as the rest.
// `weaken(x)` and x times the noise are the same bath.
static void dephases_slowly(const std::function<Bath(double)>& weaken,
                            const oracle::Exponentials& noise, double c, double w0) {
  double last = 0;
  for (const double x : {1.0, 0.5, 0.25}) {
    const BlochRates rates = bloch_rates(weaken(x), w0, c);
    const BlochGenerator generator = bloch_generator(rates);
    const oracle::Decay exact = hierarchy_decay(noise, c, w0, x, 3);
    BOOST_TEST(exact.coherence.real() < exact.relaxation.real() / 2);
    BOOST_TEST(generator.dephasing < (generator.up + generator.down) / 2);
    BOOST_TEST(!generator.is_gksl);
    BOOST_TEST(bloch_generator(rates, 2).is_gksl);
    BOOST_TEST(rates.largest_correction() < 0.2);
    const std::complex<double> found(generator.dephasing, generator.frequency);
    const double rest = std::abs(exact.coherence - found);
    if (last > 0) BOOST_TEST(last / rest == 8, boost::test_tools::tolerance(0.2));
    last = rest;
  }
}

BOOST_AUTO_TEST_CASE(slow_dephasing_by_isotropic_noise) {
  dephases_slowly([](double x) { return classical_bath(0.02 * x, 1.0); },
                  oracle::ornstein_uhlenbeck(0.02, 1.0), 0, 0.3);
}

// With Lambda = Lambda^dag too, where the paper saw none: near the resonance of a damped mode.
BOOST_AUTO_TEST_CASE(slow_dephasing_by_a_damped_mode) {
  const Pole mode{.strength = 0.003, .frequency = 1.2, .width = 0.8};
  const auto weaken = [&mode](double x) {
    return Bath(lindwurm::poles({{mode.strength * x, mode.frequency, mode.width}}), 3.0);
  };
  dephases_slowly(weaken, oracle::damped_mode(mode, 3.0, 3), 1, 0.9);
}

static std::string complaint(const Bath& bath, double w0, double c = 1) {
  try {
    (void)bloch_rates(bath, w0, c);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

static void complains(const Bath& bath, double w0, double c, const std::string& about) {
  const std::string message = complaint(bath, w0, c);
  BOOST_TEST(message.find(about) != std::string::npos, about << ": " << message);
}

BOOST_AUTO_TEST_CASE(what_makes_no_sense_is_refused) {
  using lindwurm::ohmic;
  const Bath drude(ohmic(0.1, 3, Cutoff::drude), 1.0);
  for (const double w0 : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN()})
    complains(drude, w0, 1, "w0 > 0");
  complains(drude, 1, 1.5, "[-1, 1]");
  complains(drude, 1, std::numeric_limits<double>::quiet_NaN(), "[-1, 1]");
  complains(Bath(ohmic(0.1, 3, Cutoff::drude), 1.0, BathKind::spin), 1, 1, "Gaussian");
  complains(Bath(lindwurm::discrete_modes({1, 2}, {0.1, 0.1}), 1.0), 1, 1, "discrete");
  complains(Bath(ohmic(0.1, 3, Cutoff::exponential, 0.5), 1.0), 1, 1, "w^0.5");
  BOOST_TEST(complaint(Bath(ohmic(0.1, 3, Cutoff::exponential, 0.5), 0.0), 1) == "");
  complains(Bath(ohmic(0.1, 3, Cutoff::hard), 1.0), 3, 1, "not smooth");
  const auto corner = [](double w) { return w * (1 + 0.1 * std::abs(w - 1)) * std::exp(-w); };
  const Bath cornered(lindwurm::formula("corner", corner, {1.0}), 1.0);
  complains(cornered, 1, 1, "not smooth");
  BOOST_TEST(complaint(cornered, 1.001) == "");
  BOOST_TEST(complaint(drude, 3) == "");
  BOOST_CHECK_THROW((void)bloch_generator(bloch_rates(drude, 1), 3), InputError);
}

BOOST_AUTO_TEST_SUITE_END()
