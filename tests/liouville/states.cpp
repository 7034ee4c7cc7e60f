// Density operators and observables as packed vectors.
#include "lindwurm/liouville/state.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"
#include "oracle/comparison.hpp"
#include "oracle/random_models.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Expression;
using lindwurm::Functional;
using lindwurm::Liouvillian;
using lindwurm::Model;
using lindwurm::Space;
using lindwurm::VecHandle;
using oracle::Complex;
using oracle::Matrix;

BOOST_AUTO_TEST_SUITE(states)

static const MPI_Comm comm = lindwurm::Session::communicator();

static Space mixed_space() {
  return Space{lindwurm::oscillator("m", 4), lindwurm::spins("s", 2), lindwurm::level_site("v", 3)};
}

BOOST_DATA_TEST_CASE(packing_and_unpacking, data::xrange(5u), seed) {
  const Liouvillian liouvillian(Model{mixed_space()}, comm);
  std::mt19937 random(seed);
  const Matrix rho = oracle::random_hermitian(48, random);
  const VecHandle packed = lindwurm::pack(rho, liouvillian);
  BOOST_TEST(oracle::distance(lindwurm::unpack(packed, liouvillian.basis()), rho) < 1e-15 * 48);
  BOOST_TEST(std::abs(lindwurm::norm(packed) - rho.norm()) < 1e-12);
}

BOOST_DATA_TEST_CASE(scalar_products_are_traces, data::xrange(5u), seed) {
  const Liouvillian liouvillian(Model{mixed_space()}, comm);
  std::mt19937 random(seed);
  const Matrix rho = oracle::random_hermitian(48, random);
  const Matrix sigma = oracle::random_hermitian(48, random);
  PetscScalar product = 0;
  LINDWURM_PETSC(
      VecDot(lindwurm::pack(rho, liouvillian), lindwurm::pack(sigma, liouvillian), &product));
  BOOST_TEST(std::abs(product - (rho * sigma).trace().real()) < 1e-11);
  LINDWURM_PETSC(
      VecDot(liouvillian.trace_functional(), lindwurm::pack(rho, liouvillian), &product));
  BOOST_TEST(std::abs(product - rho.trace().real()) < 1e-12);
}

BOOST_AUTO_TEST_CASE(product_states_are_kronecker_products) {
  const Liouvillian liouvillian(Model{mixed_space()}, comm);
  std::mt19937 random(11);
  lindwurm::ProductState state;
  Matrix expected = Matrix::Identity(1, 1);
  for (int s = 0; s < 4; ++s) {
    state.sites.push_back(oracle::random_state(liouvillian.space().dimension(s), random));
    expected = oracle::kron(expected, state.sites.back());
  }
  const VecHandle packed = lindwurm::pack(state, liouvillian);
  BOOST_TEST(oracle::distance(lindwurm::unpack(packed, liouvillian.basis()), expected) < 1e-15);
}

static const std::vector<std::pair<std::string, bool>> observables{
    {"n(m)", true},
    {"a(m)", false},
    {"p(m)*sy(s[1])", true},
    {"sx(s)", true},
    {"sp(s[0])", false},
    {"ket(v, 0, 2)", false},
    {"i*a(m)*sz(s) - i*ad(m)*sz(s)", true},
    {"(1 + 2*i)*proj(v, 1)", false},
    {"a(m)*sp_x(s[1])*ket(v, 1, 0)", false},
    {"sx(s[0])*sy(s[0])", false},
    {"2", true},
    {"0*n(m)", true},
};

static Matrix dense(const std::string& text, const Space& space) {
  return oracle::matrix_of(lindwurm::sum_over_members(Expression::parse(text), space), space);
}

BOOST_DATA_TEST_CASE(expectation_values_are_traces, data::xrange(observables.size()), which) {
  const auto& [text, hermitian] = observables[which];
  BOOST_TEST_CONTEXT(text) {
    const Liouvillian liouvillian(Model{mixed_space()}, comm);
    std::mt19937 random(3);
    const Matrix rho = oracle::random_state(48, random);
    const auto a = lindwurm::sum_over_members(Expression::parse(text), liouvillian.space());
    std::vector<Functional> functionals;
    functionals.emplace_back(a, liouvillian.basis(), comm);
    const auto values = lindwurm::expectations(functionals, lindwurm::pack(rho, liouvillian));
    const Complex expected = (dense(text, liouvillian.space()) * rho).trace();
    BOOST_TEST(std::abs(values.at(0) - expected) < 1e-13);
    BOOST_TEST(functionals[0].is_hermitian() == hermitian);
  }
}

BOOST_AUTO_TEST_CASE(many_expectation_values_at_once) {
  const Liouvillian liouvillian(Model{mixed_space()}, comm);
  std::mt19937 random(8);
  const Matrix rho = oracle::random_state(48, random);
  std::vector<Functional> functionals;
  for (const auto& [text, hermitian] : observables) {
    functionals.emplace_back(
        lindwurm::sum_over_members(Expression::parse(text), liouvillian.space()),
        liouvillian.basis(), comm);
  }
  const auto values = lindwurm::expectations(functionals, lindwurm::pack(rho, liouvillian));
  for (std::size_t k = 0; k < observables.size(); ++k) {
    const Complex expected = (dense(observables[k].first, liouvillian.space()) * rho).trace();
    BOOST_TEST(std::abs(values[k] - expected) < 1e-13);
  }
  BOOST_TEST(lindwurm::expectations({}, lindwurm::pack(rho, liouvillian)).empty());
}

BOOST_AUTO_TEST_CASE(an_observable_that_depends_on_time_is_refused) {
  const Space space = mixed_space();
  const lindwurm::PackedBasis basis(space);
  const auto a = lindwurm::sum_over_members(Expression::parse("cos(t)*n(m)"), space);
  BOOST_CHECK_THROW(Functional(a, basis, comm), lindwurm::InputError);
}

BOOST_AUTO_TEST_SUITE_END()
