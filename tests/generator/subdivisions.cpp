// Unknowns divided into sectors and slices of every size: the limits on them are set low, so that
// small models lie on both sides of each. States reach into several sectors at once.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "lindwurm/backend/session.hpp"
#include "lindwurm/generator/liouvillian.hpp"
#include "lindwurm/model/initial_state.hpp"
#include "lindwurm/states/ket.hpp"
#include "lindwurm/states/partial_trace.hpp"
#include "lindwurm/states/state.hpp"
#include "oracle/comparison.hpp"
#include "oracle/random_models.hpp"
#include "oracle/storage.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Charge;
using lindwurm::Expression;
using lindwurm::KetGenerator;
using lindwurm::Liouvillian;
using lindwurm::MasterEquation;
using lindwurm::Model;
using lindwurm::Operator;
using lindwurm::PackedBasis;
using lindwurm::ReducedSpace;
using lindwurm::SchroedingerEquation;
using lindwurm::Sector;
using lindwurm::Space;
using lindwurm::SpinBasis;
using lindwurm::Storage;
using lindwurm::Subdivision;
using lindwurm::VecHandle;
using oracle::along;
using oracle::ClosedModel;
using oracle::Complex;
using oracle::Matrix;
using oracle::ReferenceModel;
using oracle::Vector;

BOOST_AUTO_TEST_SUITE(subdivisions)

static const MPI_Comm comm = lindwurm::Session::communicator();

// Some of each: as they are, short and long slices, few and no charges.
static Subdivision divided(std::size_t charges, int length, int slices) {
  return {.most_charges = charges, .slice_length = length, .slices_of_rank = slices};
}
static const std::vector<Subdivision> divisions{
    {},
    divided(4096, 1, 1),
    divided(4096, 3, 1),
    divided(4096, 10, 1),
    divided(4096, 40, 1),
    divided(6, 3, 1),
    divided(3, 10, 2),
    divided(1, 4, 1),
};

static int number_of_ranks() {
  int ranks = 1;
  MPI_Comm_size(comm, &ranks);
  return ranks;
}

// Calls check(basis, storage, division) for all of them; on several ranks for some of the seeds.
template <typename Check>
static void for_every_division(unsigned seed, Check check) {
  const bool is_alone = number_of_ranks() == 1;
  if (!is_alone && seed % 4 != 0) return;
  for (const SpinBasis basis : {SpinBasis::z, SpinBasis::x}) {
    if (!is_alone && (basis == SpinBasis::x) != (seed % 8 == 0)) continue;
    for (const Storage storage : {Storage::assembled, Storage::matrix_free}) {
      for (const Subdivision& division : divisions) {
        BOOST_TEST_CONTEXT("spins along " << basis << ", " << storage << ", at most "
                                          << division.most_charges << " charges, slices of "
                                          << division.slice_length) {
          check(basis, storage, division);
        }
      }
    }
  }
}

static Vector kronecker(const std::vector<Eigen::VectorXcd>& sites) {
  Matrix all = Matrix::Identity(1, 1);
  for (const auto& site : sites)
    all = oracle::kron(all, site);
  return all.col(0);
}

// A product ket that leaves out some states of some sites, in the stored basis.
static lindwurm::ProductKet random_product(const Space& space, std::mt19937& random) {
  lindwurm::ProductKet ket;
  for (int s = 0; s < space.sites(); ++s)
    ket.sites.push_back(oracle::random_site_ket(space.dimension(s), random(), random));
  return ket;
}

static Operator operator_of(const std::string& text, const Model& model) {
  return lindwurm::sum_over_members(Expression::parse(text), model.space, model.parameters);
}

static ReferenceModel open_model(unsigned seed) {
  return seed % 3 == 0 ? oracle::random_model(seed) : oracle::random_conserving_model(seed);
}

static ClosedModel closed_model(unsigned seed) {
  return seed % 3 == 0 ? oracle::random_closed_model(seed)
                       : oracle::random_conserving_closed_model(seed);
}

static void check_density_operator(const Liouvillian& liouvillian, Matrix rho, const Matrix& l,
                                   unsigned seed) {
  const double scale = std::max(1.0, l.cwiseAbs().maxCoeff()) * static_cast<double>(l.rows());
  VecHandle packed = pack(rho, liouvillian);
  for (int k = 0; k < 3; ++k) {
    VecHandle image = liouvillian.vector();
    liouvillian.apply(0, packed, image);
    rho = oracle::apply(l, rho);
    BOOST_TEST(oracle::distance(lindwurm::unpack(image, liouvillian.basis()), rho) <
               1e-13 * scale * std::max(1.0, rho.norm()));
    packed = std::move(image);
  }
  for (const auto& [text, matrix] : oracle::random_operators(seed, 3)) {
    const lindwurm::Functional a(operator_of(text, liouvillian.model()), liouvillian.basis(), comm);
    BOOST_TEST(std::abs(expectations({a}, packed)[0] - (matrix * rho).trace()) <
                   1e-13 * scale * std::max(1.0, rho.norm()) * std::max(1.0, matrix.norm()),
               text);
  }
}

