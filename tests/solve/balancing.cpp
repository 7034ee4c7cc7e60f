// The balanced norm, the errors of eigenvalues, and small elements of eigenvectors, each by itself.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "oracle/comparison.hpp"
#include "solve/spectrum/balancing.hpp"
#include "solve/spectrum/eigenvalue_errors.hpp"
#include "solve/spectrum/stability_radius.hpp"
#include "solve/spectrum/strong_components.hpp"

namespace data = boost::unit_test::data;
using lindwurm::balancing_exponents;
using lindwurm::Complex;
using lindwurm::eigenvalue_errors;
using lindwurm::EigenvalueErrors;
using lindwurm::SparseRows;

BOOST_AUTO_TEST_SUITE(balancing)

static double in_balance(const SparseRows& a, const std::vector<int>& e, int i, int j) {
  return std::ldexp(a.coeff(i, j), e[j] - e[i]);
}

// A tree with random rates both ways: symmetric but for powers of two.
BOOST_DATA_TEST_CASE(trees_become_symmetric, data::xrange(1u, 9u), seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> power(-6, 0);
  const int n = 20 + 10 * static_cast<int>(seed);
  SparseRows a(n, n);
  std::vector<std::pair<int, int>> edges;
  for (int k = 1; k < n; ++k) {
    const int parent = std::uniform_int_distribution<int>(std::max(0, k - 2), k - 1)(random);
    a.insert(k, parent) = std::pow(10, power(random));
    a.insert(parent, k) = -std::pow(10, power(random));
    edges.emplace_back(k, parent);
  }
  a.makeCompressed();
  const auto e = balancing_exponents(a);
  for (const auto& [i, j] : edges) {
    const double ratio = std::abs(in_balance(a, e, i, j) / in_balance(a, e, j, i));
    BOOST_TEST(ratio < 4.2);
    BOOST_TEST(ratio > 1 / 4.2);
  }
}

// Rows and columns are as long as each other wherever all unknowns reach all.
BOOST_DATA_TEST_CASE(rows_and_columns_have_one_length, data::xrange(1u, 9u), seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> power(-40, 40);
  const int n = 30;
  std::vector<double> logs(n);
  for (double& log : logs)
    log = power(random);
  SparseRows a(n, n);
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j)
      if ((j - i + n) % n <= 3) a.insert(i, j) = normal(random) * std::pow(10, logs[i] - logs[j]);
  a.makeCompressed();
  const auto e = balancing_exponents(a);
  for (int k = 0; k < n; ++k) {
    double row = 0;
    double column = 0;
    for (int j = 0; j < n; ++j) {
      if (j == k) continue;
      row += std::pow(in_balance(a, e, k, j), 2);
      column += std::pow(in_balance(a, e, j, k), 2);
    }
    BOOST_TEST(std::abs(std::log2(row / column)) < 4);
  }
}

BOOST_AUTO_TEST_CASE(triangles_come_close_to_their_diagonal) {
  const int n = 40;
  SparseRows a(n, n);
  for (int k = 0; k < n; ++k) {
    a.insert(k, k) = -k;
    if (k + 1 < n) a.insert(k, k + 1) = k + 1;
  }
  a.makeCompressed();
  const auto e = balancing_exponents(a);
  for (int k = 1; k + 1 < n; ++k)
    BOOST_TEST(in_balance(a, e, k, k + 1) <= 0.1 * (k + 1));
}

BOOST_AUTO_TEST_CASE(symmetric_matrices_stay) {
  SparseRows a(3, 3);
  a.insert(0, 1) = a.insert(1, 0) = 2;
  a.insert(1, 2) = a.insert(2, 1) = 1e-9;
  a.makeCompressed();
  for (int e : balancing_exponents(a))
    BOOST_TEST(e == 0);
}

BOOST_AUTO_TEST_CASE(components_are_numbered_along_the_couplings) {
  // 0 <-> 1 -> 2 <-> 3, and 4 by itself; A_ij couples j to i.
  SparseRows a(5, 5);
  a.insert(0, 1) = a.insert(1, 0) = a.insert(2, 1) = a.insert(2, 3) = a.insert(3, 2) = 1;
  a.makeCompressed();
  const auto c = lindwurm::strong_components(a);
  BOOST_TEST(c[0] == c[1]);
  BOOST_TEST(c[2] == c[3]);
  BOOST_TEST(c[0] < c[2]);
  BOOST_TEST(c[4] != c[0]);
  BOOST_TEST(c[4] != c[2]);
}

static EigenvalueErrors errors_of(const Eigen::MatrixXcd& a, double backward,
                                  std::vector<Complex>& values) {
  const auto right = oracle::eigen_pairs(a);
  const Eigen::MatrixXcd left = oracle::inverse(right.vectors).transpose();
  values.assign(right.values.begin(), right.values.end());
  return eigenvalue_errors(
      values, [&](std::size_t k) { return Eigen::VectorXcd(right.vectors.col(k)); },
      [&](std::size_t k) { return Eigen::VectorXcd(left.col(k)); }, backward, a.norm());
}

