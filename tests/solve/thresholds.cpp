// Every limit at which a solver changes its way is set low, so that small models lie on both sides
// of it; all against dense matrices. States reach into several sectors at once.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "lindwurm/backend/session.hpp"
#include "lindwurm/solve/correlation.hpp"
#include "lindwurm/solve/evolve.hpp"
#include "lindwurm/solve/mixture.hpp"
#include "lindwurm/solve/spectrum.hpp"
#include "lindwurm/solve/steady_state.hpp"
#include "lindwurm/solve/trajectories.hpp"
#include "oracle/comparison.hpp"
#include "oracle/random_models.hpp"
#include "oracle/storage.hpp"

namespace data = boost::unit_test::data;
using lindwurm::EvolveOptions;
using lindwurm::Expression;
using lindwurm::KetEvolution;
using lindwurm::KetGenerator;
using lindwurm::KetStorage;
using lindwurm::Liouvillian;
using lindwurm::MasterEquation;
using lindwurm::Observables;
using lindwurm::ProductState;
using lindwurm::SchroedingerEquation;
using lindwurm::Space;
using lindwurm::SpectrumMethod;
using lindwurm::SpectrumOptions;
using lindwurm::SteadySolver;
using lindwurm::Storage;
using lindwurm::Subdivision;
using oracle::Matrix;
using oracle::ReferenceModel;
using oracle::Vector;

BOOST_AUTO_TEST_SUITE(thresholds)

static const MPI_Comm comm = lindwurm::Session::communicator();
// On several ranks some of the seeds do.
static bool is_left_out(unsigned seed) {
  int ranks = 1;
  MPI_Comm_size(comm, &ranks);
  return ranks > 1 && seed % 4 != 1;
}

// More than share a series.
static const std::vector<double> times = [] {
  std::vector<double> all;
  for (int k = 0; k < 21; ++k)
    all.push_back(0.15 * k);
  return all;
}();

static Subdivision divided(std::size_t charges, int length) {
  return {.most_charges = charges, .slice_length = length, .slices_of_rank = 1};
}
static const std::vector<Subdivision> divisions{
    {}, divided(4096, 1), divided(4096, 4), divided(6, 3), divided(1, 1)};

struct Case {
  ProductState state;
  Matrix rho = Matrix::Identity(1, 1);
  Observables observables;
  std::vector<Matrix> operators;
};

// A product of pure states, or of mixed ones, that leaves out some levels; and what to look at.
static Case random_case(unsigned seed, const Space& space, bool is_mixed) {
  std::mt19937 random(seed);
  Case made;
  for (int s = 0; s < space.sites(); ++s) {
    const unsigned pattern = random() | 1U;
    Vector psi = oracle::random_site_ket(space.dimension(s), pattern, random);
    Matrix site = psi * psi.adjoint();
    if (is_mixed) site = Matrix(site.diagonal().asDiagonal());
    made.state.sites.push_back(site);
    made.rho = oracle::kron(made.rho, site);
  }
  for (const auto& [text, matrix] : oracle::random_operators(seed, 3)) {
    made.observables.push_back({text, Expression::parse(text)});
    made.operators.push_back(matrix);
  }
  return made;
}

// The density matrices at all times.
static std::vector<Matrix> evolved(const Matrix& l, const Matrix& rho) {
  const Matrix step = oracle::exponential(l * times[1]);
  std::vector<Matrix> all{rho};
  while (all.size() < times.size())
    all.push_back(oracle::apply(step, all.back()));
  return all;
}

static void check_values(const lindwurm::TimeSeries& run, const Case& made,
                         const std::vector<Matrix>& expected, double tolerance = 1e-6) {
  for (std::size_t j = 0; j < times.size(); ++j) {
    for (std::size_t k = 0; k < made.operators.size(); ++k) {
      const double error = run.errors.empty() ? 0 : run.errors[k][j];
      BOOST_TEST(std::abs(run.values[k][j] - (made.operators[k] * expected[j]).trace()) <
                     tolerance * std::max(1.0, made.operators[k].norm()) + 5 * error,
                 made.observables[k].name << " at t = " << times[j]);
    }
  }
}

