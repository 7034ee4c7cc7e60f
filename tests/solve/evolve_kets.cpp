// Evolutions of kets against the eigenvectors of H and against closed formulas.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/solve/evolve.hpp"
#include "oracle/comparison.hpp"
#include "oracle/random_models.hpp"
#include "oracle/storage.hpp"

namespace data = boost::unit_test::data;
using lindwurm::EvolveMethod;
using lindwurm::EvolveOptions;
using lindwurm::Expression;
using lindwurm::InputError;
using lindwurm::KetEvolution;
using lindwurm::KetGenerator;
using lindwurm::Model;
using lindwurm::ProductKet;
using lindwurm::Space;
using oracle::ClosedModel;
using oracle::Complex;
using oracle::Matrix;
using oracle::Vector;

BOOST_AUTO_TEST_SUITE(evolve_kets)

static Model written(const Space& space, const std::string& h) {
  Model model(space);
  model.hamiltonian = Expression::parse(h);
  return model;
}

static std::vector<double> evenly(double from, double to, int points) {
  std::vector<double> times;
  for (int k = 0; k < points; ++k)
    times.push_back(from + (to - from) * k / (points - 1));
  return times;
}

static const std::vector<std::vector<double>> spans{
    {0, 2}, {0, 0.01, 0.5, 0.500001, 3}, {0, 60}, {-1.5, 7.25}, {4}};

static void check_final_kets(const ClosedModel& model, EvolveMethod method, double tolerance) {
  const KetGenerator generator = oracle::hold_kets(model.model);
  std::mt19937 random(18);
  const Vector psi = oracle::random_ket(model.dimension(), random);
  for (const auto& times : spans) {
    const KetEvolution run = evolve(generator, pack(psi, generator), times, {.method = method});
    const Vector expected = oracle::evolve_ket(model.h, psi, times.back() - times.front());
    const Vector found = unpack_ket(run.final_state, generator.basis());
    BOOST_TEST((found - expected).norm() <= tolerance, "to " << times.back());
    BOOST_TEST(run.diagnostics.norm_error <= tolerance);
    BOOST_REQUIRE(run.diagnostics.energy_drift.has_value());
    BOOST_TEST(*run.diagnostics.energy_drift <= tolerance * (1 + model.h.norm()));
  }
}

BOOST_DATA_TEST_CASE(random_models_follow_their_eigenvectors, data::xrange(200u, 230u), seed) {
  const ClosedModel model = oracle::random_closed_model(seed);
  BOOST_TEST_CONTEXT(model.name) { check_final_kets(model, EvolveMethod::automatic, 1e-10); }
}

BOOST_DATA_TEST_CASE(random_models_with_adams, data::xrange(230u, 236u), seed) {
  const ClosedModel model = oracle::random_closed_model(seed);
  BOOST_TEST_CONTEXT(model.name) { check_final_kets(model, EvolveMethod::adams, 1e-4); }
}

// Many output times between a few series, close together and far apart.
BOOST_DATA_TEST_CASE(observables_at_many_times, data::xrange(240u, 250u), seed) {
  const ClosedModel model = oracle::random_closed_model(seed);
  BOOST_TEST_CONTEXT(model.name) {
    const KetGenerator generator = oracle::hold_kets(model.model);
    std::mt19937 random(seed);
    const Vector psi = oracle::random_ket(model.dimension(), random);
    auto times = evenly(0, 3, 61);
    for (double t : {3.0001, 3.1, 20.0, 20.3, 47.0})
      times.push_back(t);
    const std::string site = generator.space().site_name(0);
    EvolveOptions options;
    options.observe = {{"h", model.model.hamiltonian},
                       {"p", Expression::parse("proj(" + site + ", 0)")},
                       {"k", Expression::parse("ket(" + site + ", 0, 1)")},
                       {"purity", lindwurm::StateFunction::purity},
                       {"entropy", lindwurm::StateFunction::entropy}};
    const KetEvolution run = evolve(generator, pack(psi, generator), times, options);
    BOOST_TEST(run.statistics.method == "chebyshev");
    const int rest = model.dimension() / generator.space().dimension(0);
    const Matrix one = oracle::identity(rest);
    const int d = generator.space().dimension(0);
    const Matrix p = oracle::kron(oracle::transition(0, 0, d), one);
    const Matrix k = oracle::kron(oracle::transition(0, 1, d), one);
    BOOST_TEST(run.is_hermitian == std::vector<bool>({true, true, false, true, true}),
               boost::test_tools::per_element());
    for (std::size_t j = 0; j < times.size(); ++j) {
      const Vector at_t = oracle::evolve_ket(model.h, psi, times[j]);
      const auto check = [&](int which, Complex expected, double tolerance) {
        BOOST_TEST(std::abs(run.values[which][j] - expected) <= tolerance,
                   which << " at " << times[j]);
      };
      check(0, at_t.dot(model.h * at_t), 1e-10 * (1 + model.h.norm()));
      check(1, at_t.dot(p * at_t), 1e-10);
      check(2, at_t.dot(k * at_t), 1e-10);
      check(3, 1.0, 1e-10);
      check(4, 0.0, 1e-15);
    }
  }
}

