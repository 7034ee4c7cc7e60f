// Kets against dense matrices: what moves them, their sectors, expectation values in them.
#include "lindwurm/states/ket.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <map>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/solve/evolve.hpp"
#include "oracle/comparison.hpp"
#include "oracle/random_models.hpp"
#include "oracle/storage.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Expression;
using lindwurm::InputError;
using lindwurm::KetExpectation;
using lindwurm::KetGenerator;
using lindwurm::Model;
using lindwurm::PackedBasis;
using lindwurm::ProductKet;
using lindwurm::SchroedingerEquation;
using lindwurm::Sector;
using lindwurm::Space;
using lindwurm::SpinBasis;
using lindwurm::Storage;
using lindwurm::VecHandle;
using oracle::along;
using oracle::ClosedModel;
using oracle::Complex;
using oracle::Matrix;
using oracle::Vector;

BOOST_AUTO_TEST_SUITE(kets)

static const MPI_Comm comm = lindwurm::Session::communicator();
static const auto bases = data::make({SpinBasis::z, SpinBasis::x});
static const auto storages = data::make({Storage::assembled, Storage::matrix_free});

static double distance(const Vector& a, const Vector& b) { return (a - b).cwiseAbs().maxCoeff(); }

static Vector image(const KetGenerator& generator, const Vector& psi, double t = 0) {
  const VecHandle in = pack(psi, generator);
  const VecHandle out = generator.vector();
  generator.apply(t, in, out);
  return unpack_ket(out, generator.basis());
}

static double largest(const Matrix& h) { return std::max(h.cwiseAbs().maxCoeff(), 1.0); }

static Model written(const Space& space, const std::string& h) {
  Model model(space);
  model.hamiltonian = Expression::parse(h);
  return model;
}

BOOST_DATA_TEST_CASE(random_models_act_as_the_reference, data::xrange(30u) * bases * storages, seed,
                     basis, storage) {
  const ClosedModel model = oracle::random_closed_model(seed);
  BOOST_TEST_CONTEXT(model.name) {
    const KetGenerator generator(along(basis, model.model), comm, {0.0}, {storage, {}});
    BOOST_TEST(generator.basis().size() == 2 * model.dimension());
    std::mt19937 random(seed);
    for (int k = 0; k < 3; ++k) {
      const Vector psi = oracle::random_ket(model.dimension(), random);
      const VecHandle packed = pack(psi, generator);
      BOOST_TEST(distance(unpack_ket(packed, generator.basis()), psi) < 1e-15);
      BOOST_TEST(std::abs(lindwurm::norm(packed) - std::sqrt(2.0)) < 1e-14);
      const Vector expected = -oracle::i * (model.h * psi);
      BOOST_TEST(distance(image(generator, psi), expected) <=
                 1e-14 * largest(model.h) * model.dimension());
    }
  }
}

// Complex numbers in front of kets, and what kets have in common.
BOOST_DATA_TEST_CASE(kets_are_a_complex_space, data::xrange(30u, 40u) * bases * storages, seed,
                     basis, storage) {
  const ClosedModel model = oracle::random_closed_model(seed);
  BOOST_TEST_CONTEXT(model.name) {
    const KetGenerator generator(along(basis, model.model), comm, {0.0}, {storage, {}});
    std::mt19937 random(seed);
    const Vector psi = oracle::random_ket(model.dimension(), random);
    const Vector phi = oracle::random_ket(model.dimension(), random);
    const Complex factor(0.6, -1.7);
    const VecHandle packed = pack(psi, generator);
    const VecHandle other = pack(phi, generator);
    const PackedBasis& packing = generator.basis();
    BOOST_TEST(std::abs(inner_product(packed, other, packing) - psi.dot(phi)) < 1e-14);
    BOOST_TEST(std::abs(inner_product(packed, packed, packing) - 1.0) < 1e-14);
    add_multiple(factor, packed, other, packing);
    BOOST_TEST(distance(unpack_ket(other, packing), phi + factor * psi) < 1e-14);
    multiply(packed, factor, packing);
    BOOST_TEST(distance(unpack_ket(packed, packing), factor * psi) < 1e-14);
  }
}