BOOST_DATA_TEST_CASE(density_operators_evolve, data::xrange(400u, 412u), seed) {
  if (is_left_out(seed)) return;
  const ReferenceModel model =
      seed % 3 == 0 ? oracle::random_model(seed) : oracle::random_conserving_model(seed);
  const Case made = random_case(seed, model.model.space, seed % 2 == 0);
  const auto expected = evolved(model.liouvillian(0), made.rho);
  BOOST_TEST_CONTEXT(model.name) {
    for (const Subdivision& division : divisions) {
      const auto equation = std::make_shared<const MasterEquation>(
          model.model, comm, std::vector<double>{0.0}, division);
      const Liouvillian liouvillian(
          equation, {Storage::matrix_free, sector_of(made.state, equation->charges())});
      EvolveOptions options{.rtol = 1e-9, .atol = 1e-11, .observe = made.observables};
      // Looking at every state ends a series at each output time.
      options.eigenvalues.of_every_state = division.slice_length == 1 ? 0 : 32;
      const auto run = evolve(liouvillian, pack(made.state, liouvillian), times, options);
      check_values(run, made, expected);
    }
  }
}

BOOST_DATA_TEST_CASE(kets_evolve, data::xrange(420u, 440u), seed) {
  if (is_left_out(seed)) return;
  const auto model = oracle::random_conserving_closed_model(seed);
  const Case made = random_case(seed, model.model.space, false);
  const auto expected = evolved(oracle::liouvillian(model.h, {}), made.rho);
  BOOST_TEST_CONTEXT(model.name) {
    for (const Subdivision& division : divisions) {
      const auto equation = std::make_shared<const SchroedingerEquation>(
          model.model, comm, std::vector<double>{0.0}, division);
      const auto ket = ket_of(made.state, model.model.space);
      const KetGenerator generator(equation,
                                   {Storage::matrix_free, sector_of(ket, equation->charges())});
      for (const std::size_t outputs : {1, 2, 3, 8, 100}) {
        EvolveOptions options{.rtol = 1e-9, .atol = 1e-11, .observe = made.observables};
        options.outputs_of_series = outputs;
        const auto run = evolve(generator, pack(ket, generator), times, options);
        check_values(run, made, expected);
      }
    }
  }
}

BOOST_DATA_TEST_CASE(mixtures_evolve, data::xrange(440u, 448u), seed) {
  if (is_left_out(seed)) return;
  const auto model = oracle::random_conserving_closed_model(seed);
  const Case made = random_case(seed, model.model.space, true);
  const auto expected = evolved(oracle::liouvillian(model.h, {}), made.rho);
  BOOST_TEST_CONTEXT(model.name) {
    for (const Subdivision& division : divisions) {
      for (const std::size_t few : {1, 256}) {
        const KetEvolution run =
            evolve_mixture(model.model, made.state, times,
                           {.rtol = 1e-9, .atol = 1e-11, .observe = made.observables},
                           {.neglect = 0, .few_product_kets = few, .samples = 40},
                           {Storage::matrix_free, true, division}, comm);
        check_values(run, made, expected);
      }
    }
  }
}

// The same jumps however kets are divided, and their mean.
BOOST_DATA_TEST_CASE(trajectories_evolve, data::xrange(450u, 458u), seed) {
  if (is_left_out(seed)) return;
  const ReferenceModel model = oracle::random_conserving_model(seed);
  const Case made = random_case(seed, model.model.space, seed % 2 == 0);
  BOOST_TEST_CONTEXT(model.name) {
    std::optional<KetEvolution> first;
    for (const Subdivision& division : divisions) {
      for (const bool uses_sectors : {true, false}) {
        KetEvolution run = evolve_trajectories(
            model.model, made.state, times,
            {.rtol = 1e-9, .atol = 1e-11, .observe = made.observables}, {.count = 60, .seed = seed},
            {Storage::matrix_free, uses_sectors, division}, comm);
        if (!first) {
          // Scatter tells nothing of jumps that none of a few trajectories has shown yet.
          check_values(run, made, evolved(model.liouvillian(0), made.rho), 0.1);
          first = std::move(run);
          continue;
        }
        for (std::size_t k = 0; k < run.values.size(); ++k)
          for (std::size_t j = 0; j < times.size(); ++j)
            BOOST_TEST(std::abs(run.values[k][j] - first->values[k][j]) < 1e-6);
      }
    }
  }
}

