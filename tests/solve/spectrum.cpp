// Relaxation spectra against the dense reference.
#include "lindwurm/solve/spectrum.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"
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

BOOST_AUTO_TEST_SUITE(spectra)

static const MPI_Comm comm = lindwurm::Session::communicator();

static void check_order(const Spectrum& found) {
  for (std::size_t k = 1; k < found.eigenvalues.size(); ++k) {
    // Real parts that differ by rounding alone count as equal.
    BOOST_TEST(found.eigenvalues[k].real() - found.eigenvalues[k - 1].real() <=
               1e-10 * found.scale);
  }
  BOOST_TEST(found.is_complete);
  BOOST_TEST(found.is_converged());
  BOOST_TEST(found.method == "dense");
  BOOST_TEST(found.residuals.size() == found.eigenvalues.size());
}

// A defective or nearly defective eigenvalue moves by the square root of rounding, hence 1e-6.
static void check_all(const ReferenceModel& model) {
  const Liouvillian liouvillian = oracle::hold(model.model);
  const auto size = static_cast<int>(liouvillian.basis().size());
  const Spectrum found = spectrum(liouvillian, {.count = size});
  const auto expected = oracle::eigenvalues(model.liouvillian(0));
  BOOST_TEST(static_cast<int>(found.eigenvalues.size()) == size);
  BOOST_TEST(oracle::matching_distance(found.eigenvalues, expected) < 1e-6);
  check_order(found);
}

BOOST_DATA_TEST_CASE(all_eigenvalues_of_models, data::make(oracle::small_constant_models()),
                     model) {
  check_all(model);
}

BOOST_DATA_TEST_CASE(all_eigenvalues_of_random_models, data::xrange(300u, 312u), seed) {
  const ReferenceModel model = oracle::random_model(seed);
  BOOST_TEST_CONTEXT(model.name) { check_all(model); }
}

// A damped oscillator: -kappa (p + q)/2 + i w (p - q), p and q below the number of levels.
BOOST_AUTO_TEST_CASE(a_damped_oscillator) {
  const int levels = 6;
  const double kappa = 0.1;
  const double w = 1.3;
  Model model(Space{lindwurm::oscillator("m", levels)});
  model.hamiltonian = Expression::parse("1.3*n(m)");
  model.add({Expression::parse("a(m)"), kappa});
  const Liouvillian liouvillian = oracle::hold(model);
  std::vector<Complex> expected;
  for (int p = 0; p < levels; ++p) {
    for (int q = 0; q < levels; ++q) {
      expected.emplace_back(-kappa * (p + q) / 2, w * (p - q));
    }
  }
  const Spectrum found = spectrum(liouvillian, {.count = levels * levels});
  BOOST_TEST(oracle::matching_distance(found.eigenvalues, expected) < 1e-10);
  BOOST_TEST(found.stationary == 1);
  BOOST_REQUIRE(found.gap.has_value());
  BOOST_TEST(std::abs(*found.gap - kappa / 2) < 1e-12);

  const Spectrum few = spectrum(liouvillian, {.count = 3});
  BOOST_REQUIRE(few.eigenvalues.size() == 3);
  BOOST_TEST(std::abs(few.eigenvalues[0]) < 1e-12);
  BOOST_TEST(std::abs(few.eigenvalues[1] - Complex(-kappa / 2, w)) < 1e-12);
  BOOST_TEST(std::abs(few.eigenvalues[2] - Complex(-kappa / 2, -w)) < 1e-12);
}

BOOST_AUTO_TEST_CASE(a_spin) {
  Model model(Space{lindwurm::spin("q")});
  model.hamiltonian = Expression::parse("0.9/2*sz(q)");
  model.add({Expression::parse("sm(q)"), 0.2});
  model.add({Expression::parse("sz(q)"), 0.05});
  const Spectrum found = spectrum(oracle::hold(model), {.count = 4});
  const std::vector<Complex> expected{0.0, -0.2, {-0.1 - 0.1, 0.9}, {-0.1 - 0.1, -0.9}};
  BOOST_TEST(oracle::matching_distance(found.eigenvalues, expected) < 1e-13);
}

static bool is_closed_under_conjugation(const std::vector<Complex>& values) {
  std::vector<Complex> conjugates;
  for (Complex value : values)
    conjugates.push_back(std::conj(value));
  return oracle::matching_distance(values, conjugates) < 1e-12;
}

