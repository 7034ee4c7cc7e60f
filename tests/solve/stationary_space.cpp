// Models with more than one steady state: how many, and which one an evolution reaches.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "lindwurm/backend/session.hpp"
#include "lindwurm/solve/evolve.hpp"
#include "lindwurm/solve/steady_state.hpp"
#include "oracle/comparison.hpp"
#include "oracle/random_models.hpp"
#include "oracle/storage.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Expression;
using lindwurm::Liouvillian;
using lindwurm::Model;
using lindwurm::Space;
using lindwurm::SteadySolver;
using lindwurm::SteadyState;
using lindwurm::VecHandle;
using oracle::Jump;
using oracle::Matrix;
using oracle::ReferenceModel;

BOOST_AUTO_TEST_SUITE(stationary_spaces)

struct Degenerate {
  ReferenceModel model;
  int dimension;
};
static std::ostream& operator<<(std::ostream& out, const Degenerate& d) { return out << d.model; }

static ReferenceModel with(const std::string& name, const Space& space, const std::string& h,
                           const std::vector<std::pair<double, std::string>>& dissipators,
                           const Matrix& dense_h, const std::vector<Jump>& jumps) {
  Model model(space);
  model.hamiltonian = Expression::parse(h);
  for (const auto& [rate, op] : dissipators)
    model.add({Expression::parse(op), rate});
  const Matrix l = oracle::liouvillian(dense_h, jumps);
  return {name, model, [l](double) { return l; }};
}

static std::vector<Degenerate> degenerate_models() {
  const std::vector<int> two{2, 2};
  const Matrix z0 = oracle::embed(oracle::pauli_z(), 0, two);
  const Matrix z1 = oracle::embed(oracle::pauli_z(), 1, two);
  const Matrix m0 = oracle::embed(oracle::lowering(), 0, two);
  const Matrix n = oracle::number(5);
  const Space spins{lindwurm::spins("s", 2)};
  const Space mode{lindwurm::oscillator("m", 5)};
  std::vector<Degenerate> all;
  // A Hamiltonian alone keeps every projector on its levels, and more if levels coincide.
  all.push_back({with("unitary, nondegenerate", mode, "n(m) + 0.1*n(m)^2 + 0.3*x(m)", {},
                      n + 0.1 * n * n + 0.3 * oracle::position(5), {}),
                 5});
  all.push_back({with("unitary, degenerate", spins, "0.5*sz(s)", {}, 0.5 * (z0 + z1), {}), 6});
  all.push_back({with("nothing", spins, "0", {}, Matrix::Zero(4, 4), {}), 16});
  all.push_back({with("two undamped spins", spins, "0.5*sz(s[0]) + 0.7*sx(s[1])", {},
                      0.5 * z0 + 0.7 * oracle::embed(oracle::pauli_x(), 1, two), {}),
                 4});
  all.push_back({with("pure dephasing", spins, "0.5*sz(s[0]) + 0.7*sz(s[1])", {{0.2, "sz(s)"}},
                      0.5 * z0 + 0.7 * z1, {{0.2, z0}, {0.2, z1}}),
                 4});
  all.push_back(
      {with("dephasing of an oscillator", mode, "n(m)", {{0.3, "n(m)"}}, n, {{0.3, n}}), 5});
  all.push_back({with("one damped, one free spin", spins, "0.5*sz(s[0]) + 0.7*sz(s[1])",
                      {{0.4, "sm(s[0])"}}, 0.5 * z0 + 0.7 * z1, {{0.4, m0}}),
                 2});
  const Matrix squared = oracle::annihilation(5) * oracle::annihilation(5);
  all.push_back(
      {with("two-quantum loss", mode, "0", {{0.4, "a(m)^2"}}, Matrix::Zero(5, 5), {{0.4, squared}}),
       4});
  // Dark states, J_- |d> = 0, are the lowest states of the multiplets: 2, 3, 6 of 2, 3, 4 spins.
  // Without a Hamiltonian every |d><d'| is stationary.
  all.push_back({oracle::collective_decay(2, 0.7), 2 * 2});
  all.push_back({oracle::collective_decay(3, 0.7), 3 * 3});
  all.push_back({oracle::collective_decay(4, 0.7), 6 * 6});
  return all;
}

static const std::vector<Degenerate>& models() {
  static const auto all = degenerate_models();
  return all;
}

static const std::vector<std::string> solvers{"gmres", "mumps"};

static SteadySolver solver_of(const std::string& name) {
  return name == "gmres" ? SteadySolver::gmres : SteadySolver::mumps;
}

BOOST_DATA_TEST_CASE(the_reference_agrees_with_the_dimension, data::make(models()), degenerate) {
  BOOST_TEST(oracle::null_space(degenerate.model.liouvillian(0)).cols() == degenerate.dimension);
}