BOOST_DATA_TEST_CASE(density_operators_of_product_states, data::xrange(24u), seed) {
  const ReferenceModel model = open_model(seed);
  BOOST_TEST_CONTEXT(model.name) {
    for_every_division(seed, [&](SpinBasis basis, Storage storage, const Subdivision& division) {
      std::mt19937 random(seed);
      const auto equation = std::make_shared<const MasterEquation>(
          along(basis, model.model), comm, std::vector<double>{0.0}, division);
      const Space& space = equation->model().space;
      lindwurm::ProductState state;
      Matrix rho = Matrix::Identity(1, 1);
      for (const Vector& psi : random_product(space, random).sites) {
        state.sites.push_back(psi * psi.adjoint());
        rho = oracle::kron(rho, state.sites.back());
      }
      const Liouvillian liouvillian(equation, {storage, sector_of(state, equation->charges())});
      const Matrix u = oracle::stored_states(space);
      check_density_operator(liouvillian, u * rho * u.adjoint(), model.liouvillian(0), seed);
    });
  }
}

// Any sectors together, and any Hermitian operator in them.
BOOST_DATA_TEST_CASE(density_operators_of_some_sectors, data::xrange(100u, 118u), seed) {
  const ReferenceModel model = open_model(seed);
  BOOST_TEST_CONTEXT(model.name) {
    for_every_division(seed, [&](SpinBasis basis, Storage storage, const Subdivision& division) {
      std::mt19937 random(seed);
      const auto equation = std::make_shared<const MasterEquation>(
          along(basis, model.model), comm, std::vector<double>{0.0}, division);
      Sector some{equation->charges(), {}};
      for (const Sector& sector : all_sectors(equation->charges())) {
        if (some.values.empty() || random() % 2 == 0)
          some.values.insert(sector.values.begin(), sector.values.end());
      }
      const Liouvillian liouvillian(equation, {storage, some});
      const PackedBasis& order = liouvillian.basis();
      Matrix rho = oracle::random_hermitian(model.dimension(), random);
      for (int m = 0; m < rho.rows(); ++m) {
        for (int n = 0; n < rho.cols(); ++n) {
          const bool is_there = order.position(order.index(m, n)) >= 0;
          BOOST_TEST(is_there == (order.position(order.index(n, m)) >= 0));
          if (!is_there) rho(m, n) = 0;
        }
      }
      const Matrix u = oracle::stored_states(equation->model().space);
      check_density_operator(liouvillian, u * rho * u.adjoint(), model.liouvillian(0), seed);
    });
  }
}

static void check_reduced_states(const KetGenerator& generator, Vec packed, const Vector& psi) {
  const Space& space = generator.space();
  for (unsigned bits = 1; bits < 1U << space.sites(); ++bits) {
    std::vector<int> sites;
    for (int s = 0; s < space.sites(); ++s)
      if ((bits >> s & 1U) != 0) sites.push_back(s);
    const lindwurm::KetPartialTrace trace(ReducedSpace(space, sites), generator.basis(), packed);
    const Matrix found = trace.of(packed);
    Matrix expected = Matrix::Zero(found.rows(), found.cols());
    for (int m = 0; m < psi.size(); ++m) {
      for (int n = 0; n < psi.size(); ++n) {
        if (oracle::part_of(m, space, bits, false) == oracle::part_of(n, space, bits, false))
          expected(oracle::part_of(m, space, bits, true), oracle::part_of(n, space, bits, true)) +=
              psi(m) * std::conj(psi(n));
      }
    }
    BOOST_TEST(oracle::distance(found, expected) < 1e-13, "sites " << bits);
  }
}

