// What holds for every master equation in GKSL form, on random models.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "lindwurm/backend/session.hpp"
#include "lindwurm/solve/evolve.hpp"
#include "lindwurm/solve/spectrum.hpp"
#include "lindwurm/solve/steady_state.hpp"
#include "oracle/comparison.hpp"
#include "oracle/random_models.hpp"
#include "oracle/storage.hpp"

namespace data = boost::unit_test::data;
using lindwurm::EvolveOptions;
using lindwurm::Liouvillian;
using lindwurm::Spectrum;
using lindwurm::VecHandle;
using oracle::Matrix;
using oracle::ReferenceModel;

BOOST_AUTO_TEST_SUITE(properties)

static const EvolveOptions precise{.rtol = 1e-10, .atol = 1e-12};

static Matrix evolved(const Liouvillian& liouvillian, const Matrix& rho, double from, double to) {
  const auto run = evolve(liouvillian, lindwurm::pack(rho, liouvillian), {from, to}, precise);
  return lindwurm::unpack(run.final_state, liouvillian.basis());
}

static double lowest_eigenvalue(const Matrix& rho) {
  return oracle::hermitian_eigenvalues(rho).minCoeff();
}

static double trace_norm(const Matrix& a) {
  return oracle::hermitian_eigenvalues(a).cwiseAbs().sum();
}

BOOST_DATA_TEST_CASE(random_models, data::xrange(1000u, 1025u), seed) {
  const ReferenceModel model = oracle::random_model(seed);
  BOOST_TEST_CONTEXT(model.name) {
    const Liouvillian liouvillian = oracle::hold(model.model);
    std::mt19937 random(seed);
    const int d = model.dimension();
    const Matrix rho = oracle::random_state(d, random);
    const Matrix sigma = oracle::random_state(d, random);

    const Matrix later = evolved(liouvillian, rho, 0, 2);
    BOOST_TEST(std::abs(later.trace() - 1.0) < 1e-11);
    BOOST_TEST(lowest_eigenvalue(later) > -1e-8);

    // A pure state touches the border of what is positive.
    const oracle::Vector psi = oracle::random_matrix(d, random).col(0).normalized();
    BOOST_TEST(lowest_eigenvalue(evolved(liouvillian, psi * psi.adjoint(), 0, 0.3)) > -1e-8);

    // exp(L (s + t)) = exp(L s) exp(L t), and only differences of time count.
    const Matrix halfway = evolved(liouvillian, rho, 0, 0.7);
    BOOST_TEST(oracle::distance(evolved(liouvillian, halfway, 5.7, 7), later) < 1e-7);

    // Linear in the state.
    const Matrix other = evolved(liouvillian, sigma, 0, 2);
    const Matrix mixed = evolved(liouvillian, 0.3 * rho + 0.7 * sigma, 0, 2);
    BOOST_TEST(oracle::distance(mixed, 0.3 * later + 0.7 * other) < 1e-7);

    // States come no further apart.
    BOOST_TEST(trace_norm(later - other) <= trace_norm(rho - sigma) + 1e-7);
  }
}

BOOST_DATA_TEST_CASE(hermitian_operators_stay_hermitian, data::xrange(1100u, 1125u), seed) {
  const ReferenceModel model = oracle::random_model(seed);
  BOOST_TEST_CONTEXT(model.name) {
    // The packed matrix cannot break Hermiticity; that it is L itself, unbroken, shows in the dense
    // image of a Hermitian operator.
    const Liouvillian liouvillian = oracle::hold(model.model);
    std::mt19937 random(seed);
    const Matrix rho = oracle::random_hermitian(model.dimension(), random);
    const Matrix image = oracle::apply(model.liouvillian(0), rho);
    BOOST_TEST(oracle::distance(image, image.adjoint()) < 1e-12 * (1 + image.norm()));
    const VecHandle out = liouvillian.vector();
    liouvillian.apply(0, lindwurm::pack(rho, liouvillian), out);
    BOOST_TEST(oracle::distance(lindwurm::unpack(out, liouvillian.basis()), image) <
               1e-12 * (1 + image.norm()));
    BOOST_TEST(std::abs(image.trace()) < 1e-12 * (1 + image.norm()));
  }
}

BOOST_DATA_TEST_CASE(no_mode_grows, data::xrange(1200u, 1220u), seed) {
  const ReferenceModel model = oracle::random_model(seed);
  BOOST_TEST_CONTEXT(model.name) {
    const Liouvillian liouvillian = oracle::hold(model.model);
    const auto size = static_cast<int>(liouvillian.basis().size());
    const Spectrum found = spectrum(liouvillian, {.count = size});
    const double norm = liouvillian.norm_bound();
    for (oracle::Complex value : found.eigenvalues)
      BOOST_TEST(value.real() < 1e-11 * (1 + norm));
    BOOST_TEST(std::abs(found.eigenvalues.front().real()) < 1e-11 * (1 + norm));
    BOOST_TEST(found.stationary >= 1);
    BOOST_TEST(found.is_complete);
  }
}

BOOST_DATA_TEST_CASE(a_steady_state_stays, data::xrange(1300u, 1320u), seed) {
  const ReferenceModel model = oracle::random_model(seed);
  BOOST_TEST_CONTEXT(model.name) {
    const Liouvillian liouvillian = oracle::hold(model.model);
    std::mt19937 random(seed);
    const VecHandle initial =
        lindwurm::pack(oracle::random_state(model.dimension(), random), liouvillian);
    const auto found = steady_state(liouvillian, {.initial = initial});
    BOOST_TEST(found.is_converged);
    const Matrix rho = lindwurm::unpack(found.state, liouvillian.basis());
    BOOST_TEST(lowest_eigenvalue(rho) > -1e-8);
    BOOST_TEST(oracle::distance(evolved(liouvillian, rho, 0, 3), rho) < 1e-7);
    // As many as the spectrum has eigenvalues 0.
    const Spectrum spectrum = lindwurm::spectrum(liouvillian, {.count = 1});
    BOOST_TEST(found.dimension == spectrum.stationary);
  }
}

BOOST_AUTO_TEST_SUITE_END()
