// Kets that follow mixed states, against dense density matrices.
#include "lindwurm/solve/mixture.hpp"

#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/model/mixture.hpp"
#include "lindwurm/states/random_phase.hpp"
#include "oracle/comparison.hpp"
#include "oracle/random_models.hpp"
#include "oracle/storage.hpp"

namespace data = boost::unit_test::data;
using lindwurm::EvolveOptions;
using lindwurm::Expression;
using lindwurm::InputError;
using lindwurm::KetEvolution;
using lindwurm::KetGenerator;
using lindwurm::KetStorage;
using lindwurm::MixtureKind;
using lindwurm::MixtureOptions;
using lindwurm::Model;
using lindwurm::ProductState;
using lindwurm::RandomPhaseState;
using lindwurm::SchroedingerEquation;
using lindwurm::SiteMixtures;
using lindwurm::Space;
using oracle::Complex;
using oracle::Matrix;

BOOST_AUTO_TEST_SUITE(mixtures)

static const MPI_Comm comm = lindwurm::Session::communicator();

static Matrix dense(const ProductState& state) {
  Matrix rho = oracle::identity(1);
  for (const auto& site : state.sites)
    rho = oracle::kron(rho, site);
  return rho;
}

static Matrix turned(const Matrix& h, const Matrix& rho, double t) {
  const Matrix u = oracle::exponential(-oracle::i * t * h);
  return u * rho * u.adjoint();
}

// What is left of the first site.
static Matrix first_site(const Matrix& rho, int d) {
  const auto rest = rho.rows() / d;
  Matrix reduced(d, d);
  for (int m = 0; m < d; ++m) {
    for (int n = 0; n < d; ++n)
      reduced(m, n) = rho.block(m * rest, n * rest, rest, rest).trace();
  }
  return reduced;
}

static ProductState random_product(const Space& space, std::mt19937& random) {
  ProductState state;
  for (int s = 0; s < space.sites(); ++s)
    state.sites.push_back(oracle::random_state(space.dimension(s), random));
  return state;
}

static KetStorage held() {
  return {oracle::storage_asked_for(), oracle::sectors_are_asked_for(),
          oracle::subdivision_asked_for()};
}

// In any case a class for each number of quanta: random phases of all of them in one ket need ten
// times the samples, and leave ranks without members.
static KetStorage held_by_quanta() {
  KetStorage storage = held();
  storage.subdivision.most_charges = lindwurm::Subdivision{}.most_charges;
  return storage;
}

BOOST_DATA_TEST_CASE(product_kets_add_up_to_the_state, data::xrange(10u), seed) {
  const auto model = oracle::random_closed_model(seed);
  std::mt19937 random(seed);
  const ProductState state = random_product(model.model.space, random);
  const SiteMixtures mixtures(state);
  const Matrix rho = dense(state);
  for (const double neglect : {1e-12, 0.01, 0.3}) {
    Matrix sum = Matrix::Zero(rho.rows(), rho.cols());
    double kept = 0;
    double last = 1;
    for (const auto& [weight, ket] : lindwurm::product_kets(mixtures, neglect, 100000)) {
      BOOST_TEST(weight <= last * (1 + 1e-12));
      last = weight;
      kept += weight;
      Matrix psi = oracle::identity(1);
      for (const auto& site : ket.sites)
        psi = oracle::kron(psi, site);
      sum += weight * (psi * psi.adjoint());
    }
    BOOST_TEST(1 - kept <= neglect);
    // No more than are needed.
    BOOST_TEST((1 - kept + last > neglect || neglect < 1e-10));
    const Eigen::VectorXd rest = oracle::hermitian_eigenvalues(rho - sum);
    BOOST_TEST(rest.minCoeff() > -1e-13);
    BOOST_TEST(std::abs(rest.sum() - (1 - kept)) < 1e-12);
  }
  BOOST_TEST(std::abs(mixtures.purity() - rho.squaredNorm()) < 1e-13);
  double entropy = 0;
  for (const double p : oracle::hermitian_eigenvalues(rho))
    entropy -= p > 0 ? p * std::log(p) : 0.0;
  BOOST_TEST(std::abs(mixtures.entropy() - entropy) < 1e-11);
}

static EvolveOptions questions(const Model& model) {
  const std::string site = model.space.site_name(0);
  EvolveOptions options;
  options.observe = {{"p", Expression::parse("proj(" + site + ", 0)")},
                     {"k", Expression::parse("ket(" + site + ", 0, 1)")},
                     {"purity", lindwurm::StateFunction::purity},
                     {"entropy", lindwurm::StateFunction::entropy}};
  options.reduced.emplace_back(model.space, std::vector<int>{0});
  options.reduced_changes = true;
  return options;
}

