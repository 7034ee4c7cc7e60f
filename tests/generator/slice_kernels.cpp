// Loops over slices of every length around those at which they change how they work, against plain
// loops.
#include "generator/slice_kernels.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

namespace data = boost::unit_test::data;
using lindwurm::BandedMatrix;
using lindwurm::BandedPair;
using lindwurm::WeightedSlice;

BOOST_AUTO_TEST_SUITE(slice_kernels)

static std::vector<double> numbers(std::size_t count, std::mt19937& random) {
  std::vector<double> all(count);
  for (double& number : all)
    number = std::uniform_real_distribution<double>(-1, 1)(random);
  return all;
}

// To lanes and beyond several of them, from every place between two that are aligned.
BOOST_DATA_TEST_CASE(sums_of_slices, data::xrange(1, 75), length) {
  std::mt19937 random(length);
  for (int start = 0; start < lindwurm::lane; ++start) {
    for (int count : {1, 2, 5}) {
      std::vector<std::vector<double>> slices;
      std::vector<WeightedSlice> weighted;
      std::vector<double> expected(length, 0.0);
      for (int k = 0; k < count; ++k) {
        slices.push_back(numbers(start + length, random));
        weighted.push_back({slices.back().data() + start, 0.5 + k});
        for (int j = 0; j < length; ++j)
          expected[j] += (0.5 + k) * slices.back()[start + j];
      }
      std::vector<double> out(length + 2, 7.0);
      lindwurm::combine(weighted.data(), count, length, out.data() + 1);
      for (int j = 0; j < length; ++j)
        BOOST_TEST(std::abs(out[j + 1] - expected[j]) < 1e-14);
      BOOST_TEST(out.front() == 7.0);
      BOOST_TEST(out.back() == 7.0);
    }
  }
}

// Matrices between slices of different lengths, some diagonals full, some thin.
BOOST_DATA_TEST_CASE(banded_matrices, data::xrange(1, 60), rows) {
  std::mt19937 random(1000 + rows);
  for (const int columns : {rows, std::max(1, rows - 3), rows + 1, rows + 20, 2}) {
    for (const double filled : {0.02, 0.2, 0.3, 0.5, 1.0}) {
      Eigen::MatrixXd dense = Eigen::MatrixXd::Zero(rows, columns);
      std::vector<BandedMatrix::Entry> entries;
      for (const int offset : {-17, -2, 0, 1, 5, 19}) {
        for (int row = std::max(0, -offset); row < rows && row + offset < columns; ++row) {
          if (std::uniform_real_distribution<double>(0, 1)(random) > filled) continue;
          dense(row, row + offset) = numbers(1, random)[0];
          entries.push_back({row, row + offset, dense(row, row + offset)});
        }
      }
      std::shuffle(entries.begin(), entries.end(), random);
      const BandedMatrix bands(rows, entries);
      BOOST_TEST(bands.is_empty() == entries.empty());

      const int reach = bands.reach();
      const int room = reach + 2 * std::max(rows, columns) + reach + lindwurm::band_padding;
      const std::vector<double> around = numbers(room, random);
      const double* u = around.data() + reach;
      const double* v = u + columns;
      const Eigen::VectorXd image_u = dense * Eigen::Map<const Eigen::VectorXd>(u, columns);
      const Eigen::VectorXd image_v = dense * Eigen::Map<const Eigen::VectorXd>(v, columns);

      std::vector<double> out = numbers(rows, random);
      const std::vector<double> before = out;
      bands.add_product(u, out.data());
      for (int row = 0; row < rows; ++row)
        BOOST_TEST(std::abs(out[row] - before[row] - image_u(row)) < 1e-13);

      // Plain: base + M (u, v). Turned: base + (M u, -M v).
      for (const bool is_turned : {false, true}) {
        std::vector<double> base = numbers(2 * rows, random);
        const std::vector<double> first = base;
        std::vector<double> both(2 * rows, 0.0);
        bands.add_stretches(u, 1.0, base.data());
        bands.add_stretches(v, is_turned ? -1.0 : 1.0, base.data() + rows);
        BandedPair pair;
        pair.set_rows(rows, base.data(), both.data());
        bands.add_terms(u, v, is_turned ? pair.turned : pair.plain);
        lindwurm::apply_bands(pair);
        for (int row = 0; row < rows; ++row) {
          const double sign = is_turned ? -1 : 1;
          BOOST_TEST(std::abs(both[row] - first[row] - image_u(row)) < 1e-13);
          BOOST_TEST(std::abs(both[rows + row] - first[rows + row] - sign * image_v(row)) < 1e-13);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
