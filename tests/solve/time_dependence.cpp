// Coefficients that depend on time: nothing they do is stepped over, and corners cost no digits.
// H = f(t) sx turns a spin by the angle 2 F, F the integral of f: <sz> = cos 2F, <sy> = -sin 2F
// from "up".
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <numbers>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/solve/correlation.hpp"
#include "lindwurm/solve/evolve.hpp"
#include "lindwurm/solve/trajectories.hpp"
#include "oracle/everything.hpp"
#include "oracle/storage.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Complex;
using lindwurm::EvolveMethod;
using lindwurm::EvolveOptions;
using lindwurm::Expression;
using lindwurm::InputError;
using lindwurm::KetGenerator;
using lindwurm::Liouvillian;
using lindwurm::Model;
using lindwurm::Space;
using lindwurm::TimeBehaviour;

BOOST_AUTO_TEST_SUITE(time_dependence)

namespace {

constexpr double pi = std::numbers::pi;

struct Drive {
  std::string text;
  std::vector<double> times;
  std::function<double(double)> integral;
};

std::ostream& operator<<(std::ostream& out, const Drive& drive) { return out << drive.text; }

std::vector<double> evenly(double from, double to, int points) {
  std::vector<double> times;
  for (int k = 0; k < points; ++k)
    times.push_back(from + (to - from) * k / (points - 1));
  return times;
}

// From 0 to t, of a function given over one period.
std::function<double(double)> periodic(double period, std::function<double(double)> over_one) {
  return [=](double t) {
    const double whole = std::floor(t / period);
    return whole * over_one(period) + over_one(t - whole * period);
  };
}

double gauss(double t, double centre, double width) {
  const auto part = [&](double x) {
    return std::sqrt(pi) / 2 * width * std::erf((x - centre) / width);
  };
  return part(t) - part(0);
}

const std::vector<Drive>& drives() {
  static const std::vector<Drive> all{
      {"1 - 2*step(mod(t, 1) - 0.5)", evenly(0, 50, 51),
       periodic(1, [](double t) { return t < 0.5 ? t : 1 - t; })},
      {"1 - 2*step(mod(t, 1) - 0.5)",
       {0, 0.3, 0.5, 0.6, 17.25, 30.111},
       periodic(1, [](double t) { return t < 0.5 ? t : 1 - t; })},
      {"5*step(t - 0.5)*step(0.9995 - t)", evenly(0, 1, 1001),
       [](double t) { return 5 * std::clamp(t - 0.5, 0.0, 0.4995); }},
      {"step(t - 705.2)*step(707.2 - t)", evenly(0, 1000, 101),
       [](double t) { return std::clamp(t - 705.2, 0.0, 2.0); }},
      {"step(t - 705.2)*step(705.3 - t)",
       {0, 1000},
       [](double t) { return std::clamp(t - 705.2, 0.0, 0.1); }},
      {"exp(-((t - 612.3)/0.01)^2)*40",
       {0, 1000},
       [](double t) { return 40 * gauss(t, 612.3, 0.01); }},
      {"exp(-(t - 5)^2/0.02) + 3*exp(-(t - 900.5)^2/0.0002)",
       {0, 450, 1000},
       [](double t) {
         return gauss(t, 5, std::sqrt(0.02)) + 3 * gauss(t, 900.5, std::sqrt(0.0002));
       }},
      {"0.05/(10*35/128)/2*sin(pi*t/10)^8", {0, 1000}, [](double t) { return 0.05 / 20 * t; }},
      {"exp(-((mod(t, 7) - 3.5)/0.05)^2)",
       {0, 35, 140},
       [](double t) { return t / 7 * std::sqrt(pi) * 0.05; }},
      {"min(max(t - 1, 0), 1)",
       {0, 0.7, 1, 1.5, 2, 9},
       [](double t) {
         const double x = std::clamp(t - 1, 0.0, 1.0);
         return x * x / 2 + std::max(t - 2, 0.0);
       }},
      {"abs(sin(t))", {0, 1, 3, 7, 40}, periodic(pi, [](double t) { return 1 - std::cos(t); })},
      {"floor(t/2)/5",
       {0, 1, 2, 3, 11.5},
       [](double t) {
         const double k = std::floor(t / 2);
         return (k * (k - 1) + k * (t - 2 * k)) / 5;
       }},
      {"abs((t - 3)^2)/9", {0, 3, 6}, [](double t) { return (std::pow(t - 3, 3) + 27) / 27; }},
      {"step(-(t - 3)^2) + 0.1", {0, 3, 6}, [](double t) { return 0.1 * t; }},
      {"(-1)^floor(3*t)",
       {0, 0.5, 10},
       periodic(2.0 / 3, [](double t) { return t < 1.0 / 3 ? t : 2.0 / 3 - t; })},
      {"cos(20*t)*2 + 1", {0, 1, 31.7}, [](double t) { return std::sin(20 * t) / 10 + t; }},
      {"2*t*cos(t^2)", {0, 3, 12}, [](double t) { return std::sin(t * t); }},
      {"1e3/cosh(1e3*(t - 77.7))^2",
       {0, 50, 100},
       [](double t) { return std::tanh(1e3 * (t - 77.7)) + std::tanh(1e3 * 77.7); }},
      {"sqrt(max(t - 1, 0))",
       {0, 1, 2, 5},
       [](double t) { return 2.0 / 3 * std::pow(std::max(t - 1, 0.0), 1.5); }},
  };
  return all;
}

Model driven(const std::string& text) {
  Model model(Space{lindwurm::spin("q")});
  model.hamiltonian = Expression::parse("(" + text + ")*sx(q)");
  return model;
}

EvolveOptions observing(EvolveOptions options = {}) {
  options.observe = {{"y", Expression::parse("sy(q)")}, {"z", Expression::parse("sz(q)")}};
  return options;
}

template <typename Run>
void check(const Run& run, const std::vector<double>& times,
           const std::function<double(double)>& integral, double tolerance = 1e-6) {
  BOOST_REQUIRE(run.values[0].size() == times.size());
  for (std::size_t k = 0; k < times.size(); ++k) {
    const double angle = 2 * integral(times[k]);
    BOOST_TEST(std::abs(run.values[0][k] + std::sin(angle)) < tolerance, "t = " << times[k]);
    BOOST_TEST(std::abs(run.values[1][k] - std::cos(angle)) < tolerance, "t = " << times[k]);
  }
}

lindwurm::Evolution evolve_density(const Model& model, const std::vector<double>& times,
                                   const EvolveOptions& options) {
  const auto start = product_state(model.space, {{"q", {"up"}}});
  const Liouvillian liouvillian = oracle::hold(model, start, {times.front(), times.back()});
  return evolve(liouvillian, lindwurm::pack(start, liouvillian), times, options);
}

}  // namespace

