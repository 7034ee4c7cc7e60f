// Two-time correlation functions and spectra against dense Liouvillians.
#include "lindwurm/solve/correlation.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"
#include "oracle/comparison.hpp"
#include "oracle/everything.hpp"
#include "oracle/random_models.hpp"
#include "oracle/storage.hpp"
#include "stationary.hpp"

namespace data = boost::unit_test::data;
using lindwurm::CorrelationOptions;
using lindwurm::Expression;
using lindwurm::InputError;
using lindwurm::Liouvillian;
using lindwurm::Model;
using lindwurm::OperatorEquation;
using lindwurm::PreconditionerChoice;
using lindwurm::Space;
using lindwurm::Storage;
using lindwurm::TransformMethod;
using lindwurm::TwoTimeOperators;
using oracle::Complex;
using oracle::Matrix;
using oracle::ReferenceModel;

BOOST_AUTO_TEST_SUITE(correlations)

static int ranks() {
  int count = 1;
  MPI_Comm_size(lindwurm::Session::communicator(), &count);
  return count;
}

// A text, and the same densely.
struct Pair {
  std::string text;
  Matrix matrix;
};

// A random sum of words on single sites, perhaps of one word alone, which has a definite charge.
static Pair random_operator(const Model& model, std::mt19937& random) {
  const Space& space = model.space;
  std::vector<int> dimensions;
  for (int s = 0; s < space.sites(); ++s)
    dimensions.push_back(space.dimension(s));
  const auto below = [&](int end) {
    return std::uniform_int_distribution<int>(0, end - 1)(random);
  };
  const auto d = static_cast<int>(space.dimension());
  Pair sum{"", Matrix::Zero(d, d)};
  const int count = 1 + below(2);
  for (int k = 0; k < count; ++k) {
    const int s = below(space.sites());
    const std::string site = space.site_name(s);
    const double re = std::uniform_real_distribution<double>(-1, 1)(random);
    const double im = std::uniform_real_distribution<double>(-1, 1)(random);
    const int j = below(dimensions[s]);
    const int l = below(dimensions[s]);
    sum.text += (k > 0 ? "+" : "") + std::string("(") + std::to_string(re) + "+(" +
                std::to_string(im) + ")*i)*ket(" + site + "," + std::to_string(j) + "," +
                std::to_string(l) + ")";
    sum.matrix += Complex(std::stod(std::to_string(re)), std::stod(std::to_string(im))) *
                  oracle::embed(oracle::transition(j, l, dimensions[s]), s, dimensions);
  }
  return sum;
}

// What a textbook says: tr(A exp(L tau) B rho C), and 2 Re tr(A (i w - L)^-1 X) with X traceless.
struct Dense {
  Matrix l, rho, a, b, c;

  [[nodiscard]] Complex at(double tau) const {
    return (a * oracle::evolve(l, b * rho * c, tau)).trace();
  }
  [[nodiscard]] Complex product() const { return (a * rho).trace() * (b * rho * c).trace(); }
  [[nodiscard]] double spectrum(double w) const {
    const auto d = rho.rows();
    const Matrix x = b * rho * c - (b * rho * c).trace() * rho;
    Matrix m = Complex(0, w) * Matrix::Identity(d * d, d * d) - l;
    m += oracle::vec(Matrix::Identity(d, d) / d) * oracle::vec(Matrix::Identity(d, d)).adjoint();
    const Matrix y = oracle::unvec(oracle::solution(m, oracle::vec(x)));
    return 2 * (a * y).trace().real();
  }
};

static const std::vector<double> some_delays{0.3, 1.1, 4};
static const std::vector<double> some_frequencies{-2.3, -0.4, 0, 1e-3, 1.7};

static void check_random(unsigned seed) {
  const ReferenceModel model = oracle::random_model(seed);
  BOOST_TEST_CONTEXT(model.name) {
    const Matrix l = model.liouvillian(0);
    const Stationary stationary(model.model);
    const auto null_space = oracle::null_space(l);
    BOOST_TEST(stationary.is_unique() == (null_space.cols() == 1));
    if (!stationary.is_unique()) return;
    std::mt19937 random(seed);
    const Pair a = random_operator(model.model, random);
    const Pair b = random_operator(model.model, random);
    const Pair c = random_operator(model.model, random);
    const Dense dense{l, oracle::steady_state(l), a.matrix, b.matrix, c.matrix};
    const double scale = a.matrix.norm() * b.matrix.norm() * c.matrix.norm();
    for (const bool is_connected : {false, true}) {
      const auto found = stationary.correlate(
          c.text, a.text, b.text, {.delays = some_delays, .is_connected = is_connected});
      BOOST_REQUIRE(found.values.size() == some_delays.size());
      for (std::size_t k = 0; k < some_delays.size(); ++k) {
        const Complex expected = dense.at(some_delays[k]) - (is_connected ? dense.product() : 0.0);
        BOOST_TEST(std::abs(found.values[k] - expected) < 1e-8 * scale);
      }
      BOOST_TEST(std::abs(found.product - dense.product()) < 1e-8 * scale);
    }
    for (const auto method : {TransformMethod::solve, TransformMethod::evolve}) {
      BOOST_TEST_CONTEXT(name_of(method)) {
        const auto found = stationary.correlate(
            c.text, a.text, b.text,
            {.frequencies = some_frequencies, .method = method, .tolerance = 1e-11});
        BOOST_TEST(found.is_converged);
        BOOST_REQUIRE(found.spectrum.size() == some_frequencies.size());
        for (std::size_t k = 0; k < some_frequencies.size(); ++k) {
          const double error = found.spectrum[k] - dense.spectrum(some_frequencies[k]);
          BOOST_TEST(std::abs(error) < 1e-7 * scale);
        }
      }
    }
  }
}

