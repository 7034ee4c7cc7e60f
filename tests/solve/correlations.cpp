// Two-time correlation functions and spectra against dense Liouvillians and closed formulas.
#include "lindwurm/solve/correlation.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/solve/steady_state.hpp"
#include "oracle/comparison.hpp"
#include "oracle/random_models.hpp"
#include "oracle/storage.hpp"

namespace data = boost::unit_test::data;
using lindwurm::CorrelatedState;
using lindwurm::Correlation;
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

static lindwurm::Operator operator_of(const std::string& text, const Space& space) {
  return sum_over_members(Expression::parse(text), space);
}

// The stationary state of a model, held as the environment asks, and correlations in it.
class Stationary {
 public:
  explicit Stationary(const Model& model)
      : liouvillian_(oracle::hold_trace(model)),
        steady_(steady_state(liouvillian_, {.tolerance = 1e-13})),
        equation_(std::make_shared<const OperatorEquation>(liouvillian_.master_equation())) {}

  [[nodiscard]] bool is_unique() const { return steady_.is_unique; }
  [[nodiscard]] const Space& space() const { return liouvillian_.space(); }

  Correlation correlate(const TwoTimeOperators& operators, CorrelationOptions options) const {
    options.storage = oracle::storage_asked_for();
    options.uses_sectors = oracle::sectors_are_asked_for();
    return lindwurm::correlate(
        equation_, operators,
        {steady_.state, liouvillian_.basis(), sector_of_diagonal(equation_->charges()), 0, true},
        options);
  }
  Correlation correlate(const std::string& a, const std::string& b,
                        const CorrelationOptions& options) const {
    return correlate({operator_of(a, space()), operator_of(b, space())}, options);
  }
  Correlation correlate(const std::string& c, const std::string& a, const std::string& b,
                        const CorrelationOptions& options) const {
    return correlate({operator_of(a, space()), operator_of(b, space()), operator_of(c, space())},
                     options);
  }

 private:
  Liouvillian liouvillian_;
  lindwurm::SteadyState steady_;
  std::shared_ptr<const OperatorEquation> equation_;
};

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
    const Matrix y = oracle::unvec(m.fullPivLu().solve(oracle::vec(x)));
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

BOOST_DATA_TEST_CASE(random_models, data::xrange(500u, 512u), seed) { check_random(seed); }

BOOST_AUTO_TEST_SUITE_END()