// In every sector: the elements that it holds move as in the whole space, and stay in it.
BOOST_DATA_TEST_CASE(random_models_in_every_sector, data::xrange(50u, 90u) * bases * storages, seed,
                     basis, storage) {
  const ClosedModel model = oracle::random_closed_model(seed);
  BOOST_TEST_CONTEXT(model.name) {
    const auto equation =
        std::make_shared<const SchroedingerEquation>(along(basis, model.model), comm);
    const Matrix u = oracle::stored_states(equation->model().space);
    const Matrix stored = u.adjoint() * model.h * u;
    std::mt19937 random(seed);
    std::int64_t total = 0;
    for (const Sector& sector : all_sectors(equation->charges())) {
      const KetGenerator generator(equation, {storage, sector});
      const PackedBasis& order = generator.basis();
      BOOST_TEST(order.size() == size(sector));
      total += order.size();
      Vector psi = oracle::random_ket(model.dimension(), random);
      for (int m = 0; m < model.dimension(); ++m) {
        if (order.position(m) < 0) psi(m) = 0;
      }
      BOOST_TEST(distance(image(generator, u * psi), -oracle::i * (u * (stored * psi))) <=
                 1e-13 * largest(model.h) * model.dimension());
    }
    BOOST_TEST(total == 2 * model.dimension());
  }
}

static Model jaynes_cummings(int levels, const std::string& more = "") {
  return written(Space{lindwurm::oscillator("c", levels), lindwurm::spins("s", 2)},
                 "n(c) + 0.4*sz(s) + 0.3*(ad(c)*sm(s) + a(c)*sp(s))" + more);
}

// Excitations of 6 levels and two spins, 0 to 7: 1, 3, 4, 4, 4, 4, 3, 1 states.
BOOST_AUTO_TEST_CASE(excitations_are_counted) {
  std::vector<std::int64_t> sizes;
  for (const Sector& sector : all_sectors(SchroedingerEquation(jaynes_cummings(6), comm).charges()))
    sizes.push_back(size(sector) / 2);
  std::sort(sizes.begin(), sizes.end());
  BOOST_TEST(sizes == std::vector<std::int64_t>({1, 1, 3, 3, 4, 4, 4, 4}),
             boost::test_tools::per_element());
}

static ProductKet product(const Space& space,
                          const std::map<std::string, std::vector<std::string>>& states) {
  return ket_of(product_state(space, states), space);
}

BOOST_DATA_TEST_CASE(product_kets_are_their_kronecker_product, bases* storages, basis, storage) {
  const Space space{lindwurm::oscillator("c", 5), lindwurm::spins("s", 3),
                    lindwurm::level_site("v", 3)};
  const ProductKet ket = product(
      space,
      {{"c", {"coherent(0.4 + 0.3*i)"}}, {"s", {"up_y", "down_x", "up"}}, {"v", {"level(1)"}}});
  Matrix expected = Matrix::Identity(1, 1);
  for (const auto& site : ket.sites)
    expected = oracle::kron(expected, site);
  const KetGenerator generator(along(basis, written(space, "sx(s)*x(c) + proj(v, 2)")), comm, {0.0},
                               {storage, {}});
  const VecHandle packed = pack(ket, generator);
  BOOST_TEST(distance(unpack_ket(packed, generator.basis()), expected) < 1e-15);
  const double root = std::sqrt(0.5);
  BOOST_TEST(std::abs(ket.sites[1](1) / ket.sites[1](0) - oracle::i) < 1e-15);
  BOOST_TEST(std::abs(std::abs(ket.sites[2](1)) - root) < 1e-15);
  BOOST_TEST(std::abs(ket.sites[2](0) + ket.sites[2](1)) < 1e-15);
  BOOST_TEST(std::abs(ket.sites[0](1) / ket.sites[0](0) - Complex(0.4, 0.3)) < 1e-15);
}

static void check_expectations(const KetGenerator& generator, const Vector& psi,
                               const std::vector<std::string>& texts) {
  const VecHandle packed = pack(psi, generator);
  const VecHandle scratch = generator.vector();
  const Space& space = generator.space();
  const Matrix u = oracle::stored_states(space);
  for (const auto& text : texts) {
    const auto a = lindwurm::sum_over_members(Expression::parse(text), space);
    const Matrix dense = u * oracle::matrix_of(a, space) * u.adjoint();
    const KetExpectation expectation(a, generator);
    const bool is_hermitian = (dense - dense.adjoint()).norm() < 1e-12;
    BOOST_TEST(expectation.is_hermitian() == is_hermitian);
    const Complex expected = psi.dot(dense * psi);
    BOOST_TEST(std::abs(expectation.of(packed, scratch) - expected) < 1e-13 * largest(dense), text);
  }
}

static const std::vector<std::string> observables{"n(c)",
                                                  "x(c)",
                                                  "a(c)",
                                                  "sx(s)",
                                                  "sz(s[0])",
                                                  "i*sp(s)",
                                                  "a(c)*sp(s)",
                                                  "x(c)*sx(s[1])*sy(s[0])",
                                                  "1",
                                                  "ad(c)^2",
                                                  "p(c)*sz(s)",
                                                  "ket(c, 0, 3)*ket(s[1], 0, 1) + 0.2*x(c)",
                                                  "x(c)*x(c)",
                                                  "sm_x(s)",
                                                  "proj(c, 2)*sx(s)"};

