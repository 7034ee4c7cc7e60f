// Evolutions, correlations and steady states in what is reached, against dense Liouvillians.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <random>

#include "lindwurm/backend/session.hpp"
#include "lindwurm/solve/correlation.hpp"
#include "lindwurm/solve/evolve.hpp"
#include "lindwurm/solve/steady_state.hpp"
#include "oracle/comparison.hpp"
#include "oracle/losing_models.hpp"
#include "oracle/random_models.hpp"
#include "oracle/storage.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Charges;
using lindwurm::Expression;
using lindwurm::Flow;
using lindwurm::Liouvillian;
using lindwurm::MasterEquation;
using lindwurm::Model;
using lindwurm::OperatorEquation;
using lindwurm::ProductState;
using lindwurm::Space;
using lindwurm::SteadySolver;
using lindwurm::Storage;
using lindwurm::VecHandle;
using oracle::Complex;
using oracle::Matrix;
using oracle::ReferenceModel;

BOOST_AUTO_TEST_SUITE(reached)

static const MPI_Comm comm = lindwurm::Session::communicator();
static const std::vector<Storage> storages{Storage::assembled, Storage::matrix_free};

// A product state of a random kind for each site: one level, a superposition or a mixture of some.
struct Start {
  ProductState state;
  Matrix rho = Matrix::Identity(1, 1);

  Start(const Space& space, unsigned seed) {
    std::mt19937 random(seed);
    for (int s = 0; s < space.sites(); ++s) {
      const int d = space.dimension(s);
      const auto psi = oracle::random_site_ket(d, random(), random);
      Matrix site = psi * psi.adjoint();
      if (random() % 3 == 0) site = Matrix(site.diagonal().asDiagonal());
      if (random() % 3 == 0) {
        const int level = static_cast<int>(random() % d);
        site = oracle::transition(level, level, d);
      }
      state.sites.push_back(site);
      rho = oracle::kron(rho, site);
    }
  }
};

static void check_evolution(const ReferenceModel& model, unsigned seed) {
  const auto equation = std::make_shared<const MasterEquation>(model.model, comm);
  const Start start(model.model.space, seed);
  const Flow& flow = equation->flow();
  const auto region = [&](const Charges& charges) {
    return flow.reached_from(sector_of(start.state, charges));
  };
  const Matrix expected = oracle::evolve(model.liouvillian(0), start.rho, 1.3);
  for (const Storage storage : storages) {
    // In the smaller set, and in the finer charges whatever their size.
    for (const auto& sector : {flow.smallest(region), region(flow.finer())}) {
      const Liouvillian liouvillian(equation, {storage, sector});
      const VecHandle rho = pack(start.state, liouvillian);
      const auto run = evolve(liouvillian, rho, {0, 1.3}, {.rtol = 1e-10, .atol = 1e-12});
      BOOST_TEST(oracle::distance(unpack(run.final_state, liouvillian.basis()), expected) < 1e-8);
    }
  }
}

static void check_correlation(const ReferenceModel& model, unsigned seed) {
  const auto equation = std::make_shared<const MasterEquation>(model.model, comm);
  const auto operators = std::make_shared<const OperatorEquation>(equation);
  const Start start(model.model.space, seed);
  const Flow& flow = equation->flow();
  const auto region_of = [&](const Flow& of) {
    return [&](const Charges& charges) { return of.reached_from(sector_of(start.state, charges)); };
  };
  const Liouvillian liouvillian(equation, {Storage::matrix_free, flow.smallest(region_of(flow))});
  const VecHandle rho = pack(start.state, liouvillian);
  const auto words = oracle::random_operators(seed, 3);
  const auto of = [&](int k) {
    return sum_over_members(Expression::parse(words[k].first), model.model.space).simplified();
  };
  const Matrix l = model.liouvillian(0);
  for (const Storage storage : storages) {
    const auto found = correlate(operators, {of(0), of(1), of(2)},
                                 {rho, liouvillian.basis(), region_of(operators->flow()), 0, false},
                                 {.delays = {0, 0.7, 1.9}, .storage = storage});
    const std::vector<double> delays{0, 0.7, 1.9};
    for (std::size_t k = 0; k < delays.size(); ++k) {
      const Matrix x = words[1].second * start.rho * words[2].second;
      const Complex expected = (words[0].second * oracle::evolve(l, x, delays[k])).trace();
      BOOST_TEST(std::abs(found.values[k] - expected) < 1e-8 * (1 + x.norm()));
    }
  }
}

static void check_steady_state(const ReferenceModel& model) {
  const auto equation = std::make_shared<const MasterEquation>(model.model, comm);
  const Matrix l = model.liouvillian(0);
  const auto dimension = oracle::null_space(l).cols();
  for (const Storage storage : storages) {
    const Liouvillian liouvillian(equation, {storage, equation->flow().recurrent()});
    const auto found = steady_state(liouvillian);
    BOOST_TEST(found.is_converged);
    BOOST_TEST(found.is_unique == (dimension == 1));
    BOOST_TEST(found.dimension == dimension);
    if (dimension != 1 || !found.is_unique) continue;
    BOOST_TEST(oracle::distance(unpack(found.state, liouvillian.basis()), oracle::steady_state(l)) <
               1e-8);
  }
}

BOOST_DATA_TEST_CASE(evolutions, data::make(oracle::losing_models()) * data::xrange(3u), model,
                     seed) {
  check_evolution(model, seed);
}

BOOST_DATA_TEST_CASE(evolutions_of_random_models, data::xrange(40u), seed) {
  const ReferenceModel model = oracle::random_losing_model(seed);
  BOOST_TEST_CONTEXT(model.name) { check_evolution(model, seed); }
}

BOOST_DATA_TEST_CASE(correlations_of_random_models, data::xrange(40u), seed) {
  const ReferenceModel model = oracle::random_losing_model(seed);
  BOOST_TEST_CONTEXT(model.name) { check_correlation(model, seed); }
}

BOOST_DATA_TEST_CASE(steady_states, data::make(oracle::losing_models()), model) {
  check_steady_state(model);
}

BOOST_DATA_TEST_CASE(steady_states_of_random_models, data::xrange(40u), seed) {
  const ReferenceModel model = oracle::random_losing_model(seed);
  BOOST_TEST_CONTEXT(model.name) { check_steady_state(model); }
}

// The singlet of two spins that decay together is dark, though its block can be left.
BOOST_AUTO_TEST_CASE(a_dark_state_among_what_can_be_left) {
  Model model(Space{lindwurm::spins("s", 2)});
  model.add({Expression::parse("sm(s[0]) + sm(s[1])"), 0.4});
  const auto equation = std::make_shared<const MasterEquation>(model, comm);
  for (const Storage storage : storages) {
    const Liouvillian liouvillian(equation, {storage, equation->flow().recurrent()});
    const auto found = steady_state(liouvillian);
    BOOST_TEST(!found.is_unique);
    BOOST_TEST(found.dimension == 4);
  }
}

BOOST_AUTO_TEST_SUITE_END()
