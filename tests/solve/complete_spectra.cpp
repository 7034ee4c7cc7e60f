// The 12 rightmost eigenvalues of every model of up to 3000 unknowns, by each method, against dense
// matrices that share no code with the library.
#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "lindwurm/backend/session.hpp"
#include "lindwurm/solve/spectrum.hpp"
#include "oracle/comparison.hpp"
#include "oracle/random_models.hpp"

namespace data = boost::unit_test::data;
using lindwurm::MasterEquation;
using lindwurm::Spectrum;
using lindwurm::SpectrumMethod;
using lindwurm::SpectrumOptions;
using oracle::Complex;
using oracle::ReferenceModel;

BOOST_AUTO_TEST_SUITE(complete_spectra)

static constexpr int count = 12;
static constexpr double tolerance = 1e-8;

static int unknowns(const ReferenceModel& model) { return model.dimension() * model.dimension(); }

static std::vector<ReferenceModel> models() {
  std::vector<ReferenceModel> chosen;
  for (const auto& model : oracle::all_models())
    if (model.is_constant && unknowns(model) <= 3000) chosen.push_back(model);
  return chosen;
}

// Largest real part first.
static std::vector<Complex> expected_of(const ReferenceModel& model) {
  auto values = oracle::real_matrix_eigenvalues(oracle::packed(model.liouvillian(0)));
  std::sort(values.begin(), values.end(), [](Complex a, Complex b) { return a.real() > b.real(); });
  return values;
}

// Of values with one real part any may be chosen: real parts are compared in order, and each value
// has a partner of its own.
static void check(const Spectrum& found, const std::vector<Complex>& expected) {
  const auto most = std::min<std::size_t>(count, expected.size());
  BOOST_TEST(found.is_complete, found.certificate.failure);
  BOOST_TEST(found.is_converged());
  BOOST_TEST(found.eigenvalues.size() >= most);
  BOOST_TEST(found.eigenvalues.size() <= most + 1);
  BOOST_TEST(oracle::matching_distance(found.eigenvalues, expected) < tolerance);
  for (std::size_t k = 0; k < found.eigenvalues.size(); ++k)
    BOOST_TEST(std::abs(found.eigenvalues[k].real() - expected[k].real()) < tolerance);
}

static void check_all_ways(const ReferenceModel& model) {
  const auto expected = expected_of(model);
  const auto equation =
      std::make_shared<const MasterEquation>(model.model, lindwurm::Session::communicator());
  for (const auto method : {SpectrumMethod::automatic, SpectrumMethod::krylov}) {
    const SpectrumOptions options{.count = std::min(count, unknowns(model)), .method = method};
    check(spectrum_by_sectors(equation, options), expected);
    check(spectrum_by_sectors(equation, options, {whole_space(equation->charges())}), expected);
  }
}

BOOST_DATA_TEST_CASE(of_the_list, data::make(models()), model) { check_all_ways(model); }

BOOST_DATA_TEST_CASE(random, data::xrange(600u, 640u), seed) {
  const ReferenceModel model = oracle::random_model(seed);
  BOOST_TEST_CONTEXT(model.name) { check_all_ways(model); }
}

BOOST_AUTO_TEST_SUITE_END()
