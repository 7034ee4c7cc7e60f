// Steady states found within the diagonal's sector, and what lies elsewhere.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/solve/steady_state.hpp"
#include "oracle/comparison.hpp"
#include "oracle/random_models.hpp"
#include "oracle/storage.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Expression;
using lindwurm::Liouvillian;
using lindwurm::MasterEquation;
using lindwurm::Model;
using lindwurm::PreconditionerChoice;
using lindwurm::Space;
using lindwurm::SpinBasis;
using lindwurm::SteadyOptions;
using lindwurm::SteadySolver;
using lindwurm::SteadyState;
using lindwurm::Storage;
using lindwurm::VecHandle;
using oracle::Matrix;
using oracle::ReferenceModel;

BOOST_AUTO_TEST_SUITE(steady_sectors)

struct Way {
  Storage storage;
  SteadySolver solver;
  bool uses_sectors;
};
static std::ostream& operator<<(std::ostream& out, const Way& way) {
  return out << way.storage << (way.solver == SteadySolver::mumps ? " mumps" : " gmres")
             << (way.uses_sectors ? " in the diagonal's sector" : " on the whole space");
}

static const std::vector<Way> ways{{Storage::assembled, SteadySolver::gmres, false},
                                   {Storage::assembled, SteadySolver::gmres, true},
                                   {Storage::assembled, SteadySolver::mumps, true},
                                   {Storage::matrix_free, SteadySolver::gmres, false},
                                   {Storage::matrix_free, SteadySolver::gmres, true},
                                   {Storage::matrix_free, SteadySolver::mumps, true}};

static Liouvillian make(const Model& model, SpinBasis basis, const Way& way) {
  const auto equation = std::make_shared<const MasterEquation>(oracle::along(basis, model),
                                                               lindwurm::Session::communicator());
  return Liouvillian(equation, {.storage = way.storage,
                                .sector = way.uses_sectors ? sector_of_diagonal(equation->charges())
                                                           : whole_space(equation->charges())});
}

static void check(const ReferenceModel& model, SpinBasis basis, const Way& way,
                  double tolerance = 1e-8) {
  const Matrix l = model.liouvillian(0);
  const auto dimension = oracle::null_space(l).cols();
  const Liouvillian liouvillian = make(model.model, basis, way);
  const SteadyState found = steady_state(liouvillian, {.solver = way.solver});
  BOOST_TEST(found.is_converged);
  BOOST_TEST(found.dimension == dimension);
  BOOST_TEST(found.dimension_is_exact);
  BOOST_TEST(found.is_unique == (dimension == 1));
  BOOST_TEST((found.state.get() != nullptr) == (dimension == 1));
  if (dimension != 1) return;
  const Matrix rho = lindwurm::unpack(found.state, liouvillian.basis());
  BOOST_TEST(oracle::distance(rho, oracle::steady_state(l)) < tolerance);
}

// sz is conserved, and along x it has no diagonal.
BOOST_DATA_TEST_CASE(a_conserved_quantity_outside_the_diagonals_sector,
                     data::make({SpinBasis::z, SpinBasis::x}) * data::make(ways) *
                         data::make({0.0, 0.9}),
                     basis, way, w) {
  const Matrix z = oracle::pauli_z();
  const ReferenceModel model =
      oracle::written(Space{lindwurm::spin("q")}, std::to_string(w) + "/2*sz(q)", {{0.3, "sz(q)"}},
                      w / 2 * z, {{0.3, z}});
  BOOST_TEST(oracle::null_space(model.liouvillian(0)).cols() == 2);
  check(model, basis, way);
}

// The limit of an initial state in the diagonal's sector is what its own conserved quantities say.
BOOST_DATA_TEST_CASE(the_limit_of_a_state_in_the_diagonals_sector, data::make(ways), way) {
  const Matrix z = oracle::pauli_z();
  const ReferenceModel model = oracle::written(Space{lindwurm::spin("q")}, "0", {{0.3, "sz(q)"}},
                                               Matrix::Zero(2, 2), {{0.3, z}});
  const Liouvillian liouvillian = make(model.model, SpinBasis::x, way);
  const Matrix plus = oracle::raising_x() * oracle::lowering_x();
  const VecHandle initial = lindwurm::pack(plus, liouvillian);
  const SteadyState found = steady_state(liouvillian, {.solver = way.solver, .initial = initial});
  BOOST_TEST(!found.is_unique);
  BOOST_TEST(found.dimension == 2);
  BOOST_REQUIRE(found.state.get() != nullptr);
  BOOST_TEST(oracle::distance(lindwurm::unpack(found.state, liouvillian.basis()),
                              oracle::identity(2) / 2) < 1e-9);
}

BOOST_DATA_TEST_CASE(models,
                     data::make(oracle::small_constant_models()) *
                         data::make({SpinBasis::z, SpinBasis::x}) * data::make(ways),
                     model, basis, way) {
  check(model, basis, way);
}

BOOST_DATA_TEST_CASE(random_models, data::xrange(900u, 920u) * data::make(ways), seed, way) {
  const ReferenceModel model = oracle::random_model(seed);
  BOOST_TEST_CONTEXT(model.name) { check(model, seed % 2 == 0 ? SpinBasis::x : SpinBasis::z, way); }
}