static const std::vector<double> times{0, 0.4, 3};

BOOST_DATA_TEST_CASE(sums_of_product_kets, data::xrange(300u, 310u), seed) {
  const auto model = oracle::random_closed_model(seed);
  if (model.model.space.dimension(0) < 2) return;
  BOOST_TEST_CONTEXT(model.name) {
    const Model here = oracle::along(oracle::spin_basis_asked_for(), model.model);
    std::mt19937 random(seed);
    const ProductState state = random_product(here.space, random);
    const MixtureOptions mixture{.kind = MixtureKind::product_states, .neglect = 0};
    const KetEvolution run =
        evolve_mixture(here, state, times, questions(here), mixture, held(), comm);
    BOOST_REQUIRE(run.ensemble.has_value());
    BOOST_TEST(run.ensemble->kind == "product-states");
    BOOST_TEST(run.errors.empty());
    const Matrix start = dense(state);
    const int d = here.space.dimension(0);
    for (std::size_t j = 0; j < times.size(); ++j) {
      const Matrix rho = turned(model.h, start, times[j]);
      const Matrix reduced = first_site(rho, d);
      const Matrix change = first_site(-oracle::i * (model.h * rho - rho * model.h), d);
      BOOST_TEST(std::abs(run.values[0][j] - reduced(0, 0)) < 1e-10);
      BOOST_TEST(std::abs(run.values[1][j] - reduced(1, 0)) < 1e-10);
      BOOST_TEST(std::abs(run.values[2][j] - start.squaredNorm()) < 1e-10);
      BOOST_TEST(oracle::distance(run.reduced[0].states[j], reduced) < 1e-10);
      BOOST_TEST(oracle::distance(run.reduced[0].changes[j], change) < 1e-9 * (1 + model.h.norm()));
    }
  }
}

// Two sites of three are mixed of basis states; H conserves the excitations.
static Model exchange() {
  Model model(
      Space{lindwurm::spin("q"), lindwurm::oscillator("c", 5), lindwurm::oscillator("e", 4)});
  model.hamiltonian = Expression::parse(
      "0.5*sz(q) + 1.1*n(c) + 0.9*n(e) + 0.3*(sp(q)*a(c) + sm(q)*ad(c)) + 0.2*(sp(q)*a(e) + "
      "sm(q)*ad(e))");
  return model;
}

static Matrix dense_exchange() {
  const std::vector<int> d{2, 5, 4};
  const auto at = [&](const Matrix& a, int s) { return oracle::embed(a, s, d); };
  const Matrix raise = at(oracle::raising(), 0);
  Matrix h = 0.5 * at(oracle::pauli_z(), 0) + 1.1 * at(oracle::number(5), 1) +
             0.9 * at(oracle::number(4), 2);
  const Matrix c = raise * at(oracle::annihilation(5), 1);
  const Matrix e = raise * at(oracle::annihilation(4), 2);
  h += 0.3 * (c + c.adjoint()) + 0.2 * (e + e.adjoint());
  return h;
}

static ProductState thermal_start(const Model& model, const std::string& qubit) {
  return product_state(model.space,
                       {{"q", {qubit}}, {"c", {"thermal(0.4)"}}, {"e", {"thermal(0.2)"}}});
}

BOOST_AUTO_TEST_CASE(classes_of_random_phases) {
  const Model model = exchange();
  const auto equation =
      std::make_shared<const SchroedingerEquation>(model, comm, std::vector<double>{0.0});
  const ProductState start = thermal_start(model, "up_x");
  const Matrix rho = dense(start);
  const RandomPhaseState state(start, equation->charges());
  BOOST_TEST(state.classes().size() == 8);  // 0 to 7 quanta
  double weight = 0;
  double states = 0;
  Matrix sum = Matrix::Zero(rho.rows(), rho.cols());
  for (const auto& of : state.classes()) {
    weight += of.weight;
    states += of.states;
    const KetGenerator generator(equation, {oracle::storage_asked_for(), of.sector});
    const oracle::Vector psi = unpack_ket(state.ket(of, generator, 7, 3), generator.basis());
    BOOST_TEST(std::abs(psi.norm() - 1) < 1e-14);
    sum += of.weight * (psi * psi.adjoint());
  }
  BOOST_TEST(std::abs(weight - 1) < 1e-14);
  BOOST_TEST(states == 20);
  // Whatever the phases: the populations, and the coherences of the pure site.
  BOOST_TEST((sum.diagonal() - rho.diagonal()).cwiseAbs().maxCoeff() < 1e-15);
  BOOST_TEST(oracle::distance(first_site(sum, 2), first_site(rho, 2)) < 1e-15);
}

