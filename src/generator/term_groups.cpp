#include "term_groups.hpp"

#include <algorithm>

#include "lindwurm/operators/known_matrices.hpp"

namespace lindwurm {

namespace {

// The Kronecker product of the factors over all inner sites.
SiteMatrix inner_product(const ProductTerm& term, const PackedBasis& basis) {
  SiteMatrix product(1, 1);
  product.insert(0, 0) = 1.0;
  for (int s : basis.inner_sites()) {
    const int dimension = basis.site_dimensions()[s];
    SiteMatrix factor(dimension, dimension);
    factor.setIdentity();
    for (const Factor& of_term : term.factors) {
      if (of_term.site == s) factor = of_term.matrix;
    }
    std::vector<Eigen::Triplet<Complex>> entries;
    for (int row = 0; row < product.outerSize(); ++row) {
      for (SiteMatrix::InnerIterator a(product, row); a; ++a) {
        for (int r = 0; r < dimension; ++r) {
          for (SiteMatrix::InnerIterator b(factor, r); b; ++b) {
            entries.emplace_back(row * dimension + r,
                                 static_cast<int>(a.col()) * dimension + static_cast<int>(b.col()),
                                 a.value() * b.value());
          }
        }
      }
    }
    SiteMatrix next(product.rows() * dimension, product.cols() * dimension);
    next.setFromTriplets(entries.begin(), entries.end());
    product = std::move(next);
  }
  return product;
}

// Groups terms whose inner matrices are multiples of one another.
class TermGroups {
 public:
  TermGroups(const std::vector<ProductTerm>& terms, const PackedBasis& basis, Complex factor)
      : is_used_(basis.inner_size(), false) {
    for (const auto& kind : basis.kinds()) {
      for (int i : kind.elements)
        is_used_[i] = true;
    }
    for (const auto& term : terms) {
      ProductTerm outer{Coefficient(factor * term.coefficient.constant()), {}};
      for (const auto& f : term.factors) {
        const auto& sites = basis.outer_sites();
        const auto place = std::lower_bound(sites.begin(), sites.end(), f.site);
        if (place == sites.end() || *place != f.site) continue;
        outer.factors.push_back({static_cast<int>(place - sites.begin()), f.matrix});
      }
      const SiteMatrix inner = inner_product(term, basis);
      add(outer, inner.real(), 1.0);
      add(outer, inner.imag(), Complex(0, 1));
    }
    std::stable_sort(groups_.begin(), groups_.end(), [](const TermGroup& a, const TermGroup& b) {
      return a.is_identity > b.is_identity;
    });
    for (auto& group : groups_)
      group.outer = simplified(group.outer);
  }

  std::vector<TermGroup> take() { return std::move(groups_); }

 private:
  void add(const ProductTerm& outer, RealMatrix inner, Complex unit) {
    inner.prune([&](int row, int column, double value) {
      return value != 0 && (is_used_[row] || is_used_[column]);
    });
    if (inner.nonZeros() == 0) return;
    const double scale = inner.valuePtr()[0];
    inner /= scale;
    ProductTerm scaled = outer;
    scaled.coefficient = outer.coefficient * Coefficient(unit * scale);
    const std::size_t number = known_.find_or_add(inner, groups_.size(), [&](std::size_t known) {
      return is_equal(groups_[known].inner, inner);
    });
    if (number < groups_.size()) {
      groups_[number].outer.push_back(std::move(scaled));
      return;
    }
    const bool is_identity = is_identity_where_used(inner);
    groups_.push_back({{std::move(scaled)}, std::move(inner), is_identity});
  }

  // Equal except for rounding.
  static bool is_equal(const RealMatrix& a, const RealMatrix& b) {
    if (a.nonZeros() != b.nonZeros()) return false;
    const RealMatrix difference = a - b;
    return difference.coeffs().abs().maxCoeff() <= 4e-16 * b.coeffs().abs().maxCoeff();
  }

  [[nodiscard]] bool is_identity_where_used(const RealMatrix& inner) const {
    if (inner.nonZeros() != std::count(is_used_.begin(), is_used_.end(), true)) return false;
    for (int row = 0; row < inner.outerSize(); ++row) {
      for (RealMatrix::InnerIterator it(inner, row); it; ++it) {
        if (it.col() != row || it.value() != 1) return false;
      }
    }
    return true;
  }

  std::vector<bool> is_used_;  // inner elements that occur in some slice
  std::vector<TermGroup> groups_;
  KnownMatrices known_;
};

}  // namespace

std::vector<TermGroup> group_terms(const std::vector<ProductTerm>& terms, const PackedBasis& basis,
                                   Complex factor) {
  return TermGroups(terms, basis, factor).take();
}

}  // namespace lindwurm
