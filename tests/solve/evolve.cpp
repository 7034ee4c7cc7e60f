// Evolutions against the matrix exponential.
#include "lindwurm/solve/evolve.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "lindwurm/backend/session.hpp"
#include "oracle/comparison.hpp"
#include "oracle/random_models.hpp"
#include "oracle/storage.hpp"

namespace data = boost::unit_test::data;
using lindwurm::EvolveMethod;
using lindwurm::EvolveOptions;
using lindwurm::Expression;
using lindwurm::Jacobian;
using lindwurm::Liouvillian;
using lindwurm::VecHandle;
using oracle::Matrix;
using oracle::ReferenceModel;

BOOST_AUTO_TEST_SUITE(evolutions)

struct Way {
  std::string name;
  EvolveMethod method;
  Jacobian jacobian;
};
static std::ostream& operator<<(std::ostream& out, const Way& way) { return out << way.name; }

static const std::vector<Way> ways{
    {"automatic", EvolveMethod::automatic, Jacobian::automatic},
    {"adams", EvolveMethod::adams, Jacobian::automatic},
    {"bdf assembled", EvolveMethod::bdf, Jacobian::assembled},
    {"bdf matrix-free", EvolveMethod::bdf, Jacobian::matrix_free},
};

static Matrix final_state(const ReferenceModel& model, const Matrix& rho,
                          const std::vector<double>& times, const EvolveOptions& options) {
  const Liouvillian liouvillian = oracle::hold(model.model, times);
  const VecHandle initial = lindwurm::pack(rho, liouvillian);
  const auto run = evolve(liouvillian, initial, times, options);
  // Newton's linear systems are solved to the tolerance only.
  BOOST_TEST(run.diagnostics.trace_error < (run.statistics.method == "bdf" ? options.rtol : 1e-12));
  BOOST_TEST(oracle::distance(lindwurm::unpack(initial, liouvillian.basis()), rho) < 1e-14);
  return lindwurm::unpack(run.final_state, liouvillian.basis());
}

BOOST_DATA_TEST_CASE(models_follow_the_matrix_exponential,
                     data::make(oracle::small_constant_models()) * data::make(ways), model, way) {
  std::mt19937 random(17);
  const Matrix rho = oracle::random_state(model.dimension(), random);
  const EvolveOptions options{
      .method = way.method, .rtol = 1e-7, .atol = 1e-9, .jacobian = way.jacobian};
  const Matrix found = final_state(model, rho, {0, 2}, options);
  const Matrix expected = oracle::evolve(model.liouvillian(0), rho, 2);
  BOOST_TEST(oracle::distance(found, expected) < 3e-6);
}

BOOST_DATA_TEST_CASE(time_dependent_models_follow_the_reference,
                     data::make(oracle::time_dependent_models()) * data::make(ways), model, way) {
  std::mt19937 random(23);
  const Matrix rho = oracle::random_state(model.dimension(), random);
  const EvolveOptions options{
      .method = way.method, .rtol = 1e-7, .atol = 1e-9, .jacobian = way.jacobian};
  const Matrix found = final_state(model, rho, {0.3, 1.1, 3.3}, options);
  const Matrix expected = oracle::evolve(model.liouvillian, rho, 0.3, 3.3, 1000);
  BOOST_TEST(oracle::distance(found, expected) < 3e-6);
}

BOOST_DATA_TEST_CASE(random_models_follow_the_matrix_exponential, data::xrange(100u, 112u), seed) {
  const ReferenceModel model = oracle::random_model(seed);
  BOOST_TEST_CONTEXT(model.name) {
    std::mt19937 random(seed);
    const Matrix rho = oracle::random_state(model.dimension(), random);
    const Matrix expected = oracle::evolve(model.liouvillian(0), rho, 1.5);
    const Matrix found = final_state(model, rho, {0, 0.2, 1.5}, {.rtol = 1e-9, .atol = 1e-11});
    BOOST_TEST(oracle::distance(found, expected) < 1e-7);
  }
}

BOOST_AUTO_TEST_CASE(observables_are_given_at_every_time) {
  const ReferenceModel& model = oracle::model_named("jaynes_cummings");
  const std::vector<double> times{0, 0.5, 0.75, 4};
  EvolveOptions options;
  options.observe = {{"n", Expression::parse("n(cavity)")},
                     {"a", Expression::parse("a(cavity)")},
                     {"exchange", Expression::parse("ad(cavity)*sm(atom)")}};
  const Liouvillian liouvillian = oracle::hold(model.model);
  std::mt19937 random(5);
  const Matrix rho = oracle::random_state(10, random);
  const auto run = evolve(liouvillian, lindwurm::pack(rho, liouvillian), times, options);
  BOOST_TEST(run.times == times, boost::test_tools::per_element());
  BOOST_REQUIRE(run.values.size() == 3);
  BOOST_TEST(run.is_hermitian[0]);
  BOOST_TEST(!run.is_hermitian[1]);
  const Matrix a = oracle::kron(oracle::annihilation(5), oracle::identity(2));
  const Matrix sm = oracle::kron(oracle::identity(5), oracle::lowering());
  const std::vector<Matrix> operators{a.adjoint() * a, a, a.adjoint() * sm};
  for (std::size_t j = 0; j < times.size(); ++j) {
    const Matrix state = oracle::evolve(model.liouvillian(0), rho, times[j]);
    for (std::size_t k = 0; k < operators.size(); ++k) {
      BOOST_REQUIRE(run.values[k].size() == times.size());
      BOOST_TEST(std::abs(run.values[k][j] - (operators[k] * state).trace()) < 1e-6);
    }
  }
  BOOST_TEST(run.values[0][0].imag() == 0);
}

