// Density operators and observables as packed vectors.
#include "lindwurm/states/state.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/solve/evolve.hpp"
#include "lindwurm/solve/steady_state.hpp"
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

// Of a damped oscillator, whose sectors are the differences of quanta.
static Liouvillian damped(const std::string& state, lindwurm::Storage storage) {
  Model model(Space{lindwurm::oscillator("m", 4)});
  model.add({Expression::parse("a(m)"), 0.1});
  const auto equation = std::make_shared<const lindwurm::MasterEquation>(model, comm);
  return Liouvillian(equation, {storage, sector_of(product_state(model.space, {{"m", {state}}}),
                                                   equation->charges())});
}

BOOST_AUTO_TEST_CASE(what_was_made_for_another_sector_is_refused) {
  const Liouvillian all = damped("coherent(0.5)", lindwurm::Storage::assembled);
  const Liouvillian one = damped("fock(1)", lindwurm::Storage::assembled);
  const auto n = lindwurm::sum_over_members(Expression::parse("n(m)"), one.space());
  const Functional of_all(n, all.basis(), comm);
  const Functional of_one(n, one.basis(), comm);
  Matrix rho = Matrix::Zero(4, 4);
  rho(1, 1) = 1;
  const VecHandle packed = lindwurm::pack(rho, one);
  BOOST_TEST(std::abs(lindwurm::expectations({of_one}, packed)[0] - 1.0) < 1e-15);
  BOOST_CHECK_THROW((void)lindwurm::expectations({of_all}, packed), lindwurm::InputError);
  BOOST_CHECK_THROW((void)lindwurm::unpack(packed, all.basis()), lindwurm::InputError);
  // Copies remember, and equal sectors of two generators are one.
  const VecHandle copy = lindwurm::duplicate(packed);
  LINDWURM_PETSC(VecCopy(packed, copy));
  BOOST_CHECK_THROW((void)lindwurm::expectations({of_all}, copy), lindwurm::InputError);
  const Liouvillian again = damped("fock(1)", lindwurm::Storage::assembled);
  BOOST_TEST(std::abs(lindwurm::expectations({Functional(n, again.basis(), comm)}, copy)[0] - 1.0) <
             1e-15);
  // The same elements in another order.
  const Liouvillian sliced = damped("fock(1)", lindwurm::Storage::matrix_free);
  if (!sliced.basis().agrees_with(one.basis())) {
    BOOST_CHECK_THROW((void)lindwurm::expectations({Functional(n, sliced.basis(), comm)}, packed),
                      lindwurm::InputError);
  }
}

BOOST_AUTO_TEST_CASE(solvers_refuse_vectors_of_another_sector) {
  const Liouvillian one = damped("fock(1)", lindwurm::Storage::assembled);
  const Liouvillian all = damped("coherent(0.5)", lindwurm::Storage::assembled);
  Model driven(Space{lindwurm::oscillator("m", 4)});
  driven.hamiltonian = Expression::parse("x(m)");
  driven.add({Expression::parse("a(m)"), 0.1});
  const Liouvillian whole(driven, comm);
  const VecHandle packed = lindwurm::pack(product_state(one.space(), {{"m", {"fock(1)"}}}), one);
  const VecHandle in_all =
      lindwurm::pack(product_state(one.space(), {{"m", {"coherent(0.5)"}}}), all);
  BOOST_CHECK_THROW((void)lindwurm::evolve(whole, packed, {0, 1}), lindwurm::InputError);
  BOOST_CHECK_THROW((void)lindwurm::evolve(one, in_all, {0, 1}), lindwurm::InputError);
  lindwurm::SteadyOptions options;
  options.initial = packed;
  BOOST_CHECK_THROW((void)lindwurm::steady_state(whole, options), lindwurm::InputError);
  options.initial = nullptr;
  options.guesses = {packed};
  BOOST_CHECK_THROW((void)lindwurm::steady_state(whole, options), lindwurm::InputError);
  BOOST_CHECK_NO_THROW((void)lindwurm::evolve(one, packed, {0, 1}));
}

BOOST_AUTO_TEST_CASE(vectors_of_the_caller_need_the_right_length) {
  const Liouvillian liouvillian(Model{mixed_space()}, comm);
  const auto n = lindwurm::sum_over_members(Expression::parse("n(m)"), liouvillian.space());
  const Functional functional(n, liouvillian.basis(), comm);
  VecHandle own;
  LINDWURM_PETSC(VecCreateMPI(comm, PETSC_DECIDE, 48, own.put()));
  LINDWURM_PETSC(VecSet(own, 1.0));
  BOOST_CHECK_THROW((void)lindwurm::expectations({functional}, own), lindwurm::InputError);
  BOOST_CHECK_THROW((void)lindwurm::unpack(own, liouvillian.basis()), lindwurm::InputError);
  BOOST_CHECK_THROW((void)lindwurm::evolve(liouvillian, own, {0, 1}), lindwurm::InputError);
}

BOOST_AUTO_TEST_CASE(product_states_that_do_not_fit_the_space_are_refused) {
  const Liouvillian liouvillian(Model{mixed_space()}, comm);
  std::mt19937 random(5);
  lindwurm::ProductState right;
  for (int s = 0; s < 4; ++s)
    right.sites.push_back(oracle::random_state(liouvillian.space().dimension(s), random));
  BOOST_CHECK_NO_THROW((void)lindwurm::pack(right, liouvillian));
  const auto refuse = [&](const lindwurm::ProductState& wrong) {
    BOOST_CHECK_THROW((void)lindwurm::pack(wrong, liouvillian), lindwurm::InputError);
    BOOST_CHECK_THROW((void)lindwurm::pack_part(wrong, liouvillian), lindwurm::InputError);
    BOOST_CHECK_THROW((void)sector_of(wrong, liouvillian.equation().charges()),
                      lindwurm::InputError);
    BOOST_CHECK_THROW((void)ket_of(wrong, liouvillian.space()), lindwurm::InputError);
  };
  for (int s = 0; s < 4; ++s) {
    auto wrong = right;
    wrong.sites[s] = oracle::random_state(liouvillian.space().dimension(s) - 1, random);
    refuse(wrong);
    wrong.sites[s] = oracle::random_matrix(liouvillian.space().dimension(s), random);
    refuse(wrong);
    wrong.sites[s] = Matrix();
    refuse(wrong);
  }
  auto short_one = right;
  short_one.sites.pop_back();
  refuse(short_one);
  auto long_one = right;
  long_one.sites.push_back(Matrix::Identity(2, 2) / 2.0);
  refuse(long_one);
}

BOOST_AUTO_TEST_CASE(matrices_that_are_no_hermitian_operators_of_the_space_are_refused) {
  const Liouvillian liouvillian(Model{mixed_space()}, comm);
  std::mt19937 random(4);
  BOOST_CHECK_THROW((void)lindwurm::pack(oracle::random_hermitian(2, random), liouvillian),
                    lindwurm::InputError);
  BOOST_CHECK_THROW((void)lindwurm::pack(Matrix(Matrix::Zero(48, 47)), liouvillian),
                    lindwurm::InputError);
  BOOST_CHECK_THROW((void)lindwurm::pack(oracle::random_matrix(48, random), liouvillian),
                    lindwurm::InputError);
  Matrix rounded = oracle::random_hermitian(48, random);
  rounded(3, 5) += 1e-14;
  BOOST_CHECK_NO_THROW((void)lindwurm::pack(rounded, liouvillian));
}

BOOST_AUTO_TEST_SUITE_END()