BOOST_DATA_TEST_CASE(random_models, data::xrange(500u, 520u), seed) { check_random(seed); }

// Every preconditioner solves the same systems.
static void check_preconditioner(PreconditionerChoice choice) {
  const bool needs_one_rank =
      choice == PreconditionerChoice::one_site || choice == PreconditionerChoice::no_jump;
  if (needs_one_rank && ranks() > 1) return;
  const ReferenceModel model = oracle::oscillator_spin_bath(6, 1);
  const Stationary stationary(model.model);
  const Matrix l = model.liouvillian(0);
  const Matrix a = oracle::embed(oracle::annihilation(6), 0, {6, 2});
  const Matrix one = Matrix::Identity(12, 12);
  const Dense dense{l, oracle::steady_state(l), a.adjoint(), a, one};
  const auto storage =
      choice == PreconditionerChoice::ilu ? Storage::assembled : Storage::matrix_free;
  const auto found = stationary.correlate("ad(mode)", "a(mode)",
                                          {.frequencies = some_frequencies,
                                           .method = TransformMethod::solve,
                                           .preconditioner = choice,
                                           .storage = storage});
  BOOST_TEST(found.is_converged);
  BOOST_TEST(found.preconditioner == name_of(choice));
  for (std::size_t k = 0; k < some_frequencies.size(); ++k)
    BOOST_TEST(std::abs(found.spectrum[k] - dense.spectrum(some_frequencies[k])) < 1e-7);
  if (choice == PreconditionerChoice::none) return;
  const auto without = stationary.correlate("ad(mode)", "a(mode)",
                                            {.frequencies = some_frequencies,
                                             .method = TransformMethod::solve,
                                             .preconditioner = PreconditionerChoice::none,
                                             .storage = Storage::matrix_free});
  BOOST_TEST(found.iterations < without.iterations);
}

BOOST_AUTO_TEST_CASE(preconditioners) {
  for (const auto choice :
       {PreconditionerChoice::none, PreconditionerChoice::dilu, PreconditionerChoice::ilu,
        PreconditionerChoice::one_site, PreconditionerChoice::no_jump}) {
    BOOST_TEST_CONTEXT(name_of(choice)) { check_preconditioner(choice); }
  }
}

// From a random state at some time, with any time dependence.
static void check_on_the_way(const ReferenceModel& model, unsigned seed) {
  BOOST_TEST_CONTEXT(model.name) {
    std::mt19937 random(seed);
    const Liouvillian liouvillian = oracle::hold(model.model);
    const auto equation = std::make_shared<const OperatorEquation>(liouvillian.master_equation());
    const Matrix rho = oracle::random_state(model.dimension(), random);
    const auto packed = lindwurm::pack(rho, liouvillian);
    const Pair a = random_operator(model.model, random);
    const Pair b = random_operator(model.model, random);
    const double t = 0.4;
    const auto found = lindwurm::correlate(
        equation,
        {operator_of(a.text, liouvillian.space()), operator_of(b.text, liouvillian.space())},
        {packed, liouvillian.basis(), oracle::everything, t},
        {.delays = {0.2, 1.5}, .storage = oracle::storage_asked_for()});
    Matrix x = b.matrix * rho;
    double reached = t;
    for (std::size_t k = 0; k < found.values.size(); ++k) {
      const double next = t + std::vector<double>{0.2, 1.5}[k];
      x = oracle::evolve(model.liouvillian, x, reached, next, 400);
      reached = next;
      BOOST_TEST(std::abs(found.values[k] - (a.matrix * x).trace()) < 1e-6);
    }
  }
}

BOOST_AUTO_TEST_CASE(on_the_way) {
  unsigned seed = 71;
  for (const auto& model : oracle::time_dependent_models())
    check_on_the_way(model, ++seed);
  for (const char* name : {"complex_couplings", "caldeira_leggett", "lambda_site"})
    check_on_the_way(oracle::model_named(name), ++seed);
}

