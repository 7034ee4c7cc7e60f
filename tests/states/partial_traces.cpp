// Reduced density matrices against sums over the elements of dense ones.
#include "lindwurm/states/partial_trace.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/states/ket.hpp"
#include "lindwurm/states/site_state.hpp"
#include "lindwurm/states/state.hpp"
#include "oracle/comparison.hpp"
#include "oracle/random_models.hpp"
#include "oracle/storage.hpp"

namespace data = boost::unit_test::data;
using lindwurm::InputError;
using lindwurm::KetGenerator;
using lindwurm::Liouvillian;
using lindwurm::ReducedSpace;
using lindwurm::Space;
using lindwurm::SpinBasis;
using lindwurm::Storage;
using lindwurm::VecHandle;
using oracle::along;
using oracle::Matrix;
using oracle::Vector;

BOOST_AUTO_TEST_SUITE(partial_traces)

static const MPI_Comm comm = lindwurm::Session::communicator();
static const auto bases = data::make({SpinBasis::z, SpinBasis::x});
static const auto storages = data::make({Storage::assembled, Storage::matrix_free});

// Sites named by the bits of a number.
static std::vector<int> sites_in(unsigned bits, const Space& space) {
  std::vector<int> sites;
  for (int s = 0; s < space.sites(); ++s)
    if ((bits >> s & 1U) != 0) sites.push_back(s);
  return sites;
}

static Matrix traced(const Matrix& rho, const Space& space, unsigned bits) {
  int d = 1;
  for (int s : sites_in(bits, space))
    d *= space.dimension(s);
  Matrix reduced = Matrix::Zero(d, d);
  for (int m = 0; m < rho.rows(); ++m) {
    for (int n = 0; n < rho.cols(); ++n) {
      if (oracle::part_of(m, space, bits, false) != oracle::part_of(n, space, bits, false))
        continue;
      reduced(oracle::part_of(m, space, bits, true), oracle::part_of(n, space, bits, true)) +=
          rho(m, n);
    }
  }
  return reduced;
}

BOOST_DATA_TEST_CASE(of_density_operators, data::xrange(20u) * bases * storages, seed, basis,
                     storage) {
  const auto model = oracle::random_model(seed);
  const Liouvillian liouvillian(along(basis, model.model), comm, {0.0}, {storage, {}});
  std::mt19937 random(seed);
  const Matrix rho = oracle::random_state(model.dimension(), random);
  const VecHandle packed = pack(rho, liouvillian);
  const Space& space = liouvillian.space();
  for (unsigned bits = 1; bits < 1U << space.sites(); ++bits) {
    const ReducedSpace kept(space, sites_in(bits, space));
    const lindwurm::PartialTrace trace(kept, liouvillian.basis(), comm);
    BOOST_TEST(oracle::distance(trace.of(packed), traced(rho, space, bits)) < 1e-14,
               model.name << " sites " << bits);
  }
}

BOOST_DATA_TEST_CASE(of_single_sites, data::xrange(20u) * bases * storages, seed, basis, storage) {
  const auto model = oracle::random_model(seed);
  const Liouvillian liouvillian(along(basis, model.model), comm, {0.0}, {storage, {}});
  std::mt19937 random(seed);
  const Matrix rho = oracle::random_state(model.dimension(), random);
  const VecHandle packed = pack(rho, liouvillian);
  const Space& space = liouvillian.space();
  for (int s = 0; s < space.sites(); ++s) {
    const auto state = lindwurm::SiteTrace(s, liouvillian.basis(), comm).of(packed);
    BOOST_TEST(state.blocks() == 1);
    BOOST_TEST(oracle::distance(state.block(0), traced(rho, space, 1U << s)) < 1e-14);
  }
}

BOOST_DATA_TEST_CASE(of_kets, data::xrange(20u) * bases * storages, seed, basis, storage) {
  const auto model = oracle::random_closed_model(seed);
  const KetGenerator generator(along(basis, model.model), comm, {0.0}, {storage, {}});
  std::mt19937 random(seed);
  const Vector psi = oracle::random_ket(model.dimension(), random);
  const Vector phi = oracle::random_ket(model.dimension(), random);
  const VecHandle packed_psi = pack(psi, generator);
  const VecHandle packed_phi = pack(phi, generator);
  const Space& space = generator.space();
  for (unsigned bits = 1; bits < 1U << space.sites(); ++bits) {
    const ReducedSpace kept(space, sites_in(bits, space));
    const lindwurm::KetPartialTrace trace(kept, generator.basis(), packed_psi);
    BOOST_TEST(
        oracle::distance(trace.of(packed_psi), traced(psi * psi.adjoint(), space, bits)) < 1e-14,
        model.name << " sites " << bits);
    BOOST_TEST(oracle::distance(trace.of(packed_psi, packed_phi),
                                traced(psi * phi.adjoint(), space, bits)) < 1e-14);
  }
}

// A ket that fills a sector alone.
BOOST_DATA_TEST_CASE(of_kets_in_a_sector, bases* storages, basis, storage) {
  lindwurm::Model model(Space{lindwurm::oscillator("c", 4), lindwurm::spins("s", 2)});
  model.hamiltonian = lindwurm::Expression::parse("n(c) + x(c)*sz(s) + 0.5*sx(s)");
  model = along(basis, std::move(model));
  const auto state = product_state(model.space, {{"c", {"fock(1)"}}, {"s", {"up_x", "down_x"}}});
  const auto ket = ket_of(state, model.space);
  const auto equation =
      std::make_shared<const lindwurm::SchroedingerEquation>(model, comm, std::vector<double>{0.0});
  const auto sector = sector_of(in_stored_basis(ket, model.space), equation->charges());
  const KetGenerator generator(equation, {storage, sector});
  const VecHandle start = pack(ket, generator);
  const VecHandle moved = generator.vector();
  generator.apply(0, start, moved);
  const Vector psi = unpack_ket(moved, generator.basis());
  for (unsigned bits = 1; bits < 8; ++bits) {
    const ReducedSpace kept(model.space, sites_in(bits, model.space));
    const lindwurm::KetPartialTrace trace(kept, generator.basis(), start);
    BOOST_TEST(oracle::distance(trace.of(moved), traced(psi * psi.adjoint(), model.space, bits)) <
               1e-14);
  }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_kept_is_refused) {
  const Space space{lindwurm::oscillator("c", 20), lindwurm::oscillator("e", 20)};
  BOOST_CHECK_THROW(ReducedSpace(space, {}), InputError);
  BOOST_CHECK_THROW(ReducedSpace(space, {2}), InputError);
  BOOST_CHECK_THROW(ReducedSpace(space, {0, 0}), InputError);
  BOOST_CHECK_THROW(ReducedSpace(space, {0, 1}), InputError);
  BOOST_TEST(ReducedSpace(space, {1}).dimension() == 20);
}

BOOST_AUTO_TEST_SUITE_END()
