#include "lindwurm/operators/superoperator.hpp"

#include <fmt/format.h>

#include <cmath>

#include "lindwurm/backend/error.hpp"

namespace lindwurm {

namespace {

using Triplets = std::vector<Eigen::Triplet<Complex>>;

// The elements of a site with this many states.
SiteElements elements_of(const Factor& factor, int states) {
  return {states, factor.multiplets.get()};
}

// Entries that lead to or from elements that are not kept are left out.
void add(Triplets& entries, int row, int column, Complex value) {
  if (row >= 0 && column >= 0) entries.emplace_back(row, column, value);
}

SiteMatrix map_of(const Triplets& entries, const SiteElements& elements) {
  SiteMatrix map(elements.count(), elements.count());
  map.setFromTriplets(entries.begin(), entries.end());
  return map;
}

// Products of two maps are correct between kept elements only if neither map goes further than
// this.
void require_reach(const Factor& factor) {
  if (!factor.multiplets || !factor.multiplets->is_limited()) return;
  for (int m = 0; m < factor.matrix.outerSize(); ++m) {
    for (SiteMatrix::InnerIterator it(factor.matrix, m); it; ++it) {
      if (std::abs(static_cast<int>(it.col()) - m) > Multiplets::margin) {
        throw InputError(fmt::format(
            "an operator of an ensemble of {} spins changes M by more than {}, for which all "
            "coherences are needed; leave out `coherence`",
            factor.multiplets->spins(), Multiplets::margin));
      }
    }
  }
}

// (A rho)_mn = sum_k A_mk rho_kn: entry A_mk at row (m, n), column (k, n).
SiteMatrix left_matrix(const SiteMatrix& a, const SiteElements& elements) {
  Triplets entries;
  for (int e = 0; e < elements.count(); ++e) {
    const auto [m, n] = elements.states(e);
    for (SiteMatrix::InnerIterator it(a, m); it; ++it)
      add(entries, e, elements.number(static_cast<int>(it.col()), n), it.value());
  }
  return map_of(entries, elements);
}

// (rho A)_mn = sum_k rho_mk A_kn: entry A_kn at row (m, n), column (m, k).
SiteMatrix right_matrix(const SiteMatrix& a, const SiteElements& elements) {
  Triplets entries;
  for (int e = 0; e < elements.count(); ++e) {
    const auto [m, k] = elements.states(e);
    for (SiteMatrix::InnerIterator it(a, k); it; ++it)
      add(entries, elements.number(m, static_cast<int>(it.col())), e, it.value());
  }
  return map_of(entries, elements);
}

SiteMatrix identity(int d) {
  SiteMatrix matrix(d, d);
  matrix.setIdentity();
  return matrix;
}

// The image of a site's matrix, which is read as the vector of its elements.
SiteMatrix image(const SiteMatrix& map, const SiteMatrix& a, const SiteElements& elements) {
  const int d = static_cast<int>(a.rows());
  Eigen::VectorXcd vector = Eigen::VectorXcd::Zero(elements.count());
  for (int m = 0; m < d; ++m) {
    for (SiteMatrix::InnerIterator it(a, m); it; ++it)
      if (const int e = elements.number(m, static_cast<int>(it.col())); e >= 0)
        vector[e] = it.value();
  }
  const Eigen::VectorXcd mapped = map * vector;
  Triplets entries;
  for (int k = 0; k < elements.count(); ++k) {
    const auto [m, n] = elements.states(k);
    if (mapped[k] != 0.0) entries.emplace_back(m, n, mapped[k]);
  }
  SiteMatrix matrix(d, d);
  matrix.setFromTriplets(entries.begin(), entries.end());
  return matrix;
}

// The number of states of the site whose operators this map acts on.
int states_of(const Factor& map) {
  return map.multiplets ? map.multiplets->states()
                        : static_cast<int>(std::lround(std::sqrt(map.matrix.rows())));
}

// Applies the map factor by factor, with the identity where one of the two has no factor on a site.
ProductTerm image(const ProductTerm& map, const ProductTerm& a) {
  ProductTerm product{map.coefficient * a.coefficient, {}};
  auto next = a.factors.begin();
  for (const auto& factor : map.factors) {
    for (; next != a.factors.end() && next->site < factor.site; ++next)
      product.factors.push_back(*next);
    const bool both = next != a.factors.end() && next->site == factor.site;
    const int d = states_of(factor);
    product.factors.push_back(
        {factor.site,
         image(factor.matrix, both ? next->matrix : identity(d), elements_of(factor, d)),
         factor.multiplets});
    if (both) ++next;
  }
  product.factors.insert(product.factors.end(), next, a.factors.end());
  return product;
}

Superoperator lifted(const Operator& a,
                     SiteMatrix (*lift)(const SiteMatrix&, const SiteElements&)) {
  std::vector<ProductTerm> terms = a.terms();
  for (auto& term : terms) {
    for (auto& factor : term.factors) {
      const SiteElements elements = elements_of(factor, static_cast<int>(factor.matrix.rows()));
      require_reach(factor);
      factor.matrix = lift(factor.matrix, elements);
    }
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
