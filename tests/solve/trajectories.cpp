// Ensembles of quantum trajectories, against dense master equations and against themselves.
#include "lindwurm/solve/trajectories.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"
#include "oracle/dense.hpp"
#include "oracle/storage.hpp"

using lindwurm::EvolveOptions;
using lindwurm::Expression;
using lindwurm::InputError;
using lindwurm::KetEvolution;
using lindwurm::KetStorage;
using lindwurm::Model;
using lindwurm::ProductState;
using lindwurm::Space;
using lindwurm::TrajectoriesOptions;
using oracle::Matrix;

BOOST_AUTO_TEST_SUITE(trajectories)

static const MPI_Comm comm = lindwurm::Session::communicator();
static const std::vector<double> times{0, 0.5, 2, 6};

static Model driven_cavity() {
  Model model(Space{lindwurm::oscillator("c", 5), lindwurm::spin("s")});
  model.hamiltonian = Expression::parse("n(c) + 0.6*sz(s) + 0.4*x(c)*sx(s)");
  model.add({Expression::parse("a(c)"), Expression::parse("0.3"), false});
  model.add({Expression::parse("sm(s)"), Expression::parse("0.2"), false});
  return oracle::along(oracle::spin_basis_asked_for(), std::move(model));
}

static Matrix dense_cavity() {
  const Matrix one5 = oracle::identity(5);
  const Matrix one2 = oracle::identity(2);
  const Matrix h = oracle::kron(oracle::number(5), one2) +
                   0.6 * oracle::kron(one5, oracle::pauli_z()) +
                   0.4 * oracle::kron(oracle::position(5), oracle::pauli_x());
  return oracle::liouvillian(h, {{0.3, oracle::kron(oracle::annihilation(5), one2)},
                                 {0.2, oracle::kron(one5, oracle::lowering())}});
}

static EvolveOptions questions() {
  EvolveOptions options;
  options.observe = {{"n", Expression::parse("n(c)")}, {"flip", Expression::parse("a(c)*sp(s)")}};
  options.reduced.emplace_back(driven_cavity().space, std::vector<int>{1});
  return options;
}

static KetEvolution run(const std::string& cavity, const TrajectoriesOptions& trajectories,
                        MPI_Comm on = comm, const lindwurm::Ensemble* earlier = nullptr) {
  const Model model = driven_cavity();
  const ProductState start = product_state(model.space, {{"c", {cavity}}, {"s", {"up"}}});
  return evolve_trajectories(model, start, times, questions(), trajectories,
                             {oracle::storage_asked_for(), oracle::sectors_are_asked_for()}, on,
                             earlier);
}

static void check_against_dense(const std::string& cavity, const Matrix& rho_of_cavity) {
  const KetEvolution found = run(cavity, {.count = 600, .seed = 3});
  BOOST_REQUIRE(found.ensemble.has_value());
  BOOST_TEST(found.ensemble->members == 600);
  BOOST_TEST(found.ensemble->jumps > 0.5);
  Matrix up = Matrix::Zero(2, 2);
  up(0, 0) = 1;
  const Matrix start = oracle::kron(rho_of_cavity, up);
  const Matrix n = oracle::kron(oracle::number(5), oracle::identity(2));
  const Matrix flip = oracle::kron(oracle::annihilation(5), oracle::raising());
  for (std::size_t j = 0; j < times.size(); ++j) {
    const Matrix rho = oracle::evolve(dense_cavity(), start, times[j]);
    BOOST_TEST(std::abs(found.values[0][j] - (n * rho).trace()) <=
               4.5 * found.standard_errors[0][j] + 1e-10);
    BOOST_TEST(std::abs(found.values[1][j] - (flip * rho).trace()) <=
               4.5 * found.standard_errors[1][j] + 1e-10);
    for (int p = 0; p < 2; ++p) {
      for (int q = 0; q < 2; ++q) {
        oracle::Complex element = 0;
        for (int k = 0; k < 5; ++k)
          element += rho(2 * k + p, 2 * k + q);
        BOOST_TEST(std::abs(found.reduced[0].states[j](p, q) - element) <=
                   4.5 * found.reduced[0].errors[j](p, q) + 1e-10);
      }
    }
  }
  BOOST_TEST(found.standard_errors[0][3] > 1e-3);
  BOOST_TEST(found.standard_errors[0][3] < 0.1);
  // Of the intervals' width: 99.9 % for all of them by Bernstein's bound.
  BOOST_TEST(found.errors[0][3] > 4 * found.standard_errors[0][3]);
  BOOST_TEST(found.errors[0][3] < 0.3);
}

