#include "invariant_subspace.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lindwurm {

namespace {

std::vector<Vec> plain(const std::vector<VecHandle>& vectors) {
  return {vectors.begin(), vectors.end()};
}

}  // namespace

std::vector<VecHandle> scattered(const Eigen::MatrixXd& columns, int count,
                                 const Liouvillian& liouvillian) {
  std::vector<VecHandle> vectors;
  VecHandle on_zero;
  ScatterHandle scatter;
  for (int k = 0; k < count; ++k) {
    vectors.push_back(liouvillian.vector());
    if (k == 0) LINDWURM_PETSC(VecScatterCreateToZero(vectors[0], scatter.put(), on_zero.put()));
    PetscScalar* values = nullptr;
    LINDWURM_PETSC(VecGetArray(on_zero, &values));
    if (columns.size() > 0) std::copy_n(columns.col(k).data(), columns.rows(), values);
    LINDWURM_PETSC(VecRestoreArray(on_zero, &values));
    LINDWURM_PETSC(VecScatterBegin(scatter, on_zero, vectors[k], INSERT_VALUES, SCATTER_REVERSE));
    LINDWURM_PETSC(VecScatterEnd(scatter, on_zero, vectors[k], INSERT_VALUES, SCATTER_REVERSE));
  }
  return vectors;
}

Eigen::VectorXd gathered(Vec vector) {
  VecHandle on_zero;
  ScatterHandle scatter;
  LINDWURM_PETSC(VecScatterCreateToZero(vector, scatter.put(), on_zero.put()));
  LINDWURM_PETSC(VecScatterBegin(scatter, vector, on_zero, INSERT_VALUES, SCATTER_FORWARD));
  LINDWURM_PETSC(VecScatterEnd(scatter, vector, on_zero, INSERT_VALUES, SCATTER_FORWARD));
  PetscInt n = 0;
  LINDWURM_PETSC(VecGetSize(on_zero, &n));
  const PetscScalar* values = nullptr;
  LINDWURM_PETSC(VecGetArrayRead(on_zero, &values));
  Eigen::VectorXd all(n);
  std::copy_n(values, n, all.data());
  LINDWURM_PETSC(VecRestoreArrayRead(on_zero, &values));
  return all;
}

void combine(const std::vector<VecHandle>& vectors, const Eigen::VectorXd& c, Vec out) {
  LINDWURM_PETSC(VecSet(out, 0.0));
  auto borrowed = plain(vectors);
  LINDWURM_PETSC(VecMAXPY(out, static_cast<PetscInt>(borrowed.size()), c.data(), borrowed.data()));
}

std::vector<VecHandle> combinations(const std::vector<VecHandle>& v, const Eigen::MatrixXd& c) {
  std::vector<VecHandle> all;
  for (Eigen::Index k = 0; k < c.cols(); ++k) {
    all.push_back(duplicate(v.front()));
    combine(v, c.col(k), all.back());
  }
  return all;
}

Eigen::VectorXd components(const std::vector<VecHandle>& a, Vec v) {
  Eigen::VectorXd all(a.size());
  const auto borrowed = plain(a);
  const auto count = static_cast<PetscInt>(a.size());
  if (count > 0) LINDWURM_PETSC(VecMDot(v, count, borrowed.data(), all.data()));
  return all;
}

Eigen::MatrixXd overlaps(const std::vector<VecHandle>& a, const std::vector<VecHandle>& b) {
  Eigen::MatrixXd all(a.size(), b.size());
  for (std::size_t j = 0; j < b.size(); ++j)
    all.col(static_cast<Eigen::Index>(j)) = components(a, b[j]);
  return all;
}

void remove_components(Vec v, const std::vector<VecHandle>& orthonormal) {
  if (orthonormal.empty()) return;
  auto borrowed = plain(orthonormal);
  const auto count = static_cast<PetscInt>(borrowed.size());
  Eigen::VectorXd c(count);
  for (int pass = 0; pass < 2; ++pass) {
    LINDWURM_PETSC(VecMDot(v, count, borrowed.data(), c.data()));
    c = -c;
    LINDWURM_PETSC(VecMAXPY(v, count, c.data(), borrowed.data()));
  }
}

std::vector<std::size_t> rightmost(const std::vector<Complex>& values, int count, double cluster) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  const auto by_real = [&](std::size_t a, std::size_t b) {
    return values[a].real() > values[b].real();
  };
  const auto by_imaginary = [&](std::size_t a, std::size_t b) {
    const double x = std::abs(values[a].imag());
    const double y = std::abs(values[b].imag());
    return x != y ? x < y : a < b;
  };
  std::stable_sort(order.begin(), order.end(), by_real);
  for (auto first = order.begin(); first != order.end();) {
    auto last = first + 1;
    while (last != order.end() && values[*(last - 1)].real() - values[*last].real() <= cluster)
      ++last;
    std::sort(first, last, by_imaginary);
    first = last;
    if (first - order.begin() >= count) {
      order.erase(first, order.end());
      break;
    }
  }
  return order;
}

}  // namespace lindwurm
