// Modes against dense matrices: eigenvectors, what they add to observables, what they consist of.
#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numeric>

#include "lindwurm/backend/session.hpp"
#include "lindwurm/solve/evolve.hpp"
#include "lindwurm/solve/spectrum.hpp"
#include "oracle/comparison.hpp"
#include "oracle/random_models.hpp"
#include "oracle/storage.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Expression;
using lindwurm::Liouvillian;
using lindwurm::MasterEquation;
using lindwurm::Model;
using lindwurm::Observables;
using lindwurm::ProductState;
using lindwurm::Space;
using lindwurm::Spectrum;
using lindwurm::SpectrumMethod;
using oracle::Complex;

BOOST_AUTO_TEST_SUITE(modes_of_spectra)

static ProductState excited(const Space& space) {
  ProductState state;
  for (int s = 0; s < space.sites(); ++s) {
    const int d = space.dimension(s);
    Eigen::MatrixXcd rho = Eigen::MatrixXcd::Constant(d, d, 0.3 / d);
    rho += 0.7 / d * Eigen::MatrixXcd::Identity(d, d);
    state.sites.push_back(rho);
  }
  return state;
}

static Observables occupation_and_flip() {
  return {{"n", Expression::parse("n(m)")},
          {"a", Expression::parse("a(m)")},
          {"flip", Expression::parse("sp(q)*a(m)")}};
}

static Model jaynes_cummings(int levels, double g) {
  Model model(Space{lindwurm::oscillator("m", levels), lindwurm::spin("q")});
  model.hamiltonian = Expression::parse("1.1*n(m) + 0.5*sz(q) + " + std::to_string(g) +
                                        "*(ad(m)*sm(q) + a(m)*sp(q))");
  model.add({Expression::parse("a(m)"), 0.3});
  model.add({Expression::parse("sm(q)"), 0.1});
  model.add({Expression::parse("sz(q)"), 0.05});
  return model;
}

// All modes together are the evolution.
BOOST_AUTO_TEST_CASE(the_sum_over_all_modes_is_the_evolution) {
  const Model model = jaynes_cummings(4, 0.4);
  const auto equation =
      std::make_shared<const MasterEquation>(model, lindwurm::Session::communicator());
  const ProductState initial = excited(model.space);
  const Observables observables = occupation_and_flip();
  const std::vector<double> times{0.0, 0.7, 2.0, 5.0};
  const Spectrum found =
      spectrum_by_sectors(equation, {.count = 64, .observe = observables, .initial = initial});
  const auto predicted = found.predicted(times);
  const Liouvillian whole(equation);
  const auto run = evolve(whole, pack(initial, whole), times,
                          {.rtol = 1e-11, .atol = 1e-13, .observe = observables});
  BOOST_REQUIRE(predicted.size() == observables.size());
  for (std::size_t a = 0; a < observables.size(); ++a)
    for (std::size_t k = 0; k < times.size(); ++k)
      BOOST_TEST(std::abs(predicted[a][k] - run.values[a][k]) < 1e-9);
}

// The slowest modes are what is left late.
BOOST_AUTO_TEST_CASE(late_evolution_is_that_of_the_slow_modes) {
  const Model model = oracle::oscillator_spin_bath(4, 2).model;
  const auto equation =
      std::make_shared<const MasterEquation>(model, lindwurm::Session::communicator());
  const ProductState initial = excited(model.space);
  const auto name = model.space.groups().front().name;
  const Observables named{{"n", Expression::parse("n(" + name + ")")}};
  const Spectrum found = spectrum_by_sectors(
      equation,
      {.count = 12, .method = SpectrumMethod::krylov, .observe = named, .initial = initial});
  BOOST_TEST(found.is_complete);
  const double late = 25 / *found.gap;
  const Liouvillian whole(equation);
  const auto run = evolve(whole, pack(initial, whole), {0.0, late / 5, late},
                          {.rtol = 1e-11, .atol = 1e-13, .observe = named});
  const auto predicted = found.predicted({0.0, late / 5, late});
  BOOST_TEST(std::abs(predicted[0][2] - run.values[0][2]) < 1e-8);
  BOOST_TEST(std::abs(predicted[0][1] - run.values[0][1]) < 1e-2);
}

