// Equal matrices among many.
#include "lindwurm/operators/known_matrices.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>
#include <random>
#include <utility>
#include <vector>

#include "lindwurm/operators/site_matrix.hpp"

using lindwurm::Complex;
using lindwurm::KnownMatrices;
using lindwurm::SiteMatrix;

BOOST_AUTO_TEST_SUITE(known_matrices)

static SiteMatrix random_matrix(std::mt19937_64& random) {
  std::uniform_real_distribution<double> number(-1, 1);
  SiteMatrix matrix(4, 4);
  for (int k = 0; k < 16; k += 3)
    matrix.insert(k / 4, k % 4) = Complex(number(random), number(random));
  return matrix;
}

static SiteMatrix with_rounding(SiteMatrix matrix, std::mt19937_64& random) {
  std::uniform_real_distribution<double> number(-1, 1);
  for (Complex& value : matrix.coeffs())
    value *= 1 + 4 * std::numeric_limits<double>::epsilon() * number(random);
  return matrix;
}

BOOST_AUTO_TEST_CASE(equal_ones_are_found_and_few_are_compared) {
  std::mt19937_64 random(5);
  std::vector<SiteMatrix> all;
  KnownMatrices known;
  int compared = 0;
  const auto number_of = [&](const SiteMatrix& matrix) {
    return known.find_or_add(matrix, all.size(), [&](std::size_t other) {
      ++compared;
      return (all[other] - matrix).norm() <= 1e-14 * matrix.norm();
    });
  };
  for (std::size_t k = 0; k < 2000; ++k) {
    const SiteMatrix matrix = random_matrix(random);
    BOOST_TEST(number_of(matrix) == k);
    all.push_back(matrix);
  }
  BOOST_TEST(compared == 0);
  for (std::size_t k = 0; k < all.size(); ++k)
    BOOST_TEST(number_of(with_rounding(all[k], random)) == k);
  BOOST_TEST(compared == 2000);
}

BOOST_AUTO_TEST_CASE(places_and_parts_count) {
  const std::vector<std::pair<int, Complex>> entries{{0, 1.0}, {1, 1.0},           {2, 1.0},
                                                     {3, 1.0}, {0, Complex(0, 1)}, {0, -1.0}};
  KnownMatrices known;
  for (std::size_t k = 0; k < entries.size(); ++k) {
    SiteMatrix matrix(2, 2);
    matrix.insert(entries[k].first / 2, entries[k].first % 2) = entries[k].second;
    BOOST_TEST(known.find_or_add(matrix, k, [](std::size_t) { return true; }) == k);
  }
}

BOOST_AUTO_TEST_SUITE_END()
