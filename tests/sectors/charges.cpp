// Sectors against the graph of the dense reference.
#include "lindwurm/sectors/charges.hpp"
#include "charges_of_elements.hpp"

#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <map>
#include <numeric>

#include "lindwurm/backend/session.hpp"
#include "lindwurm/generator/liouvillian.hpp"
#include "oracle/comparison.hpp"
#include "oracle/random_models.hpp"
#include "oracle/storage.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Charge;
using lindwurm::Charges;
using lindwurm::Expression;
using lindwurm::MasterEquation;
using lindwurm::Model;
using lindwurm::Sector;
using lindwurm::Space;
using lindwurm::SpinBasis;
using oracle::Matrix;
using oracle::ReferenceModel;

BOOST_AUTO_TEST_SUITE(charges)

using Sizes = std::vector<std::int64_t>;

static MasterEquation equation_of(const Model& model, std::size_t most_charges = 4096) {
  return {model, lindwurm::Session::communicator(), {0.0}, {.most_charges = most_charges}};
}

static Matrix in_stored_basis(const Matrix& l, const Space& space) {
  const Matrix u = oracle::stored_states(space);
  const Matrix both = oracle::kron(u, u.conjugate());
  return both.adjoint() * l * both;
}

static Sizes sorted(Sizes sizes) {
  std::sort(sizes.begin(), sizes.end());
  return sizes;
}

static Sizes sizes_of(const Charges& charges) {
  Sizes sizes;
  for (const Sector& sector : all_sectors(charges))
    sizes.push_back(size(sector));
  return sorted(sizes);
}

// Connected components of the graph of all these matrices, with every element tied to its mirror.
class Components {
 public:
  explicit Components(const std::vector<Matrix>& matrices) : parent_(matrices.front().rows()) {
    std::iota(parent_.begin(), parent_.end(), 0);
    const auto n = static_cast<int>(parent_.size());
    const int d = static_cast<int>(std::lround(std::sqrt(n)));
    for (int x = 0; x < n; ++x)
      join(x, x % d * d + x / d);
    for (const Matrix& l : matrices) {
      const double zero = 1e-13 * std::max(l.cwiseAbs().maxCoeff(), 1e-300);
      for (int x = 0; x < n; ++x) {
        for (int y = 0; y < n; ++y) {
          if (std::abs(l(x, y)) > zero) join(x, y);
        }
      }
    }
  }
  int of(int x) {
    while (parent_[x] != x)
      x = parent_[x] = parent_[parent_[x]];
    return x;
  }
  Sizes sizes() {
    std::map<int, std::int64_t> count;
    for (int x = 0; x < static_cast<int>(parent_.size()); ++x)
      ++count[of(x)];
    Sizes all;
    for (const auto& [root, members] : count)
      all.push_back(members);
    return sorted(all);
  }

 private:
  void join(int x, int y) { parent_[of(x)] = of(y); }
  std::vector<int> parent_;
};

// At times where no coefficient of the models vanishes.
static Components components_of(const ReferenceModel& model, const Space& space) {
  std::vector<Matrix> matrices;
  for (double t : {0.37, 1.91})
    matrices.push_back(in_stored_basis(model.liouvillian(t), space));
  return Components(matrices);
}