static ProductKet product(const Space& space,
                          const std::map<std::string, std::vector<std::string>>& states) {
  return ket_of(product_state(space, states), space);
}

static KetEvolution run_from(const Model& model, const ProductKet& ket,
                             const std::vector<double>& times, EvolveOptions options) {
  const KetGenerator generator = oracle::hold_kets(model, ket, {times.front(), times.back()});
  return evolve(generator, pack(ket, generator), times, options);
}

static Model jaynes_cummings() {
  return written(Space{lindwurm::oscillator("c", 40), lindwurm::spin("s")},
                 "1.3*n(c) + 0.65*sz(s) + 0.2*(ad(c)*sm(s) + a(c)*sp(s))");
}

// P_up = cos^2(g sqrt(n + 1) t), on resonance.
BOOST_AUTO_TEST_CASE(vacuum_rabi_oscillations) {
  const Model model = jaynes_cummings();
  EvolveOptions options;
  options.observe = {{"up", Expression::parse("proj(s, 0)")}, {"n", Expression::parse("n(c)")}};
  for (const int n : {0, 3}) {
    const ProductKet ket =
        product(model.space, {{"c", {"fock(" + std::to_string(n) + ")"}}, {"s", {"up"}}});
    const auto times = evenly(0, 50, 101);
    const KetEvolution run = run_from(model, ket, times, options);
    for (std::size_t j = 0; j < times.size(); ++j) {
      const double up = std::pow(std::cos(0.2 * std::sqrt(n + 1) * times[j]), 2);
      BOOST_TEST(std::abs(run.values[0][j] - up) < 1e-10);
      BOOST_TEST(std::abs(run.values[1][j] - (n + 1 - up)) < 1e-10);
    }
    BOOST_TEST(run.diagnostics.top_levels.size() == 1);
    BOOST_TEST(run.diagnostics.top_levels[0].second < 1e-20);
  }
}

// The sum over the excitations of a coherent state: collapse and the beginning of the revival.
BOOST_AUTO_TEST_CASE(collapse_of_a_coherent_state) {
  const Model model = jaynes_cummings();
  const ProductKet ket = product(model.space, {{"c", {"coherent(2)"}}, {"s", {"up"}}});
  EvolveOptions options;
  options.observe = {{"sz", Expression::parse("sz(s)")}, {"a", Expression::parse("a(c)")}};
  const auto times = evenly(0, 90, 46);
  const KetEvolution run = run_from(model, ket, times, options);
  for (std::size_t j = 0; j < times.size(); ++j) {
    double sz = 0;
    // The top level has no partner.
    for (int n = 0; n < 40; ++n) {
      const double angle = n == 39 ? 0 : 0.4 * std::sqrt(n + 1.0) * times[j];
      sz += std::norm(ket.sites[0](n)) * std::cos(angle);
    }
    BOOST_TEST(std::abs(run.values[0][j] - sz) < 1e-10);
  }
  BOOST_TEST(std::abs(run.values[1][0] - 2.0) < 1e-9);
  BOOST_TEST(!run.is_hermitian[1]);
}

// H and H + c have the same numbers, and kets that differ by exp(-ict), at the same cost: a series
// resolves the width of the spectrum, wherever it lies.
BOOST_AUTO_TEST_CASE(energies_far_from_zero_cost_nothing) {
  const Space space{lindwurm::oscillator("c", 12), lindwurm::spins("s", 3)};
  const std::string h =
      "0.4*n(c) + 0.7*sz(s) + 0.3*(ad(c)*sm(s) + a(c)*sp(s)) + 0.2*sz(s[0])*sz(s[1])";
  const ProductKet ket =
      product(space, {{"c", {"coherent(0.7 + 0.2*i)"}}, {"s", {"up", "down_y", "up_x"}}});
  EvolveOptions options;
  options.observe = {{"n", Expression::parse("n(c)")}, {"sp", Expression::parse("sp(s[1])")}};
  for (const auto& times : {evenly(0, 7, 8), evenly(0, 7, 1001)}) {
    const KetEvolution at_zero = run_from(written(space, h), ket, times, options);
    const Vector last = unpack_ket(at_zero.final_state, *at_zero.basis);
    for (const double c : {-250.0, 3.5, 1e4}) {
      const KetEvolution run =
          run_from(written(space, h + " + " + std::to_string(c)), ket, times, options);
      BOOST_TEST(std::abs(run.statistics.rhs_evaluations - at_zero.statistics.rhs_evaluations) <=
                 0.02 * static_cast<double>(at_zero.statistics.rhs_evaluations));
      const double rounding = 1e-11 + 1e-14 * std::abs(c);
      for (std::size_t j = 0; j < times.size(); ++j) {
        for (std::size_t k = 0; k < 2; ++k)
          BOOST_TEST(std::abs(run.values[k][j] - at_zero.values[k][j]) < rounding);
      }
      const Vector turned = std::polar(1.0, -7 * c) * last;
      BOOST_TEST((unpack_ket(run.final_state, *run.basis) - turned).norm() < rounding);
      BOOST_REQUIRE(run.diagnostics.energy_drift.has_value());
      BOOST_TEST(*run.diagnostics.energy_drift < rounding * (1 + std::abs(c)));
    }
  }
}