BOOST_DATA_TEST_CASE(density_operators_follow_every_drive, data::make(drives()), drive) {
  check(evolve_density(driven(drive.text), drive.times, observing()), drive.times, drive.integral);
}

BOOST_DATA_TEST_CASE(by_steps_alone_as_well, data::make(drives()) * data::make({false, true}),
                     drive, uses_bdf) {
  if (uses_bdf && drive.times.back() > 100) return;
  const auto run =
      evolve_density(driven(drive.text), drive.times,
                     observing({.method = uses_bdf ? EvolveMethod::bdf : EvolveMethod::adams,
                                .rtol = uses_bdf ? 1e-9 : 1e-8}));
  check(run, drive.times, drive.integral, uses_bdf ? 1e-4 : 1e-6);
}

BOOST_DATA_TEST_CASE(kets_follow_every_drive, data::make(drives()), drive) {
  const Model model = driven(drive.text);
  const auto start = product_state(model.space, {{"q", {"up"}}});
  const auto ket = ket_of(start, model.space);
  const KetGenerator generator =
      oracle::hold_kets(model, ket, {drive.times.front(), drive.times.back()});
  check(evolve(generator, pack(ket, generator), drive.times, observing()), drive.times,
        drive.integral, 2e-6);
}

// Without a jump: the rate is 0 where the spin is, or all the time.
BOOST_DATA_TEST_CASE(trajectories_follow_every_drive, data::make(drives()), drive) {
  Model model = driven(drive.text);
  model.add({Expression::parse("id(q)"), Expression::parse("0.05*step(sin(t) - 0.5)"), false});
  const auto start = product_state(model.space, {{"q", {"up"}}});
  const auto run = lindwurm::evolve_trajectories(
      model, start, drive.times, observing(), {.count = 2}, {lindwurm::Storage::matrix_free, true},
      lindwurm::Session::communicator());
  // Each jump, of the identity, starts CVODE anew.
  check(run, drive.times, drive.integral, 5e-6);
}

