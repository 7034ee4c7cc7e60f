// Whether a steady state is the only one: small gaps that are known exactly, stationary spaces
// beside slow modes, eigenvalues on the right.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "lindwurm/backend/session.hpp"
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
using oracle::Matrix;

BOOST_AUTO_TEST_SUITE(uniqueness)

static const std::vector<std::string> solvers{"gmres", "mumps"};

static SteadyState solved(const Model& model, const std::string& solver) {
  return steady_state(oracle::hold_trace(model),
                      {.solver = solver == "gmres" ? SteadySolver::gmres : SteadySolver::mumps});
}

// Of sizes of gaps and models: what the gap is, and what the state.
struct Slow {
  std::string name;
  Model model;
  double gap;
  Matrix state;
  int dimension = 1;  // without the slow process
};
static std::ostream& operator<<(std::ostream& out, const Slow& slow) {
  return out << slow.name << ", gap " << slow.gap;
}

static void add(Model& model, double rate, const std::string& op) {
  model.add({Expression::parse(op), rate});
}

// Two spins, the second slow: populations relax at 1.5 epsilon, coherences at half of that.
static Slow slow_spin(double epsilon) {
  Model model(Space{lindwurm::spins("s", 2)});
  model.hamiltonian = Expression::parse("0.5*sz(s[0])");
  add(model, 1.0, "sm(s[0])");
  add(model, epsilon, "sm(s[1])");
  add(model, epsilon / 2, "sp(s[1])");
  Matrix state = Matrix::Zero(4, 4);
  state(2, 2) = 1.0 / 3;  // |down, up>
  state(3, 3) = 2.0 / 3;
  return {"a slow spin", model, 0.75 * epsilon, state};
}

// Two quanta are lost at once; one is lost at epsilon. |1><1| - |0><0| decays at epsilon and |0><1|
// at epsilon/2, exactly.
static Slow two_quanta(double epsilon) {
  Model model(Space{lindwurm::oscillator("m", 6)});
  add(model, 0.7, "a(m)^2");
  if (epsilon > 0) add(model, epsilon, "a(m)");
  return {"two-quantum loss", model, epsilon / 2, oracle::transition(0, 0, 6), 4};
}

// Populations of four levels, two and two exchanging at rate 1, the middle ones at epsilon:
// (1 + epsilon) - sqrt(1 + epsilon^2) is the gap.
static Slow two_basins(double epsilon) {
  Model model(Space{lindwurm::level_site("v", 4)});
  const auto hop = [&](int j, int k, double rate) {
    add(model, rate, "ket(v, " + std::to_string(j) + ", " + std::to_string(k) + ")");
    add(model, rate, "ket(v, " + std::to_string(k) + ", " + std::to_string(j) + ")");
  };
  hop(0, 1, 1);
  hop(1, 2, epsilon);
  hop(2, 3, 1);
  return {"two basins", model, 2 * epsilon / (1 + epsilon + std::sqrt(1 + epsilon * epsilon)),
          oracle::identity(4) / 4};
}

static std::vector<Slow> slow_models() {
  std::vector<Slow> all;
  for (int digits = 3; digits <= 14; ++digits) {
    const double epsilon = std::pow(10.0, -digits);
    all.push_back(slow_spin(epsilon));
    all.push_back(two_quanta(epsilon));
    all.push_back(two_basins(epsilon));
  }
  return all;
}

// A gap far above rounding, 1e-16 |L|, is resolved; one near to it is resolved or not shown. Below
// it (two-quantum loss, |L| about 40, gap 5e-15) it is the same to the computer as 0.
BOOST_DATA_TEST_CASE(small_gaps, data::make(slow_models()) * data::make(solvers), slow, solver) {
  const SteadyState found = solved(slow.model, solver);
  BOOST_TEST(found.is_converged);
  if (slow.gap > 1e-13) BOOST_TEST(found.is_unique);
  // Refused without need, with status 3: several slow rates that are nearly one, below 1e-8.
  const bool may_be_refused = (slow.name == "two-quantum loss" && slow.gap < 1e-8) ||
                              (slow.name == "a slow spin" && slow.gap < 1e-9);
  if (slow.gap > 2e-12 && !may_be_refused) BOOST_TEST(found.dimension_is_exact);
  if (found.gap) {
    BOOST_TEST(std::abs(*found.gap - slow.gap) <= found.gap_error + 1e-6 * slow.gap);
    BOOST_TEST(found.gap_error < 0.2 * slow.gap);
  } else if (found.is_unique && found.dimension_is_exact) {
    BOOST_TEST(slow.gap > 1e-11);  // a smaller one is given
  }
  if (!found.dimension_is_exact || slow.gap < 1e-9) return;
  BOOST_REQUIRE(found.state.get() != nullptr);
  const Matrix rho = lindwurm::unpack(found.state, *found.basis);
  BOOST_TEST(oracle::distance(rho, slow.state) < 1e-15 / slow.gap + 1e-9);
}

