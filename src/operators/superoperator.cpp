#include "lindwurm/operators/superoperator.hpp"

namespace lindwurm {

namespace {

using Triplets = std::vector<Eigen::Triplet<Complex>>;

// (A rho)_mn = sum_k A_mk rho_kn: entry A_mk at row (m, n), column (k, n).
SiteMatrix left_matrix(const SiteMatrix& a) {
  const int d = static_cast<int>(a.rows());
  Triplets entries;
  for (int m = 0; m < d; ++m) {
    for (SiteMatrix::InnerIterator it(a, m); it; ++it) {
      for (int n = 0; n < d; ++n) {
        entries.emplace_back(m * d + n, static_cast<int>(it.col()) * d + n, it.value());
      }
    }
  }
  SiteMatrix matrix(d * d, d * d);
  matrix.setFromTriplets(entries.begin(), entries.end());
  return matrix;
}

// (rho A)_mn = sum_k rho_mk A_kn: entry A_kn at row (m, n), column (m, k).
SiteMatrix right_matrix(const SiteMatrix& a) {
  const int d = static_cast<int>(a.rows());
  Triplets entries;
  for (int k = 0; k < d; ++k) {
    for (SiteMatrix::InnerIterator it(a, k); it; ++it) {
      for (int m = 0; m < d; ++m) {
        entries.emplace_back(m * d + static_cast<int>(it.col()), m * d + k, it.value());
      }
    }
  }
  SiteMatrix matrix(d * d, d * d);
  matrix.setFromTriplets(entries.begin(), entries.end());
  return matrix;
}

Superoperator lifted(const Operator& a, SiteMatrix (*lift)(const SiteMatrix&)) {
  std::vector<ProductTerm> terms = a.terms();
  for (auto& term : terms) {
    for (auto& factor : term.factors)
      factor.matrix = lift(factor.matrix);
  }
  return Superoperator(std::move(terms));
}

}  // namespace

Superoperator left(const Operator& a) { return lifted(a, left_matrix); }

Superoperator right(const Operator& a) { return lifted(a, right_matrix); }

Superoperator commutator(const Operator& a) { return left(a) - right(a); }

Superoperator anticommutator(const Operator& a) { return left(a) + right(a); }

Superoperator dissipator(const Operator& a) {
  const Operator product = (dag(a) * a).simplified();
  return left(a) * right(dag(a)) - Coefficient(0.5) * anticommutator(product);
}

}  // namespace lindwurm
