// Matrices on a few sites as sums of products, and superoperators applied to operators.
#include "lindwurm/operators/embedding.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/superoperator.hpp"
#include "oracle/comparison.hpp"
#include "oracle/random_models.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Operator;
using lindwurm::Space;
using oracle::Matrix;

BOOST_AUTO_TEST_SUITE(embedding)

static Space three_sites() {
  return {lindwurm::spin("q"), lindwurm::oscillator("m", 3), lindwurm::spin("r")};
}

BOOST_DATA_TEST_CASE(matrices_return_from_sums_of_products, data::xrange(10u), seed) {
  const Space space = three_sites();
  std::mt19937 random(seed);
  for (const auto& [sites, dimension] :
       {std::pair{std::vector<int>{0, 1, 2}, 12}, {{0, 2}, 4}, {{1}, 3}, {{1, 2}, 6}}) {
    const Matrix matrix = oracle::random_matrix(dimension, random);
    const Operator a = operator_on(sites, matrix, space);
    BOOST_TEST(support(a) == sites);
    BOOST_TEST(oracle::distance(matrix_on(sites, a, space), matrix) == 0.0);
  }
  const Matrix on_q_and_r = oracle::random_matrix(4, random);
  const Operator apart = operator_on({0, 2}, on_q_and_r, space);
  BOOST_CHECK_THROW(static_cast<void>(matrix_on({0, 1}, apart, space)), lindwurm::InputError);
  // The same by its definition: <q m r|A|q' m' r'> = <q r|A|q' r'> delta_mm'.
  const Matrix whole = oracle::matrix_of(apart, space);
  for (int row = 0; row < 12; ++row) {
    for (int column = 0; column < 12; ++column) {
      const bool is_diagonal = row / 2 % 3 == column / 2 % 3;
      const auto expected =
          is_diagonal ? on_q_and_r(row / 6 * 2 + row % 2, column / 6 * 2 + column % 2) : 0.0;
      BOOST_TEST(std::abs(whole(row, column) - expected) == 0.0);
    }
  }
}

BOOST_DATA_TEST_CASE(superoperators_act_on_operators, data::xrange(10u), seed) {
  const Space space = three_sites();
  std::mt19937 random(seed);
  const Matrix a = oracle::random_matrix(12, random);
  const Matrix map = oracle::random_matrix(16, random);  // of q and r
  const auto s = superoperator_on({0, 2}, map.sparseView(), space) +
                 lindwurm::left(operator_on({1}, oracle::random_matrix(3, random), space));
  const Operator image = apply(s, operator_on({0, 1, 2}, a, space));
  // tr(B^dag S(A)) = tr(S^dag(B)^dag A) for every B.
  const Matrix b = oracle::random_matrix(12, random);
  const Operator back = apply(adjoint(s), operator_on({0, 1, 2}, b, space));
  const auto left_side = (b.adjoint() * oracle::matrix_of(image, space)).trace();
  const auto right_side = (oracle::matrix_of(back, space).adjoint() * a).trace();
  BOOST_TEST(std::abs(left_side - right_side) <= 1e-11);
  // The map of q and r on a product |q r><q' r'| x |m><m'| gives its column.
  const Matrix column = map.col(1 * 4 + 2);  // of |q r> = 01, <q r| = 10
  Matrix element = Matrix::Zero(4, 4);
  element(1, 2) = 1;
  const Operator found =
      apply(superoperator_on({0, 2}, map.sparseView(), space), operator_on({0, 2}, element, space));
  const Matrix found_matrix = matrix_on({0, 2}, found, space);
  for (int m = 0; m < 4; ++m) {
    for (int n = 0; n < 4; ++n)
      BOOST_TEST(std::abs(found_matrix(m, n) - column(m * 4 + n)) <= 1e-13);
  }
}

BOOST_AUTO_TEST_CASE(dissipators_have_the_adjoint_of_the_textbook) {
  const Space space{lindwurm::oscillator("m", 5)};
  std::mt19937 random(1);
  const Matrix a = oracle::random_matrix(5, random);
  const Matrix b = oracle::random_hermitian(5, random);
  const Operator found =
      apply(adjoint(lindwurm::dissipator(operator_on({0}, a, space))), operator_on({0}, b, space));
  const Matrix square = a.adjoint() * a;
  const Matrix expected = a.adjoint() * b * a - 0.5 * (square * b + b * square);
  BOOST_TEST(oracle::distance(oracle::matrix_of(found, space), expected) <= 1e-12);
}

BOOST_AUTO_TEST_SUITE_END()