static void check_sectors(const ReferenceModel& model, SpinBasis basis,
                          std::size_t most_charges = 4096) {
  const MasterEquation equation = equation_of(oracle::along(basis, model.model), most_charges);
  const Space& space = equation.model().space;
  const Charges& charges = equation.charges();
  const auto of_element = charges_of_elements(charges, space);
  const auto d = static_cast<int>(space.dimension());
  const auto n = static_cast<int>(of_element.size());

  Components components = components_of(model, space);
  const auto sectors = all_sectors(charges);
  std::vector<int> sector_of(n, -1);
  for (std::size_t k = 0; k < sectors.size(); ++k) {
    std::int64_t members = 0;
    for (int x = 0; x < n; ++x) {
      if (!sectors[k].values.contains(of_element[x])) continue;
      BOOST_REQUIRE(sector_of[x] == -1);
      sector_of[x] = static_cast<int>(k);
      ++members;
    }
    BOOST_TEST(members == size(sectors[k]));
    BOOST_TEST(members > 0);

    const Sector rest = complement(sectors[k]);
    BOOST_TEST(size(rest) == n - members);
    BOOST_TEST(std::none_of(rest.values.begin(), rest.values.end(), [&](const Charge& value) {
      return sectors[k].values.contains(value);
    }));
  }
  for (int x = 0; x < n; ++x) {
    BOOST_REQUIRE(sector_of[x] >= 0);
    BOOST_REQUIRE(sector_of[x] == sector_of[x % d * d + x / d]);
    BOOST_REQUIRE(sector_of[x] == sector_of[components.of(x)]);
  }

  const Sector diagonal = sector_of_diagonal(charges);
  for (int m = 0; m < d; ++m)
    BOOST_TEST(diagonal.values.contains(of_element[m * d + m]));
  BOOST_TEST(size(whole_space(charges)) == n);
  BOOST_TEST(complement(whole_space(charges)).values.empty());
  if (most_charges == 4096)
    BOOST_TEST(largest_sector_size(equation.model()) == sizes_of(charges).back());
}

BOOST_DATA_TEST_CASE(sectors_of_models_are_unions_of_components,
                     data::make(oracle::all_models()) * data::make({SpinBasis::z, SpinBasis::x}),
                     model, basis) {
  // Two transformations of the largest would take a minute.
  if (model.dimension() <= 27) check_sectors(model, basis);
}

BOOST_DATA_TEST_CASE(sectors_of_random_models_are_unions_of_components,
                     data::xrange(700u, 740u) * data::make({SpinBasis::z, SpinBasis::x}), seed,
                     basis) {
  const ReferenceModel model = oracle::random_model(seed);
  BOOST_TEST_CONTEXT(model.name) { check_sectors(model, basis); }
}

// The sectors are the components themselves.
static void check_finest(const ReferenceModel& model, SpinBasis basis, Sizes expected) {
  check_sectors(model, basis);
  const MasterEquation equation = equation_of(oracle::along(basis, model.model));
  const Sizes found = sizes_of(equation.charges());
  BOOST_TEST(found == sorted(std::move(expected)), boost::test_tools::per_element());
  BOOST_TEST(found == components_of(model, equation.model().space).sizes(),
             boost::test_tools::per_element());
}

// x sz with sx and jumps along x conserves the parity of quanta and flipped spins on both sides.
// However few charges are left, each sector holds its mirrors and no term leads out of it.
BOOST_DATA_TEST_CASE(few_charges_make_coarser_sectors, data::xrange(700u, 712u), seed) {
  const ReferenceModel model =
      seed % 4 == 0 ? oracle::random_model(seed) : oracle::random_conserving_model(seed);
  BOOST_TEST_CONTEXT(model.name) {
    for (const std::size_t most : {1, 2, 3, 5, 9, 20, 60}) {
      const SpinBasis basis = seed % 2 == 0 ? SpinBasis::z : SpinBasis::x;
      check_sectors(model, basis, most);
      const MasterEquation equation = equation_of(oracle::along(basis, model.model), most);
      const auto all = charges_of_elements(equation.charges(), equation.model().space);
      BOOST_TEST(std::set<Charge>(all.begin(), all.end()).size() <= most);
    }
  }
}

BOOST_AUTO_TEST_CASE(oscillator_and_spins_halve_along_x) {
  const ReferenceModel one = oracle::oscillator_spin_bath(6, 1);
  check_finest(one, SpinBasis::x, {72, 72});
  check_finest(one, SpinBasis::z, {144});
  const ReferenceModel two = oracle::oscillator_spin_bath(3, 2);
  check_finest(two, SpinBasis::x, {72, 72});
  check_finest(two, SpinBasis::z, {144});
}

