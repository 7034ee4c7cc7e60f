// Chebyshev series against the matrix exponential and against what can be written down.
#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/solve/evolve.hpp"
#include "oracle/comparison.hpp"
#include "oracle/random_models.hpp"
#include "oracle/storage.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Complex;
using lindwurm::Evolution;
using lindwurm::EvolveMethod;
using lindwurm::EvolveOptions;
using lindwurm::Expression;
using lindwurm::InputError;
using lindwurm::Liouvillian;
using lindwurm::Model;
using lindwurm::Space;
using oracle::Matrix;
using oracle::ReferenceModel;

BOOST_AUTO_TEST_SUITE(chebyshev)

static const EvolveOptions usual{.method = EvolveMethod::chebyshev};

static Matrix final_state(const Model& model, const Matrix& rho, const std::vector<double>& times,
                          const EvolveOptions& options = usual) {
  const Liouvillian liouvillian = oracle::hold(model);
  const Evolution run = evolve(liouvillian, lindwurm::pack(rho, liouvillian), times, options);
  BOOST_TEST(run.statistics.method == "chebyshev");
  return lindwurm::unpack(run.final_state, liouvillian.basis());
}

static const std::vector<std::vector<double>> spans{
    {0, 2}, {0, 0.01, 0.5, 0.500001, 3}, {0, 60}, {-1.5, 7.25}};

static void check_final_states(const ReferenceModel& model) {
  std::mt19937 random(18);
  const Matrix rho = oracle::random_state(model.dimension(), random);
  for (const auto& times : spans) {
    const Matrix expected = oracle::evolve(model.liouvillian(0), rho, times.back() - times.front());
    BOOST_TEST(oracle::distance(final_state(model.model, rho, times), expected) <= 1e-9,
               "to " << times.back());
  }
}

BOOST_DATA_TEST_CASE(models_follow_the_matrix_exponential,
                     data::make(oracle::small_constant_models()), model) {
  check_final_states(model);
}

BOOST_DATA_TEST_CASE(random_models_follow_the_matrix_exponential, data::xrange(800u, 815u), seed) {
  const ReferenceModel model = oracle::random_model(seed);
  BOOST_TEST_CONTEXT(model.name) { check_final_states(model); }
}

BOOST_AUTO_TEST_CASE(observables_at_many_times) {
  const ReferenceModel& model = oracle::model_named("complex_couplings");
  std::mt19937 random(19);
  const Matrix rho = oracle::random_state(model.dimension(), random);
  std::vector<double> times;
  for (int k = 0; k <= 40; ++k)
    times.push_back(0.3 * k + 0.1 * std::sin(k));
  EvolveOptions options = usual;
  options.observe = {{"exchange", Expression::parse("a(mode)*sp(q)")},
                     {"n", Expression::parse("n(mode)")}};
  const Liouvillian liouvillian = oracle::hold(model.model);
  const Evolution run = evolve(liouvillian, lindwurm::pack(rho, liouvillian), times, options);
  const Matrix exchange = oracle::kron(oracle::raising(), oracle::annihilation(4));
  const Matrix n = oracle::kron(oracle::identity(2), oracle::number(4));
  Matrix state = rho;
  for (std::size_t k = 0; k < times.size(); ++k) {
    if (k > 0) state = oracle::evolve(model.liouvillian(0), state, times[k] - times[k - 1]);
    BOOST_TEST(std::abs(run.values[0][k] - (exchange * state).trace()) < 1e-9);
    BOOST_TEST(std::abs(run.values[1][k] - (n * state).trace()) < 1e-9);
  }
}

// Uneven times from close together to far apart.
static std::vector<double> uneven_times() {
  std::vector<double> times{0};
  for (double step : {1e-9, 1e-3, 0.2, 0.2001, 1.0, 1.5, 20.0, 20.5, 21.0, 90.0, 90.25})
    times.push_back(step);
  return times;
}

static Evolution run_from(const Model& model,
                          const std::map<std::string, std::vector<std::string>>& states,
                          const std::vector<double>& times, lindwurm::Observables observe) {
  const auto start = product_state(model.space, states);
  const Liouvillian liouvillian = oracle::hold(model, start, times);
  EvolveOptions options = usual;
  options.observe = std::move(observe);
  Evolution run = evolve(liouvillian, lindwurm::pack(start, liouvillian), times, options);
  BOOST_TEST(run.statistics.method == "chebyshev");
  return run;
}

