#include "lindwurm/operators/product_sum.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <unordered_map>

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

// Checked first, because most terms act on other sites.
bool same_factors(const ProductTerm& a, const ProductTerm& b) {
  return all_alike(a, b, [](const Factor& x, const Factor& y) { return x.site == y.site; }) &&
         all_alike(a, b,
                   [](const Factor& x, const Factor& y) { return equal(x.matrix, y.matrix); });
}

bool of_one_site(const ProductTerm& a, const ProductTerm& b) {
  return a.factors.size() == 1 && b.factors.size() == 1 && a.factors[0].site == b.factors[0].site;
}

// The number c if the matrix is c times the identity; empty otherwise.
std::optional<Complex> multiple_of_identity(const SiteMatrix& matrix) {
  const Complex first = matrix.coeff(0, 0);
  Eigen::Index equal = 0;
  for (int row = 0; row < matrix.outerSize(); ++row) {
    for (SiteMatrix::InnerIterator it(matrix, row); it; ++it) {
      if (it.value() == 0.0) continue;
      if (it.col() != row || it.value() != first) return std::nullopt;
      ++equal;
    }
  }
  if (equal != matrix.rows()) return std::nullopt;
  return first;
}

// Removes factors that are multiples of the identity, such as sz^2. Powers of sums contain many of
// them.
ProductTerm without_identities(ProductTerm term) {
  for (auto factor = term.factors.begin();
       factor != term.factors.end() && term.factors.size() > 1;) {
    const auto number = multiple_of_identity(factor->matrix);
    if (!number) {
      ++factor;
      continue;
    }
    term.coefficient = Coefficient(*number) * term.coefficient;
    factor = term.factors.erase(factor);
  }
  return term;
}

// Moves the phases +-1 and +-i of the factors to the coefficient, which is exact. Then
// -i sy x -i sy and i sy x i sy are the same term.
ProductTerm with_phase_in_front(ProductTerm term) {
  if (term.factors.size() < 2) return term;
  for (Factor& factor : term.factors) {
    const auto values = factor.matrix.coeffs();
    const auto* first = std::find_if(values.data(), values.data() + values.size(),
                                     [](const Complex& value) { return value != 0.0; });
    if (first == values.data() + values.size()) continue;
    // True in the quarter of the complex plane around 1, including one of its borders.
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
  return a.coefficient.function_key() == b.coefficient.function_key();
}

void mix(std::size_t& hash, std::size_t value) {
  hash ^= value + 0x9e3779b97f4a7c15U + (hash << 6) + (hash >> 2);
}

// Equal matrices have equal hashes: stored zeros do not count.
std::size_t hash_of(const SiteMatrix& matrix) {
  std::size_t hash = 0;
  for (int row = 0; row < matrix.outerSize(); ++row) {
    for (SiteMatrix::InnerIterator it(matrix, row); it; ++it) {
      if (it.value() == 0.0) continue;
      mix(hash, static_cast<std::size_t>(row));
      mix(hash, static_cast<std::size_t>(it.col()));
      // Adding 0.0 turns -0 into 0.
      mix(hash, std::hash<double>{}(it.value().real() + 0.0));
      mix(hash, std::hash<double>{}(it.value().imag() + 0.0));
    }
  }
  return hash;
}

// Terms that can be added up have equal hashes.
std::size_t hash_of(const ProductTerm& term) {
  std::size_t hash = term.factors.size();
  for (const Factor& factor : term.factors) {
    mix(hash, static_cast<std::size_t>(factor.site));
    if (term.factors.size() > 1) mix(hash, hash_of(factor.matrix));
  }
  return hash;
}

// A sum under construction. It finds the term that a new term can be added to, however many terms
// there are.
class Collector {
 public:
  void add(const ProductTerm& given) {
    ProductTerm term = with_phase_in_front(without_identities(given));
    const std::size_t hash = hash_of(term);
    const auto [first, last] = place_.equal_range(hash);
    const auto twin = std::find_if(first, last, [&](const auto& entry) {
      const ProductTerm& other = sum_[entry.second];
      return same_function(term, other) && (of_one_site(term, other) || same_factors(term, other));
    });
    if (twin != last) {
      add_to(sum_[twin->second], term);
      return;
    }
    place_.emplace(hash, sum_.size());
    sum_.push_back(std::move(term));
  }

  [[nodiscard]] std::vector<ProductTerm> terms() && {
    std::erase_if(sum_, [](const ProductTerm& term) {
      return term.coefficient.is_zero() ||
             std::any_of(term.factors.begin(), term.factors.end(),
                         [](const Factor& factor) { return factor.matrix.nonZeros() == 0; });
    });
    return std::move(sum_);
  }

 private:
  static void add_to(ProductTerm& twin, const ProductTerm& term) {
    if (twin.factors.size() == 1) {
      // The coefficients are multiplied into the matrices before these are added, so that a term of
      // one site is a single matrix.
      SiteMatrix total = (twin.coefficient.constant() * twin.factors[0].matrix +
                          term.coefficient.constant() * term.factors[0].matrix)
                             .pruned();
      twin.factors[0].matrix = std::move(total);
      twin.coefficient = term.coefficient.function_part();
    } else {
      const Complex total = twin.coefficient.constant() + term.coefficient.constant();
      twin.coefficient = Coefficient(total) * term.coefficient.function_part();
    }
  }

  std::vector<ProductTerm> sum_;
  std::unordered_multimap<std::size_t, std::size_t> place_;
};

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

std::vector<ProductTerm> multiply(const std::vector<ProductTerm>& a,
                                  const std::vector<ProductTerm>& b) {
  // A product of two sums contains the same term many times, so terms are added up on the way.
  if (a.size() > 1 && b.size() > 1) {
    Collector product;
    for (const auto& left : a) {
      for (const auto& right : b)
        product.add(multiply(left, right));
    }
    return std::move(product).terms();
  }
  std::vector<ProductTerm> product;
  for (const auto& left : a) {
    for (const auto& right : b)
      product.push_back(multiply(left, right));
  }
  return product;
}

std::vector<ProductTerm> simplified(const std::vector<ProductTerm>& terms) {
  Collector sum;
  for (const auto& term : terms)
    sum.add(term);
  return std::move(sum).terms();
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

double largest_row_sum(const ProductTerm& term) {
  double product = std::abs(term.coefficient.constant());
  for (const auto& factor : term.factors) {
    double largest = 0;
    for (int row = 0; row < factor.matrix.outerSize(); ++row) {
      double sum = 0;
      for (SiteMatrix::InnerIterator it(factor.matrix, row); it; ++it)
        sum += std::abs(it.value());
      largest = std::max(largest, sum);
    }
    product *= largest;
  }
  return product;
}

bool are_constant(const std::vector<ProductTerm>& terms) {
  return std::all_of(terms.begin(), terms.end(),
                     [](const ProductTerm& term) { return term.coefficient.is_constant(); });
}

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
  return largest_element((a - dag(a)).simplified()) <= rounding_of_hermiticity * largest_element(a);
}

}  // namespace lindwurm