// 1, 2, 2, 2, 2, 1 states with 0 to 5 excitations; c_k = sum_j N_j N_j+k elements differ by k, and
// as many by -k.
BOOST_AUTO_TEST_CASE(jaynes_cummings_counts_excitations) {
  check_finest(oracle::model_named("jaynes_cummings"), SpinBasis::z,
               {18, 2 * 16, 2 * 12, 2 * 8, 2 * 4, 2 * 1});
  check_finest(oracle::model_named("jaynes_cummings"), SpinBasis::x, {100});
}

// |m><n| with m - n = k: 6 - |k| elements.
BOOST_AUTO_TEST_CASE(a_damped_oscillator_keeps_its_diagonals) {
  check_finest(oracle::model_named("damped_oscillator"), SpinBasis::z, {6, 10, 8, 6, 4, 2});
}

// Total quanta 0 to 4 in two cavities of 3 levels: 1, 2, 3, 2, 1 states.
BOOST_AUTO_TEST_CASE(a_chain_counts_quanta) {
  check_finest(oracle::model_named("cavity_chain_3x2"), SpinBasis::z, {20, 2 * 15, 2 * 6, 2 * 1});
  const Sizes sizes =
      sizes_of(equation_of(oracle::model_named("cavity_chain_3x3").model).charges());
  BOOST_TEST(sizes.size() == 7);
  // 1, 3, 6, 7, 6, 3, 1 states
  BOOST_TEST(sizes.front() == 2);
  BOOST_TEST(std::count(sizes.begin(), sizes.end(), 1 + 9 + 36 + 49 + 36 + 9 + 1) == 1);
}

BOOST_AUTO_TEST_CASE(a_driven_spin_has_one_sector) {
  check_finest(oracle::model_named("driven_spin"), SpinBasis::z, {4});
  check_finest(oracle::model_named("lambda_site"), SpinBasis::z, {9});
}

BOOST_AUTO_TEST_CASE(pure_dephasing_leaves_every_element_alone) {
  const std::vector<int> two{2, 2};
  const Matrix z0 = oracle::embed(oracle::pauli_z(), 0, two);
  const Matrix z1 = oracle::embed(oracle::pauli_z(), 1, two);
  const Space spins{lindwurm::spins("s", 2)};
  const ReferenceModel model =
      oracle::written(spins, "0.5*sz(s[0]) + 0.7*sz(s[1])", {{0.2, "sz(s)"}}, 0.5 * z0 + 0.7 * z1,
                      {{0.2, z0}, {0.2, z1}});
  check_finest(model, SpinBasis::z, {1, 1, 1, 1, 2, 2, 2, 2, 2, 2});
  // Along x, sz flips: the parity of m and n of each spin stays.
  check_finest(model, SpinBasis::x, {16});
  const ReferenceModel still =
      oracle::written(spins, "0", {{0.2, "sz(s)"}}, Matrix::Zero(4, 4), {{0.2, z0}, {0.2, z1}});
  check_finest(still, SpinBasis::x, {4, 4, 4, 4});
}

// Populations 4, coherences of one spin beside populations of the other, coherences of both.
BOOST_AUTO_TEST_CASE(two_uncoupled_damped_spins) {
  const std::vector<int> two{2, 2};
  const Matrix z0 = oracle::embed(oracle::pauli_z(), 0, two);
  const Matrix z1 = oracle::embed(oracle::pauli_z(), 1, two);
  const Matrix m0 = oracle::embed(oracle::lowering(), 0, two);
  const Matrix m1 = oracle::embed(oracle::lowering(), 1, two);
  const ReferenceModel model =
      oracle::written(Space{lindwurm::spins("s", 2)}, "0.5*sz(s[0]) + 0.7*sz(s[1])",
                      {{0.2, "sm(s)"}}, 0.5 * z0 + 0.7 * z1, {{0.2, m0}, {0.2, m1}});
  check_finest(model, SpinBasis::z, {4, 4, 4, 2, 2});
}

