// Evolutions that can be written down.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "lindwurm/backend/session.hpp"
#include "lindwurm/solve/evolve.hpp"
#include "oracle/storage.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Complex;
using lindwurm::EvolveMethod;
using lindwurm::EvolveOptions;
using lindwurm::Expression;
using lindwurm::Liouvillian;
using lindwurm::Model;
using lindwurm::Space;

BOOST_AUTO_TEST_SUITE(analytic)

static const std::vector<double> times{0, 0.3, 1, 2.5, 6};
static const std::vector<int> methods{0, 1};

static EvolveOptions precise(int method) {
  return {
      .method = method == 0 ? EvolveMethod::adams : EvolveMethod::bdf, .rtol = 1e-9, .atol = 1e-12};
}

// <observable>(t) of a product state.
static std::vector<Complex> curve(const Model& model, const std::string& site,
                                  const std::string& state, const std::string& observable,
                                  EvolveOptions options) {
  const auto start = product_state(model.space, {{site, {state}}});
  const Liouvillian liouvillian = oracle::hold(model, start, times);
  const auto initial = lindwurm::pack(start, liouvillian);
  options.observe = {{"o", Expression::parse(observable)}};
  return evolve(liouvillian, initial, times, options).values.at(0);
}

template <typename Expected>
static void check(const std::vector<Complex>& found, Expected expected, double tolerance = 1e-7) {
  BOOST_REQUIRE(found.size() == times.size());
  for (std::size_t k = 0; k < times.size(); ++k) {
    BOOST_TEST(std::abs(found[k] - Complex(expected(times[k]))) < tolerance, "t = " << times[k]);
  }
}

// Below the cutoff a damped oscillator loses its quanta exponentially.
BOOST_DATA_TEST_CASE(a_damped_oscillator, data::make(methods), method) {
  Model model(Space{lindwurm::oscillator("m", 8)});
  model.hamiltonian = Expression::parse("2*n(m)");
  model.add({Expression::parse("a(m)"), 0.4});
  check(curve(model, "m", "fock(5)", "n(m)", precise(method)),
        [](double t) { return 5 * std::exp(-0.4 * t); });
  // Loss keeps a coherent state coherent, up to the weight above the cutoff.
  check(
      curve(model, "m", "coherent(0.3)", "a(m)", precise(method)),
      [](double t) { return 0.3 * std::exp(Complex(-0.2, -2) * t); }, 1e-6);
}

BOOST_DATA_TEST_CASE(a_thermal_oscillator, data::make(methods), method) {
  Model model(Space{lindwurm::oscillator("m", 30)});
  const double nth = 0.3;
  model.add({Expression::parse("a(m)"), 0.5 * (nth + 1)});
  model.add({Expression::parse("ad(m)"), 0.5 * nth});
  check(curve(model, "m", "fock(2)", "n(m)", precise(method)),
        [=](double t) { return nth + (2 - nth) * std::exp(-0.5 * t); });
}

BOOST_DATA_TEST_CASE(a_damped_spin, data::make(methods), method) {
  Model model(Space{lindwurm::spin("q")});
  model.hamiltonian = Expression::parse("1.7/2*sz(q)");
  const double down = 0.3;
  const double up = 0.1;
  const double dephasing = 0.05;
  model.add({Expression::parse("sm(q)"), down});
  model.add({Expression::parse("sp(q)"), up});
  model.add({Expression::parse("sz(q)"), dephasing});
  const double z = (up - down) / (up + down);
  check(curve(model, "q", "up", "sz(q)", precise(method)),
        [=](double t) { return z + (1 - z) * std::exp(-(up + down) * t); });
  // <sp>(t) turns with exp(+i w t).
  check(curve(model, "q", "up_x", "sp(q)", precise(method)), [=](double t) {
    return 0.5 * std::exp(Complex(-(up + down) / 2 - 2 * dephasing, 1.7) * t);
  });
}

