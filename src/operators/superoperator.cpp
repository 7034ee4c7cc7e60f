#include "lindwurm/operators/superoperator.hpp"

#include <cmath>

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

SiteMatrix identity(int d) {
  SiteMatrix matrix(d, d);
  matrix.setIdentity();
  return matrix;
}

// The image of a site's matrix, read as the vector of its elements m d + n.
SiteMatrix image(const SiteMatrix& map, const SiteMatrix& a) {
  const int d = static_cast<int>(a.rows());
  Eigen::VectorXcd elements = Eigen::VectorXcd::Zero(d * d);
  for (int m = 0; m < d; ++m) {
    for (SiteMatrix::InnerIterator it(a, m); it; ++it)
      elements[m * d + it.col()] = it.value();
  }
  const Eigen::VectorXcd mapped = map * elements;
  Triplets entries;
  for (int k = 0; k < d * d; ++k) {
    if (mapped[k] != 0.0) entries.emplace_back(k / d, k % d, mapped[k]);
  }
  SiteMatrix matrix(d, d);
  matrix.setFromTriplets(entries.begin(), entries.end());
  return matrix;
}

// Factor by factor, with the identity where one of the two is silent.
ProductTerm image(const ProductTerm& map, const ProductTerm& a) {
  ProductTerm product{map.coefficient * a.coefficient, {}};
  auto next = a.factors.begin();
  for (const auto& factor : map.factors) {
    for (; next != a.factors.end() && next->site < factor.site; ++next)
      product.factors.push_back(*next);
    const bool both = next != a.factors.end() && next->site == factor.site;
    const int d = static_cast<int>(std::lround(std::sqrt(factor.matrix.rows())));
    product.factors.push_back(
        {factor.site, image(factor.matrix, both ? next->matrix : identity(d))});
    if (both) ++next;
  }
  product.factors.insert(product.factors.end(), next, a.factors.end());
  return product;
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

Superoperator adjoint(const Superoperator& s) { return Superoperator(conjugated(s.terms())); }

Operator apply(const Superoperator& s, const Operator& a) {
  std::vector<ProductTerm> terms;
  for (const auto& map : s.terms()) {
    for (const auto& term : a.terms())
      terms.push_back(image(map, term));
  }
  return Operator(std::move(terms)).simplified();
}

}  // namespace lindwurm