// Larger than what is looked at in whole: all these times share a few series. Loss alone keeps a
// coherent state coherent, <a> = alpha exp(-(i w + kappa/2) t).
BOOST_AUTO_TEST_CASE(output_times_share_series) {
  Model model(Space{lindwurm::oscillator("m", 36)});
  model.hamiltonian = Expression::parse("1.7*n(m)");
  model.add({Expression::parse("a(m)"), 0.04});
  const auto times = uneven_times();
  const Evolution run =
      run_from(model, {{"m", {"coherent(1.5)"}}}, times,
               {{"a", Expression::parse("a(m)")}, {"n", Expression::parse("n(m)")}});
  BOOST_TEST(run.statistics.steps < static_cast<long>(times.size()) * 6);
  for (std::size_t k = 0; k < times.size(); ++k) {
    const double t = times[k];
    BOOST_TEST(std::abs(run.values[0][k] - 1.5 * std::exp(Complex(-0.02, -1.7) * t)) < 1e-9,
               "t = " << t);
    BOOST_TEST(std::abs(run.values[1][k] - 2.25 * std::exp(-0.04 * t)) < 1e-9, "t = " << t);
  }
}

// One photon in three lossy cavities: the populations are |exp(-i (h - i kappa/2) t)_k0|^2 of the
// 3 x 3 matrix of hopping amplitudes.
BOOST_AUTO_TEST_CASE(a_photon_hops) {
  Model model(Space{lindwurm::oscillators("c", 6, 2)});
  model.hamiltonian =
      Expression::parse("0.4*(ad(c[k])*a(c[k+1]) + dag(ad(c[k])*a(c[k+1]))) + 0.3*n(c[2])");
  model.add({Expression::parse("a(c)"), 0.1});
  model.add({Expression::parse("a(c[1])"), 0.2});
  const auto times = uneven_times();
  const Evolution run = run_from(
      model, {{"c", {"fock(1)", "fock(0)", "fock(0)", "fock(0)", "fock(0)", "fock(0)"}}}, times,
      {{"first", Expression::parse("n(c[0])")}, {"third", Expression::parse("n(c[2])")}});
  Matrix h = Matrix::Zero(6, 6);
  for (int k = 0; k < 5; ++k)
    h(k, k + 1) = h(k + 1, k) = 0.4;
  h(2, 2) = 0.3;
  h -= oracle::i * 0.05 * oracle::identity(6);
  h(1, 1) -= oracle::i * 0.1;
  for (std::size_t k = 0; k < times.size(); ++k) {
    const Matrix propagator = oracle::exponential(-oracle::i * h * times[k]);
    BOOST_TEST(std::abs(run.values[0][k] - std::norm(propagator(0, 0))) < 1e-9);
    BOOST_TEST(std::abs(run.values[1][k] - std::norm(propagator(2, 0))) < 1e-9);
  }
}

static const std::vector<std::string> swept{"driven_spin", "jaynes_cummings", "complex_couplings",
                                            "sandwiched_spins"};

BOOST_DATA_TEST_CASE(errors_stay_below_rtol, data::make(swept), name) {
  const ReferenceModel& model = oracle::model_named(name);
  std::mt19937 random(32);
  const Matrix rho = oracle::random_state(model.dimension(), random);
  const Matrix expected = oracle::evolve(model.liouvillian(0), rho, 5);
  double before = 1;
  for (double rtol : {1e-4, 1e-6, 1e-8, 1e-10, 1e-12}) {
    EvolveOptions options = usual;
    options.rtol = rtol;
    const double error = oracle::distance(final_state(model.model, rho, {0, 5}, options), expected);
    BOOST_TEST(error < rtol, "rtol " << rtol << " error " << error);
    // Down to rounding.
    BOOST_TEST(error < std::max(before, 1e-13), error << " after " << before);
    before = error;
  }
}

BOOST_DATA_TEST_CASE(stiff_models, data::make({1e2, 1e4}) * data::make({0.1, 3.0}), rate, end) {
  Model model(Space{lindwurm::spins("s", 2)});
  model.hamiltonian = Expression::parse("0.6*sx(s) + 0.2*sx(s[0])*sx(s[1])");
  model.add({Expression::parse("sm(s[0])"), rate});
  model.add({Expression::parse("sz(s)"), 0.1});
  const std::vector<int> two{2, 2};
  const auto on = [&](const Matrix& a, int site) { return oracle::embed(a, site, two); };
  const Matrix x0 = on(oracle::pauli_x(), 0);
  const Matrix x1 = on(oracle::pauli_x(), 1);
  const Matrix l =
      oracle::liouvillian(0.6 * (x0 + x1) + 0.2 * x0 * x1, {{rate, on(oracle::lowering(), 0)},
                                                            {0.1, on(oracle::pauli_z(), 0)},
                                                            {0.1, on(oracle::pauli_z(), 1)}});
  std::mt19937 random(33);
  const Matrix rho = oracle::random_state(4, random);
  BOOST_TEST(oracle::distance(final_state(model, rho, {0, end}), oracle::evolve(l, rho, end)) <=
             1e-9);
}

