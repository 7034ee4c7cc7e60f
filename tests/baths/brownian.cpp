// Born-Markov coefficients of an oscillator against published closed forms (Schlosshauer, Hines and
// Milburn 2008) and against integrals over time.
#include "lindwurm/baths/brownian.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

#include "closed_forms.hpp"
#include "lindwurm/backend/error.hpp"

using lindwurm::Bath;
using lindwurm::BathKind;
using lindwurm::Cutoff;
using lindwurm::InputError;
using oracle::Complex;

BOOST_AUTO_TEST_SUITE(brownian)

static const double pi = std::numbers::pi;

static void near(const lindwurm::Estimate<double>& found, double expected) {
  BOOST_TEST(std::abs(found.value - expected) <= 1e-10 * std::abs(expected),
             found.value << " instead of " << expected);
  BOOST_TEST(std::abs(found.value - expected) <= found.error + 1e-14 * std::abs(expected));
}

BOOST_AUTO_TEST_CASE(drude_in_closed_form) {
  const double mass = 1.7;
  const double g0 = 0.03;
  for (double cutoff : {0.9, 20.0, 500.0}) {
    for (double temperature : {0.0, 0.3, 40.0}) {
      for (double w0 : {0.4, 1.0, 6.0}) {
        const auto j = lindwurm::ohmic(2 * mass * g0 / pi, cutoff, Cutoff::drude);
        const double shape = cutoff * cutoff / (cutoff * cutoff + w0 * w0);
        const auto spins = brownian_coefficients(Bath(j, temperature, BathKind::spin), w0, mass);
        near(spins.gamma, g0 * shape * std::tanh(w0 / (2 * temperature)));
        near(spins.D, mass * g0 * w0 * shape);
        near(spins.f, 2 * g0 / pi * shape * std::log(cutoff / w0));
        const auto bosons = brownian_coefficients(Bath(j, temperature), w0, mass);
        near(bosons.gamma, g0 * shape);
        near(bosons.D, mass * g0 * w0 * shape / std::tanh(w0 / (2 * temperature)));
        near(bosons.w2, -2 * g0 * cutoff * shape);
        if (temperature > 0) {
          const oracle::DrudeBath closed{
              .g = 2 * mass * g0 / pi, .cutoff = cutoff, .temperature = temperature};
          const double nu_sin = (closed.half_sided(w0).imag() - closed.half_sided(-w0).imag()) / 2;
          BOOST_TEST(std::abs(bosons.f.value + nu_sin / (mass * w0)) <=
                     1e-10 * std::abs(nu_sin) / (mass * w0) + bosons.f.error);
        }
      }
    }
  }
}

// All four as integrals over time, C(t) ~ (t + i/wc)^(-s-1) at T = 0.
BOOST_AUTO_TEST_CASE(integrals_over_time) {
  const oracle::ExponentialBath closed{.g = 0.2, .cutoff = 3, .s = 3, .temperature = 0};
  const double w0 = 1.3;
  const double mass = 0.6;
  const auto part = [&](auto integrand) {
    // C falls like t^-4: the rest beyond 1000 is smaller than 1e-10 of the whole.
    return (oracle::integral(integrand, 0, 20, 400) + oracle::integral(integrand, 20, 2000, 8000))
        .real();
  };
  const auto c = [&](double t) { return closed.correlation(t); };
  const double nu_cos = part([&](double t) { return Complex(c(t).real() * std::cos(w0 * t)); });
  const double nu_sin = part([&](double t) { return Complex(c(t).real() * std::sin(w0 * t)); });
  const double eta_cos = part([&](double t) { return Complex(-c(t).imag() * std::cos(w0 * t)); });
  const double eta_sin = part([&](double t) { return Complex(-c(t).imag() * std::sin(w0 * t)); });
  const auto found =
      brownian_coefficients(Bath(lindwurm::ohmic(0.2, 3, Cutoff::exponential, 3), 0), w0, mass);
  BOOST_TEST(std::abs(found.D.value - nu_cos) < 1e-8 * std::abs(nu_cos));
  BOOST_TEST(std::abs(found.w2.value + 2 / mass * eta_cos) < 1e-8 * std::abs(eta_cos));
  BOOST_TEST(std::abs(found.gamma.value - eta_sin / (mass * w0)) < 1e-8 * std::abs(eta_sin));
  BOOST_TEST(std::abs(found.f.value + nu_sin / (mass * w0)) < 1e-8 * std::abs(nu_sin));
}

BOOST_AUTO_TEST_CASE(a_classical_force_only_diffuses) {
  const auto j = lindwurm::ohmic(0.3, 4, Cutoff::drude);
  const auto found = brownian_coefficients(Bath(j, 2, BathKind::classical), 1.5, 1);
  BOOST_TEST(found.gamma.value == 0);
  BOOST_TEST(found.w2.value == 0);
  near(found.D, pi / 2 * j(1.5));
}

BOOST_AUTO_TEST_CASE(refusals) {
  const Bath bath(lindwurm::ohmic(0.3, 4, Cutoff::drude), 1);
  BOOST_CHECK_THROW(static_cast<void>(brownian_coefficients(bath, 0, 1)), InputError);
  BOOST_CHECK_THROW(static_cast<void>(brownian_coefficients(bath, 1, -1)), InputError);
  BOOST_CHECK_THROW(static_cast<void>(brownian_coefficients(Bath(lindwurm::flat(1), 0), 1, 1)),
                    InputError);
}

BOOST_AUTO_TEST_SUITE_END()