BOOST_DATA_TEST_CASE(expectations_in_the_whole_space, bases* storages, basis, storage) {
  const KetGenerator generator(along(basis, jaynes_cummings(5)), comm, {0.0}, {storage, {}});
  std::mt19937 random(3);
  check_expectations(generator, oracle::random_ket(20, random), observables);
}

// What leads out of the sector gives nothing; what leads from one of its charges to another counts.
BOOST_DATA_TEST_CASE(expectations_within_sectors,
                     data::make({"fock(1)", "coherent(0.6)"}) * storages, state, storage) {
  for (const SpinBasis basis : {SpinBasis::z, SpinBasis::x}) {
    for (const std::string spins : {"up", "up_x", "down"}) {
      const auto equation =
          std::make_shared<const SchroedingerEquation>(along(basis, jaynes_cummings(5)), comm);
      const Space& space = equation->model().space;
      const ProductKet ket = product(space, {{"c", {state}}, {"s", {spins}}});
      const KetGenerator generator(
          equation, {storage, sector_of(in_stored_basis(ket, space), equation->charges())});
      const Vector psi = unpack_ket(pack(ket, generator), generator.basis());
      std::mt19937 random(5);
      Vector other = oracle::random_ket(20, random);
      const Matrix u = oracle::stored_states(space);
      other = u.adjoint() * other;
      for (int m = 0; m < 20; ++m) {
        if (generator.basis().position(m) < 0) other(m) = 0;
      }
      other = (u * other).normalized();
      check_expectations(generator, psi, observables);
      check_expectations(generator, other, observables);
    }
  }
}

// exp(-2it) a^dag + exp(2it) a: two functions of time, neither of which is real.
BOOST_DATA_TEST_CASE(complex_functions_of_time, storages, storage) {
  const Model model =
      written(Space{lindwurm::oscillator("c", 6), lindwurm::spin("s")},
              "n(c) + 0.3*(exp(-2*i*t)*ad(c) + exp(2*i*t)*a(c)) + cos(3*t)*x(c)*sz(s)");
  const KetGenerator generator(model, comm, {0.0, 1.0}, {storage, {}});
  BOOST_TEST(!generator.is_constant());
  std::mt19937 random(8);
  const Vector psi = oracle::random_ket(12, random);
  for (double t : {0.0, 0.4, 3.3}) {
    const Complex phase = std::exp(Complex(0, -2 * t));
    const Matrix drive =
        0.3 * (phase * oracle::creation(6) + std::conj(phase) * oracle::annihilation(6));
    const Matrix h = oracle::kron(oracle::number(6) + drive, oracle::identity(2)) +
                     std::cos(3 * t) * oracle::kron(oracle::position(6), oracle::pauli_z());
    BOOST_TEST(distance(image(generator, psi, t), -oracle::i * (h * psi)) < 1e-13);
  }
}

// More states than density matrices could have; few of them in a sector.
BOOST_DATA_TEST_CASE(many_spins, storages, storage) {
  const Space space{lindwurm::spins("s", 18)};
  const auto equation = std::make_shared<const SchroedingerEquation>(
      written(space, "sz(s) + 0.5*(sp(s[k])*sm(s[k+1]) + sm(s[k])*sp(s[k+1]))"), comm);
  std::vector<std::string> states(18, "down");
  states[4] = "up";
  const ProductKet ket = product(space, {{"s", states}});
  const KetGenerator generator(equation, {storage, sector_of(ket, equation->charges())});
  BOOST_TEST(generator.basis().size() == 2 * 18);
  const VecHandle out = generator.vector();
  generator.apply(0, pack(ket, generator), out);
  // |H psi|^2 = 16^2 + 2/4
  BOOST_TEST(std::abs(lindwurm::norm(out) - std::sqrt(2 * (256 + 0.5))) < 1e-12);
}

// The amplitudes of a ket, in each site's elements, without those that vanish.
using Amplitudes = std::map<std::vector<int>, Complex>;

static std::int64_t index_of(const std::vector<int>& levels, const Space& space) {
  std::int64_t m = 0;
  for (int s = 0; s < space.sites(); ++s)
    m = m * space.dimension(s) + levels[s];
  return m;
}