// Nothing in between is rounded away: a slow spin beside a space that is stationary exactly.
BOOST_DATA_TEST_CASE(stationary_spaces_beside_slow_modes,
                     data::make({0.0, 1e-3, 1e-6, 1e-8, 1e-10}) * data::make(solvers), epsilon,
                     solver) {
  Model model(Space{lindwurm::oscillator("m", 4), lindwurm::spin("q")});
  add(model, 0.7, "a(m)^2");
  if (epsilon > 0) add(model, epsilon, "sm(q)");
  const SteadyState found = solved(model, solver);
  // Refused without need, with status 3: slow rates close to the coarser shift of MUMPS, and on
  // several ranks the last of 16 stationary operators.
  if (epsilon > 0 && !found.dimension_is_exact) return;
  BOOST_TEST(!found.is_unique);
  int ranks = 1;
  MPI_Comm_size(lindwurm::Session::communicator(), &ranks);
  if (ranks > 1 && !found.dimension_is_exact) return;
  BOOST_TEST(found.dimension_is_exact);
  BOOST_TEST(found.dimension == (epsilon > 0 ? 4 : 16));
}

// The limit of an initial state knows what is conserved from what decays slowly.
BOOST_DATA_TEST_CASE(limits_beside_slow_modes,
                     data::make({1e-3, 1e-7, 1e-10}) * data::make(solvers), epsilon, solver) {
  Model model(Space{lindwurm::spins("s", 2)});
  model.hamiltonian = Expression::parse("0.5*sz(s[0]) + 0.3*sz(s[1])");
  add(model, 0.4, "sz(s[0])");
  add(model, epsilon, "sm(s[1])");
  const Liouvillian liouvillian = oracle::hold(model);
  Matrix start = Matrix::Zero(4, 4);
  start(0, 0) = 0.3;  // |up, up>
  start(3, 3) = 0.7;
  const auto initial = lindwurm::pack(start, liouvillian);
  const SteadyState found = steady_state(
      liouvillian, {.solver = solver == "gmres" ? SteadySolver::gmres : SteadySolver::mumps,
                    .initial = initial});
  BOOST_TEST(found.dimension == 2);
  BOOST_TEST(found.dimension_is_exact);
  BOOST_REQUIRE(found.state.get() != nullptr);
  Matrix limit = Matrix::Zero(4, 4);
  limit(1, 1) = 0.3;  // |up, down>
  limit(3, 3) = 0.7;
  BOOST_TEST(oracle::distance(lindwurm::unpack(found.state, liouvillian.basis()), limit) < 1e-5);
}

// [sx, [sx, .]] turns sz into 4 sz: z grows at 4 c - gamma.
BOOST_DATA_TEST_CASE(unstable_equations,
                     data::make({0.05, 0.07, 0.0751, 0.08, 0.2, 3.0}) * data::make(solvers), c,
                     solver) {
  const double gamma = 0.3;
  Model model(Space{lindwurm::spin("q")});
  model.hamiltonian = Expression::parse("0.5*sz(q)");
  add(model, gamma, "sm(q)");
  model.superoperators = {Expression(c) * Expression::parse("commutator(sx(q))*commutator(sx(q))")};
  const SteadyState found = solved(model, solver);
  // x and y precess at 1, y grows at 4 c - gamma/2.
  const double trace = 4 * c - gamma;
  const double determinant = -gamma / 2 * (4 * c - gamma / 2) + 1;
  const double root = std::sqrt(std::max(0.0, trace * trace - 4 * determinant));
  const double growth = std::max(trace, (trace + root) / 2);
  BOOST_TEST(found.growth.has_value() == (growth > 0));
  BOOST_TEST(found.failure.empty() == (growth <= 0));
  BOOST_TEST((found.state.get() != nullptr) == (growth <= 0));
  if (found.growth) BOOST_TEST(std::abs(*found.growth - growth) < 1e-9);
}

// Frequency noise of the wrong sign lets coherences grow; populations do not know of it.
BOOST_AUTO_TEST_CASE(unstable_coherences) {
  Model model(Space{lindwurm::oscillator("m", 4)});
  model.hamiltonian = Expression::parse("n(m)");
  add(model, 0.2, "a(m)");
  model.superoperators = {Expression::parse("0.3*commutator(n(m))*commutator(n(m))")};
  const SteadyState found = solved(model, "mumps");
  BOOST_REQUIRE(found.growth.has_value());
  // |0><3| of rate 9 * 0.3 - 0.2 * 3/2
  BOOST_TEST(std::abs(*found.growth - (9 * 0.3 - 0.3)) < 1e-9);
  BOOST_TEST(!found.failure.empty());
}

BOOST_AUTO_TEST_SUITE_END()