// The integral of S over w/2 pi is Re C(0), connected: w = s tan(theta), evenly spaced, for a
// rational function that falls like 1/w^2 or faster.
BOOST_DATA_TEST_CASE(sum_rule, data::make({"jaynes_cummings", "driven_spin", "lambda_site"}),
                     name) {
  const ReferenceModel& model = oracle::model_named(name);
  const Stationary stationary(model.model);
  if (!stationary.is_unique()) return;
  std::mt19937 random(5);
  const Pair a = random_operator(model.model, random);
  const int points = 400;
  std::vector<double> frequencies;
  std::vector<double> weights;
  for (int k = 0; k < points; ++k) {
    const double theta = M_PI * ((k + 0.5) / points - 0.5);
    frequencies.push_back(std::tan(theta));
    weights.push_back(1 / (2.0 * points * std::cos(theta) * std::cos(theta)));
  }
  const auto found = stationary.correlate("dag(" + a.text + ")", a.text,
                                          {.delays = {0},
                                           .frequencies = frequencies,
                                           .is_connected = true,
                                           .method = TransformMethod::solve});
  double sum = 0;
  for (int k = 0; k < points; ++k) {
    sum += weights[k] * found.spectrum[k];
    // Of an operator and its conjugate, a spectrum is not negative.
    BOOST_TEST(found.spectrum[k] > -1e-8);
  }
  BOOST_TEST(std::abs(sum - found.values[0].real()) < 1e-6);
}

// A spin that stays down emits nothing; what is conserved takes no work at all.
BOOST_AUTO_TEST_CASE(nothing_to_see) {
  Model model(Space{lindwurm::spin("q")});
  model.hamiltonian = Expression::parse("0.5*sz(q)");
  model.add({Expression::parse("sm(q)"), 0.3});
  const Stationary stationary(model);
  for (const char* b : {"sm(q)", "sp(q)"}) {
    const auto found =
        stationary.correlate("sp(q)", b, {.delays = {0, 1}, .frequencies = {-1, 0, 1}});
    BOOST_TEST(found.is_converged);
    for (const Complex& value : found.values)
      BOOST_TEST(std::abs(value) < 1e-12);
    for (const double value : found.spectrum)
      BOOST_TEST(std::abs(value) < 1e-10);
  }
}

BOOST_AUTO_TEST_CASE(too_few_iterations_are_told) {
  const Stationary stationary(oracle::oscillator_spin_bath(8, 1).model);
  const auto solved = stationary.correlate("ad(mode)", "a(mode)",
                                           {.frequencies = {0.9, 1.0},
                                            .method = TransformMethod::solve,
                                            .max_iterations = 2,
                                            .preconditioner = PreconditionerChoice::dilu,
                                            .storage = Storage::matrix_free});
  BOOST_TEST(!solved.is_converged);
  BOOST_TEST(solved.residuals[0] > 1e-8);
  const auto evolved = stationary.correlate(
      "ad(mode)", "a(mode)",
      {.frequencies = {1.0}, .method = TransformMethod::evolve, .max_iterations = 30});
  BOOST_TEST(!evolved.is_converged);
  BOOST_TEST(*evolved.tail > 1e-3);
}

BOOST_AUTO_TEST_CASE(refusals) {
  const Stationary stationary(oracle::oscillator_spin_bath(4, 1).model);
  const auto refused = [&](const CorrelationOptions& options) {
    BOOST_CHECK_THROW((void)stationary.correlate("ad(mode)", "a(mode)", options), InputError);
  };
  refused({.delays = {-1, 0}});
  refused({.delays = {0, 0}});
  refused({.frequencies = {std::nan("")}});
  refused({.frequencies = {1}, .tolerance = 0});
  BOOST_CHECK_THROW((void)stationary.correlate(
                        {operator_of("ad(mode)", stationary.space()),
                         sum_over_members(Expression::parse("cos(t)*a(mode)"), stationary.space())},
                        {.delays = {0}}),
                    InputError);
  const ReferenceModel& driven = oracle::time_dependent_models().front();
  const Liouvillian liouvillian = oracle::hold(driven.model);
  const auto equation = std::make_shared<const OperatorEquation>(liouvillian.master_equation());
  const Matrix mixed =
      Matrix::Identity(driven.dimension(), driven.dimension()) / Complex(driven.dimension());
  const auto rho = lindwurm::pack(mixed, liouvillian);
  BOOST_CHECK_THROW(
      (void)lindwurm::correlate(equation,
                                {lindwurm::Operator(lindwurm::Coefficient(1.0)),
                                 lindwurm::Operator(lindwurm::Coefficient(1.0))},
                                {rho, liouvillian.basis(), oracle::everything, 0, true},
                                {.frequencies = {0}}),
      InputError);
}

BOOST_AUTO_TEST_SUITE_END()