static VecHandle packed(const Amplitudes& psi, const KetGenerator& generator) {
  VecHandle vector = generator.vector();
  const PackedBasis& basis = generator.basis();
  LINDWURM_PETSC(VecSet(vector, 0));
  for (const auto& [levels, value] : psi) {
    const std::int64_t m = index_of(levels, generator.space());
    const auto set = [&](std::int64_t x, double number) {
      BOOST_REQUIRE(basis.position(x) >= 0);
      LINDWURM_PETSC(
          VecSetValue(vector, static_cast<PetscInt>(basis.position(x)), number, INSERT_VALUES));
    };
    set(m, value.real() + value.imag());
    set(basis.mirror(m), value.real() - value.imag());
  }
  LINDWURM_PETSC(VecAssemblyBegin(vector));
  LINDWURM_PETSC(VecAssemblyEnd(vector));
  return vector;
}

// A qubit and modes that share up to three excitations, counted out one by one.
struct SharedExcitations {
  static constexpr int modes = 24;
  static constexpr int levels = 4;
  static constexpr int excitations = 3;

  static double frequency(int k) { return 0.5 + k / 24.0; }
  static double coupling(int k) { return 0.1 + 0.01 * k; }

  static Model model() {
    return written(Space{lindwurm::spin("q"), lindwurm::oscillators("m", modes, levels)},
                   "sz(q)/2 + (0.5 + k/24)*n(m[k]) + "
                   "(0.1 + 0.01*k)*(sp(q)*a(m[k]) + sm(q)*ad(m[k]))");
  }

  static void add_states(std::vector<int> state, int from, int left, Amplitudes& to) {
    if (left == 0) to[state] = 0;
    for (int k = from; k < modes && left > 0; ++k) {
      ++state[1 + k];
      add_states(state, k, left - 1, to);
      --state[1 + k];
    }
  }
  // With the qubit down and up.
  static Amplitudes random_ket() {
    Amplitudes psi;
    std::vector<int> state(1 + modes, 0);
    add_states(state, 0, excitations - 1, psi);
    state[0] = 1;
    add_states(state, 0, excitations, psi);
    std::mt19937 random(17);
    std::normal_distribution<double> normal;
    for (auto& [levels_of_sites, value] : psi)
      value = Complex(normal(random), normal(random));
    return psi;
  }
  // -i H psi
  static Amplitudes moved(const Amplitudes& psi) {
    Amplitudes image;
    for (const auto& [state, value] : psi) {
      const bool is_up = state[0] == 0;
      double energy = is_up ? 0.5 : -0.5;
      for (int k = 0; k < modes; ++k) {
        const int n = state[1 + k];
        energy += frequency(k) * n;
        std::vector<int> next = state;
        next[0] = is_up ? 1 : 0;
        next[1 + k] = is_up ? n + 1 : n - 1;
        if (next[1 + k] < 0 || next[1 + k] >= levels) continue;
        image[next] += -oracle::i * coupling(k) * std::sqrt(is_up ? n + 1 : n) * value;
      }
      image[state] += -oracle::i * energy * value;
    }
    return image;
  }
};

// 2900 states out of 5.6e14.
BOOST_DATA_TEST_CASE(few_excitations_in_many_modes, storages, storage) {
  const auto equation =
      std::make_shared<const SchroedingerEquation>(SharedExcitations::model(), comm);
  std::vector<std::string> states(SharedExcitations::modes, "fock(0)");
  states[5] = "fock(3)";
  const ProductKet ket = product(equation->model().space, {{"q", {"down"}}, {"m", states}});
  const KetGenerator generator(equation, {storage, sector_of(ket, equation->charges())});
  const Amplitudes psi = SharedExcitations::random_ket();
  BOOST_TEST(psi.size() == 2900u);
  BOOST_TEST(generator.basis().size() == 2 * 2900);
  const VecHandle from = packed(psi, generator);
  const VecHandle to = generator.vector();
  generator.apply(0, from, to);
  LINDWURM_PETSC(VecAXPY(to, -1, packed(SharedExcitations::moved(psi), generator)));
  BOOST_TEST(lindwurm::norm(to) < 1e-12 * lindwurm::norm(from));
  BOOST_TEST(
      generator.entries() ==
      (storage == Storage::assembled
           ? lindwurm::count_entries(
                 lindwurm::EquationTerms(equation->model(), lindwurm::Dynamics::unitary).terms,
                 generator.sector())
           : 0));
  BOOST_CHECK_THROW((void)unpack_ket(from, generator.basis()), InputError);
}