// A rate that is on in windows: the population falls exponentially there alone.
BOOST_AUTO_TEST_CASE(rates_have_corners) {
  Model model(Space{lindwurm::spin("q")});
  model.add({Expression::parse("sm(q)"), Expression::parse("2*step(t - 1.3)*step(1.7 - t)")});
  EvolveOptions options;
  options.observe = {{"p", Expression::parse("n_up(q)")}};
  const std::vector<double> times{0, 1, 1.5, 2, 300};
  const auto run = evolve_density(model, times, options);
  for (std::size_t k = 0; k < times.size(); ++k) {
    const double on = std::clamp(times[k] - 1.3, 0.0, 0.4);
    BOOST_TEST(std::abs(run.values[0][k] - std::exp(-2 * on)) < 1e-8);
  }
}

// <sm(t + tau) sp(t)>-like functions of a model with corners: sz commutes with H = f(t) sz.
BOOST_AUTO_TEST_CASE(correlations_have_corners) {
  Model model(Space{lindwurm::spin("q")});
  model.hamiltonian = Expression::parse("(1 - 2*step(mod(t, 1) - 0.5))*sz(q)");
  const std::vector<double> delays = evenly(0, 9, 37);
  const auto master = std::make_shared<const lindwurm::MasterEquation>(
      model, lindwurm::Session::communicator(), std::vector<double>{0, 10});
  const auto equation = std::make_shared<const lindwurm::OperatorEquation>(master);
  const Liouvillian liouvillian(master);
  const auto start = product_state(model.space, {{"q", {"up"}}});
  const auto rho = lindwurm::pack(start, liouvillian);
  const auto sum = [&](const char* text) {
    return sum_over_members(Expression::parse(text), model.space);
  };
  const auto found =
      lindwurm::correlate(equation, {sum("sp(q)"), sum("sm(q)"), sum("id(q)")},
                          {rho, liouvillian.basis(), oracle::everything, 0.25, false},
                          {.delays = delays, .is_connected = false});
  const auto integral = periodic(1, [](double t) { return t < 0.5 ? t : 1 - t; });
  for (std::size_t k = 0; k < delays.size(); ++k) {
    const double phase = 2 * (integral(0.25 + delays[k]) - integral(0.25));
    BOOST_TEST(std::abs(found.values[k] - std::exp(Complex(0, phase))) < 1e-6);
  }
}

// C++ functions that tell when they jump are as good as formulas.
BOOST_AUTO_TEST_CASE(cpp_functions_that_tell_their_corners) {
  Model model(Space{lindwurm::spin("q")});
  model.hamiltonian =
      Expression(
          "window", [](double t) { return Complex(t >= 705.2 && t < 707.2 ? 1.0 : 0.0); },
          TimeBehaviour{.breakpoints = {705.2, 707.2}, .shortest_time = 1}) *
      lindwurm::words::sx("q");
  const std::vector<double> times{0, 706, 1000};
  check(evolve_density(model, times, observing()), times,
        [](double t) { return std::clamp(t - 705.2, 0.0, 2.0); });
}

BOOST_AUTO_TEST_CASE(cpp_functions_of_one_text_are_not_mistaken_for_each_other) {
  Model model(Space{lindwurm::spin("q")});
  model.hamiltonian =
      Expression("f", [](double t) { return Complex(std::cos(t)); }) * lindwurm::words::sx("q") +
      Expression("f", [](double t) { return Complex(0.5 - std::cos(t)); }) *
          lindwurm::words::sx("q");
  const std::vector<double> times{0, 1, 4};
  check(evolve_density(model, times, observing()), times, [](double t) { return 0.5 * t; });
}

BOOST_AUTO_TEST_CASE(hamiltonians_are_hermitian_at_all_times) {
  const auto make = [](const std::string& h, double to) {
    Model model(Space{lindwurm::oscillator("m", 4)});
    model.hamiltonian = Expression::parse(h);
    static_cast<void>(lindwurm::MasterEquation(model, lindwurm::Session::communicator(), {0, to}));
  };
  for (const std::string h :
       {"n(m) + i*step(t - 2.5)*step(2.9 - t)*x(m)", "n(m) + i*exp(-((t - 1.234)/1e-3)^2)*x(m)",
        "n(m) + exp(i*t)*a(m) + exp(-1.0001*i*t)*ad(m)", "exp(i*t)*x(m)", "sqrt(2 - t)*x(m)",
        "log(t + 1e-300)*x(m)/t", "1/(t - 1)*x(m)"})
    BOOST_CHECK_THROW(make(h, 4), InputError);
  for (const std::string h :
       {"n(m) + exp(i*t)*a(m) + exp(-i*t)*ad(m)", "(exp(i*t) + exp(-i*t))*x(m)",
        "cos(t)*x(m) - sin(t)^2*n(m)", "exp(i*(t - 3)^2)*a(m) + dag(exp(i*(t - 3)^2)*a(m))",
        "exp(2*i*t)*a(m) + (cos(2*t) - i*sin(2*t))*ad(m)", "sqrt(4 - t)*x(m)",
        "(a(m)*exp(i*t) + ad(m)*exp(-i*t))^2"})
    BOOST_CHECK_NO_THROW(make(h, 4));
}