BOOST_AUTO_TEST_CASE(nothing_happens_without_an_equation) {
  std::mt19937 random(34);
  for (int d : {1, 5}) {
    const Model model(Space{lindwurm::level_site("v", d)});
    const Matrix rho = oracle::random_state(d, random);
    BOOST_TEST(oracle::distance(final_state(model, rho, {0, 1, 1e3}), rho) < 1e-11);
  }
}

// A phase after 1e4 radians.
BOOST_AUTO_TEST_CASE(an_undamped_spin_turns_for_long) {
  Model model(Space{lindwurm::spin("q")});
  model.hamiltonian = Expression::parse("1.3/2*sz(q)");
  const double end = 1e4 / 1.3;
  const Evolution run = run_from(model, {{"q", {"up_x"}}}, {0, 0.25 * end, end},
                                 {{"sx", Expression::parse("sx(q)")}});
  BOOST_TEST(std::abs(run.values[0][1] - std::cos(2500.0)) < 1e-9);
  BOOST_TEST(std::abs(run.values[0][2] - std::cos(1e4)) < 1e-9);
}

BOOST_AUTO_TEST_CASE(an_undamped_chain_keeps_its_purity) {
  Model model(Space{lindwurm::spins("s", 3)});
  model.hamiltonian = Expression::parse("0.3*sz(s) + 0.5*sx(s[k])*sx(s[k+1]) + 0.2*sy(s[1])");
  Matrix h = Matrix::Zero(8, 8);
  const std::vector<int> three{2, 2, 2};
  for (int k = 0; k < 3; ++k)
    h += 0.3 * oracle::embed(oracle::pauli_z(), k, three);
  for (int k = 0; k < 2; ++k) {
    h += 0.5 * oracle::embed(oracle::pauli_x(), k, three) *
         oracle::embed(oracle::pauli_x(), k + 1, three);
  }
  h += 0.2 * oracle::embed(oracle::pauli_y(), 1, three);
  std::mt19937 random(35);
  const oracle::Vector psi = oracle::random_matrix(8, random).col(0).normalized();
  const oracle::Vector later = oracle::exponential(-oracle::i * h * 400.0) * psi;
  const Matrix found = final_state(model, psi * psi.adjoint(), {0, 400});
  BOOST_TEST(oracle::distance(found, later * later.adjoint()) <= 1e-9);
}

BOOST_AUTO_TEST_CASE(adams_at_a_tight_tolerance_agrees) {
  const ReferenceModel model = oracle::oscillator_spin_bath(6, 2);
  const auto start =
      product_state(model.model.space, {{"mode", {"fock(1)"}}, {"bath", {"down_x"}}});
  const Liouvillian liouvillian = oracle::hold(model.model, start);
  const auto initial = lindwurm::pack(start, liouvillian);
  const std::vector<double> times{0, 2, 15};
  const Evolution series = evolve(liouvillian, initial, times, usual);
  const Evolution adams = evolve(liouvillian, initial, times,
                                 {.method = EvolveMethod::adams, .rtol = 1e-11, .atol = 1e-13});
  BOOST_TEST(oracle::distance(lindwurm::unpack(series.final_state, liouvillian.basis()),
                              lindwurm::unpack(adams.final_state, liouvillian.basis())) < 1e-8);
  // A fraction of the products.
  BOOST_TEST(series.statistics.rhs_evaluations < adams.statistics.rhs_evaluations);
}

BOOST_AUTO_TEST_CASE(constant_models_take_it_by_themselves) {
  const ReferenceModel& model = oracle::model_named("jaynes_cummings");
  const Liouvillian liouvillian = oracle::hold(model.model);
  const auto initial = lindwurm::pack(oracle::transition(0, 0, 10), liouvillian);
  BOOST_TEST(evolve(liouvillian, initial, {0, 3}).statistics.method == "chebyshev");
}

BOOST_DATA_TEST_CASE(time_dependent_models_are_refused, data::make(oracle::time_dependent_models()),
                     model) {
  const Liouvillian liouvillian = oracle::hold(model.model);
  const auto initial = lindwurm::pack(oracle::transition(0, 0, model.dimension()), liouvillian);
  BOOST_CHECK_THROW((void)evolve(liouvillian, initial, {0, 1}, usual), InputError);
}

BOOST_AUTO_TEST_CASE(too_many_series_stop_the_run) {
  const ReferenceModel& model = oracle::model_named("driven_spin");
  const Liouvillian liouvillian = oracle::hold(model.model);
  const auto initial = lindwurm::pack(oracle::transition(0, 0, 2), liouvillian);
  EvolveOptions options = usual;
  options.max_steps = 3;
  BOOST_CHECK_THROW((void)evolve(liouvillian, initial, {0, 1e5}, options), lindwurm::Error);
}

BOOST_AUTO_TEST_SUITE_END()