// A ladder of rates: populations are coupled, each coherence only decays.
BOOST_AUTO_TEST_CASE(three_levels_without_a_drive) {
  const auto ket = [](int j, int k) { return oracle::transition(j, k, 3); };
  const Space atom{lindwurm::level_site("v", 3)};
  const ReferenceModel model = oracle::written(
      atom, "0.3*proj(v, 1) + proj(v, 2)", {{0.4, "ket(v, 1, 2)"}, {0.7, "ket(v, 0, 1)"}},
      0.3 * ket(1, 1) + ket(2, 2), {{0.4, ket(1, 2)}, {0.7, ket(0, 1)}});
  check_finest(model, SpinBasis::z, {3, 2, 2, 2});
  // A drive between 0 and 1 leaves the coherences with 2 to themselves.
  const ReferenceModel driven =
      oracle::written(atom, "ket(v, 0, 1) + ket(v, 1, 0)", {{0.4, "ket(v, 1, 2)"}},
                      ket(0, 1) + ket(1, 0), {{0.4, ket(1, 2)}});
  check_finest(driven, SpinBasis::z, {5, 4});
}

BOOST_AUTO_TEST_CASE(two_quanta_at_a_time) {
  const Matrix a = oracle::annihilation(5);
  const Matrix n = oracle::number(5);
  const Matrix squeeze = a * a + (a * a).adjoint();
  const ReferenceModel model =
      oracle::written(Space{lindwurm::oscillator("m", 5)}, "n(m) + a(m)^2 + ad(m)^2",
                      {{0.3, "a(m)"}}, n + squeeze, {{0.3, a}});
  check_finest(model, SpinBasis::z, {13, 12});
}

BOOST_AUTO_TEST_CASE(nothing_couples_nothing) {
  check_finest(
      oracle::written(Space{lindwurm::level_site("v", 3)}, "0", {}, Matrix::Zero(3, 3), {}),
      SpinBasis::z, {1, 1, 1, 2, 2, 2});
  check_finest(
      oracle::written(Space{lindwurm::level_site("v", 1)}, "0", {}, Matrix::Zero(1, 1), {}),
      SpinBasis::z, {1});
}

// More sectors than are worth their bookkeeping: coarser ones, of which none is torn apart.
BOOST_AUTO_TEST_CASE(many_spins_have_coarser_sectors) {
  Model model(Space{lindwurm::spins("s", 10)});
  model.hamiltonian = Expression::parse("sz(s)");
  model.add({Expression::parse("sz(s)"), 0.1});
  const MasterEquation equation = equation_of(model);
  const Sizes sizes = sizes_of(equation.charges());
  BOOST_TEST(sizes.size() > 1);
  BOOST_TEST(sizes.size() <= 4096);
  BOOST_TEST(std::accumulate(sizes.begin(), sizes.end(), std::int64_t{0}) == 1 << 20);
}

static Matrix site_matrix(int d, unsigned pattern, std::mt19937& random) {
  Matrix psi = Matrix::Zero(d, 1);
  for (int k = 0; k < d; ++k) {
    if ((pattern >> static_cast<unsigned>(k) & 1U) != 0)
      psi(k) = oracle::random_matrix(1, random)(0);
  }
  if (psi.norm() == 0) psi(0) = 1;
  return psi * psi.adjoint() / psi.squaredNorm();
}

BOOST_DATA_TEST_CASE(a_state_lies_in_its_sector, data::xrange(740u, 770u), seed) {
  const ReferenceModel model = oracle::random_model(seed);
  BOOST_TEST_CONTEXT(model.name) {
    const MasterEquation equation =
        equation_of(oracle::along(seed % 2 == 0 ? SpinBasis::z : SpinBasis::x, model.model));
    const Space& space = equation.model().space;
    std::mt19937 random(seed);
    lindwurm::ProductState state;
    Matrix rho = Matrix::Identity(1, 1);
    for (int s = 0; s < space.sites(); ++s) {
      state.sites.push_back(site_matrix(space.dimension(s), random(), random));
      rho = oracle::kron(rho, state.sites.back());
    }
    const auto of_element = charges_of_elements(equation.charges(), space);
    std::set<Charge> expected;
    for (int x = 0; x < static_cast<int>(of_element.size()); ++x) {
      if (oracle::vec(rho)(x) != 0.0) expected.insert(of_element[x]);
    }
    BOOST_TEST((sector_of(state, equation.charges()).values == expected));
  }
}