BOOST_AUTO_TEST_CASE(rates_are_numbers_that_are_not_negative_at_all_times) {
  const auto make = [](const std::string& rate, double to) {
    Model model(Space{lindwurm::spin("q")});
    model.add({Expression::parse("sm(q)"), Expression::parse(rate)});
    static_cast<void>(lindwurm::MasterEquation(model, lindwurm::Session::communicator(), {0, to}));
  };
  for (const std::string rate :
       {"1 - 2*step(t - 2.5)*step(2.50001 - t)", "1 - 1.01*exp(-((t - 1.234)/1e-4)^2)",
        "cos(t)^2 - 1e-6", "i*step(t - 3.99)", "1/t", "log(t + 1)/(t - 2)"})
    BOOST_CHECK_THROW(make(rate, 4), InputError);
  for (const std::string rate : {"1 - sin(t)^2", "abs(sin(t))", "(1 - t)^2", "exp(i*t)*exp(-i*t)",
                                 "step(t - 1)", "max(0, sin(9*t))"})
    BOOST_CHECK_NO_THROW(make(rate, 4));
}

// exp(-integral) of an excitation that decays at this rate.
static void check_decay(const std::string& rate, double to, double integral) {
  Model model(Space{lindwurm::spin("q")});
  model.add({Expression::parse("sm(q)"), Expression::parse(rate)});
  EvolveOptions options;
  options.observe = {{"p", Expression::parse("n_up(q)")}};
  const auto run = evolve_density(model, {0, to}, options);
  BOOST_TEST(std::abs(run.values[0][1] - std::exp(-integral)) < 1e-7, rate);
}

// What comes nearer to a threshold than numbers can tell, from above, stays above it.
BOOST_AUTO_TEST_CASE(what_decays_towards_a_corner_does_not_cross_it) {
  const std::vector<std::pair<std::string, double>> rates{
      {"step(1 - tanh(20*t))", 4.0},  {"floor(2 + exp(-20*t))", 8.0},
      {"mod(1 + exp(-5*t), 1)", 0.2}, {"floor(1 + exp(-((t - 1)/0.1)^2))", 4.0},
      {"step(exp(-50*t))", 4.0},      {"1 - step(-exp(-50*t))", 4.0},
      {"floor(2 - exp(-50*t))", 4.0}, {"floor(3 - 0.5*(1 + tanh(20*(t - 1))))", 8.0}};
  for (const auto& [rate, integral] : rates)
    check_decay(rate, 4, integral);
}

// Arguments that are equal, or at a corner, all along.
BOOST_AUTO_TEST_CASE(what_stays_at_a_corner) {
  const std::vector<std::pair<std::string, double>> rates{
      {"abs(0.5*exp(-t) - (0.25 + 0.25)*exp(-t))", 0.0},
      {"max(0, 0.5*cos(t) - (0.2 + 0.3)*cos(t))", 0.0},
      {"abs(sin(t)^2 + cos(t)^2 - 1)", 0.0},
      {"max(t, t)", 8.0},
      {"max(0.5*exp(-t), 0.5*exp(-t))", 0.5 * (1 - std::exp(-4.0))},
      {"max(t, sin(t))", 8.0},
      {"max(mod(t, 1), mod(t, 0.5))", 2.0},
      {"step(t - t)", 4.0},
      {"0.1*sqrt(max(0, 1 - cos(t)^2 - sin(t)^2)) + 0.1", 0.4}};
  for (const auto& [rate, integral] : rates)
    check_decay(rate, 4, integral);
  for (const std::string rate : {"step(sin(t)^2 + cos(t)^2 - 1)", "floor(2 + (t - 1)^9)"})
    BOOST_CHECK_THROW(check_decay(rate, 4, 0), InputError);
}

// Infinite slopes at corners.
BOOST_AUTO_TEST_CASE(roots_at_corners) {
  const double hump = 2.39628046947118450;  // of sqrt(sin(t)): 2 sqrt(2/pi) Gamma(3/4)^2
  check_decay("sqrt(max(0, sin(t)))", 2 * pi, hump);
  check_decay("sqrt(abs(sin(t)))", 2 * pi, 2 * hump);
  check_decay("abs(t - 1)^(1/3)", 4, 0.75 * (1 + std::pow(3.0, 4.0 / 3)));
  check_decay("real((1 - t)^1.5)", 4, 0.4);
}

