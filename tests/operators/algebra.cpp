// Identities of operators, checked on random sums of products.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "lindwurm/operators/rows.hpp"
#include "oracle/comparison.hpp"
#include "oracle/random_models.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Coefficient;
using lindwurm::Complex;
using lindwurm::Operator;
using lindwurm::SiteMatrix;
using lindwurm::Space;
using oracle::Matrix;

BOOST_AUTO_TEST_SUITE(algebra)

static Space space() {
  return Space{lindwurm::oscillator("m", 3), lindwurm::spins("s", 2), lindwurm::level_site("v", 2)};
}

class Random {
 public:
  explicit Random(unsigned seed) : random_(seed) {}

  Complex number() { return oracle::random_matrix(1, random_)(0, 0); }

  Operator sum_of_products() {
    Operator sum;
    const int terms = 1 + static_cast<int>(random_() % 4);
    for (int k = 0; k < terms; ++k) {
      Operator product{Coefficient(number())};
      const int factors = static_cast<int>(random_() % 4);
      for (int f = 0; f < factors; ++f)
        product = product * on_one_site();
      sum += product;
    }
    return sum;
  }

 private:
  Operator on_one_site() {
    const int site = static_cast<int>(random_() % 4);
    Matrix m = oracle::random_matrix(space().dimension(site), random_);
    for (auto& element : m.reshaped()) {
      if (random_() % 3 == 0) element = 0;
    }
    return {site, SiteMatrix(m.sparseView())};
  }

  std::mt19937 random_;
};

static Matrix dense(const Operator& a) { return oracle::matrix_of(a, space()); }

static void check_near(const Matrix& found, const Matrix& expected, double scale = 1) {
  scale = std::max(scale, expected.norm());
  BOOST_TEST(oracle::distance(found, expected) < 1e-14 * (1 + scale));
}

BOOST_DATA_TEST_CASE(identities, data::xrange(30u), seed) {
  Random random(seed);
  const Operator a = random.sum_of_products();
  const Operator b = random.sum_of_products();
  const Operator c = random.sum_of_products();
  const Complex z = random.number();
  check_near(dense(a * b), dense(a) * dense(b));
  check_near(dense(a + b), dense(a) + dense(b));
  check_near(dense(a - b), dense(a) - dense(b));
  check_near(dense(Coefficient(z) * a), z * dense(a));
  check_near(dense(dag(a)), dense(a).adjoint());
  check_near(dense(dag(dag(a))), dense(a));
  check_near(dense(dag(a * b)), dense(dag(b) * dag(a)));
  check_near(dense(dag(Coefficient(z) * a)), std::conj(z) * dense(dag(a)));
  check_near(dense((a * b) * c), dense(a * (b * c)));
  check_near(dense(a * (b + c)), dense(a * b + a * c));
  // Jacobi's identity.
  const auto commutator = [](const Operator& p, const Operator& q) { return p * q - q * p; };
  check_near(dense(commutator(a, commutator(b, c)) + commutator(b, commutator(c, a)) +
                   commutator(c, commutator(a, b))),
             0 * dense(a), dense(a).norm() * dense(b).norm() * dense(c).norm());
}

BOOST_DATA_TEST_CASE(simplifying_changes_nothing, data::xrange(30u), seed) {
  Random random(seed);
  const Operator a = random.sum_of_products();
  const Operator b = random.sum_of_products();
  const Operator sum = a + b * a - Coefficient(0.5) * a + dag(b);
  const Operator simple = sum.simplified();
  check_near(dense(simple), dense(sum), dense(a).norm() * dense(b).norm());
  BOOST_TEST(simple.terms().size() <= sum.terms().size());
  check_near(dense((a - a).simplified()), 0 * dense(a), dense(a).norm());
}

BOOST_AUTO_TEST_CASE(simplifying_keeps_functions_of_time_apart) {
  const auto parse = [](const std::string& text) {
    return sum_over_members(lindwurm::Expression::parse(text), space());
  };
  const Operator sum = parse(
      "n(m) + cos(t)*n(m) + 2*cos(t)*x(m) + sin(t)*x(m)*sz(s) - sin(t)*x(m)*sz(s[0]) + 3*n(m)");
  const Operator simple = sum.simplified();
  BOOST_TEST(simple.terms().size() == 3);
  for (double t : {0.0, 0.3, 2.0}) {
    BOOST_TEST(oracle::distance(oracle::matrix_of(simple, space(), t),
                                oracle::matrix_of(sum, space(), t)) < 1e-14);
  }
}

// A phase can stand at either factor: (i sy) x (i sy) is - sy x sy.
BOOST_AUTO_TEST_CASE(phases_do_not_hide_that_terms_are_alike) {
  const Operator y(1, SiteMatrix(oracle::pauli_y().sparseView()));
  const Operator z(2, SiteMatrix(oracle::pauli_y().sparseView()));
  for (const Complex phase : {Complex(0, 1), Complex(-1, 0), Complex(0, -1)}) {
    const Operator turned(1, SiteMatrix((phase * oracle::pauli_y()).sparseView()));
    BOOST_TEST((turned * z - lindwurm::Coefficient(phase) * (y * z)).simplified().terms().empty());
  }
  const auto parse = [](const std::string& text) {
    return sum_over_members(lindwurm::Expression::parse(text), space());
  };
  BOOST_TEST(is_hermitian(parse("i*sx(s[0])*sz(s[0])*i*sx(s[1])*sz(s[1])")));
  BOOST_TEST(!is_hermitian(parse("i*sx(s[0])*sz(s[0])*sx(s[1])*sz(s[1])")));
}

// sz^2 is 1: of the 1024 words of the power few are different.
BOOST_AUTO_TEST_CASE(powers_that_are_numbers_are_not_kept_apart) {
  const Operator sum =
      sum_over_members(lindwurm::Expression::parse("sz(s[0]) + x(m) + sx(s[1]) + 1"), space());
  const Operator power = sum * sum * sum * sum * sum;
  BOOST_TEST(power.simplified().terms().size() < 100);
  const Matrix m = dense(sum);
  check_near(dense(power), m * m * m * m * m);
}

BOOST_AUTO_TEST_CASE(operators_of_different_sites_commute) {
  Random random(77);
  for (int first = 0; first < 4; ++first) {
    for (int second = 0; second < 4; ++second) {
      if (first == second) continue;
      std::mt19937 engine(first * 4 + second);
      const auto d = [](int s) { return space().dimension(s); };
      const Operator a(first, SiteMatrix(oracle::random_matrix(d(first), engine).sparseView()));
      const Operator b(second, SiteMatrix(oracle::random_matrix(d(second), engine).sparseView()));
      BOOST_TEST((a * b - b * a).simplified().terms().empty());
    }
  }
}

BOOST_DATA_TEST_CASE(rows_are_those_of_the_matrix, data::xrange(20u), seed) {
  Random random(seed);
  const Operator a = random.sum_of_products();
  const Matrix expected = dense(a);
  lindwurm::RowReader reader(a.terms(), {3, 2, 2, 2});
  Matrix found = Matrix::Zero(24, 24);
  for (int row = 0; row < 24; ++row) {
    reader.read(row, [&](std::size_t term, std::int64_t column, Complex value) {
      found(row, column) += a.terms()[term].coefficient.constant() * value;
    });
  }
  check_near(found, expected);
}

BOOST_AUTO_TEST_SUITE_END()
