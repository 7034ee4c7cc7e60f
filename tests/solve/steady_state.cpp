// Unique steady states against the null space of the dense Liouvillian.
#include "lindwurm/solve/steady_state.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"
#include "oracle/comparison.hpp"
#include "oracle/random_models.hpp"
#include "oracle/storage.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Expression;
using lindwurm::InputError;
using lindwurm::Liouvillian;
using lindwurm::Model;
using lindwurm::Space;
using lindwurm::SteadyOptions;
using lindwurm::SteadySolver;
using lindwurm::VecHandle;
using oracle::Matrix;
using oracle::ReferenceModel;

BOOST_AUTO_TEST_SUITE(steady_states)

static const MPI_Comm comm = lindwurm::Session::communicator();

struct Solver {
  std::string name;
  SteadySolver value;
};
static std::ostream& operator<<(std::ostream& out, const Solver& solver) {
  return out << solver.name;
}
static const std::vector<Solver> solvers{
    {"gmres", SteadySolver::gmres},
    {"mumps", SteadySolver::mumps},
    {"automatic", SteadySolver::automatic},
};

static void check_against_reference(const ReferenceModel& model, const Solver& solver) {
  const Matrix l = model.liouvillian(0);
  const auto dimension = oracle::null_space(l).cols();
  const Liouvillian liouvillian = oracle::hold_trace(model.model);
  const auto found = steady_state(liouvillian, {.solver = solver.value});
  BOOST_TEST(found.dimension == dimension);
  BOOST_TEST(found.dimension_is_exact);
  BOOST_TEST(found.is_unique == (dimension == 1));
  if (solver.name != "automatic") BOOST_TEST(found.solver == solver.name);
  if (dimension != 1) {
    BOOST_TEST(found.state.get() == nullptr);
    return;
  }
  BOOST_TEST(found.is_converged);
  BOOST_REQUIRE(found.state.get() != nullptr);
  const Matrix rho = lindwurm::unpack(found.state, liouvillian.basis());
  BOOST_TEST(std::abs(rho.trace() - 1.0) < 1e-12);
  BOOST_TEST(oracle::distance(rho, oracle::steady_state(l)) < 1e-8);
  const double residual = oracle::apply(l, rho).norm() / rho.norm();
  BOOST_TEST(residual < 1e-10 * l.norm());
  BOOST_TEST(std::abs(found.residual - residual) <= 1e-12 * l.norm());
}

BOOST_DATA_TEST_CASE(models, data::make(oracle::small_constant_models()) * data::make(solvers),
                     model, solver) {
  check_against_reference(model, solver);
}

BOOST_DATA_TEST_CASE(random_models, data::xrange(200u, 215u) * data::make(solvers), seed, solver) {
  const ReferenceModel model = oracle::random_model(seed);
  BOOST_TEST_CONTEXT(model.name) { check_against_reference(model, solver); }
}

static double mean(const Liouvillian& liouvillian, Vec state, const std::string& observable) {
  std::vector<lindwurm::Functional> functionals;
  functionals.emplace_back(sum_over_members(Expression::parse(observable), liouvillian.space()),
                           liouvillian.basis(), comm);
  return expectations(functionals, state)[0].real();
}

// Populations n_k ~ (nth/(nth + 1))^k, cut off at the top level.
BOOST_DATA_TEST_CASE(a_thermal_oscillator, data::make({0.0, 0.3, 2.0}) * data::make(solvers), nth,
                     solver) {
  const int levels = 15;
  Model model(Space{lindwurm::oscillator("m", levels)});
  model.hamiltonian = Expression::parse("n(m)");
  model.add({Expression::parse("a(m)"), 0.05 * (nth + 1)});
  model.add({Expression::parse("ad(m)"), 0.05 * nth});
  const Liouvillian liouvillian = oracle::hold_trace(model);
  const auto found = steady_state(liouvillian, {.solver = solver.value});
  BOOST_TEST(found.is_unique);
  BOOST_TEST(found.is_converged);
  Matrix expected = Matrix::Zero(levels, levels);
  for (int k = 0; k < levels; ++k)
    expected(k, k) = std::pow(nth / (nth + 1), k);
  expected /= expected.trace();
  BOOST_TEST(oracle::distance(lindwurm::unpack(found.state, liouvillian.basis()), expected) < 1e-9);
  BOOST_REQUIRE(found.diagnostics.top_levels.size() == 1);
  BOOST_TEST(std::abs(found.diagnostics.top_levels[0].second -
                      expected(levels - 1, levels - 1).real()) < 1e-9);
}

