// The assembled matrix against the dense reference.
#include "lindwurm/generator/assemble.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "lindwurm/backend/session.hpp"
#include "lindwurm/states/state.hpp"
#include "oracle/comparison.hpp"
#include "oracle/models.hpp"
#include "oracle/random_models.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Liouvillian;
using lindwurm::MatHandle;
using lindwurm::VecHandle;
using oracle::Matrix;
using oracle::ReferenceModel;

BOOST_AUTO_TEST_SUITE(assembly)

static const MPI_Comm comm = lindwurm::Session::communicator();

static double largest(const Matrix& l) { return std::max(l.cwiseAbs().maxCoeff(), 1.0); }

static void check_against_reference(const ReferenceModel& model, double t) {
  BOOST_TEST_CONTEXT(model.name << " at t = " << t) {
    const Liouvillian liouvillian(model.model, comm, {t});
    const Matrix l = model.liouvillian(t);
    const MatHandle matrix = liouvillian.assembled(t);
    BOOST_TEST(oracle::largest_difference(matrix, liouvillian.basis(), l) <= 1e-13 * largest(l));

    std::mt19937 random(4);
    for (int k = 0; k < 3; ++k) {
      const Matrix rho = oracle::random_hermitian(model.dimension(), random);
      const VecHandle in = lindwurm::pack(rho, liouvillian);
      const VecHandle out = liouvillian.vector();
      liouvillian.apply(t, in, out);
      const Matrix image = lindwurm::unpack(out, liouvillian.basis());
      BOOST_TEST(oracle::distance(image, oracle::apply(l, rho)) <=
                 1e-13 * largest(l) * model.dimension());
    }
  }
}

BOOST_DATA_TEST_CASE(models_have_the_reference_matrix, data::make(oracle::all_models()), model) {
  if (model.is_constant) {
    check_against_reference(model, 0);
  } else {
    for (double t : {0.0, 0.37, 1.9, 5.5, -2.0})
      check_against_reference(model, t);
  }
}

BOOST_DATA_TEST_CASE(random_models_have_the_reference_matrix, data::xrange(40u), seed) {
  check_against_reference(oracle::random_model(seed), 0);
}

static void check_storage(Mat matrix) {
  MatInfo info;
  LINDWURM_PETSC(MatGetInfo(matrix, MAT_LOCAL, &info));
  BOOST_TEST(info.mallocs == 0);
  BOOST_TEST(info.nz_unneeded == 0);
  BOOST_TEST(info.nz_allocated == info.nz_used);
}

BOOST_DATA_TEST_CASE(storage_is_allocated_exactly, data::make(oracle::all_models()), model) {
  const Liouvillian liouvillian(model.model, comm);
  check_storage(liouvillian.constant_part());
}

BOOST_DATA_TEST_CASE(rows_lie_in_the_shares_of_the_basis, data::make(oracle::all_models()), model) {
  const Liouvillian liouvillian(model.model, comm);
  int rank = 0;
  int ranks = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  PetscInt first = 0;
  PetscInt last = 0;
  LINDWURM_PETSC(MatGetOwnershipRange(liouvillian.constant_part(), &first, &last));
  const auto share = liouvillian.basis().share(rank, ranks);
  BOOST_TEST(first == share.first);
  BOOST_TEST(last == share.second);
}

BOOST_DATA_TEST_CASE(entries_are_counted_before_they_are_stored,
                     data::make(oracle::small_constant_models()), model) {
  const Liouvillian liouvillian(model.model, comm);
  const lindwurm::EquationTerms equation(model.model, lindwurm::Dynamics::lindblad);
  BOOST_TEST(lindwurm::count_entries(equation.terms, liouvillian.sector()) ==
             liouvillian.entries());
}

BOOST_DATA_TEST_CASE(the_trace_is_kept, data::make(oracle::all_models()), model) {
  const Liouvillian liouvillian(model.model, comm);
  BOOST_TEST(liouvillian.trace_defect() <= 1e-14 * (1 + liouvillian.norm_bound()));
}

BOOST_AUTO_TEST_CASE(a_lost_trace_shows) {
  lindwurm::Model model(lindwurm::Space{lindwurm::spin("q")});
  model.superoperators = {lindwurm::Expression::parse("-0.3*anticommutator(proj(q, 0))")};
  const Liouvillian liouvillian(model, comm);
  BOOST_TEST(std::abs(liouvillian.trace_defect() - 0.6) < 1e-15);
}

BOOST_AUTO_TEST_CASE(the_norm_bounds_every_eigenvalue) {
  for (const auto& model : oracle::small_constant_models()) {
    const Liouvillian liouvillian(model.model, comm);
    for (oracle::Complex value : oracle::eigenvalues(model.liouvillian(0))) {
      BOOST_TEST(std::abs(value) <= liouvillian.norm_bound() * (1 + 1e-12));
    }
  }
}

BOOST_DATA_TEST_CASE(packing_keeps_the_spectrum, data::make(oracle::small_constant_models()),
                     model) {
  const Matrix l = model.liouvillian(0);
  const auto values = oracle::real_matrix_eigenvalues(oracle::packed(l));
  BOOST_TEST(oracle::matching_distance(values, oracle::eigenvalues(l)) < 1e-6);
}

BOOST_AUTO_TEST_CASE(time_dependence_is_seen) {
  for (const auto& model : oracle::time_dependent_models()) {
    BOOST_TEST(!Liouvillian(model.model, comm).is_constant());
  }
  for (const auto& model : oracle::small_constant_models()) {
    BOOST_TEST(Liouvillian(model.model, comm).is_constant());
  }
}

BOOST_AUTO_TEST_CASE(a_model_of_nothing_is_a_zero_matrix) {
  const lindwurm::Model model(lindwurm::Space{lindwurm::spins("s", 2)});
  const Liouvillian liouvillian(model, comm);
  BOOST_TEST(oracle::largest_difference(liouvillian.constant_part(), liouvillian.basis(),
                                        Matrix::Zero(16, 16)) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
