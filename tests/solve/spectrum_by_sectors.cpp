// The union of the sectors' spectra against the dense spectrum of the whole space.
#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <numeric>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/solve/spectrum.hpp"
#include "oracle/comparison.hpp"
#include "oracle/random_models.hpp"
#include "oracle/storage.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Expression;
using lindwurm::InputError;
using lindwurm::MasterEquation;
using lindwurm::Model;
using lindwurm::Space;
using lindwurm::Spectrum;
using lindwurm::SpinBasis;
using oracle::Complex;
using oracle::ReferenceModel;

BOOST_AUTO_TEST_SUITE(sectors_of_spectra)

static std::shared_ptr<const MasterEquation> equation_of(const Model& model, SpinBasis basis) {
  return std::make_shared<const MasterEquation>(oracle::along(basis, model),
                                                lindwurm::Session::communicator());
}

// As many of `values` in each number as the sector has unknowns.
static void check_sectors(const Spectrum& found, std::int64_t unknowns) {
  BOOST_TEST(std::accumulate(found.sector_sizes.begin(), found.sector_sizes.end(),
                             std::int64_t{0}) == unknowns);
  BOOST_REQUIRE(found.sectors.size() == found.eigenvalues.size());
  for (std::size_t k = 0; k < found.sector_sizes.size(); ++k) {
    BOOST_TEST(std::count(found.sectors.begin(), found.sectors.end(), static_cast<int>(k)) ==
               found.sector_sizes[k]);
  }
}

// A defective or nearly defective eigenvalue moves by the square root of rounding, hence 1e-6.
static void check_all(const ReferenceModel& model, SpinBasis basis) {
  const auto equation = equation_of(model.model, basis);
  const int size = model.dimension() * model.dimension();
  const Spectrum found = spectrum_by_sectors(equation, {.count = size});
  BOOST_TEST(static_cast<int>(found.eigenvalues.size()) == size);
  BOOST_TEST(oracle::matching_distance(found.eigenvalues,
                                       oracle::eigenvalues(model.liouvillian(0))) < 1e-6);
  BOOST_TEST(found.is_complete);
  BOOST_TEST(found.is_converged());
  BOOST_TEST(found.residuals.size() == found.eigenvalues.size());
  check_sectors(found, size);
  for (std::size_t k = 1; k < found.eigenvalues.size(); ++k) {
    BOOST_TEST(found.eigenvalues[k].real() - found.eigenvalues[k - 1].real() <=
               1e-10 * found.scale);
  }
  BOOST_TEST(found.stationary == oracle::null_space(model.liouvillian(0)).cols());
}

BOOST_DATA_TEST_CASE(models,
                     data::make(oracle::small_constant_models()) *
                         data::make({SpinBasis::z, SpinBasis::x}),
                     model, basis) {
  check_all(model, basis);
}

BOOST_DATA_TEST_CASE(random_models, data::xrange(320u, 332u), seed) {
  const ReferenceModel model = oracle::random_model(seed);
  BOOST_TEST_CONTEXT(model.name) { check_all(model, seed % 2 == 0 ? SpinBasis::x : SpinBasis::z); }
}

// The rightmost of all sectors, whichever they come from: -kappa (p + q)/2 + i w (p - q).
BOOST_AUTO_TEST_CASE(a_damped_oscillator) {
  Model model(Space{lindwurm::oscillator("m", 6)});
  model.hamiltonian = Expression::parse("1.3*n(m)");
  model.add({Expression::parse("a(m)"), 0.1});
  const auto equation = equation_of(model, SpinBasis::z);
  for (int count = 1; count <= 36; ++count) {
    const Spectrum found = spectrum_by_sectors(equation, {.count = count});
    const auto given = static_cast<int>(found.eigenvalues.size());
    BOOST_TEST(given >= count);
    BOOST_TEST(given <= count + 1);
    std::vector<double> depths;
    for (int p = 0; p < 6; ++p) {
      for (int q = 0; q < 6; ++q)
        depths.push_back(-0.05 * (p + q));
    }
    std::sort(depths.rbegin(), depths.rend());
    double imaginary = 0;
    for (int k = 0; k < given; ++k) {
      BOOST_TEST(std::abs(found.eigenvalues[k].real() - depths[k]) < 1e-10, "count = " << count);
      imaginary += found.eigenvalues[k].imag();
    }
    // Pairs are whole.
    BOOST_TEST(std::abs(imaginary) < 1e-10, "count = " << count);
    BOOST_TEST(found.stationary == 1);
    BOOST_REQUIRE(found.gap.has_value());
    BOOST_TEST(std::abs(*found.gap - 0.05) < 1e-12);
    BOOST_TEST(found.sector_sizes.size() == 6);
  }
}

// Uncoupled spins of equal rates: the gap, 0.05, lies in a sector without populations.
BOOST_AUTO_TEST_CASE(the_gap_may_lie_in_any_sector) {
  Model model(Space{lindwurm::spins("s", 3)});
  model.hamiltonian = Expression::parse("0.5*sz(s)");
  model.add({Expression::parse("sm(s)"), 0.1});
  const Spectrum found = spectrum_by_sectors(equation_of(model, SpinBasis::z), {.count = 4});
  BOOST_REQUIRE(found.gap.has_value());
  BOOST_TEST(std::abs(*found.gap - 0.05) < 1e-12);
  BOOST_TEST(found.stationary == 1);
  BOOST_TEST(std::abs(found.eigenvalues[1] - Complex(-0.05, 1)) < 1e-11);
}

// The limit holds for each sector, not for all of them together.
BOOST_AUTO_TEST_CASE(the_limit_is_that_of_a_sector) {
  const auto& model = oracle::model_named("jaynes_cummings");
  const auto equation = equation_of(model.model, SpinBasis::z);
  const auto limited = [&](std::int64_t limit) {
    return spectrum_by_sectors(
        equation, {.count = 6, .method = lindwurm::SpectrumMethod::dense, .dense_limit = limit});
  };
  BOOST_TEST(limited(32).is_complete);
  BOOST_CHECK_THROW((void)limited(31), InputError);
  BOOST_CHECK_THROW((void)spectrum_by_sectors(equation, {.count = 101}), InputError);
  BOOST_CHECK_THROW((void)spectrum_by_sectors(equation, {.count = 0}), InputError);
  for (const auto& driven : oracle::time_dependent_models()) {
    BOOST_CHECK_THROW((void)spectrum_by_sectors(equation_of(driven.model, SpinBasis::z)),
                      InputError);
  }
}

BOOST_AUTO_TEST_SUITE_END()