BOOST_AUTO_TEST_CASE(means_over_random_phases) {
  const Model model = exchange();
  const Matrix h = dense_exchange();
  const ProductState start = thermal_start(model, "up");
  const MixtureOptions mixture{
      .kind = MixtureKind::random_phase, .neglect = 0, .samples = 100, .seed = 5};
  const KetEvolution run =
      evolve_mixture(model, start, times, questions(model), mixture, held(), comm);
  BOOST_REQUIRE(run.ensemble.has_value());
  BOOST_TEST(run.ensemble->kind == "random-phase");
  double largest = 0;
  for (std::size_t j = 0; j < times.size(); ++j) {
    const Matrix reduced = first_site(turned(h, dense(start), times[j]), 2);
    const double error = run.errors[0][j];
    BOOST_TEST(std::abs(run.values[0][j] - reduced(0, 0)) <= 4 * error + 1e-10);
    BOOST_TEST(error < 0.01);
    largest = std::max(largest, error);
  }
  BOOST_TEST(run.errors[0][0] < 1e-12);  // nothing has moved yet
  BOOST_TEST(largest > 1e-5);
}

// The same numbers, to the last bit where every member has a rank of its own.
BOOST_AUTO_TEST_CASE(samples_until_an_error_is_reached) {
  const Model model = exchange();
  const ProductState start = thermal_start(model, "down");
  MixtureOptions mixture{.kind = MixtureKind::random_phase, .samples = 400, .error = 0.004};
  const auto run = [&] {
    return evolve_mixture(model, start, times, questions(model), mixture, held_by_quanta(), comm);
  };
  const KetEvolution enough = run();
  BOOST_TEST(enough.ensemble->is_reached);
  BOOST_TEST(enough.ensemble->largest_error <= 0.004);
  BOOST_TEST(enough.ensemble->members < 8 * 400);
  mixture.samples = 4;
  mixture.error = 1e-6;
  BOOST_TEST(!run().ensemble->is_reached);
}

BOOST_AUTO_TEST_CASE(means_do_not_depend_on_the_number_of_ranks) {
  const Model model = exchange();
  const MixtureOptions mixture{.kind = MixtureKind::random_phase, .samples = 6};
  const ProductState start = thermal_start(model, "up");
  const auto here = evolve_mixture(model, start, times, questions(model), mixture, held(), comm);
  const auto alone =
      evolve_mixture(model, start, times, questions(model), mixture, held(), MPI_COMM_SELF);
  for (std::size_t k = 0; k < 2; ++k) {
    for (std::size_t j = 0; j < times.size(); ++j) {
      BOOST_TEST(here.values[k][j] == alone.values[k][j]);
      BOOST_TEST(here.errors[k][j] == alone.errors[k][j]);
    }
  }
}

// From none to all without a step back, while there is much left of the first ket, too.
BOOST_AUTO_TEST_CASE(progress_goes_on_within_a_ket) {
  const Model model = exchange();
  const ProductState start = thermal_start(model, "up");
  for (const auto kind : {MixtureKind::product_states, MixtureKind::random_phase}) {
    std::vector<double> seen;
    EvolveOptions options = questions(model);
    options.progress = [&](double fraction) { seen.push_back(fraction); };
    const MixtureOptions mixture{.kind = kind, .neglect = 0, .samples = 10};
    const auto members =
        evolve_mixture(model, start, times, options, mixture, held_by_quanta(), comm)
            .ensemble->members;
    BOOST_REQUIRE(static_cast<double>(seen.size()) > 2 * static_cast<double>(members) / 3);
    BOOST_TEST(std::is_sorted(seen.begin(), seen.end()));
    BOOST_TEST(seen.front() >= 0);
    BOOST_TEST(seen.front() < 0.5 * 3 / static_cast<double>(members));
    BOOST_TEST(seen.back() > 0.99 - 3 / static_cast<double>(members));
    BOOST_TEST(seen.back() <= 1 + 1e-12);
  }
}

BOOST_AUTO_TEST_CASE(what_mixtures_cannot_do_is_refused) {
  const Model model = exchange();
  const ProductState start = thermal_start(model, "up");
  const auto run = [&](const ProductState& state, const MixtureOptions& mixture) {
    (void)evolve_mixture(model, state, times, {}, mixture, held(), comm);
  };
  BOOST_CHECK_THROW(run(start, {.neglect = 1}), InputError);
  BOOST_CHECK_THROW(run(start, {.samples = 1}), InputError);
  ProductState tilted = start;
  tilted.sites[0] << 0.5, 0.2, 0.2, 0.5;
  BOOST_CHECK_THROW(run(tilted, {.kind = MixtureKind::random_phase}), InputError);
  BOOST_CHECK_NO_THROW(run(tilted, {.kind = MixtureKind::product_states}));
}

BOOST_AUTO_TEST_SUITE_END()
