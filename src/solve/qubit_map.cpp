#include "lindwurm/solve/qubit_map.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <limits>

#include "lindwurm/backend/dense.hpp"
#include "lindwurm/backend/error.hpp"

namespace lindwurm {

namespace {

// The smallest |D|, in units of its standard error, at which a rate is meaningful.
constexpr double standard_errors = 3;

using Matrix2 = Eigen::Matrix2cd;

// The images Lambda of |up><up|, |down><down| and |up><down|.
struct Images {
  Matrix2 up;
  Matrix2 down;
  Matrix2 flip;

  // |up><down| = rho_x - 1/2 + i (rho_y - 1/2), and 1 = |up><up| + |down><down|.
  Images(const std::array<ReducedSeries, 4>& from, std::size_t j)
      : up(from[0].states[j]), down(from[1].states[j]) {
    const Matrix2 half = (up + down) / 2;
    flip = Matrix2(from[2].states[j]) - half + Complex(0, 1) * (Matrix2(from[3].states[j]) - half);
  }

  [[nodiscard]] double choi() const {
    Eigen::MatrixXcd matrix(4, 4);
    matrix << up, flip, flip.adjoint(), down;
    return hermitian_eigenvalues(matrix).minCoeff();
  }

  // Uses half the Bloch vectors of Lambda(sigma_x), Lambda(sigma_y), Lambda(sigma_z).
  [[nodiscard]] double determinant() const {
    const auto bloch = [](const Matrix2& rho) {
      return Eigen::Vector3d(2 * rho(0, 1).real(), -2 * rho(0, 1).imag(),
                             (rho(0, 0) - rho(1, 1)).real());
    };
    const Matrix2 back = flip.adjoint();
    Eigen::Matrix3d t;
    t << bloch(flip + back), bloch(Complex(0, -1) * flip + Complex(0, 1) * back), bloch(up - down);
    return (t / 2).determinant();
  }

  [[nodiscard]] double mixing() const {
    return std::max(
        {std::abs(up(0, 1)), std::abs(down(0, 1)), std::abs(flip(0, 0)), std::abs(flip(1, 1))});
  }
};

}  // namespace

QubitMap qubit_map(const std::vector<double>& times, const std::array<ReducedSeries, 4>& from,
                   double threshold) {
  if (from[0].kept.dimension() != 2)
    throw InputError("the map that is asked for is that of a qubit, a site of two levels");
  QubitMap map;
  map.times = times;
  for (std::size_t j = 0; j < times.size(); ++j) {
    const Images images(from, j);
    const double a = images.up(0, 0).real();
    const double b = images.down(0, 0).real();
    const double d = a - b;
    const double slope_b = from[1].changes[j](0, 0).real();
    const double slope_d = from[0].changes[j](0, 0).real() - slope_b;
    double error_d = 0;
    if (!from[0].errors.empty() || !from[1].errors.empty()) {
      const auto error = [&](const ReducedSeries& series) {
        return series.errors.empty() ? 0.0 : series.errors[j](0, 0);
      };
      const double error_a = error(from[0]);
      const double error_b = error(from[1]);
      map.error_a.push_back(error_a + from[0].bound);
      map.error_b.push_back(error_b + from[1].bound);
      error_d = standard_errors * std::hypot(error_a, error_b) + from[0].bound + from[1].bound;
    }
    const bool is_reliable = std::abs(d) >= std::max(threshold, error_d);
    const double up =
        is_reliable ? slope_b - b * slope_d / d : std::numeric_limits<double>::quiet_NaN();
    map.a.push_back(a);
    map.b.push_back(b);
    map.d.push_back(d);
    map.is_reliable.push_back(is_reliable);
    map.gamma_up.push_back(up);
    map.gamma_down.push_back(-slope_d / d - up);
    map.determinant.push_back(images.determinant());
    map.choi.push_back(images.choi());
    map.mixing = std::max(map.mixing, images.mixing());
  }
  return map;
}

}  // namespace lindwurm