BOOST_DATA_TEST_CASE(kets, data::xrange(200u, 236u), seed) {
  const ClosedModel model = closed_model(seed);
  BOOST_TEST_CONTEXT(model.name) {
    for_every_division(seed, [&](SpinBasis basis, Storage storage, const Subdivision& division) {
      std::mt19937 random(seed);
      const auto equation = std::make_shared<const SchroedingerEquation>(
          along(basis, model.model), comm, std::vector<double>{0.0}, division);
      const Space& space = equation->model().space;
      const auto product = random_product(space, random);
      const KetGenerator generator(equation, {storage, sector_of(product, equation->charges())});
      Vector psi = oracle::stored_states(space) * kronecker(product.sites);
      VecHandle packed = pack_stored(product, generator);
      for (int k = 0; k < 3; ++k) {
        VecHandle image = generator.vector();
        generator.apply(0, packed, image);
        const Vector next = -oracle::i * (model.h * psi);
        BOOST_TEST((unpack_ket(image, generator.basis()) - next).norm() <
                   1e-13 * std::max(1.0, model.h.norm()) * psi.norm());
        // Not the image alone, which may be nothing.
        add_multiple(Complex(0.3, 0.4), packed, image, generator.basis());
        psi = (next + Complex(0.3, 0.4) * psi).eval();
        const double length = psi.norm();
        psi /= length;
        multiply(image, 1 / length, generator.basis());
        packed = std::move(image);
      }
      const VecHandle scratch = generator.vector();
      for (const auto& [text, matrix] : oracle::random_operators(seed, 6)) {
        const Operator a = operator_of(text, generator.model());
        const lindwurm::KetExpectation expectation(a, generator);
        BOOST_TEST(std::abs(expectation.of(packed, scratch) - psi.dot(matrix * psi)) <
                       1e-13 * std::max(1.0, matrix.norm()),
                   text);
      }
      check_reduced_states(generator, packed, psi);
    });
  }
}

// Slices as long as they are by default, which are those of one site of 64 levels.
BOOST_AUTO_TEST_CASE(kets_of_sixty_four_levels) {
  for (const int levels : {63, 64, 65, 130}) {
    Model model(Space{lindwurm::spin("q"), lindwurm::oscillator("c", levels)});
    model.hamiltonian = Expression::parse("0.1*(sp(q)*a(c) + sm(q)*ad(c))");
    const auto equation = std::make_shared<const SchroedingerEquation>(model, comm);
    for (const std::string c : {"fock(0)", "coherent(1 + 0.5*i)"}) {
      const auto ket =
          ket_of(product_state(model.space, {{"q", {"up_x"}}, {"c", {c}}}), model.space);
      const KetGenerator generator(equation,
                                   {Storage::matrix_free, sector_of(ket, equation->charges())});
      const VecHandle packed = pack(ket, generator);
      const VecHandle scratch = generator.vector();
      const auto mean = [&](const std::string& text) {
        return lindwurm::KetExpectation(operator_of(text, model), generator).of(packed, scratch);
      };
      BOOST_TEST(std::abs(mean("sx(q)") - 1.0) < 1e-13);
      BOOST_TEST(std::abs(mean("sm(q)") - 0.5) < 1e-13);
      BOOST_TEST(std::abs(mean("a(c)*sz(q)")) < 1e-13);
    }
  }
}

// A charge for the kets and one for the bras, together of more values than are counted.
BOOST_AUTO_TEST_CASE(nothing_is_lost_from_a_conserving_model) {
  Model model(Space{lindwurm::oscillator("c", 130), lindwurm::spin("s")});
  model.hamiltonian = Expression::parse("ad(c)*sm(s) + a(c)*sp(s)");
  const auto equation = std::make_shared<const MasterEquation>(model, comm);
  const auto state = product_state(model.space, {{"c", {"fock(1)"}}, {"s", {"down"}}});
  for (const Storage storage : {Storage::assembled, Storage::matrix_free}) {
    const Liouvillian liouvillian(equation, {storage, sector_of(state, equation->charges())});
    BOOST_TEST(liouvillian.basis().size() < 1000);
    const VecHandle rho = pack(state, liouvillian);
    const VecHandle image = liouvillian.vector();
    const VecHandle twice = liouvillian.vector();
    liouvillian.apply(0, rho, image);
    liouvillian.apply(0, image, twice);
    // d^2 <n>/dt^2 = -2 g^2 <n> in the pair of states |1, down>, |0, up>.
    const lindwurm::Functional n(operator_of("n(c)", model), liouvillian.basis(), comm);
    BOOST_TEST(std::abs(expectations({n}, rho)[0] - 1.0) < 1e-13);
    BOOST_TEST(std::abs(expectations({n}, image)[0]) < 1e-13);
    BOOST_TEST(std::abs(expectations({n}, twice)[0] + 2.0) < 1e-12);
  }
}

BOOST_AUTO_TEST_SUITE_END()