// What makes incomplete factorisations hard: nothing excites, nothing damps a part, states are
// dark.
static std::vector<ReferenceModel> hard_models() {
  std::vector<ReferenceModel> all;
  const std::vector<int> pair{6, 2};
  const auto mode = [&](const std::string& name) {
    return oracle::embed(oracle::named(name, 6), 0, pair);
  };
  const auto spin = [&](const std::string& name) {
    return oracle::embed(oracle::named(name, 2), 1, pair);
  };
  const Space both{lindwurm::oscillator("m", 6), lindwurm::spin("q")};
  all.push_back(oracle::written(both, "n(m) + 0.5*sx(q) + 0.2*x(m)*sz(q)",
                                {{0.05, "a(m)"}, {0.1, "sm_x(q)"}},
                                mode("n") + 0.5 * spin("sx") + 0.2 * mode("x") * spin("sz"),
                                {{0.05, mode("a")}, {0.1, spin("sm_x")}}));
  all.push_back(oracle::written(both, "n(m) + 0.45*sx(q) + 0.2*x(m)*sz(q)",
                                {{0.06, "a(m)"}, {0.02, "ad(m)"}},
                                mode("n") + 0.45 * spin("sx") + 0.2 * mode("x") * spin("sz"),
                                {{0.06, mode("a")}, {0.02, mode("ad")}}));
  const Matrix exchange = mode("ad") * spin("sm");
  all.push_back(oracle::written(
      both, "n(m) + 0.5*sz(q) + 0.3*(ad(m)*sm(q) + a(m)*sp(q))", {{0.1, "a(m)"}},
      mode("n") + 0.5 * spin("sz") + 0.3 * (exchange + exchange.adjoint()), {{0.1, mode("a")}}));
  all.push_back(oracle::written(
      both, "0.3*sz(q) + 0.3*(ad(m)*sm(q) + a(m)*sp(q)) + 0.1*x(m)", {{0.2, "a(m)"}},
      0.3 * spin("sz") + 0.3 * (exchange + exchange.adjoint()) + 0.1 * mode("x"),
      {{0.2, mode("a")}}));
  const auto ket = [](int j, int k) { return oracle::transition(j, k, 3); };
  const Matrix drive = 0.4 * (ket(2, 0) + ket(0, 2)) + 0.3 * (ket(2, 1) + ket(1, 2));
  all.push_back(oracle::written(
      Space{lindwurm::level_site("v", 3)},
      "0.4*(ket(v, 2, 0) + ket(v, 0, 2)) + 0.3*(ket(v, 2, 1) + ket(v, 1, 2))",
      {{0.5, "ket(v, 0, 2)"}, {0.5, "ket(v, 1, 2)"}}, drive, {{0.5, ket(0, 2)}, {0.5, ket(1, 2)}}));
  all.push_back(oracle::collective_decay(2, 0.7));
  return all;
}

static const std::vector<ReferenceModel>& hard() {
  static const auto all = hard_models();
  return all;
}

BOOST_DATA_TEST_CASE(hard_models_without_a_stored_matrix,
                     data::make(hard()) * data::make({SpinBasis::z, SpinBasis::x}) *
                         data::make({false, true}),
                     model, basis, uses_sectors) {
  check(model, basis, {Storage::matrix_free, SteadySolver::gmres, uses_sectors}, 1e-9);
}

// |0> + |1> with weights that no drive reaches: 0.3 |0> - 0.4 |1>.
BOOST_AUTO_TEST_CASE(the_dark_state_is_dark) {
  const Liouvillian liouvillian =
      make(hard()[4].model, SpinBasis::z, {Storage::matrix_free, SteadySolver::gmres, false});
  const SteadyState found = steady_state(liouvillian, {.solver = SteadySolver::gmres});
  BOOST_REQUIRE(found.state.get() != nullptr);
  const Matrix rho = lindwurm::unpack(found.state, liouvillian.basis());
  Matrix expected = Matrix::Zero(3, 3);
  expected.topLeftCorner(2, 2) << 0.36, -0.48, -0.48, 0.64;
  BOOST_TEST(oracle::distance(rho, expected) < 1e-9);
}

BOOST_AUTO_TEST_CASE(preconditioners_are_named_and_refused) {
  const ReferenceModel& model = oracle::model_named("jaynes_cummings");
  const Matrix expected = oracle::steady_state(model.liouvillian(0));
  for (const Storage storage : {Storage::assembled, Storage::matrix_free}) {
    const Liouvillian liouvillian = make(model.model, SpinBasis::z, {storage, {}, true});
    for (const auto choice : {PreconditionerChoice::automatic, PreconditionerChoice::none,
                              PreconditionerChoice::dilu, PreconditionerChoice::ilu}) {
      const SteadyOptions options{.solver = SteadySolver::gmres, .preconditioner = choice};
      if (choice == PreconditionerChoice::dilu && storage == Storage::assembled) {
        BOOST_CHECK_THROW((void)steady_state(liouvillian, options), lindwurm::InputError);
        continue;
      }
      const SteadyState found = steady_state(liouvillian, options);
      const auto meant = choice != PreconditionerChoice::automatic ? choice
                         : storage == Storage::assembled           ? PreconditionerChoice::ilu
                                                                   : PreconditionerChoice::dilu;
      BOOST_TEST(found.preconditioner == name_of(meant));
      BOOST_TEST(found.is_unique);
      BOOST_REQUIRE(found.state.get() != nullptr);
      BOOST_TEST(oracle::distance(lindwurm::unpack(found.state, liouvillian.basis()), expected) <
                 1e-9);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