BOOST_AUTO_TEST_CASE(pairs_are_not_cut) {
  const Liouvillian liouvillian = oracle::hold(oracle::model_named("lambda_site").model);
  for (int count = 1; count <= 9; ++count) {
    const Spectrum found = spectrum(liouvillian, {.count = count});
    BOOST_TEST(is_closed_under_conjugation(found.eigenvalues), "count = " << count);
    BOOST_TEST(static_cast<int>(found.eigenvalues.size()) >= count);
    BOOST_TEST(static_cast<int>(found.eigenvalues.size()) <= count + 1);
    for (std::size_t k = 0; k < found.eigenvalues.size(); ++k) {
      if (found.eigenvalues[k].imag() <= 1e-12) continue;
      BOOST_REQUIRE(k + 1 < found.eigenvalues.size());
      BOOST_TEST(std::abs(found.eigenvalues[k + 1] - std::conj(found.eigenvalues[k])) < 1e-12);
    }
  }
}

// Two equal free spins: +i and -i four times each.
BOOST_AUTO_TEST_CASE(equal_pairs_are_not_cut) {
  Model model(Space{lindwurm::spins("s", 2)});
  model.hamiltonian = Expression::parse("0.5*sz(s)");
  const Liouvillian liouvillian = oracle::hold(model);
  for (int count = 1; count <= 16; ++count) {
    const Spectrum found = spectrum(liouvillian, {.count = count});
    BOOST_TEST(is_closed_under_conjugation(found.eigenvalues), "count = " << count);
  }
}

BOOST_AUTO_TEST_CASE(stationary_modes_are_counted) {
  Model model(Space{lindwurm::spins("s", 2)});
  model.hamiltonian = Expression::parse("0.5*sz(s[0]) + 0.7*sz(s[1])");
  model.add({Expression::parse("sz(s)"), 0.2});
  const Spectrum dephasing = spectrum(oracle::hold(model));
  BOOST_TEST(dephasing.stationary == 4);
  BOOST_REQUIRE(dephasing.gap.has_value());
  BOOST_TEST(std::abs(*dephasing.gap - 0.4) < 1e-12);
  const Spectrum collective = spectrum(oracle::hold(oracle::collective_decay(3, 0.7).model));
  BOOST_TEST(collective.stationary == 9);
  const Spectrum nothing = spectrum(oracle::hold(Model{Space{lindwurm::spin("q")}}), {.count = 4});
  BOOST_TEST(nothing.stationary == 4);
  BOOST_TEST(!nothing.gap.has_value());
  BOOST_TEST(nothing.is_complete);
}

BOOST_AUTO_TEST_CASE(oscillating_modes_are_not_stationary) {
  Model model(Space{lindwurm::spin("q")});
  model.hamiltonian = Expression::parse("0.5*sz(q)");
  const Spectrum found = spectrum(oracle::hold(model), {.count = 4});
  BOOST_TEST(found.stationary == 2);
  BOOST_REQUIRE(found.gap.has_value());
  BOOST_TEST(std::abs(*found.gap) < 1e-12);
}

BOOST_AUTO_TEST_CASE(an_iterative_search_is_never_called_complete) {
  const ReferenceModel& model = oracle::model_named("jaynes_cummings");
  const Liouvillian liouvillian = oracle::hold(model.model);
  const Spectrum found =
      spectrum(liouvillian, {.count = 4, .method = SpectrumMethod::slepc, .dense_limit = 1});
  BOOST_TEST(found.method == "slepc");
  BOOST_TEST(!found.is_complete);
  BOOST_TEST(found.is_found);
  // With as many vectors as unknowns it is a dense method in disguise.
  BOOST_TEST(oracle::matching_distance(found.eigenvalues,
                                       oracle::eigenvalues(model.liouvillian(0))) < 1e-8);
  for (double residual : found.residuals)
    BOOST_TEST(residual < 1e-7);
}

BOOST_AUTO_TEST_CASE(what_has_no_spectrum_is_refused) {
  for (const auto& model : oracle::time_dependent_models()) {
    BOOST_CHECK_THROW((void)spectrum(Liouvillian(model.model, comm)), InputError);
  }
  const Liouvillian liouvillian(oracle::model_named("driven_spin").model, comm);
  BOOST_CHECK_THROW((void)spectrum(liouvillian, {.count = 0}), InputError);
  BOOST_CHECK_THROW((void)spectrum(liouvillian, {.count = -3}), InputError);
  BOOST_CHECK_THROW((void)spectrum(liouvillian, {.count = 5}), InputError);
  BOOST_CHECK_THROW(
      (void)spectrum(liouvillian, {.count = 1, .method = SpectrumMethod::dense, .dense_limit = 3}),
      InputError);
}

BOOST_AUTO_TEST_SUITE_END()
