// Sums of products of site matrices. Operators on Hilbert space and superoperators on Liouville
// space share this algebra.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "lindwurm/operators/coefficient.hpp"

namespace lindwurm {

/// A matrix on one site, as a factor of a product.
struct Factor {
  int site = 0;
  SiteMatrix matrix;
  /// For an ensemble, the multiplets that the matrix acts on; null for all other sites.
  std::shared_ptr<const Multiplets> multiplets{};
};

/// coefficient * product of matrices, one for each site named; other sites have the identity.
struct ProductTerm {
  Coefficient coefficient{1.0};
  std::vector<Factor> factors;  ///< ordered by site, each site at most once
};

[[nodiscard]] ProductTerm multiply(const ProductTerm& a, const ProductTerm& b);
/// The product of two sums. It is simplified if both have several terms.
[[nodiscard]] std::vector<ProductTerm> multiply(const std::vector<ProductTerm>& a,
                                                const std::vector<ProductTerm>& b);
/// Merges terms that differ only in their numerical prefactor, and all terms that act on the same
/// single site. Drops zeros.
[[nodiscard]] std::vector<ProductTerm> simplified(const std::vector<ProductTerm>& terms);
/// True if no coefficient depends on time.
[[nodiscard]] bool are_constant(const std::vector<ProductTerm>& terms);

/// |c| prod_s of the largest absolute row sums of the factors. It bounds the result when the term's
/// matrix, without its function of time, acts on numbers of magnitude up to 1.
[[nodiscard]] double largest_row_sum(const ProductTerm& term);

/// The conjugate transpose of each term.
[[nodiscard]] std::vector<ProductTerm> conjugated(std::vector<ProductTerm> terms);

/// sum_k c_k(t) prod_s M_ks. `Kind` distinguishes the two uses, Operator and Superoperator.
template <typename Kind>
class ProductSum {
 public:
  ProductSum() = default;
  /// A multiple of the identity.
  ProductSum(const Coefficient& multiple) : terms_{{multiple, {}}} {}
  ProductSum(int site, SiteMatrix matrix)
      : terms_{{Coefficient(1.0), {Factor{site, std::move(matrix)}}}} {}
  explicit ProductSum(std::vector<ProductTerm> terms) : terms_(std::move(terms)) {}

  [[nodiscard]] const std::vector<ProductTerm>& terms() const { return terms_; }

  ProductSum& operator+=(const ProductSum& other) {
    terms_.insert(terms_.end(), other.terms_.begin(), other.terms_.end());
    return *this;
  }
  friend ProductSum operator+(ProductSum a, const ProductSum& b) { return std::move(a += b); }
  friend ProductSum operator-(ProductSum a, const ProductSum& b) {
    return std::move(a += Coefficient(-1.0) * b);
  }
  friend ProductSum operator*(const Coefficient& c, ProductSum a) {
    for (auto& term : a.terms_)
      term.coefficient = c * term.coefficient;
    return a;
  }
  /// The product of two operators, or the composition of two superoperators.
  friend ProductSum operator*(const ProductSum& a, const ProductSum& b) {
    return ProductSum(multiply(a.terms_, b.terms_));
  }
  /// True if no coefficient depends on time.
  [[nodiscard]] bool is_constant() const { return lindwurm::are_constant(terms_); }
  [[nodiscard]] ProductSum simplified() const { return ProductSum(lindwurm::simplified(terms_)); }

 private:
  std::vector<ProductTerm> terms_;
};

/// An operator on the model's Hilbert space.
using Operator = ProductSum<struct HilbertSpace>;
/// A linear map of operators. Site s has the basis |m><n| with the index m * d + n.
using Superoperator = ProductSum<struct LiouvilleSpace>;

/// The Hermitian conjugate.
[[nodiscard]] Operator dag(const Operator& a);
/// A bound on the matrix elements of an operator that does not depend on time.
[[nodiscard]] double largest_element(const Operator& a);
/// The share of the largest terms up to which A - A^dag counts as rounding.
inline constexpr double rounding_of_hermiticity = 1e-14;
/// True if A = A^dag except for rounding. The operator must not depend on time.
[[nodiscard]] bool is_hermitian(const Operator& a);

}  // namespace lindwurm