// No eigenvalue of a disturbed matrix is further from all of the undisturbed one's than the errors
// of these say. Twice: what is of second order.
BOOST_DATA_TEST_CASE(errors_bound_what_a_disturbance_does, data::xrange(1u, 25u), seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  const int n = 8;
  const auto fill = [&](Eigen::MatrixXcd& m) {
    for (Complex& x : m.reshaped())
      x = {normal(random), normal(random)};
  };
  Eigen::MatrixXcd a(n, n);
  fill(a);
  Eigen::VectorXcd grades(n);
  for (Complex& grade : grades)
    grade = std::pow(10, (seed % 4) * std::abs(normal(random)));
  a = grades.asDiagonal() * a.triangularView<Eigen::Upper>().toDenseMatrix() *
      grades.cwiseInverse().asDiagonal();
  if (seed % 3 == 0) a(1, 1) = a(0, 0);
  Eigen::MatrixXcd e(n, n);
  fill(e);
  const double backward = 1e-10 * a.norm();
  const Eigen::MatrixXcd disturbed = a + e * (backward / e.norm());
  std::vector<Complex> values;
  const auto found = errors_of(a, backward, values);
  std::vector<Complex> moved;
  (void)errors_of(disturbed, backward, moved);
  for (const Complex& z : moved) {
    double nearest = 1e300;
    for (std::size_t k = 0; k < values.size(); ++k)
      nearest = std::min(nearest, std::abs(z - values[k]) - 2 * found.errors[k]);
    BOOST_TEST(nearest <= 1e-12 * a.norm());
  }
}

BOOST_AUTO_TEST_CASE(errors_of_equal_eigenvalues) {
  std::vector<Complex> values;
  const double backward = 1e-12;
  // Two copies: no more than rounding.
  Eigen::MatrixXcd copies = Eigen::MatrixXcd::Zero(4, 4);
  copies.topLeftCorner(2, 2) << 1, 0.5, 0, 2;
  copies.bottomRightCorner(2, 2) = copies.topLeftCorner(2, 2);
  copies(0, 2) = 1e-16;
  for (double error : errors_of(copies, backward, values).errors)
    BOOST_TEST(error < 1e-10);
  // One eigenvector for two or three: the root.
  for (int n : {2, 3}) {
    Eigen::MatrixXcd block = Eigen::MatrixXcd::Identity(n, n);
    for (int k = 1; k < n; ++k)
      block(k - 1, k) = 1;
    block(n - 1, 0) = 1e-13;
    for (double error : errors_of(block, backward, values).errors) {
      BOOST_TEST(error >= 0.9 * std::pow(backward, 1.0 / n));
      BOOST_TEST(error < 50 * std::pow(backward, 1.0 / n));
    }
  }
}

// Of a diagonal matrix it is the distance to the line; of any other no more than the smallest
// singular value of T - z along the line, which is what takes an eigenvalue to z. It is not far
// from that, and crossing eigenvalues are seen.
BOOST_DATA_TEST_CASE(stability_radii_are_bounds, data::xrange(1u, 13u) * data::make({4, 63, 130}),
                     seed, n) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  Eigen::MatrixXd t = Eigen::MatrixXd::Zero(n, n);
  for (int k = 0; k < n; ++k)
    t(k, k) = -0.2 - std::abs(normal(random));
  const double nearest = -t.diagonal().maxCoeff();
  BOOST_TEST(std::abs(lindwurm::stability_radius(t, 0) - nearest) < 1e-12);
  for (int k = 0; k + 1 < n; k += 5) {  // pairs, which may lie across what is solved at a time
    t(k + 1, k + 1) = t(k, k);
    t(k, k + 1) = 1.5;
    t(k + 1, k) = -0.7;
  }
  const double far = seed % 4 == 0 ? 1.0 : 0.1;
  for (int j = 2; j < n; ++j)
    for (int i = 0; i + 1 < j; ++i)
      t(i, j) = far * normal(random) / std::sqrt(n);
  const double radius = lindwurm::stability_radius(t, 0);
  double least = std::numeric_limits<double>::infinity();
  for (double y = -3; y <= 3; y += n > 100 ? 0.5 : 0.1) {
    Eigen::MatrixXcd shifted = t.cast<Complex>();
    shifted.diagonal().array() -= Complex(0, y);
    const oracle::Matrix square = shifted.adjoint() * shifted;
    least = std::min(least, std::sqrt(oracle::hermitian_eigenvalues(square)(0)));
  }
  BOOST_TEST(radius <= least);
  BOOST_TEST(radius >= least / 20);
  BOOST_TEST(lindwurm::stability_radius(t, t.diagonal().maxCoeff() - 0.1) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
