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
using lindwurm::MasterEquation;
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

// Beyond some hundred unknowns the reference is the library's own dense method, sector by sector,
// which complete_spectra.cpp checks.
static std::vector<Complex> all_eigenvalues(const ReferenceModel& model) {
  const int unknowns = model.dimension() * model.dimension();
  if (unknowns <= 400) return oracle::eigenvalues(model.liouvillian(0));
  const auto equation =
      std::make_shared<const MasterEquation>(model.model, lindwurm::Session::communicator());
  return spectrum_by_sectors(equation, {.count = unknowns, .method = SpectrumMethod::dense})
      .eigenvalues;
}

BOOST_DATA_TEST_CASE(models_of_the_list, data::make(models()), model) {
  int ranks = 1;
  MPI_Comm_size(lindwurm::Session::communicator(), &ranks);
  // The dense reference of large ones is for one rank.
  if (ranks > 1 && model.dimension() > 20) return;
  const Spectrum found = krylov(model.model, 12);
  BOOST_TEST(found.method == "krylov");
  check_rightmost(found, all_eigenvalues(model), 1e-8);
}

BOOST_DATA_TEST_CASE(random_models, data::xrange(500u, 530u), seed) {
  const ReferenceModel model = oracle::random_model(seed);
  if (model.dimension() * model.dimension() <= 60) return;
  BOOST_TEST_CONTEXT(model.name) {
    check_rightmost(krylov(model.model, 12), oracle::eigenvalues(model.liouvillian(0)), 1e-8);
  }
}

static Model with(Space space, const std::string& h,
                  const std::vector<std::pair<std::string, double>>& dissipators) {
  Model model(std::move(space));
  model.hamiltonian = Expression::parse(h);
  for (const auto& [jump, rate] : dissipators)
    model.add({Expression::parse(jump), rate});
  return model;
}

// A search and all eigenvalues, of a model given by its formulas.
static void check_against_dense(const Model& model, int count) {
  const Spectrum found = krylov(model, count);
  BOOST_TEST(found.method == "krylov");
  const auto dense = spectrum(oracle::hold(model), {.count = 4 * count});
  BOOST_TEST(dense.method == "dense");
  check_rightmost(found, dense.eigenvalues, 1e-8);
  BOOST_TEST(found.stationary == dense.stationary);
  BOOST_REQUIRE(found.gap.has_value());
  BOOST_TEST(std::abs(*found.gap - *dense.gap) < 1e-8);
}

// Equal spins have eigenvalues many times over, of which a Krylov space from one vector sees one.
BOOST_AUTO_TEST_CASE(equal_spins) {
  const Model model =
      with(Space{lindwurm::oscillator("m", 3), lindwurm::spins("s", 3)},
           "n(m) + 0.5*sx(s) + 0.15*x(m)*sz(s)", {{"a(m)", 0.05}, {"sm_x(s)", 0.1}});
  check_against_dense(model, 12);
  const Spectrum found = krylov(model, 12);
  BOOST_TEST(std::any_of(found.modes.begin(), found.modes.end(),
                         [](const lindwurm::Mode& mode) { return mode.multiplicity >= 2; }));
}

BOOST_AUTO_TEST_CASE(several_stationary_states) {
  // Two-photon driving and loss keep the parity of a state and the coherences between parities.
  check_against_dense(with(Space{lindwurm::oscillator("m", 12)},
                           "0.3*n(m) + 0.8*(a(m)^2 + ad(m)^2)", {{"a(m)^2", 1.0}}),
                      6);
}

BOOST_AUTO_TEST_CASE(modes_without_decay) {
  check_against_dense(with(Space{lindwurm::oscillator("m", 6), lindwurm::spin("q")},
                           "n(m) + 0.35*sz(q)", {{"a(m)", 0.2}}),
                      8);
}

BOOST_AUTO_TEST_CASE(fast_damping_beside_slow_motion) {
  check_against_dense(with(Space{lindwurm::oscillator("m", 6), lindwurm::spin("q")},
                           "n(m) + 0.5*sz(q) + 2*x(m)*sx(q)", {{"a(m)", 120.0}, {"ad(m)", 20.0}}),
                      8);
}

BOOST_AUTO_TEST_CASE(a_bistable_oscillator) {
  check_against_dense(with(Space{lindwurm::oscillator("m", 25)},
                           "-2*n(m) + 0.1*ad(m)^2*a(m)^2 + 1.9*x(m)", {{"a(m)", 1.0}}),
                      6);
}

// Rates a thousandth of the frequencies: the filter has to become longer.
BOOST_AUTO_TEST_CASE(weak_damping) {
  check_against_dense(
      with(Space{lindwurm::oscillator("m", 7), lindwurm::spin("q")},
           "n(m) + 0.6*sz(q) + 0.1*x(m)*sx(q)", {{"a(m)", 0.002}, {"sm(q)", 0.003}}),
      6);
}

// Fewer are asked for than there are steady states: the gap is proved none the less.
BOOST_AUTO_TEST_CASE(a_gap_beyond_the_modes_asked_for) {
  const Model model = with(Space{lindwurm::oscillator("m", 12)},
                           "0.3*n(m) + 0.8*(a(m)^2 + ad(m)^2)", {{"a(m)^2", 1.0}});
  const Spectrum found = krylov(model, 1);
  const Spectrum all = spectrum(oracle::hold(model), {.count = 144});
  BOOST_TEST(found.eigenvalues.size() == 1);
  BOOST_TEST(found.stationary == all.stationary);
  BOOST_TEST(std::abs(*found.gap - *all.gap) < 1e-10);
  BOOST_TEST(found.certificate.rate > *all.gap);
}

BOOST_AUTO_TEST_CASE(too_few_products_are_said_to_be) {
  const auto model = oracle::oscillator_spin_bath(6, 2).model;
  const Spectrum found = spectrum(
      oracle::hold(model), {.count = 8, .method = SpectrumMethod::krylov, .max_products = 2000});
  BOOST_TEST(!found.is_complete);
  BOOST_TEST(!found.certificate.failure.empty());
}

BOOST_AUTO_TEST_CASE(nothing_relaxes) {
  const Model model = with(Space{lindwurm::oscillator("m", 20)}, "n(m)", {});
  BOOST_CHECK_THROW((void)krylov(model, 4), InputError);
}

BOOST_AUTO_TEST_SUITE_END()
