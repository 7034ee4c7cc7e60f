// Rightmost eigenvalues of an oscillator with two damped spins, and an iterative search that misses
// them.
#include <slepceps.h>

#include <boost/test/unit_test.hpp>
#include <vector>

#include "lindwurm/backend/session.hpp"
#include "lindwurm/solve/spectrum.hpp"
#include "oracle/comparison.hpp"
#include "oracle/models.hpp"

using EpsHandle = lindwurm::Handle<EPS, EPSDestroy>;
using lindwurm::Liouvillian;
using oracle::Complex;

BOOST_AUTO_TEST_SUITE(rightmost_eigenvalues)

static const std::vector<Complex> rightmost{0.0,
                                            -0.0747433422,
                                            {-0.0757581159, 0.8361883685},
                                            {-0.0757581159, -0.8361883685},
                                            {-0.0838244394, 1.2158905738},
                                            {-0.0838244394, -1.2158905738}};

struct Bath {
  Liouvillian liouvillian{oracle::oscillator_spin_bath(10, 2).model,
                          lindwurm::Session::communicator()};
};

BOOST_FIXTURE_TEST_CASE(the_dense_spectrum_has_them, Bath) {
  const auto found = spectrum(liouvillian, {.count = 6});
  BOOST_REQUIRE(found.eigenvalues.size() == 6);
  for (std::size_t k = 0; k < 6; ++k) {
    BOOST_TEST(std::abs(found.eigenvalues[k] - rightmost[k]) < 1e-8);
  }
  BOOST_TEST(found.is_complete);
  BOOST_TEST(found.is_converged());
  BOOST_TEST(found.stationary == 1);
  BOOST_TEST(std::abs(*found.gap - 0.0747433422) < 1e-8);
}

// What SLEPc's Krylov-Schur reports as converged for the largest real part, with subspaces of its
// default size. The many eigenvalues with large imaginary parts hide the slow modes: a residual
// tells that a value is an eigenvalue, never that none further right is missing.
static std::vector<Complex> by_krylov_schur(const Liouvillian& liouvillian, int count) {
  EpsHandle eps;
  LINDWURM_PETSC(EPSCreate(liouvillian.communicator(), eps.put()));
  LINDWURM_PETSC(EPSSetOperators(eps, liouvillian.constant_part(), nullptr));
  LINDWURM_PETSC(EPSSetProblemType(eps, EPS_NHEP));
  LINDWURM_PETSC(EPSSetType(eps, EPSKRYLOVSCHUR));
  LINDWURM_PETSC(EPSSetWhichEigenpairs(eps, EPS_LARGEST_REAL));
  LINDWURM_PETSC(EPSSetTolerances(eps, 1e-8, 2000));
  LINDWURM_PETSC(EPSSetDimensions(eps, count, PETSC_DEFAULT, PETSC_DEFAULT));
  LINDWURM_PETSC(EPSSolve(eps));
  PetscInt converged = 0;
  LINDWURM_PETSC(EPSGetConverged(eps, &converged));
  std::vector<Complex> reported;
  for (PetscInt k = 0; k < converged; ++k) {
    PetscScalar re = 0;
    PetscScalar im = 0;
    PetscReal error = 0;
    LINDWURM_PETSC(EPSGetEigenvalue(eps, k, &re, &im));
    LINDWURM_PETSC(EPSComputeError(eps, k, EPS_ERROR_RELATIVE, &error));
    BOOST_TEST(error < 1e-6);
    BOOST_TEST_MESSAGE(re << " + " << im << " i");
    reported.emplace_back(re, im);
  }
  return reported;
}

BOOST_FIXTURE_TEST_CASE(krylov_schur_misses_them, Bath) {
  for (int count : {1, 6}) {
    const auto reported = by_krylov_schur(liouvillian, count);
    BOOST_TEST(static_cast<int>(reported.size()) >= count);
    for (Complex value : reported) {
      BOOST_TEST(value.real() < -0.15, "count = " << count);
      BOOST_TEST(std::abs(value.imag()) > 3);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