static SpinBasis chosen(const Model& model, const std::string& name) {
  return with_chosen_bases(oracle::along(SpinBasis::automatic, model)).space().find(name)->basis;
}

BOOST_AUTO_TEST_CASE(bases_are_chosen_for_small_sectors) {
  BOOST_TEST(chosen(oracle::oscillator_spin_bath(6, 1).model, "bath") == SpinBasis::x);
  BOOST_TEST(chosen(oracle::oscillator_spin_bath(3, 2).model, "bath") == SpinBasis::x);
  BOOST_TEST(chosen(oracle::model_named("jaynes_cummings").model, "atom") == SpinBasis::z);
  BOOST_TEST(chosen(oracle::model_named("driven_spin").model, "qubit") == SpinBasis::z);
  const Model fixed = oracle::along(SpinBasis::z, oracle::oscillator_spin_bath(6, 1).model);
  BOOST_TEST(with_chosen_bases(fixed).space().find("bath")->basis == SpinBasis::z);
  BOOST_TEST(largest_sector_size(with_chosen_bases(oracle::along(
                 SpinBasis::automatic, oracle::oscillator_spin_bath(6, 1).model))) == 72);
}

// One group for each axis.
BOOST_AUTO_TEST_CASE(bases_are_chosen_group_by_group) {
  Model model(Space{lindwurm::spin("p"), lindwurm::spin("q")});
  model.hamiltonian = Expression::parse("sz(p) + sx(q)");
  model.add({Expression::parse("sm(p)"), 0.1});
  model.add({Expression::parse("sm_x(q)"), 0.1});
  BOOST_TEST(chosen(model, "p") == SpinBasis::z);
  BOOST_TEST(chosen(model, "q") == SpinBasis::x);
}

// One quantum in modes of three levels never sees the third's end; three quanta do, and so does
// anything where quanta are not conserved.
BOOST_AUTO_TEST_CASE(room_above_the_last_level) {
  const auto room = [](const std::string& h, const std::vector<std::string>& states) {
    lindwurm::Model model(lindwurm::Space{lindwurm::oscillators("c", 3, 3), lindwurm::spin("s")});
    model.hamiltonian = lindwurm::Expression::parse(h);
    const lindwurm::EquationTerms equation(model, lindwurm::Dynamics::unitary);
    const lindwurm::Charges charges(equation.terms, equation.elements);
    const auto ket =
        ket_of(product_state(model.space, {{"c", states}, {"s", {"down"}}}), model.space);
    const auto sector = sector_of(ket, charges);
    return std::vector<bool>{has_room_above(sector, 1), has_room_above(sector, 3)};
  };
  const std::string exchange = "n(c) + 0.1*(sp(s)*a(c) + sm(s)*ad(c))";
  const std::vector<bool> none{false, false};
  const std::vector<bool> both{true, true};
  BOOST_TEST((room(exchange, {"fock(1)", "fock(0)", "fock(0)"}) == none));
  BOOST_TEST((room(exchange, {"fock(1)", "fock(1)", "fock(0)"}) == none));
  BOOST_TEST((room(exchange, {"fock(1)", "fock(1)", "fock(1)"}) == both));
  BOOST_TEST((room(exchange + " + 0.1*x(c)", {"fock(1)", "fock(0)", "fock(0)"}) == both));
  BOOST_TEST(
      (room(exchange + " + 0.1*(a(c)^2 + ad(c)^2)", {"fock(1)", "fock(0)", "fock(0)"}) == both));
}

BOOST_AUTO_TEST_SUITE_END()
