// Sums of products of site matrices: operators on Hilbert space and superoperators on Liouville
// space share one algebra.
#pragma once

#include <memory>
#include <vector>

#include "lindwurm/operators/coefficient.hpp"

namespace lindwurm {

struct Factor {
  int site = 0;
  SiteMatrix matrix;
  /// What the matrix of an ensemble acts on; null for all other sites.
  std::shared_ptr<const Multiplets> multiplets{};
};

/// coefficient * product over sites of factor matrices; sites not named carry the identity.
struct ProductTerm {
  Coefficient coefficient{1.0};
  std::vector<Factor> factors;  ///< ordered by site, each site at most once
};

[[nodiscard]] ProductTerm multiply(const ProductTerm& a, const ProductTerm& b);
/// Adds up terms that differ in the number in front only, and all terms of one site; drops zeros.
[[nodiscard]] std::vector<ProductTerm> simplified(const std::vector<ProductTerm>& terms);
/// True if no coefficient depends on time.
[[nodiscard]] bool are_constant(const std::vector<ProductTerm>& terms);

/// The conjugate transpose of each term.
[[nodiscard]] std::vector<ProductTerm> conjugated(std::vector<ProductTerm> terms);

/// sum_k c_k(t) prod_s M_ks. `Kind` keeps the two uses, Operator and Superoperator, apart.
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
  friend ProductSum operator+(ProductSum a, const ProductSum& b) { return a += b; }
  friend ProductSum operator-(ProductSum a, const ProductSum& b) {
    return a += Coefficient(-1.0) * b;
  }
  friend ProductSum operator*(const Coefficient& c, ProductSum a) {
    for (auto& term : a.terms_)
      term.coefficient = c * term.coefficient;
    return a;
  }
  /// The product of operators, the composition of superoperators.
  friend ProductSum operator*(const ProductSum& a, const ProductSum& b) {
    ProductSum product;
    for (const auto& left : a.terms_) {
      for (const auto& right : b.terms_)
        product.terms_.push_back(multiply(left, right));
    }
    return product;
  }
  /// True if no coefficient depends on time.
  [[nodiscard]] bool is_constant() const { return lindwurm::are_constant(terms_); }
  [[nodiscard]] ProductSum simplified() const { return ProductSum(lindwurm::simplified(terms_)); }

 private:
  std::vector<ProductTerm> terms_;
};

/// An operator on the model's Hilbert space.
using Operator = ProductSum<struct HilbertSpace>;
/// A linear map of operators; site s has the basis |m><n| with index m * d + n.
using Superoperator = ProductSum<struct LiouvilleSpace>;

/// The Hermitian conjugate.
[[nodiscard]] Operator dag(const Operator& a);
/// A bound on the elements of an operator that does not depend on time.
[[nodiscard]] double largest_element(const Operator& a);
/// True if A = A^dag but for rounding, for an operator that does not depend on time.
[[nodiscard]] bool is_hermitian(const Operator& a);

}  // namespace lindwurm
