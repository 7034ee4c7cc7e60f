// What an initial state reaches, against the graph of the dense Liouvillian.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <deque>
#include <map>
#include <random>
#include <set>

#include "charges_of_elements.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/generator/linear_equation.hpp"
#include "lindwurm/sectors/flow.hpp"
#include "oracle/comparison.hpp"
#include "oracle/losing_models.hpp"
#include "oracle/random_models.hpp"
#include "oracle/storage.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Charge;
using lindwurm::Charges;
using lindwurm::Expression;
using lindwurm::Flow;
using lindwurm::MasterEquation;
using lindwurm::Model;
using lindwurm::ProductState;
using lindwurm::Sector;
using lindwurm::Space;
using lindwurm::SpinBasis;
using oracle::Matrix;
using oracle::ReferenceModel;

BOOST_AUTO_TEST_SUITE(flows)

static const MPI_Comm comm = lindwurm::Session::communicator();

// Which elements each element leads to, or comes from, at times where no coefficient vanishes.
class Graph {
 public:
  Graph(const ReferenceModel& model, const Space& space, bool is_backward) {
    const Matrix u = oracle::stored_states(space);
    const Matrix both = oracle::kron(u, u.conjugate());
    for (double t : {0.37, 1.91}) {
      const Matrix l = both.adjoint() * model.liouvillian(t) * both;
      const double zero = 1e-13 * std::max(l.cwiseAbs().maxCoeff(), 1e-300);
      next_.resize(l.rows());
      for (int x = 0; x < l.rows(); ++x) {
        for (int y = 0; y < l.cols(); ++y) {
          if (std::abs(l(x, y)) > zero) next_[is_backward ? x : y].insert(is_backward ? y : x);
        }
      }
    }
  }

  [[nodiscard]] std::set<int> reached_from(std::set<int> elements) const {
    std::deque<int> open(elements.begin(), elements.end());
    for (; !open.empty(); open.pop_front()) {
      for (int y : next_[open.front()]) {
        if (elements.insert(y).second) open.push_back(y);
      }
    }
    return elements;
  }

  // The same with whole blocks of one charge.
  [[nodiscard]] std::set<Charge> reached_from(std::set<Charge> values,
                                              const std::vector<Charge>& of_element) const {
    std::map<Charge, std::set<Charge>> edges;
    for (std::size_t x = 0; x < next_.size(); ++x) {
      for (int y : next_[x])
        edges[of_element[x]].insert(of_element[y]);
    }
    std::deque<Charge> open(values.begin(), values.end());
    for (; !open.empty(); open.pop_front()) {
      for (const Charge& y : edges[open.front()]) {
        if (values.insert(y).second) open.push_back(y);
      }
    }
    return values;
  }

 private:
  std::vector<std::set<int>> next_;
};

static std::set<int> support(const ProductState& state) {
  Matrix rho = Matrix::Identity(1, 1);
  for (const Matrix& site : state.sites)
    rho = oracle::kron(rho, site);
  std::set<int> elements;
  for (int x = 0; x < rho.size(); ++x) {
    if (oracle::vec(rho)(x) != 0.0) elements.insert(x);
  }
  return elements;
}

static void check_reached(const ReferenceModel& model, SpinBasis basis, unsigned seed) {
  const MasterEquation equation(oracle::along(basis, model.model), comm);
  const Space& space = equation.model().space;
  const Flow& flow = equation.flow();
  std::mt19937 random(seed);
  ProductState state;
  for (int s = 0; s < space.sites(); ++s) {
    const auto psi = oracle::random_site_ket(space.dimension(s), random(), random);
    state.sites.emplace_back(psi * psi.adjoint());
  }
  for (const bool is_backward : {false, true}) {
    const Graph graph(model, space, is_backward);
    const std::set<int> needed = graph.reached_from(support(state));
    const auto found_in = [&](const Charges& charges) {
      const Sector start = sector_of(state, charges);
      return is_backward ? flow.leading_to(start) : flow.reached_from(start);
    };
    // In the finer charges: no block more than the graph's.
    const auto of_element = charges_of_elements(flow.finer(), space);
    const Sector finer = found_in(flow.finer());
    BOOST_TEST(
        (finer.values == graph.reached_from(sector_of(state, flow.finer()).values, of_element)));
    // In those that are taken: nothing is missing.
    const Sector taken = flow.smallest(found_in);
    const auto of_taken = charges_of_elements(taken.charges, space);
    for (const int x : needed)
      BOOST_REQUIRE(taken.values.contains(of_taken[x]));
    BOOST_TEST(size(taken) <= size(sector_of(state, equation.charges())));
    for (int x = 0; x < static_cast<int>(of_taken.size()); ++x) {
      const int d = model.dimension();
      BOOST_REQUIRE(taken.values.contains(of_taken[x]) ==
                    taken.values.contains(of_taken[x % d * d + x / d]));
    }
  }
}

BOOST_DATA_TEST_CASE(models_that_lose, data::make(oracle::losing_models()) * data::xrange(4u),
                     model, seed) {
  check_reached(model, SpinBasis::z, seed);
}

BOOST_DATA_TEST_CASE(random_models_that_lose, data::xrange(60u), seed) {
  const ReferenceModel model = oracle::random_losing_model(seed);
  BOOST_TEST_CONTEXT(model.name) { check_reached(model, SpinBasis::z, seed); }
}

BOOST_DATA_TEST_CASE(random_conserving_models, data::xrange(40u), seed) {
  const ReferenceModel model = oracle::random_conserving_model(seed);
  BOOST_TEST_CONTEXT(model.name) {
    check_reached(model, seed % 2 == 0 ? SpinBasis::z : SpinBasis::x, seed);
  }
}