BOOST_AUTO_TEST_CASE(time_dependent_hamiltonians_of_huge_spaces_are_judged) {
  const Space space{lindwurm::spin("q"), lindwurm::oscillators("m", 50, 2)};
  const std::string rotating = "exp(-2*i*t)*ad(m)*sm(q) + exp(2*i*t)*a(m)*sp(q)";
  BOOST_CHECK_NO_THROW(SchroedingerEquation(written(space, rotating), comm, {0.0, 0.7}));
  BOOST_CHECK_NO_THROW(SchroedingerEquation(
      written(space, "x(m[3])*p(m[4])*x(m[3]) + 0.3*cos(t)*n(m[k])"), comm, {0.0, 0.7}));
  BOOST_CHECK_THROW(SchroedingerEquation(written(space, rotating + " + 0.1*a(m[7])"), comm),
                    InputError);
  BOOST_CHECK_THROW(
      SchroedingerEquation(written(space, "exp(i*t)*(sp(q)*a(m) + sm(q)*ad(m))"), comm, {0.7}),
      InputError);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused) {
  Model damped = jaynes_cummings(3);
  damped.add({Expression::parse("a(c)"), 0.1});
  BOOST_CHECK_THROW(SchroedingerEquation(damped, comm), InputError);
  BOOST_CHECK_THROW(SchroedingerEquation(jaynes_cummings(3, " + i*a(c)"), comm), InputError);
  const Space& space = damped.space;
  for (const std::string mixed : {"thermal(0.3)", "maximally_mixed"}) {
    BOOST_CHECK_THROW((void)product(space, {{"c", {mixed}}, {"s", {"up"}}}), InputError);
  }
  const auto equation = std::make_shared<const SchroedingerEquation>(jaynes_cummings(3), comm);
  const ProductKet one = product(space, {{"c", {"fock(1)"}}, {"s", {"down"}}});
  const ProductKet two = product(space, {{"c", {"fock(2)"}}, {"s", {"down"}}});
  const KetGenerator generator(equation, {Storage::assembled, sector_of(one, equation->charges())});
  BOOST_CHECK_THROW((void)pack(two, generator), InputError);
  BOOST_CHECK_THROW((void)pack(Vector(Vector::Ones(12)), generator), InputError);
  BOOST_CHECK_THROW(
      KetExpectation(lindwurm::sum_over_members(Expression::parse("cos(t)*n(c)"), space),
                     generator),
      InputError);
  BOOST_CHECK_THROW((void)lindwurm::ket_elements(Space{lindwurm::spins("s", 62)}), InputError);
}

BOOST_AUTO_TEST_CASE(kets_of_another_sector_or_shape_are_refused) {
  const auto equation = std::make_shared<const SchroedingerEquation>(jaynes_cummings(6), comm);
  const Space& space = equation->model().space;
  const ProductKet one = product(space, {{"c", {"fock(2)"}}, {"s", {"down"}}});
  const ProductKet two = product(space, {{"c", {"fock(3)"}}, {"s", {"down"}}});
  const auto in_sector_of = [&](const ProductKet& ket) {
    return KetGenerator(equation, {Storage::assembled, sector_of(ket, equation->charges())});
  };
  // Two and three excitations of an oscillator and two spins: four states each.
  const KetGenerator generator = in_sector_of(one);
  const KetGenerator other = in_sector_of(two);
  BOOST_REQUIRE(generator.basis().size() == other.basis().size());
  const VecHandle psi = pack(one, generator);
  const VecHandle phi = pack(two, other);
  BOOST_CHECK_THROW((void)lindwurm::inner_product(psi, phi, generator.basis()), InputError);
  BOOST_CHECK_THROW(lindwurm::add_multiple(1.0, phi, psi, generator.basis()), InputError);
  BOOST_CHECK_THROW(lindwurm::multiply(phi, 2.0, generator.basis()), InputError);
  BOOST_CHECK_THROW((void)lindwurm::evolve(generator, phi, {0, 1}), InputError);
  BOOST_TEST(std::abs(lindwurm::inner_product(psi, psi, generator.basis()) - 1.0) < 1e-15);
  for (const auto& sites :
       std::vector<std::vector<Vector>>{{one.sites[0]},
                                        {one.sites[0], one.sites[1], one.sites[1], one.sites[1]},
                                        {one.sites[0], one.sites[1], Vector(Vector::Unit(3, 1))},
                                        {Vector(Vector::Unit(2, 1)), one.sites[1], one.sites[2]}}) {
    BOOST_CHECK_THROW((void)pack(ProductKet{sites}, generator), InputError);
    BOOST_CHECK_THROW((void)pack_stored(ProductKet{sites}, generator), InputError);
    BOOST_CHECK_THROW((void)sector_of(ProductKet{sites}, equation->charges()), InputError);
  }
}

BOOST_AUTO_TEST_SUITE_END()