BOOST_AUTO_TEST_CASE(one_time_gives_the_initial_state) {
  const ReferenceModel& model = oracle::model_named("driven_spin");
  std::mt19937 random(6);
  const Matrix rho = oracle::random_state(2, random);
  for (const Way& way : ways) {
    const Matrix found =
        final_state(model, rho, {2.0}, {.method = way.method, .jacobian = way.jacobian});
    BOOST_TEST(oracle::distance(found, rho) < 1e-15);
  }
}

BOOST_AUTO_TEST_CASE(results_hardly_depend_on_the_output_times) {
  const ReferenceModel& model = oracle::model_named("lambda_site");
  std::mt19937 random(7);
  const Matrix rho = oracle::random_state(3, random);
  std::vector<double> many;
  for (int k = 0; k <= 300; ++k)
    many.push_back(0.01 * k);
  const Matrix coarse = final_state(model, rho, {0, 3}, {});
  const Matrix fine = final_state(model, rho, many, {});
  BOOST_TEST(oracle::distance(coarse, fine) < 1e-7);
}

BOOST_AUTO_TEST_CASE(statistics_tell_the_method) {
  const ReferenceModel& model = oracle::model_named("driven_spin");
  const Liouvillian liouvillian = oracle::hold(model.model);
  const VecHandle rho = lindwurm::pack(oracle::transition(0, 0, 2), liouvillian);
  const auto adams = evolve(liouvillian, rho, {0, 1}, {.method = EvolveMethod::adams});
  BOOST_TEST(adams.statistics.method == "adams");
  BOOST_TEST(adams.statistics.steps > 0);
  BOOST_TEST(adams.statistics.rhs_evaluations >= adams.statistics.steps);
  BOOST_TEST(adams.statistics.linear_iterations == 0);
  const auto bdf = evolve(liouvillian, rho, {0, 1},
                          {.method = EvolveMethod::bdf, .jacobian = Jacobian::assembled});
  BOOST_TEST(bdf.statistics.method == "bdf");
  BOOST_TEST(bdf.statistics.preconditioner_setups > 0);
  BOOST_TEST(bdf.statistics.linear_iterations > 0);
  BOOST_TEST(bdf.statistics.last_order <= 5);
}

BOOST_AUTO_TEST_CASE(stiff_models_are_left_to_bdf) {
  lindwurm::Model model(lindwurm::Space{lindwurm::spins("s", 2)});
  model.hamiltonian = Expression::parse("0.1*sx(s)");
  model.add({Expression::parse("sm(s[0])"), 1e4});
  model.add({Expression::parse("sz(s)"), 0.1});
  const Liouvillian liouvillian = oracle::hold(model);
  const VecHandle rho = lindwurm::pack(oracle::transition(0, 0, 4), liouvillian);
  const auto stiff =
      evolve(liouvillian, rho, {0, 10}, {.rtol = 1e-6, .atol = 1e-8, .accuracy = 1e-3});
  BOOST_TEST(stiff.statistics.method == "bdf");
  BOOST_TEST(stiff.statistics.steps < 2000);
  const auto brief = evolve(liouvillian, rho, {0, 1e-4}, {});
  BOOST_TEST(brief.statistics.method == "chebyshev");
}

BOOST_AUTO_TEST_CASE(diagnostics_show_the_cutoff_and_the_lowest_eigenvalue) {
  lindwurm::Model model(lindwurm::Space{lindwurm::oscillator("m", 4)});
  model.add({Expression::parse("ad(m)"), 0.5});
  const Liouvillian liouvillian = oracle::hold(model);
  const auto run =
      evolve(liouvillian, lindwurm::pack(oracle::transition(0, 0, 4), liouvillian), {0, 20}, {});
  BOOST_REQUIRE(run.diagnostics.top_levels.size() == 1);
  BOOST_TEST(run.diagnostics.top_levels[0].first == "m");
  BOOST_TEST(std::abs(run.diagnostics.top_levels[0].second - 1) < 1e-3);
  BOOST_REQUIRE(run.diagnostics.lowest_eigenvalue.has_value());
  BOOST_TEST(std::abs(*run.diagnostics.lowest_eigenvalue) < 1e-8);
}

BOOST_AUTO_TEST_CASE(progress_goes_from_none_to_all) {
  const ReferenceModel& model = oracle::model_named("driven_spin");
  const Liouvillian liouvillian = oracle::hold(model.model);
  std::vector<double> seen;
  EvolveOptions options;
  options.progress = [&](double fraction) { seen.push_back(fraction); };
  (void)evolve(liouvillian, lindwurm::pack(oracle::transition(0, 0, 2), liouvillian), {1, 2, 3},
               options);
  BOOST_REQUIRE(!seen.empty());
  BOOST_TEST(seen.front() >= 0);
  BOOST_TEST(seen.front() < 0.1);
  BOOST_TEST(seen.back() > 0.9);
}

BOOST_AUTO_TEST_SUITE_END()
