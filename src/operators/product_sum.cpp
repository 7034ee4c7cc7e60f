#include "lindwurm/operators/product_sum.hpp"

#include <algorithm>

namespace lindwurm {

namespace {

bool equal(const SiteMatrix& a, const SiteMatrix& b) {
  if (a.rows() != b.rows()) return false;
  for (int row = 0; row < a.outerSize(); ++row) {
    SiteMatrix::InnerIterator x(a, row);
    SiteMatrix::InnerIterator y(b, row);
    while (x || y) {
      const bool has_x = x && (!y || x.col() <= y.col());
      const bool has_y = y && (!x || y.col() <= x.col());
      if ((has_x ? x.value() : 0.0) != (has_y ? y.value() : 0.0)) return false;
      if (has_x) ++x;
      if (has_y) ++y;
    }
  }
  return true;
}

template <typename Alike>
bool all_alike(const ProductTerm& a, const ProductTerm& b, Alike alike) {
  return std::equal(a.factors.begin(), a.factors.end(), b.factors.begin(), b.factors.end(), alike);
}

// Most terms act on other sites.
bool same_factors(const ProductTerm& a, const ProductTerm& b) {
  return all_alike(a, b, [](const Factor& x, const Factor& y) { return x.site == y.site; }) &&
         all_alike(a, b,
                   [](const Factor& x, const Factor& y) { return equal(x.matrix, y.matrix); });
}

bool of_one_site(const ProductTerm& a, const ProductTerm& b) {
  return a.factors.size() == 1 && b.factors.size() == 1 && a.factors[0].site == b.factors[0].site;
}

// With the phases +-1 and +-i of the factors in front, which is exact: -i sy x -i sy is then the
// term that i sy x i sy is.
ProductTerm with_phase_in_front(ProductTerm term) {
  if (term.factors.size() < 2) return term;
  for (Factor& factor : term.factors) {
    const auto values = factor.matrix.coeffs();
    const auto* first = std::find_if(values.data(), values.data() + values.size(),
                                     [](const Complex& value) { return value != 0.0; });
    if (first == values.data() + values.size()) continue;
    // Into the quarter around 1, with one of its borders.
    const auto is_around_one = [](Complex z) {
      return z.real() > 0 && z.imag() > -z.real() && z.imag() <= z.real();
    };
    Complex phase = 1;
    for (int turns = 0; turns < 4 && !is_around_one(*first * phase); ++turns)
      phase *= Complex(0, 1);
    if (phase == 1.0) continue;
    factor.matrix *= phase;
    term.coefficient = Coefficient(std::conj(phase)) * term.coefficient;
  }
  return term;
}

bool same_function(const ProductTerm& a, const ProductTerm& b) {
  return a.coefficient.function_text() == b.coefficient.function_text();
}

}  // namespace

ProductTerm multiply(const ProductTerm& a, const ProductTerm& b) {
  ProductTerm product{a.coefficient * b.coefficient, {}};
  auto left = a.factors.begin();
  auto right = b.factors.begin();
  while (left != a.factors.end() || right != b.factors.end()) {
    const bool take_left =
        right == b.factors.end() || (left != a.factors.end() && left->site < right->site);
    const bool take_right =
        left == a.factors.end() || (right != b.factors.end() && right->site < left->site);
    if (take_left) {
      product.factors.push_back(*left++);
    } else if (take_right) {
      product.factors.push_back(*right++);
    } else {
      product.factors.push_back(
          {left->site, SiteMatrix((left->matrix * right->matrix).pruned()), left->multiplets});
      ++left;
      ++right;
    }
  }
  return product;
}

std::vector<ProductTerm> simplified(const std::vector<ProductTerm>& terms) {
  std::vector<ProductTerm> sum;
  for (const auto& given : terms) {
    const ProductTerm term = with_phase_in_front(given);
    auto twin = std::find_if(sum.begin(), sum.end(), [&](const ProductTerm& other) {
      return (of_one_site(term, other) || same_factors(term, other)) && same_function(term, other);
    });
    if (twin == sum.end()) {
      sum.push_back(term);
    } else if (twin->factors.size() == 1) {
      // The matrices add up with their numbers inside, so that a term of one site is one matrix.
      SiteMatrix total = (twin->coefficient.constant() * twin->factors[0].matrix +
                          term.coefficient.constant() * term.factors[0].matrix)
                             .pruned();
      twin->factors[0].matrix = std::move(total);
      twin->coefficient = term.coefficient.function_part();
    } else {
      const Complex total = twin->coefficient.constant() + term.coefficient.constant();
      twin->coefficient = Coefficient(total) * term.coefficient.function_part();
    }
  }
  std::erase_if(sum, [](const ProductTerm& term) {
    return term.coefficient.is_zero() ||
           std::any_of(term.factors.begin(), term.factors.end(),
                       [](const Factor& factor) { return factor.matrix.nonZeros() == 0; });
  });
  return sum;
}

std::vector<ProductTerm> conjugated(std::vector<ProductTerm> terms) {
  for (auto& term : terms) {
    term.coefficient = conj(term.coefficient);
    for (auto& factor : term.factors)
      factor.matrix = SiteMatrix(factor.matrix.adjoint());
  }
  return terms;
}

Operator dag(const Operator& a) { return Operator(conjugated(a.terms())); }

bool are_constant(const std::vector<ProductTerm>& terms) {
  return std::all_of(terms.begin(), terms.end(),
                     [](const ProductTerm& term) { return term.coefficient.is_constant(); });
}

namespace {

// Of the largest terms; what is left of A - A^dag for reasons of rounding.
constexpr double hermiticity_tolerance = 1e-14;

}  // namespace

double largest_element(const Operator& a) {
  double bound = 0;
  for (const auto& term : a.terms()) {
    double product = std::abs(term.coefficient.constant());
    for (const auto& factor : term.factors)
      product *= factor.matrix.coeffs().abs().maxCoeff();
    bound += product;
  }
  return bound;
}

bool is_hermitian(const Operator& a) {
  return largest_element((a - dag(a)).simplified()) <= hermiticity_tolerance * largest_element(a);
}

}  // namespace lindwurm