// Excitations of a large energy that all kets share.
BOOST_AUTO_TEST_CASE(rabi_oscillations_of_optical_frequency) {
  const Model model = written(Space{lindwurm::oscillator("c", 20), lindwurm::spin("s")},
                              "1000*n(c) + 500*sz(s) + 0.2*(ad(c)*sm(s) + a(c)*sp(s))");
  const ProductKet ket = product(model.space, {{"c", {"fock(8)"}}, {"s", {"up"}}});
  const auto equation = std::make_shared<const lindwurm::SchroedingerEquation>(
      model, lindwurm::Session::communicator());
  const KetGenerator generator(equation,
                               {oracle::storage_asked_for(), sector_of(ket, equation->charges())});
  EvolveOptions options;
  options.observe = {{"up", Expression::parse("proj(s, 0)")},
                     {"h", Expression::parse("1000*n(c) + 500*sz(s)")}};
  const auto times = evenly(0, 50, 101);
  const KetEvolution run = evolve(generator, pack(ket, generator), times, options);
  BOOST_TEST(run.statistics.rhs_evaluations < 400);
  for (std::size_t j = 0; j < times.size(); ++j) {
    BOOST_TEST(std::abs(run.values[0][j] - std::pow(std::cos(0.6 * times[j]), 2)) < 1e-8);
    BOOST_TEST(std::abs(run.values[1][j] - 8500.0) < 1e-7);
  }
  const Vector last = unpack_ket(run.final_state, generator.basis());
  const Complex phase = std::polar(1.0, std::remainder(-8500.0 * 50, 2 * std::numbers::pi));
  BOOST_TEST(std::abs(last(2 * 8) - phase * std::cos(30.0)) < 1e-7);
  BOOST_TEST(std::abs(last(2 * 9 + 1) + oracle::i * phase * std::sin(30.0)) < 1e-7);
}

// One state alone turns with its energy.
BOOST_AUTO_TEST_CASE(a_sector_of_one_state) {
  const Model model = written(Space{lindwurm::oscillator("c", 5)}, "1234.5*n(c)");
  const ProductKet ket = product(model.space, {{"c", {"fock(3)"}}});
  const KetEvolution run = run_from(model, ket, {0, 0.25, 2}, {});
  const Vector last = unpack_ket(run.final_state, *run.basis);
  BOOST_TEST(std::abs(last(3) - std::polar(1.0, -3 * 1234.5 * 2)) < 1e-10);
}

// Numbers at many times come from those at a few: as few products for ten times as many, and the
// numbers of single evolutions.
BOOST_AUTO_TEST_CASE(a_long_grid_does_not_multiply_the_products) {
  const Model model = written(Space{lindwurm::spins("s", 6)},
                              "0.5*sz(s) + 0.7*(sp(s[k])*sm(s[k+1]) + sm(s[k])*sp(s[k+1]))");
  const ProductKet ket =
      product(model.space, {{"s", {"up", "down", "up_x", "down", "up", "down"}}});
  EvolveOptions options;
  options.observe = {{"sz", Expression::parse("sz(s[2])")}, {"sp", Expression::parse("sp(s[2])")}};
  const KetEvolution few = run_from(model, ket, {0, 12}, options);
  const KetEvolution many = run_from(model, ket, evenly(0, 12, 361), options);
  const KetEvolution most = run_from(model, ket, evenly(0, 12, 3601), options);
  BOOST_TEST(few.statistics.steps == 1);
  BOOST_TEST(many.statistics.rhs_evaluations < 800);
  BOOST_TEST(most.statistics.rhs_evaluations == many.statistics.rhs_evaluations);
  for (const std::size_t j : {1, 17, 300, 1234, 2501, 3599, 3600}) {
    const KetEvolution one = run_from(model, ket, {0, most.times[j]}, options);
    for (std::size_t k = 0; k < 2; ++k)
      BOOST_TEST(std::abs(most.values[k][j] - one.values[k].back()) < 1e-11);
  }
}