BOOST_DATA_TEST_CASE(steady_states, data::xrange(460u, 472u), seed) {
  if (is_left_out(seed)) return;
  const ReferenceModel model = oracle::random_model(seed);
  const Matrix expected = oracle::null_space(model.liouvillian(0));
  BOOST_TEST_CONTEXT(model.name) {
    for (const Subdivision& division : divisions) {
      for (const std::int64_t limit : {0, 1000}) {
        for (const Storage storage : {Storage::assembled, Storage::matrix_free}) {
          const auto equation = std::make_shared<const MasterEquation>(
              model.model, comm, std::vector<double>{0.0}, division);
          const Liouvillian liouvillian(equation,
                                        {storage, sector_of_diagonal(equation->charges())});
          const auto found = steady_state(liouvillian, {.direct_limit = limit});
          BOOST_TEST(found.is_converged);
          BOOST_TEST(found.is_unique == (expected.cols() == 1));
          if (!found.is_unique || expected.cols() != 1) continue;
          BOOST_TEST(oracle::distance(lindwurm::unpack(found.state, liouvillian.basis()),
                                      oracle::steady_state(model.liouvillian(0))) < 1e-8);
        }
      }
    }
  }
}

// All eigenvalues, or those that a search finds: small sectors of few unknowns are always dense.
BOOST_DATA_TEST_CASE(spectra, data::xrange(480u, 486u), seed) {
  if (is_left_out(seed)) return;
  const ReferenceModel model = oracle::random_model(seed);
  std::vector<oracle::Complex> all = oracle::eigenvalues(model.liouvillian(0));
  BOOST_TEST_CONTEXT(model.name) {
    for (const Subdivision& division : {Subdivision{}, divided(1, 4)}) {
      for (const std::int64_t small : {0, 2000}) {
        const auto equation = std::make_shared<const MasterEquation>(
            model.model, comm, std::vector<double>{0.0}, division);
        const auto found = spectrum_by_sectors(equation, {.count = 4, .small_sector = small});
        BOOST_TEST(found.is_complete);
        BOOST_TEST(found.is_converged());
        for (std::size_t k = 0; k < found.eigenvalues.size(); ++k)
          BOOST_TEST(std::abs(found.eigenvalues[k].real() - all[k].real()) <
                     1e-7 * std::max(1.0, std::abs(all.back())));
        BOOST_TEST(oracle::matching_distance(found.eigenvalues, all) <
                   1e-7 * std::max(1.0, std::abs(all.back())));
      }
    }
  }
}

BOOST_DATA_TEST_CASE(correlations, data::xrange(490u, 498u), seed) {
  if (is_left_out(seed)) return;
  const ReferenceModel model = oracle::random_conserving_model(seed);
  const Case made = random_case(seed, model.model.space, true);
  const std::vector<double> delays{0, 0.3, 1, 2.5};
  const Matrix x = made.operators[1] * made.rho * made.operators[2];
  std::vector<oracle::Complex> expected;
  double largest = 0;
  for (const double delay : delays) {
    const Matrix later = oracle::evolve(model.liouvillian(0), x, delay);
    expected.push_back((made.operators[0] * later).trace());
    largest = std::max(largest, std::abs(expected.back()));
  }
  if (largest < 1e-12) return;
  BOOST_TEST_CONTEXT(model.name) {
    for (const Subdivision& division : divisions) {
      const auto master = std::make_shared<const MasterEquation>(
          model.model, comm, std::vector<double>{0.0}, division);
      const auto equation = std::make_shared<const lindwurm::OperatorEquation>(master);
      const Liouvillian liouvillian(
          master, {Storage::matrix_free, sector_of(made.state, master->charges())});
      const auto packed = pack(made.state, liouvillian);
      const auto op = [&](int k) {
        return sum_over_members(std::get<Expression>(made.observables[k].content),
                                model.model.space, model.model.parameters);
      };
      const auto found = lindwurm::correlate(
          equation, {op(0), op(1), op(2)},
          {packed, liouvillian.basis(),
           [&](const lindwurm::Charges& all) { return sector_of(made.state, all); }, 0},
          {.delays = delays, .evolution = {.rtol = 1e-9}, .storage = Storage::matrix_free});
      for (std::size_t j = 0; j < delays.size(); ++j)
        BOOST_TEST(std::abs(found.values[j] - expected[j]) <
                   1e-6 * std::max(1.0, x.norm() * made.operators[0].norm()));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
