// Steady states whose digits the residual does not show, and factorisations that want more room.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "lindwurm/solve/steady_state.hpp"
#include "oracle/comparison.hpp"
#include "oracle/storage.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Expression;
using lindwurm::Liouvillian;
using lindwurm::Model;
using lindwurm::Space;
using lindwurm::SteadySolver;
using lindwurm::SteadyState;
using oracle::Jump;
using oracle::Matrix;

BOOST_AUTO_TEST_SUITE(steady_errors)

static const std::vector<std::string> solvers{"gmres", "mumps"};

static SteadySolver solver_of(const std::string& name) {
  return name == "gmres" ? SteadySolver::gmres : SteadySolver::mumps;
}

struct Value {
  double value;
  double error;
};
static Value value_of(const SteadyState& found, const Liouvillian& liouvillian,
                      const std::string& observable) {
  std::vector<lindwurm::Functional> functionals;
  functionals.emplace_back(sum_over_members(Expression::parse(observable), liouvillian.space()),
                           liouvillian.basis(), liouvillian.communicator());
  return {expectations(functionals, found.state)[0].real(),
          std::abs(expectations(functionals, found.uncertainty)[0])};
}

// Three sites that do not touch, of rates from 1 to `spread`: each has its own steady state. What
// is wrong by more than is said is a fault, whatever the spread.
BOOST_DATA_TEST_CASE(rates_far_apart,
                     data::make({1.0, 1e2, 1e4, 1e6, 1e8, 1e9, 1e11}) * data::make(solvers), spread,
                     solver) {
  Model model(Space{lindwurm::oscillator("m", 4), lindwurm::spin("q"), lindwurm::spin("f")});
  model.hamiltonian = Expression::parse("n(m) + 0.3*x(m) + 0.5*sz(q) + 2*sx(f)");
  model.add({Expression::parse("a(m)"), 1.0});
  model.add({Expression::parse("sm(f)"), spread});
  model.add({Expression::parse("sm(q)"), 4e-3});
  model.add({Expression::parse("sp(q)"), 2e-3});
  const Liouvillian liouvillian = oracle::hold_trace(model);
  const SteadyState found = steady_state(liouvillian, {.solver = solver_of(solver)});
  BOOST_REQUIRE(found.state.get() != nullptr);
  if (!found.is_converged || !found.dimension_is_exact) {
    // GMRES alone does not get far; the automatic choice takes MUMPS here.
    BOOST_TEST(spread >= (solver == "gmres" ? 1e2 : 1e8));
    return;
  }
  BOOST_REQUIRE(found.uncertainty.get() != nullptr);
  const Value up = value_of(found, liouvillian, "n_up(q)");
  BOOST_TEST(std::abs(up.value - 1.0 / 3) <= up.error + 1e-12);
  if (spread <= 1e6) BOOST_TEST(up.error < 1e-6);
}

// The same with a weak exchange between the slow and the fast spin, against the null vector of the
// dense Liouvillian.
BOOST_DATA_TEST_CASE(rates_far_apart_and_coupled,
                     data::make({1e2, 1e4}) * data::make({1e-3, 0.1}) * data::make(solvers), spread,
                     coupling, solver) {
  Model model(Space{lindwurm::spin("q"), lindwurm::spin("f")});
  model.hamiltonian = Expression::parse("0.5*sz(q) + 2*sx(f)") +
                      Expression(coupling) * Expression::parse("sp(q)*sm(f) + sm(q)*sp(f)");
  model.add({Expression::parse("sm(f)"), spread});
  model.add({Expression::parse("sm(q)"), 4e-3});
  model.add({Expression::parse("sp(q)"), 2e-3});
  const std::vector<int> pair{2, 2};
  const auto q = [&](const std::string& name) {
    return oracle::embed(oracle::named(name, 2), 0, pair);
  };
  const auto f = [&](const std::string& name) {
    return oracle::embed(oracle::named(name, 2), 1, pair);
  };
  const Matrix h = 0.5 * q("sz") + 2 * f("sx") + coupling * (q("sp") * f("sm") + q("sm") * f("sp"));
  const Matrix expected = oracle::steady_state(
      oracle::liouvillian(h, {{spread, f("sm")}, {4e-3, q("sm")}, {2e-3, q("sp")}}));
  const Liouvillian liouvillian = oracle::hold_trace(model);
  const SteadyState found = steady_state(liouvillian, {.solver = solver_of(solver)});
  BOOST_TEST(found.is_converged);
  BOOST_TEST(found.dimension_is_exact);
  BOOST_REQUIRE(found.uncertainty.get() != nullptr);
  const Value up = value_of(found, liouvillian, "n_up(q)");
  const double up_expected = (expected(0, 0) + expected(1, 1)).real();
  BOOST_TEST(std::abs(up.value - up_expected) <= up.error + 1e-14 * spread / 1e-3);
  BOOST_TEST(up.error < 1e-7);
}

// A two-photon-driven Kerr resonator, whose factorisation needs several times the workspace that
// MUMPS forecasts, against the dense null vector.
BOOST_DATA_TEST_CASE(factorisations_that_want_room, data::make({0.0, 0.3, 0.5, 1.2, 2.1, 3.0}),
                     eps) {
  const int levels = 20;
  Model model(Space{lindwurm::oscillator("m", levels)});
  model.hamiltonian = Expression::parse("-1*ad(m)^2*a(m)^2") +
                      Expression(eps) * Expression::parse("ad(m)^2 + a(m)^2");
  model.add({Expression::parse("a(m)"), 0.1});
  const Matrix a = oracle::annihilation(levels);
  const Matrix pairs = a * a;
  const Matrix h = -1.0 * pairs.adjoint() * pairs + eps * (pairs.adjoint() + pairs);
  Matrix l = oracle::liouvillian(h, {{0.1, a}});
  oracle::Vector one = oracle::Vector::Zero(l.rows());
  l.row(0).setZero();
  for (int k = 0; k < levels; ++k)
    l(0, k * levels + k) = 1;
  one(0) = 1;
  const Matrix expected = oracle::unvec(oracle::solution(l, one));
  const Liouvillian liouvillian = oracle::hold_trace(model);
  const SteadyState found = steady_state(liouvillian);
  BOOST_TEST(found.is_converged);
  BOOST_TEST(found.is_unique);
  BOOST_TEST(found.dimension_is_exact);
  BOOST_REQUIRE(found.state.get() != nullptr);
  BOOST_TEST(oracle::distance(lindwurm::unpack(found.state, *found.basis), expected) < 1e-9);
}

BOOST_AUTO_TEST_SUITE_END()