// Condition numbers |w| |v| / |w^dag v| of the dense L.
BOOST_DATA_TEST_CASE(condition_numbers, data::make({0.03, 0.4}), g) {
  const Model model = jaynes_cummings(3, g);
  const Spectrum found = spectrum(oracle::hold(model), {.count = 36});
  const auto dense = Liouvillian(model, lindwurm::Session::communicator());
  Eigen::MatrixXd packed(36, 36);
  const lindwurm::MatHandle matrix = dense.assembled();
  if (int ranks = 1; MPI_Comm_size(dense.communicator(), &ranks), ranks > 1) return;
  for (PetscInt i = 0; i < 36; ++i)
    for (PetscInt j = 0; j < 36; ++j)
      LINDWURM_PETSC(MatGetValue(matrix, i, j, &packed(i, j)));
  const auto pairs = oracle::eigen_pairs(packed.cast<Complex>());
  const Eigen::MatrixXcd left = oracle::inverse(pairs.vectors);
  for (std::size_t k = 0; k < found.modes.size(); ++k) {
    if (found.modes[k].multiplicity > 1) continue;
    Eigen::Index nearest = 0;
    (pairs.values.array() - found.eigenvalues[k]).abs().minCoeff(&nearest);
    const double expected = left.row(nearest).norm() * pairs.vectors.col(nearest).norm();
    BOOST_TEST(std::abs(found.modes[k].condition - expected) < 1e-6 * expected);
  }
}

BOOST_AUTO_TEST_CASE(an_exceptional_point_is_flagged) {
  Model model(Space{lindwurm::oscillator("m", 3), lindwurm::spin("q")});
  model.hamiltonian = Expression::parse("n(m) + 0.5*sz(q) + 0.25*(ad(m)*sm(q) + a(m)*sp(q))");
  model.add({Expression::parse("a(m)"), 1.0});
  const Spectrum at = spectrum(oracle::hold(model), {.count = 4});
  BOOST_TEST(!at.modes[0].is_near_exceptional);
  BOOST_TEST(at.modes[1].is_near_exceptional);
  BOOST_TEST(std::abs(at.eigenvalues[1] - Complex(-0.25, 1)) <= 10 * at.modes[1].error);
  const Spectrum beside = spectrum(oracle::hold(jaynes_cummings(3, 0.4)), {.count = 4});
  for (const auto& mode : beside.modes)
    BOOST_TEST(!mode.is_near_exceptional);
}

// 0 -> 1 -> 2 at equal rates: the middle level holds t exp(-t), which is no sum of exponentials.
BOOST_AUTO_TEST_CASE(no_amplitudes_at_an_exceptional_point) {
  Model model(Space{lindwurm::oscillator("q", 3)});
  model.add({Expression::parse("ket(q, 1, 0)"), 1.0});
  model.add({Expression::parse("ket(q, 2, 1)"), 1.0});
  ProductState initial;
  initial.sites.push_back(Eigen::Vector3cd(1, 0, 0).asDiagonal());
  const Observables observables{{"p1", Expression::parse("proj(q, 1)")}};
  const Spectrum found =
      spectrum(oracle::hold(model), {.count = 9, .observe = observables, .initial = initial});
  BOOST_TEST(found.predicted({0.0, 1.0}).empty());
  for (const auto& mode : found.modes)
    BOOST_TEST((mode.is_near_exceptional ? !mode.overlap && mode.amplitudes.empty()
                                         : mode.overlap.has_value()));
}

// Without coupling a mode is a product: what decays at -kappa/2 + i w is |0><1|-like on the
// oscillator and the identity's image nowhere else but in the spin's steady state.
BOOST_AUTO_TEST_CASE(what_a_mode_consists_of) {
  Model model(Space{lindwurm::oscillator("m", 3), lindwurm::spin("q")});
  model.hamiltonian = Expression::parse("n(m) + 0.35*sz(q)");
  model.add({Expression::parse("a(m)"), 0.2});
  model.add({Expression::parse("sm(q)"), 0.5});
  model.add({Expression::parse("sp(q)"), 0.5});
  const Spectrum found = spectrum(oracle::hold(model), {.count = 3});
  const auto& mode = found.modes[1];
  BOOST_TEST(std::abs(found.eigenvalues[1] - Complex(-0.1, 1)) < 1e-12);
  BOOST_TEST(std::accumulate(mode.coherence.begin(), mode.coherence.end(), 0.0) == 1,
             boost::test_tools::tolerance(1e-12));
  BOOST_TEST(mode.coherence[1] == 1, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(std::abs(mode.sites[0] - 1) < 1e-12);
  BOOST_TEST(std::abs(mode.sites[1]) < 1e-12);
  // The steady state: |0><0| x 1/2.
  BOOST_TEST(std::abs(found.modes[0].sites[0] - 2.0 / 3) < 1e-12);
  BOOST_TEST(std::abs(found.modes[0].coherence[0] - 1) < 1e-12);
}

BOOST_AUTO_TEST_SUITE_END()