BOOST_AUTO_TEST_CASE(means_follow_the_master_equation) {
  Matrix two = Matrix::Zero(5, 5);
  two(2, 2) = 1;
  check_against_dense("fock(2)", two);
}

BOOST_AUTO_TEST_CASE(mixed_starts_are_drawn) {
  Matrix thermal = Matrix::Zero(5, 5);
  for (int n = 0; n < 5; ++n)
    thermal(n, n) = std::pow(0.7 / 1.7, n);
  check_against_dense("thermal(0.7)", thermal / thermal.trace());
}

static void check_equal(const KetEvolution& a, const KetEvolution& b) {
  for (std::size_t k = 0; k < a.values.size(); ++k) {
    for (std::size_t j = 0; j < times.size(); ++j) {
      BOOST_TEST(a.values[k][j] == b.values[k][j]);
      BOOST_TEST(a.errors[k][j] == b.errors[k][j]);
    }
  }
  BOOST_TEST((a.reduced[0].states[3] == b.reduced[0].states[3]));
  BOOST_TEST((a.reduced[0].errors[3] == b.reduced[0].errors[3]));
}

// To the last bit.
BOOST_AUTO_TEST_CASE(the_number_of_ranks_does_not_matter) {
  const TrajectoriesOptions trajectories{.count = 70, .seed = 8};
  check_equal(run("fock(2)", trajectories), run("fock(2)", trajectories, MPI_COMM_SELF));
}

BOOST_AUTO_TEST_CASE(a_run_goes_on_where_another_ended) {
  const KetEvolution half = run("fock(2)", {.count = 30});
  const KetEvolution rest = run("fock(2)", {.count = 90}, comm, &*half.ensemble);
  BOOST_TEST(rest.ensemble->members == 90);
  check_equal(rest, run("fock(2)", {.count = 90}));
}

BOOST_AUTO_TEST_CASE(trajectories_until_an_error_is_reached) {
  const KetEvolution enough = run("fock(2)", {.count = 5000, .error = 0.05});
  BOOST_TEST(enough.ensemble->is_reached);
  BOOST_TEST(enough.ensemble->largest_error <= 0.05);
  BOOST_TEST(enough.ensemble->members < 2000);
  const KetEvolution few = run("fock(2)", {.count = 40, .error = 0.001});
  BOOST_TEST(!few.ensemble->is_reached);
  BOOST_TEST(few.ensemble->members == 40);
}

// Rare jumps: the first trajectories show none, and their scatter is nothing.
BOOST_AUTO_TEST_CASE(no_jump_yet_is_no_certainty) {
  Model model(Space{lindwurm::spin("s")});
  model.add({Expression::parse("sm(s)"), Expression::parse("1e-4"), false});
  EvolveOptions options;
  options.observe = {{"up", Expression::parse("proj(s, 0)")}};
  const KetEvolution rare =
      evolve_trajectories(model, product_state(model.space, {{"s", {"up"}}}), {0, 1}, options,
                          {.count = 2000, .error = 0.001}, {}, comm);
  BOOST_TEST(rare.ensemble->is_reached);
  BOOST_TEST(rare.ensemble->members >= 1000);
}

BOOST_AUTO_TEST_CASE(what_trajectories_cannot_do_is_refused) {
  Model model = driven_cavity();
  const ProductState start = product_state(model.space, {{"c", {"fock(0)"}}, {"s", {"up"}}});
  const auto ask = [&](const EvolveOptions& options, const TrajectoriesOptions& trajectories) {
    (void)evolve_trajectories(model, start, times, options, trajectories, {}, comm);
  };
  BOOST_CHECK_THROW(ask({}, {.count = 1}), InputError);
  BOOST_CHECK_THROW(ask({.observe = {{"p", lindwurm::StateFunction::purity}}}, {.count = 2}),
                    InputError);
  EvolveOptions changes = questions();
  changes.reduced_changes = true;
  BOOST_CHECK_THROW(ask(changes, {.count = 2}), InputError);
  model.superoperators.push_back(Expression::parse("dissipator(a(c))"));
  BOOST_CHECK_THROW(ask({}, {.count = 2}), InputError);
}

BOOST_AUTO_TEST_SUITE_END()
