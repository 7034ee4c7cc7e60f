// Rightmost eigenvalues by an iterative search against dense spectra.
#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/solve/spectrum.hpp"
#include "oracle/comparison.hpp"
#include "oracle/random_models.hpp"
#include "oracle/storage.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Expression;
using lindwurm::InputError;
using lindwurm::Liouvillian;
using lindwurm::Model;
using lindwurm::Space;
using lindwurm::Spectrum;
using lindwurm::SpectrumMethod;
using oracle::Complex;
using oracle::ReferenceModel;

BOOST_AUTO_TEST_SUITE(krylov_spectra)

static std::vector<ReferenceModel> models() {
  std::vector<ReferenceModel> chosen;
  for (const auto& model : oracle::all_models()) {
    const int unknowns = model.dimension() * model.dimension();
    if (model.is_constant && unknowns > 60 && unknowns <= 3000) chosen.push_back(model);
  }
  return chosen;
}

static Spectrum krylov(const Model& model, int count) {
  return spectrum(oracle::hold(model), {.count = count, .method = SpectrumMethod::krylov});
}

static std::vector<double> real_parts(std::vector<Complex> values, std::size_t count) {
  std::sort(values.begin(), values.end(), [](Complex a, Complex b) { return a.real() > b.real(); });
  std::vector<double> parts;
  for (std::size_t k = 0; k < std::min(count, values.size()); ++k)
    parts.push_back(values[k].real());
  return parts;
}

// Of values with one real part any may be chosen, so real parts and membership are compared.
static void check_rightmost(const Spectrum& found, const std::vector<Complex>& expected,
                            double tolerance) {
  BOOST_TEST(found.is_complete, found.certificate.failure);
  BOOST_TEST(found.is_converged());
  BOOST_TEST(oracle::matching_distance(found.eigenvalues, expected) < tolerance);
  const auto parts = real_parts(found.eigenvalues, found.eigenvalues.size());
  const auto true_parts = real_parts(expected, parts.size());
  for (std::size_t k = 0; k < parts.size(); ++k)
    BOOST_TEST(std::abs(parts[k] - true_parts[k]) < tolerance);
}

BOOST_DATA_TEST_CASE(models_of_the_list, data::make(models()), model) {
  const Spectrum found = krylov(model.model, 12);
  BOOST_TEST(found.method == "krylov");
  check_rightmost(found, oracle::eigenvalues(model.liouvillian(0)), 1e-8);
}

BOOST_DATA_TEST_CASE(random_models, data::xrange(500u, 530u), seed) {
  const ReferenceModel model = oracle::random_model(seed);
  if (model.dimension() * model.dimension() <= 60) return;
  BOOST_TEST_CONTEXT(model.name) {
    check_rightmost(krylov(model.model, 12), oracle::eigenvalues(model.liouvillian(0)), 1e-8);
  }
}

BOOST_AUTO_TEST_SUITE_END()
