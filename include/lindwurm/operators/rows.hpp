// The rows of a sum of products, without storing its matrix.
#pragma once

#include <cstdint>
#include <vector>

#include "lindwurm/operators/product_sum.hpp"

namespace lindwurm {

/// Enumerates the entries of a row of sum_k c_k prod_s M_ks on the product basis, in which site 0
/// is the slowest index. The terms must outlive the reader.
class RowReader {
 public:
  RowReader(const std::vector<ProductTerm>& terms, const std::vector<int>& dimensions)
      : terms_(terms), strides_(dimensions.size()), elements_(dimensions.size()) {
    std::int64_t stride = 1;
    for (std::size_t s = dimensions.size(); s-- > 0;) {
      strides_[s] = stride;
      stride *= dimensions[s];
    }
  }

  /// Calls visit(term, column, product of the factors' entries) for each entry of each term. The
  /// product does not include the coefficient. Columns may repeat.
  template <typename Visit>
  void read(std::int64_t row, Visit&& visit) {
    std::int64_t rest = row;
    for (std::size_t s = 0; s < strides_.size(); ++s) {
      elements_[s] = static_cast<int>(rest / strides_[s]);
      rest -= elements_[s] * strides_[s];
    }
    for (std::size_t k = 0; k < terms_.size(); ++k) {
      read_factors(terms_[k], 0, row, Complex(1.0),
                   [&](std::int64_t column, Complex value) { visit(k, column, value); });
    }
  }

 private:
  template <typename Visit>
  void read_factors(const ProductTerm& term, std::size_t factor, std::int64_t column, Complex value,
                    Visit&& visit) const {
    if (factor == term.factors.size()) {
      visit(column, value);
      return;
    }
    const int site = term.factors[factor].site;
    const SiteMatrix& matrix = term.factors[factor].matrix;
    const int element = elements_[site];
    const int end = matrix.outerIndexPtr()[element + 1];
    for (int k = matrix.outerIndexPtr()[element]; k < end; ++k) {
      const int to = matrix.innerIndexPtr()[k];
      read_factors(term, factor + 1, column + (to - element) * strides_[site],
                   value * matrix.valuePtr()[k], visit);
    }
  }

  const std::vector<ProductTerm>& terms_;
  std::vector<std::int64_t> strides_;
  std::vector<int> elements_;  // the element of each site in the current row
};

}  // namespace lindwurm