// H = w sz/2 + Omega/2 (exp(-iwt) sp + exp(iwt) sm): <sz> = -cos(Omega t).
BOOST_AUTO_TEST_CASE(a_resonant_drive_turns_a_spin) {
  const Model model = written(Space{lindwurm::spin("s")},
                              "1.5*sz(s)/2 + 0.4*(exp(-1.5*i*t)*sp(s) + exp(1.5*i*t)*sm(s))");
  const auto times = evenly(0, 12, 25);
  EvolveOptions options{.rtol = 1e-10, .atol = 1e-12};
  options.observe = {{"sz", Expression::parse("sz(s)")}};
  const KetEvolution run = run_from(model, product(model.space, {{"s", {"down"}}}), times, options);
  BOOST_TEST(run.statistics.method == "adams");
  BOOST_TEST(!run.diagnostics.energy_drift.has_value());
  for (std::size_t j = 0; j < times.size(); ++j)
    BOOST_TEST(std::abs(run.values[0][j] + std::cos(0.8 * times[j])) < 1e-7);
}

// One excitation in a qubit and 40 modes is a matrix of 41 rows, in a space of 2^41 states.
BOOST_AUTO_TEST_CASE(one_excitation_in_forty_modes) {
  constexpr int modes = 40;
  const Model model = written(Space{lindwurm::spin("q"), lindwurm::oscillators("m", modes, 2)},
                              "1.1*sz(q)/2 + (0.6 + 0.025*k)*n(m[k]) + "
                              "(0.05 + 0.001*k)*(sp(q)*a(m[k]) + sm(q)*ad(m[k]))");
  Matrix h = Matrix::Zero(modes + 1, modes + 1);
  h(0, 0) = 0.55;
  for (int k = 0; k < modes; ++k) {
    h(k + 1, k + 1) = -0.55 + 0.6 + 0.025 * k;
    h(0, k + 1) = h(k + 1, 0) = 0.05 + 0.001 * k;
  }
  const ProductKet ket = product(model.space, {{"q", {"up"}}, {"m", {"fock(0)"}}});
  const auto equation = std::make_shared<const lindwurm::SchroedingerEquation>(
      model, lindwurm::Session::communicator());
  const KetGenerator generator(equation,
                               {oracle::storage_asked_for(), sector_of(ket, equation->charges())});
  BOOST_TEST(generator.basis().size() == 2 * (modes + 1));
  EvolveOptions options;
  options.observe = {{"up", Expression::parse("proj(q, 0)")},
                     {"n", Expression::parse("n(m[7])")},
                     {"coherence", Expression::parse("sp(q)*a(m[3])")},
                     {"total", Expression::parse("n(m) + sz(q)/2")}};
  const auto times = evenly(0, 40, 21);
  const KetEvolution run = evolve(generator, pack(ket, generator), times, options);
  Vector first = Vector::Zero(modes + 1);
  first(0) = 1;
  for (std::size_t j = 0; j < times.size(); ++j) {
    const Vector psi = oracle::evolve_ket(h, first, times[j]);
    BOOST_TEST(std::abs(run.values[0][j] - std::norm(psi(0))) < 1e-10);
    BOOST_TEST(std::abs(run.values[1][j] - std::norm(psi(8))) < 1e-10);
    BOOST_TEST(std::abs(run.values[2][j] - std::conj(psi(0)) * psi(4)) < 1e-10);
    BOOST_TEST(std::abs(run.values[3][j] - 0.5) < 1e-10);
  }
  BOOST_TEST(run.diagnostics.top_levels.size() == std::size_t{modes});
}

BOOST_AUTO_TEST_CASE(what_kets_cannot_do_is_refused) {
  const Model model = jaynes_cummings();
  const ProductKet ket = product(model.space, {{"c", {"fock(0)"}}, {"s", {"up"}}});
  BOOST_CHECK_THROW((void)run_from(model, ket, {0, 1}, {.method = EvolveMethod::bdf}), InputError);
  BOOST_CHECK_THROW((void)run_from(model, ket, {1, 0}, {}), InputError);
  EvolveOptions heat;
  heat.observe = {{"q", lindwurm::HeatCurrent{"bath"}}};
  BOOST_CHECK_THROW((void)run_from(model, ket, {0, 1}, heat), InputError);
  const Model driven = written(Space{lindwurm::spin("s")}, "cos(t)*sz(s)");
  BOOST_CHECK_THROW((void)run_from(driven, product(driven.space, {{"s", {"up_x"}}}), {0, 1},
                                   {.method = EvolveMethod::chebyshev}),
                    InputError);
}

BOOST_AUTO_TEST_SUITE_END()