BOOST_DATA_TEST_CASE(rabi_oscillations, data::make(methods), method) {
  Model model(Space{lindwurm::spin("q")});
  const double detuning = 0.8;
  const double drive = 1.5;
  model.hamiltonian = Expression::parse("0.8/2*sz(q) + 1.5/2*sx(q)");
  const double frequency = std::hypot(detuning, drive);
  check(curve(model, "q", "down", "proj(q, 0)", precise(method)),
        [=](double t) { return std::pow(drive / frequency * std::sin(frequency * t / 2), 2); });
}

// H = f(t) sz/2 with f = cos t only turns the phase, by sin t.
BOOST_DATA_TEST_CASE(a_modulated_phase, data::make(methods), method) {
  Model model(Space{lindwurm::spin("q")});
  model.hamiltonian = Expression::parse("3*cos(t)/2*sz(q)");
  check(curve(model, "q", "up_x", "sx(q)", precise(method)),
        [](double t) { return std::cos(3 * std::sin(t)); });
  check(curve(model, "q", "up_x", "sy(q)", precise(method)),
        [](double t) { return std::sin(3 * std::sin(t)); });
}

// A rotating field stands still in the frame that turns with it.
BOOST_DATA_TEST_CASE(a_rotating_drive, data::make(methods), method) {
  Model model(Space{lindwurm::spin("q")});
  model.hamiltonian =
      Expression::parse("1/2*sz(q) + 0.4*(exp(-0.7*i*t)*sp(q) + dag(exp(-0.7*i*t)*sp(q)))");
  const double detuning = 1 - 0.7;
  const double frequency = std::hypot(detuning, 0.8);
  check(curve(model, "q", "down", "proj(q, 0)", precise(method)),
        [=](double t) { return std::pow(0.8 / frequency * std::sin(frequency * t / 2), 2); });
}

// A driven damped oscillator: d<a>/dt = -(i w + kappa/2) <a> - i F exp(-i nu t).
BOOST_AUTO_TEST_CASE(a_driven_oscillator) {
  Model model(Space{lindwurm::oscillator("m", 16)});
  model.hamiltonian = Expression::parse("n(m) + 0.1*(exp(-0.8*i*t)*ad(m) + exp(0.8*i*t)*a(m))");
  model.add({Expression::parse("a(m)"), 0.3});
  const Complex pole(-0.15, -1);
  check(curve(model, "m", "fock(0)", "a(m)", precise(0)), [=](double t) {
    const Complex drive(0, -0.8);
    return Complex(0, -0.1) * (std::exp(drive * t) - std::exp(pole * t)) / (drive - pole);
  });
}

BOOST_DATA_TEST_CASE(a_rate_that_depends_on_time, data::make(methods), method) {
  Model model(Space{lindwurm::spin("q")});
  model.add({Expression::parse("sm(q)"), Expression::parse("0.5*(1 + cos(t))")});
  check(curve(model, "q", "up", "proj(q, 0)", precise(method)),
        [](double t) { return std::exp(-0.5 * (t + std::sin(t))); });
}

// A pulse much shorter than the time before it must not be stepped over.
BOOST_DATA_TEST_CASE(a_short_pulse, data::make(methods), method) {
  Model model(Space{lindwurm::spin("q")});
  model.hamiltonian = Expression::parse("2*exp(-((t - 4)/0.1)^2)*sx(q)");
  const double angle = 2 * 2 * 0.1 * std::sqrt(std::acos(-1.0));
  const auto found = curve(model, "q", "down", "proj(q, 0)", precise(method));
  BOOST_TEST(std::abs(found.back() - std::pow(std::sin(angle / 2), 2)) < 1e-6);
}

// Superradiance of two spins: |up up> passes through the symmetric state, both steps at 2 gamma.
BOOST_DATA_TEST_CASE(superradiance, data::make(methods), method) {
  Model model(Space{lindwurm::spins("s", 2)});
  model.add({.op = Expression::parse("sm(s)"), .rate = 0.5, .collective = true});
  check(curve(model, "s", "up", "proj(s, 0)", precise(method)),
        [](double t) { return std::exp(-1.0 * t) * (2 + 1.0 * t); });
}

BOOST_AUTO_TEST_SUITE_END()