BOOST_DATA_TEST_CASE(a_thermal_spin, data::make(solvers), solver) {
  Model model(Space{lindwurm::spin("q")});
  model.hamiltonian = Expression::parse("sz(q)/2");
  model.add({Expression::parse("sm(q)"), 0.1 * 1.2});
  model.add({Expression::parse("sp(q)"), 0.1 * 0.2});
  const Liouvillian liouvillian = oracle::hold_trace(model);
  const auto found = steady_state(liouvillian, {.solver = solver.value});
  const double up = mean(liouvillian, found.state, "proj(q, 0)");
  const double down = mean(liouvillian, found.state, "proj(q, 1)");
  BOOST_TEST(std::abs(up / down - 0.2 / 1.2) < 1e-9);
}

// Resonantly driven at Omega and damped at gamma: p_up = s/(2 (1 + s)), s = 2 Omega^2/gamma^2.
BOOST_DATA_TEST_CASE(a_saturated_spin, data::make(solvers), solver) {
  Model model(Space{lindwurm::spin("q")});
  model.hamiltonian = Expression::parse("0.4/2*sx(q)");
  model.add({Expression::parse("sm(q)"), 0.3});
  const Liouvillian liouvillian = oracle::hold_trace(model);
  const auto found = steady_state(liouvillian, {.solver = solver.value});
  const double s = 2 * 0.16 / 0.09;
  BOOST_TEST(std::abs(mean(liouvillian, found.state, "proj(q, 0)") - s / (2 * (1 + s))) < 1e-10);
}

BOOST_AUTO_TEST_CASE(a_larger_model_by_both_solvers) {
  const ReferenceModel model = oracle::oscillator_spin_bath(8, 2);
  const Liouvillian liouvillian = oracle::hold_trace(model.model);
  const auto gmres = steady_state(liouvillian, {.solver = SteadySolver::gmres});
  const auto mumps = steady_state(liouvillian, {.solver = SteadySolver::mumps});
  BOOST_TEST(gmres.is_converged);
  BOOST_TEST(mumps.is_converged);
  const Matrix rho = lindwurm::unpack(gmres.state, liouvillian.basis());
  BOOST_TEST(oracle::distance(rho, lindwurm::unpack(mumps.state, liouvillian.basis())) < 1e-9);
  BOOST_TEST(oracle::apply(model.liouvillian(0), rho).norm() < 1e-10);
}

// The steady state of the model at a coupling, by GMRES from these guesses.
static lindwurm::SteadyState driven_steady_state(double coupling, const std::vector<Vec>& guesses,
                                                 const SteadySolver solver = SteadySolver::gmres) {
  Model model(Space{lindwurm::oscillator("m", 8), lindwurm::spins("s", 2)});
  model.hamiltonian = Expression::parse("n(m) + 0.5*sx(s)") +
                      Expression(coupling) * Expression::parse("x(m)*sz(s)");
  model.add({Expression::parse("a(m)"), 0.2});
  model.add({Expression::parse("sm_x(s)"), 0.2});
  return steady_state(oracle::hold_trace(model), {.solver = solver, .guesses = guesses});
}

static double distance_to(const lindwurm::SteadyState& a, const lindwurm::SteadyState& b) {
  return oracle::distance(lindwurm::unpack(a.state, *a.basis), lindwurm::unpack(b.state, *b.basis));
}

BOOST_AUTO_TEST_CASE(guesses_save_iterations_and_change_nothing) {
  const auto direct = driven_steady_state(0.2, {}, SteadySolver::mumps);
  const auto cold = driven_steady_state(0.2, {});
  const auto far = driven_steady_state(0.1, {});
  const auto near = driven_steady_state(0.19, {});
  const auto nearer = driven_steady_state(0.199, {});
  const auto one = driven_steady_state(0.2, {nearer.state});
  const auto three = driven_steady_state(0.2, {nearer.state, near.state, far.state});
  BOOST_TEST(one.iterations < cold.iterations);
  BOOST_TEST(three.iterations < one.iterations);
  BOOST_TEST(driven_steady_state(0.2, {cold.state}).iterations <= 2);
  for (const auto* found : {&cold, &one, &three}) {
    BOOST_TEST(found->is_converged);
    BOOST_TEST(found->is_unique);
    BOOST_TEST(found->check_iterations == cold.check_iterations);
    BOOST_TEST(distance_to(*found, direct) < 1e-9);
  }
}