BOOST_DATA_TEST_CASE(random_models, data::xrange(770u, 790u), seed) {
  const ReferenceModel model = oracle::random_model(seed);
  BOOST_TEST_CONTEXT(model.name) {
    check_reached(model, seed % 2 == 0 ? SpinBasis::z : SpinBasis::x, seed);
  }
}

static std::int64_t reached(const Model& model,
                            const std::map<std::string, std::vector<std::string>>& initial) {
  const MasterEquation equation(model, comm);
  const auto state = product_state(model.space, initial);
  const Flow& flow = equation.flow();
  return size(flow.smallest(
      [&](const Charges& charges) { return flow.reached_from(sector_of(state, charges)); }));
}

static Model lossy_chain(int spins) {
  Model model(Space{lindwurm::spins("s", spins)});
  model.hamiltonian = Expression::parse("sp(s[k])*sm(s[k+1]) + dag(sp(s[k])*sm(s[k+1]))");
  model.add({Expression::parse("sm(s)"), 0.1});
  return model;
}

static std::vector<std::string> excited(int spins, int count) {
  std::vector<std::string> states(spins, "down");
  std::fill_n(states.begin(), count, "up");
  return states;
}

// n excitations of kets and bras, and all below: sum_k C(N, k)^2.
BOOST_AUTO_TEST_CASE(a_lossy_chain_loses_its_excitations) {
  BOOST_TEST(reached(lossy_chain(12), {{"s", excited(12, 1)}}) == 144 + 1);
  BOOST_TEST(reached(lossy_chain(12), {{"s", excited(12, 2)}}) == 66 * 66 + 144 + 1);
  BOOST_TEST(reached(lossy_chain(12), {{"s", excited(12, 0)}}) == 1);
  BOOST_TEST(reached(lossy_chain(24), {{"s", excited(24, 1)}}) == 576 + 1);
  BOOST_TEST(reached(lossy_chain(31), {{"s", excited(31, 2)}}) == 465 * 465 + 961 + 1);
  // A superposition of one and none has coherences of the two.
  std::vector<std::string> states = excited(12, 0);
  states[3] = "up_x";
  BOOST_TEST(reached(lossy_chain(12), {{"s", states}}) == 13 * 13);
}

BOOST_AUTO_TEST_CASE(coupled_cavities_lose_their_photon) {
  Model model(Space{lindwurm::oscillators("c", 8, 3)});
  model.hamiltonian = Expression::parse("n(c)*(n(c) - 1)");
  model.hamiltonian = model.hamiltonian + Expression::parse("ad(c[k])*a(c[l])");
  model.add({Expression::parse("a(c)"), 0.01});
  std::vector<std::string> states(8, "fock(0)");
  states[0] = "fock(1)";
  BOOST_TEST(reached(model, {{"c", states}}) == 64 + 1);
}

// Each site loses what it has, and nothing couples them: what equal sites conserve is counted
// together where it would be too much to tell for each.
BOOST_AUTO_TEST_CASE(many_spins_decay_alone) {
  Model model(Space{lindwurm::spins("s", 20)});
  model.hamiltonian = Expression::parse("sz(s)");
  model.add({Expression::parse("sm(s)"), 0.1});
  BOOST_TEST(reached(model, {{"s", excited(20, 1)}}) <= 20 * 20 + 1);
  BOOST_TEST(reached(model, {{"s", excited(20, 0)}}) == 1);
}

// Too many components of one site: the largest are told apart.
BOOST_AUTO_TEST_CASE(a_large_ensemble_decays_within_its_multiplet) {
  for (const int spins : {40, 100}) {
    Model model(Space{lindwurm::ensemble("e", spins)});
    model.add({Expression::parse("sm(e)"), 0.1, true});
    BOOST_TEST(reached(model, {{"e", {"up"}}}) == spins + 1);
  }
}

// Few values of many.
BOOST_AUTO_TEST_CASE(a_cavity_of_many_levels_needs_few) {
  Model model(Space{lindwurm::oscillator("c", 130), lindwurm::spin("s")});
  model.hamiltonian = Expression::parse("ad(c)*sm(s) + a(c)*sp(s)");
  BOOST_TEST(reached(model, {{"c", {"fock(1)"}}, {"s", {"down"}}}) == 4);
  model.add({Expression::parse("a(c)"), 0.1});
  BOOST_TEST(reached(model, {{"c", {"fock(1)"}}, {"s", {"down"}}}) == 4 + 1);
  model.add({Expression::parse("ad(c)"), 0.1});
  BOOST_TEST(reached(model, {{"c", {"fock(1)"}}, {"s", {"down"}}}) ==
             size(sector_of_diagonal(MasterEquation(model, comm).charges())));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_left) {
  const auto recurrent = [](const Model& model) {
    return size(MasterEquation(model, comm).flow().recurrent());
  };
  BOOST_TEST(recurrent(lossy_chain(6)) == 1);
  Model driven = lossy_chain(4);
  driven.hamiltonian = driven.hamiltonian + Expression::parse("0.1*sx(s[0])");
  BOOST_TEST(recurrent(driven) == 256);
  // Pumped from 0 to 1 and from 1 to 2, and what is there circles between 2 and 3.
  Model pumped(Space{lindwurm::level_site("v", 4)});
  for (const char* jump : {"ket(v, 1, 0)", "ket(v, 2, 1)", "ket(v, 3, 2)", "ket(v, 2, 3)"})
    pumped.add({Expression::parse(jump), 0.1});
  BOOST_TEST(recurrent(pumped) == 2);
}

BOOST_AUTO_TEST_SUITE_END()
