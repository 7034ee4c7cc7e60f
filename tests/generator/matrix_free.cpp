// The matrix-free product against the dense reference, and against the assembled matrix for every
// choice of inner sites, sector and spin basis.
#include "lindwurm/generator/matrix_free.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <numeric>

#include "lindwurm/backend/session.hpp"
#include "lindwurm/generator/assemble.hpp"
#include "lindwurm/states/state.hpp"
#include "oracle/comparison.hpp"
#include "oracle/models.hpp"
#include "oracle/random_models.hpp"
#include "oracle/storage.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Liouvillian;
using lindwurm::MasterEquation;
using lindwurm::MatHandle;
using lindwurm::PackedBasis;
using lindwurm::Sector;
using lindwurm::SpinBasis;
using lindwurm::Storage;
using lindwurm::VecHandle;
using oracle::along;
using oracle::Matrix;
using oracle::ReferenceModel;

BOOST_AUTO_TEST_SUITE(matrix_free)

static const MPI_Comm comm = lindwurm::Session::communicator();

static double largest(const Matrix& l) { return std::max(l.cwiseAbs().maxCoeff(), 1.0); }

static void check_against_reference(const ReferenceModel& model, SpinBasis basis, double t) {
  BOOST_TEST_CONTEXT(model.name << " at t = " << t) {
    const Liouvillian liouvillian(along(basis, model.model), comm, {t},
                                  {.storage = Storage::matrix_free, .sector = {}});
    const Matrix l = model.liouvillian(t);
    std::mt19937 random(4);
    for (int k = 0; k < 3; ++k) {
      const Matrix rho = oracle::random_hermitian(model.dimension(), random);
      const VecHandle in = lindwurm::pack(rho, liouvillian);
      const VecHandle out = liouvillian.vector();
      liouvillian.apply(t, in, out);
      BOOST_TEST(oracle::distance(lindwurm::unpack(in, liouvillian.basis()), rho) <= 1e-15 * 20);
      BOOST_TEST(oracle::distance(lindwurm::unpack(out, liouvillian.basis()),
                                  oracle::apply(l, rho)) <= 1e-13 * largest(l) * model.dimension());
    }
  }
}

BOOST_DATA_TEST_CASE(models_act_as_the_reference,
                     data::make(oracle::all_models()) * data::make({SpinBasis::z, SpinBasis::x}),
                     model, basis) {
  for (double t : {0.0, 0.37, 5.5})
    check_against_reference(model, basis, t);
}

BOOST_DATA_TEST_CASE(random_models_act_as_the_reference,
                     data::xrange(40u) * data::make({SpinBasis::z, SpinBasis::x}), seed, basis) {
  check_against_reference(oracle::random_model(seed), basis, 0);
}

// |a - b| in the largest element, over that of b.
static double difference(Vec a, Vec b) {
  VecHandle gap = lindwurm::duplicate(a);
  LINDWURM_PETSC(VecWAXPY(gap, -1.0, b, a));
  PetscReal norm = 0;
  LINDWURM_PETSC(VecNorm(gap, NORM_INFINITY, &norm));
  return norm;
}