// Nothing, the same twice, no state at all: the start is not worse than without.
BOOST_DATA_TEST_CASE(useless_guesses_do_no_harm, data::make(solvers), solver) {
  const auto cold = driven_steady_state(0.2, {}, solver.value);
  const VecHandle nothing = lindwurm::duplicate(cold.state);
  LINDWURM_PETSC(VecSet(nothing, 0.0));
  const VecHandle noise = lindwurm::duplicate(cold.state);
  std::mt19937_64 random(1);
  lindwurm::fill_randomly(noise, random);
  const auto found =
      driven_steady_state(0.2, {nothing, noise, cold.state, cold.state}, solver.value);
  BOOST_TEST(found.is_converged);
  // MUMPS starts from nowhere else; how it shares work among ranks, and so its rounding, may
  // change.
  if (solver.value == SteadySolver::gmres) BOOST_TEST(found.iterations <= cold.iterations);
  BOOST_TEST(distance_to(found, cold) < 1e-9);
  // The limit of an initial state, where the steady state is not unique.
  const ReferenceModel& free = oracle::collective_decay(2, 0.3);
  const Liouvillian liouvillian = oracle::hold_trace(free.model);
  const Matrix singlet = (oracle::transition(1, 1, 4) + oracle::transition(2, 2, 4) -
                          oracle::transition(1, 2, 4) - oracle::transition(2, 1, 4)) /
                         2;
  const VecHandle initial = lindwurm::pack(singlet, liouvillian);
  const VecHandle elsewhere = lindwurm::pack(oracle::transition(3, 3, 4), liouvillian);
  const auto limit = steady_state(
      liouvillian, {.solver = solver.value, .initial = initial, .guesses = {elsewhere}});
  BOOST_TEST(!limit.is_unique);
  BOOST_TEST(oracle::distance(lindwurm::unpack(limit.state, liouvillian.basis()), singlet) < 1e-8);
}

BOOST_DATA_TEST_CASE(the_liouvillian_is_left_as_it_was, data::make(solvers), solver) {
  const ReferenceModel& model = oracle::model_named("jaynes_cummings");
  const Liouvillian liouvillian(model.model, comm);
  (void)steady_state(liouvillian, {.solver = solver.value});
  BOOST_TEST(oracle::largest_difference(liouvillian.constant_part(), liouvillian.basis(),
                                        model.liouvillian(0)) < 1e-13);
}

BOOST_AUTO_TEST_CASE(the_liouvillian_survives_a_failed_factorisation) {
  const ReferenceModel& model = oracle::model_named("jaynes_cummings");
  const Liouvillian liouvillian(model.model, comm);
  const char* option = "-steady_pc_factor_mat_solver_type";
  LINDWURM_PETSC(PetscOptionsSetValue(nullptr, option, "strumpack"));
  BOOST_CHECK_THROW((void)steady_state(liouvillian, {.solver = SteadySolver::mumps}),
                    lindwurm::Error);
  LINDWURM_PETSC(PetscOptionsClearValue(nullptr, option));
  BOOST_TEST(oracle::largest_difference(liouvillian.constant_part(), liouvillian.basis(),
                                        model.liouvillian(0)) < 1e-13);
}

BOOST_AUTO_TEST_CASE(too_few_iterations_are_told) {
  const ReferenceModel model = oracle::oscillator_spin_bath(6, 2);
  const Liouvillian liouvillian = oracle::hold_trace(model.model);
  const auto found =
      steady_state(liouvillian, {.solver = SteadySolver::gmres, .max_iterations = 2});
  BOOST_TEST(!found.is_converged);
  BOOST_TEST(!found.dimension_is_exact);
  BOOST_TEST(!found.reason.empty());
}

BOOST_AUTO_TEST_CASE(models_without_a_steady_state_are_refused) {
  for (const auto& model : oracle::time_dependent_models()) {
    const Liouvillian liouvillian = oracle::hold_trace(model.model);
    BOOST_CHECK_THROW((void)steady_state(liouvillian), InputError);
  }
  Model leaking(Space{lindwurm::spin("q")});
  leaking.superoperators = {Expression::parse("-0.3*anticommutator(proj(q, 0))")};
  BOOST_CHECK_THROW((void)steady_state(Liouvillian(leaking, comm)), InputError);
  const Liouvillian liouvillian(oracle::model_named("driven_spin").model, comm);
  BOOST_CHECK_THROW((void)steady_state(liouvillian, {.tolerance = 0}), InputError);
  BOOST_CHECK_THROW((void)steady_state(liouvillian, {.tolerance = -1}), InputError);
}

BOOST_AUTO_TEST_CASE(slow_decay_is_no_second_steady_state) {
  // The slower of two decoupled spins relaxes 1e5 times slower than the other.
  Model model(Space{lindwurm::spins("s", 2)});
  model.hamiltonian = Expression::parse("0.5*sz(s)");
  model.add({Expression::parse("sm(s[0])"), 1.0});
  model.add({Expression::parse("sm(s[1])"), 1e-5});
  const Liouvillian liouvillian = oracle::hold_trace(model);
  for (const Solver& solver : solvers) {
    const auto found = steady_state(liouvillian, {.solver = solver.value});
    BOOST_TEST(found.is_unique, solver.name);
    BOOST_REQUIRE(found.state.get() != nullptr);
    BOOST_TEST(oracle::distance(lindwurm::unpack(found.state, liouvillian.basis()),
                                oracle::transition(3, 3, 4)) < 1e-6);
  }
}

BOOST_AUTO_TEST_SUITE_END()