// Many periods: each adds its error.
BOOST_AUTO_TEST_CASE(errors_of_many_periods_stay_below_the_accuracy) {
  const std::vector<std::pair<std::string, double>> fields{
      {"mod(t, 1)", 500},
      {"100*exp(-((mod(t, 1) - 0.5)/0.001)^2)", 100 * std::sqrt(pi)},
      {"max(0, sin(2*pi*t))", 1000 / pi},
      {"1 + cos(3*t)", 1000 + std::sin(3000.0) / 3}};
  for (const auto& [field, angle] : fields) {
    Model model(Space{lindwurm::spin("q")});
    model.hamiltonian = Expression::parse(field) * Expression::parse("0.5*sz(q)");
    model.add({Expression::parse("sz(q)"), 1e-12});
    const auto up_x = product_state(model.space, {{"q", {"up_x"}}});
    EvolveOptions options;
    options.observe = {{"x", Expression::parse("sx(q)")}};
    const Liouvillian liouvillian = oracle::hold(model, up_x, {0, 1000});
    const auto run = evolve(liouvillian, lindwurm::pack(up_x, liouvillian), {0, 1000}, options);
    BOOST_TEST(run.statistics.local_errors < options.accuracy);
    BOOST_TEST(std::abs(run.values[0][1] - std::cos(angle)) < options.accuracy, field);
  }
}

// A rate that touches 0 by rounding does not stop the run.
BOOST_AUTO_TEST_CASE(a_rate_that_touches_zero_runs) {
  Model model(Space{lindwurm::spin("q")});
  model.add({Expression::parse("sm(q)"), Expression::parse("1 - sin(t)^2")});
  EvolveOptions options;
  options.observe = {{"p", Expression::parse("n_up(q)")}};
  const std::vector<double> times{0, pi / 2, 3 * pi / 2, 10};
  const auto run = evolve_density(model, times, options);
  for (std::size_t k = 0; k < times.size(); ++k) {
    const double t = times[k];
    BOOST_TEST(std::abs(run.values[0][k] - std::exp(-t / 2 - std::sin(2 * t) / 4)) < 1e-7);
  }
}

// The sum of the estimates is no less than the error, and small where the run is right.
BOOST_AUTO_TEST_CASE(local_errors_add_up_to_the_error) {
  Model model(Space{lindwurm::spin("q")});
  model.hamiltonian = Expression::parse("5*sx(q)");
  const auto error_of = [&](double rtol, double& estimate) {
    const auto run = evolve_density(
        model, {0, 100},
        observing(
            {.method = EvolveMethod::adams, .rtol = rtol, .atol = rtol / 100, .accuracy = 1}));
    estimate = run.statistics.local_errors;
    return std::abs(run.values[1][1] - std::cos(1000.0));
  };
  double loose = 0;
  double tight = 0;
  BOOST_TEST(error_of(1e-5, loose) < loose);
  BOOST_TEST(error_of(1e-10, tight) < tight);
  BOOST_TEST(loose > 1e-3);
  BOOST_TEST(tight < 1e-5);
  BOOST_TEST(evolve_density(driven("cos(t)"), {0, 30}, observing()).statistics.local_errors < 1e-6);
  // Unless the accuracy is set, loose tolerances are lowered on the way.
  const auto run =
      evolve_density(model, {0, 100}, observing({.method = EvolveMethod::adams, .rtol = 1e-5}));
  BOOST_TEST(std::abs(run.values[1][1] - std::cos(1000.0)) < 1e-6);
}

// What is off most of the time takes the products of a constant model.
BOOST_AUTO_TEST_CASE(a_model_that_rests_is_cheap) {
  Model model(Space{lindwurm::spin("q")});
  model.hamiltonian = Expression::parse("0.5*sz(q) + step(t - 90)*step(91 - t)*sx(q)");
  const auto run = evolve_density(model, {0, 200}, observing());
  BOOST_TEST(run.statistics.rhs_evaluations < 1000);
  // A slow drive is not cut into small steps.
  Model slow(Space{lindwurm::spin("q")});
  slow.hamiltonian = Expression::parse("1e-3*cos(1e-3*t)*sx(q)");
  BOOST_TEST(evolve_density(slow, {0, 1000}, observing()).statistics.steps < 200);
}

BOOST_AUTO_TEST_SUITE_END()