static void check_against_assembled(const MasterEquation& equation, const Sector& sector,
                                    std::vector<int> inner) {
  const auto basis = std::make_shared<const PackedBasis>(sector, std::move(inner));
  std::vector<lindwurm::ProductTerm> terms;
  for (const auto& group : equation.groups()) {
    for (const auto& term : group.terms)
      terms.push_back({group.function.at(0.37) * term.coefficient, term.factors});
  }
  const MatHandle stored = lindwurm::assemble(terms, *basis, comm);
  const MatHandle shell = lindwurm::matrix_free(terms, basis, comm);
  VecHandle in;
  VecHandle expected;
  VecHandle found;
  LINDWURM_PETSC(MatCreateVecs(stored, in.put(), expected.put()));
  LINDWURM_PETSC(MatCreateVecs(shell, found.put(), nullptr));
  PetscReal norm = 0;
  LINDWURM_PETSC(MatNorm(stored, NORM_INFINITY, &norm));
  const double allowed = 1e-13 * std::max(norm, 1.0);
  LINDWURM_PETSC(VecSetRandom(in, nullptr));
  LINDWURM_PETSC(MatMult(stored, in, expected));
  LINDWURM_PETSC(MatMult(shell, in, found));
  BOOST_TEST(difference(found, expected) <= allowed);
  LINDWURM_PETSC(MatMultTranspose(stored, in, expected));
  LINDWURM_PETSC(MatMultTranspose(shell, in, found));
  BOOST_TEST(difference(found, expected) <= allowed);
  LINDWURM_PETSC(MatGetDiagonal(stored, expected));
  LINDWURM_PETSC(MatGetDiagonal(shell, found));
  BOOST_TEST(difference(found, expected) <= allowed);
}

static void check_all_splits(const lindwurm::Model& model) {
  const MasterEquation equation(model, comm, {0.0});
  const int sites = model.space.sites();
  const auto sectors = lindwurm::all_sectors(equation.charges());
  const std::int64_t total = std::transform_reduce(sectors.begin(), sectors.end(), std::int64_t{0},
                                                   std::plus<>{}, lindwurm::size);
  BOOST_TEST(total == model.space.dimension() * model.space.dimension());
  for (int chosen = 0; chosen < 1 << sites; ++chosen) {
    std::vector<int> inner;
    for (int s = 0; s < sites; ++s) {
      if ((chosen >> s & 1) != 0) inner.push_back(s);
    }
    BOOST_TEST_CONTEXT("inner sites " << chosen) {
      check_against_assembled(equation, lindwurm::whole_space(equation.charges()), inner);
      const std::size_t step = std::max<std::size_t>(1, sectors.size() / 4);
      for (std::size_t k = 0; k < sectors.size(); k += step)
        check_against_assembled(equation, sectors[k], inner);
    }
  }
}

BOOST_DATA_TEST_CASE(every_split_of_models,
                     data::make(oracle::all_models()) * data::make({SpinBasis::z, SpinBasis::x}),
                     model, basis) {
  check_all_splits(along(basis, model.model));
}

BOOST_DATA_TEST_CASE(every_split_of_random_models, data::xrange(100u, 120u), seed) {
  const ReferenceModel model = oracle::random_model(seed);
  BOOST_TEST_CONTEXT(model.name) {
    check_all_splits(along(seed % 2 == 0 ? SpinBasis::z : SpinBasis::x, model.model));
  }
}

// exp(-2it) a^dag + exp(2it) a: two functions of time, neither of which keeps rho Hermitian alone.
BOOST_AUTO_TEST_CASE(complex_functions_of_time) {
  lindwurm::Model model(lindwurm::Space{lindwurm::oscillator("mode", 6), lindwurm::spin("s")});
  model.hamiltonian = lindwurm::Expression::parse(
      "n(mode) + 0.3*(exp(-2*i*t)*ad(mode) + exp(2*i*t)*a(mode)) + "
      "0.2*(exp(-i*t)*a(mode)*sp(s) + exp(i*t)*ad(mode)*sm(s))");
  const Liouvillian stored(model, comm);
  const Liouvillian shell(model, comm, {0.0}, {.storage = Storage::matrix_free, .sector = {}});
  std::mt19937 random(9);
  const Matrix rho = oracle::random_hermitian(12, random);
  const auto image = [&](const Liouvillian& liouvillian, double t) {
    const VecHandle in = lindwurm::pack(rho, liouvillian);
    const VecHandle out = liouvillian.vector();
    liouvillian.apply(t, in, out);
    return lindwurm::unpack(out, liouvillian.basis());
  };
  for (double t : {0.0, 0.7, -3.1})
    BOOST_TEST(oracle::distance(image(shell, t), image(stored, t)) < 1e-13);
}

BOOST_AUTO_TEST_SUITE_END()