BOOST_DATA_TEST_CASE(dimensions_are_counted, data::make(models()) * data::make(solvers), degenerate,
                     solver) {
  const Liouvillian liouvillian = oracle::hold_trace(degenerate.model.model);
  const SteadyState found = steady_state(liouvillian, {.solver = solver_of(solver)});
  BOOST_TEST(!found.is_unique);
  BOOST_TEST(found.dimension == degenerate.dimension);
  BOOST_TEST(found.dimension_is_exact);
  BOOST_TEST(found.state.get() == nullptr);
}

BOOST_DATA_TEST_CASE(the_limit_of_an_initial_state, data::make(models()) * data::make(solvers),
                     degenerate, solver) {
  const Liouvillian liouvillian = oracle::hold(degenerate.model.model);
  const Matrix l = degenerate.model.liouvillian(0);
  std::mt19937 random(41);
  for (int k = 0; k < 2; ++k) {
    const Matrix rho = oracle::random_state(degenerate.model.dimension(), random);
    const VecHandle initial = lindwurm::pack(rho, liouvillian);
    const SteadyState found =
        steady_state(liouvillian, {.solver = solver_of(solver), .initial = initial});
    BOOST_TEST(found.is_converged);
    BOOST_TEST(found.dimension == degenerate.dimension);
    BOOST_REQUIRE(found.state.get() != nullptr);
    const Matrix limit = lindwurm::unpack(found.state, liouvillian.basis());
    BOOST_TEST(oracle::distance(limit, oracle::stationary_part(l, rho)) < 1e-7);
    BOOST_TEST(std::abs(limit.trace() - 1.0) < 1e-12);
    BOOST_TEST(found.residual < 1e-8);
  }
}

// Equally coupled qubits at zero temperature keep what their dark states hold.
BOOST_DATA_TEST_CASE(evolution_reaches_the_limit, data::make({2, 3}), count) {
  const ReferenceModel model = oracle::collective_decay(count, 0.7);
  const Liouvillian liouvillian = oracle::hold(model.model);
  const auto state = lindwurm::product_state(
      liouvillian.space(), {{"s", count == 2 ? std::vector<std::string>{"up", "down"}
                                             : std::vector<std::string>{"up", "down", "up_x"}}});
  const VecHandle initial = lindwurm::pack(state, liouvillian);
  const SteadyState found = steady_state(liouvillian, {.initial = initial});
  const auto run = lindwurm::evolve(liouvillian, initial, {0, 100}, {.rtol = 1e-10, .atol = 1e-12});
  const Matrix limit = lindwurm::unpack(found.state, liouvillian.basis());
  BOOST_TEST(oracle::distance(lindwurm::unpack(run.final_state, liouvillian.basis()), limit) <
             1e-7);
  // Of |up down> half is the singlet, which stays.
  if (count == 2) BOOST_TEST(std::abs(limit(3, 3) - 0.5) < 1e-9);
}

BOOST_AUTO_TEST_CASE(an_initial_state_changes_nothing_where_the_steady_state_is_unique) {
  const ReferenceModel& model = oracle::model_named("driven_spin");
  const Liouvillian liouvillian = oracle::hold(model.model);
  const VecHandle initial = lindwurm::pack(oracle::transition(0, 0, 2), liouvillian);
  const SteadyState found = steady_state(liouvillian, {.initial = initial});
  BOOST_TEST(found.is_unique);
  BOOST_TEST(oracle::distance(lindwurm::unpack(found.state, liouvillian.basis()),
                              oracle::steady_state(model.liouvillian(0))) < 1e-9);
}

BOOST_AUTO_TEST_CASE(dimensions_beyond_the_limit_are_bounds) {
  Model model(Space{lindwurm::level_site("v", 9)});
  const Liouvillian liouvillian = oracle::hold(model);
  const SteadyState found = steady_state(liouvillian);
  BOOST_TEST(found.dimension == SteadyState::dimension_limit);
  BOOST_TEST(!found.dimension_is_exact);
  BOOST_TEST(!found.is_unique);
}

BOOST_AUTO_TEST_CASE(one_level_has_one_state) {
  const Liouvillian liouvillian = oracle::hold(Model{Space{lindwurm::level_site("v", 1)}});
  const SteadyState found = steady_state(liouvillian);
  BOOST_TEST(found.is_unique);
  BOOST_REQUIRE(found.state.get() != nullptr);
  BOOST_TEST(std::abs(lindwurm::unpack(found.state, liouvillian.basis())(0, 0) - 1.0) < 1e-14);
}

BOOST_AUTO_TEST_SUITE_END()
