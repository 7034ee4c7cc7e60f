// The Liouvillian of OSB(levels, spins), the model of osb.py, as it is usually held: PETSc's AIJ
// matrix with complex scalars on vec(rho), element (m, n) of rho at m D + n.
#pragma once

#include <petscmat.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <map>
#include <utility>
#include <vector>

namespace complex_osb {

using Scalar = std::complex<double>;

// A sparse matrix of the Hilbert space: column and value of the entries in each row.
struct Sparse {
  explicit Sparse(int dimension) : rows(dimension) {}
  [[nodiscard]] int dimension() const { return static_cast<int>(rows.size()); }
  std::vector<std::map<int, Scalar>> rows;
};

inline Sparse identity(int dimension) {
  Sparse one(dimension);
  for (int m = 0; m < dimension; ++m)
    one.rows[m][m] = 1;
  return one;
}

inline Sparse annihilation(int levels) {
  Sparse a(levels);
  for (int m = 1; m < levels; ++m)
    a.rows[m - 1][m] = std::sqrt(m);
  return a;
}

inline Sparse two_by_two(Scalar a, Scalar b, Scalar c, Scalar d) {
  Sparse matrix(2);
  matrix.rows = {{{0, a}, {1, b}}, {{0, c}, {1, d}}};
  return matrix;
}

inline Sparse kron(const Sparse& left, const Sparse& right) {
  const int d = right.dimension();
  Sparse product(left.dimension() * d);
  for (int m = 0; m < left.dimension(); ++m) {
    for (const auto& [n, x] : left.rows[m]) {
      for (int i = 0; i < d; ++i) {
        for (const auto& [j, y] : right.rows[i]) {
          if (x * y != 0.0) product.rows[m * d + i][n * d + j] = x * y;
        }
      }
    }
  }
  return product;
}

inline Sparse adjoint(const Sparse& matrix) {
  Sparse result(matrix.dimension());
  for (int m = 0; m < matrix.dimension(); ++m) {
    for (const auto& [n, x] : matrix.rows[m])
      result.rows[n][m] = std::conj(x);
  }
  return result;
}

inline Sparse operator*(const Sparse& left, const Sparse& right) {
  Sparse product(left.dimension());
  for (int m = 0; m < left.dimension(); ++m) {
    for (const auto& [k, x] : left.rows[m]) {
      for (const auto& [n, y] : right.rows[k])
        product.rows[m][n] += x * y;
    }
  }
  return product;
}

inline void add(Sparse& sum, Scalar factor, const Sparse& term) {
  for (int m = 0; m < sum.dimension(); ++m) {
    for (const auto& [n, x] : term.rows[m])
      sum.rows[m][n] += factor * x;
  }
}

// d rho/dt = K rho + rho K^dag + sum_k J_k rho J_k^dag, with K = -i H - sum_k J_k^dag J_k / 2.
struct Equation {
  Sparse k;
  std::vector<Sparse> jumps;
};

// The spins' basis: that of sz makes the Liouvillian sparser, that of sx, in which they are damped,
// closer to triangular.
enum class SpinBasis { sz, sx };

inline Equation equation(int levels, int spins, SpinBasis basis) {
  const double omega0 = 1;
  const double g = 0.2 / std::sqrt(spins);
  const double kappa = 0.05;
  const double nth = 0.5;
  const double gamma = 0.1;
  const double nb = 0.2;
  // The operator of one site; 0 is the oscillator, k + 1 is spin k.
  const auto on = [&](int site, const Sparse& matrix) {
    Sparse product = site == 0 ? matrix : identity(levels);
    for (int k = 0; k < spins; ++k)
      product = kron(product, site == k + 1 ? matrix : identity(2));
    return product;
  };
  const bool along_x = basis == SpinBasis::sx;
  const Sparse diagonal = two_by_two(1, 0, 0, -1);
  const Sparse flip = two_by_two(0, 1, 1, 0);
  const Sparse sx = along_x ? diagonal : flip;
  const Sparse sz = along_x ? flip : diagonal;
  const Sparse sm_x = along_x ? two_by_two(0, 0, 1, 0) : two_by_two(0.5, 0.5, -0.5, -0.5);
  const Sparse a = on(0, annihilation(levels));
  Sparse x = a;
  add(x, 1, adjoint(a));

  Equation result{Sparse(a.dimension()), {}};
  const auto add_jump = [&](double rate, const Sparse& jump) {
    Sparse scaled(jump.dimension());
    add(scaled, std::sqrt(rate), jump);
    add(result.k, -0.5, adjoint(scaled) * scaled);
    result.jumps.push_back(std::move(scaled));
  };
  const Scalar minus_i(0, -1);
  add(result.k, minus_i * omega0, adjoint(a) * a);
  add_jump(kappa * (nth + 1), a);
  add_jump(kappa * nth, adjoint(a));
  for (int k = 0; k < spins; ++k) {
    const double delta = 1 + 0.1 * k;
    add(result.k, minus_i * delta / 2.0, on(k + 1, sx));
    add(result.k, minus_i * g, x * on(k + 1, sz));
    add_jump(gamma * (nb + 1), on(k + 1, sm_x));
    add_jump(gamma * nb, on(k + 1, adjoint(sm_x)));
  }
  return result;
}

using Row = std::vector<std::pair<PetscInt, Scalar>>;

// One row of the Liouvillian, columns in ascending order.
inline void fill_row(const Equation& equation, int m, int n, Row& row) {
  const PetscInt d = equation.k.dimension();
  row.clear();
  for (const auto& [i, x] : equation.k.rows[m])
    row.emplace_back(i * d + n, x);
  for (const auto& [j, y] : equation.k.rows[n])
    row.emplace_back(m * d + j, std::conj(y));
  for (const auto& jump : equation.jumps) {
    for (const auto& [i, x] : jump.rows[m]) {
      for (const auto& [j, y] : jump.rows[n])
        row.emplace_back(i * d + j, x * std::conj(y));
    }
  }
  std::sort(row.begin(), row.end(), [](const auto& l, const auto& r) { return l.first < r.first; });
  std::size_t kept = 0;
  for (std::size_t k = 0; k < row.size();) {
    auto entry = row[k];
    for (++k; k < row.size() && row[k].first == entry.first; ++k)
      entry.second += row[k].second;
    if (std::abs(entry.second) > 1e-14) row[kept++] = entry;
  }
  row.resize(kept);
}

// With `trace_row` the trace is added to the first row.
inline Mat liouvillian(int levels, int spins, SpinBasis basis, bool trace_row) {
  const Equation terms = equation(levels, spins, basis);
  const PetscInt d = terms.k.dimension();
  const PetscInt unknowns = d * d;
  // The diagonal, jumps of the oscillator, x sz on both sides, other terms of the spins.
  const int of_spins = basis == SpinBasis::sz ? 4 + 3 * spins : 4 * spins + spins;
  std::vector<PetscInt> most(unknowns, 1 + 2 + of_spins);
  if (trace_row) most[0] += d;

  Mat matrix = nullptr;
  MatCreateSeqAIJ(PETSC_COMM_SELF, unknowns, unknowns, 0, most.data(), &matrix);
  Row row;
  std::vector<PetscInt> columns;
  std::vector<Scalar> values;
  for (PetscInt m = 0; m < d; ++m) {
    for (PetscInt n = 0; n < d; ++n) {
      fill_row(terms, m, n, row);
      columns.clear();
      values.clear();
      for (const auto& [column, value] : row) {
        columns.push_back(column);
        values.push_back(value);
      }
      const PetscInt index = m * d + n;
      MatSetValues(matrix, 1, &index, static_cast<PetscInt>(columns.size()), columns.data(),
                   values.data(), ADD_VALUES);
    }
  }
  for (PetscInt m = 0; trace_row && m < d; ++m)
    MatSetValue(matrix, 0, m * d + m, 1, ADD_VALUES);
  MatAssemblyBegin(matrix, MAT_FINAL_ASSEMBLY);
  MatAssemblyEnd(matrix, MAT_FINAL_ASSEMBLY);
  return matrix;
}

}  // namespace complex_osb
