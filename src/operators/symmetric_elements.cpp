#include "symmetric_elements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <unordered_map>

#include "lindwurm/backend/error.hpp"

namespace lindwurm {

namespace {

// Tolerances relative to the largest coefficient: numbers that differ by less than `agreement` are
// equal, and numbers below `rounding` are zero.
constexpr double agreement = 1e-10;
constexpr double rounding = 1e-14;

// One element of a site's matrices, row * d + column. The last diagonal element, d * d - 1, is
// replaced by the identity, so that the form of a sum is unique.
using Element = int;
// One element for each site of the space with members.
using Product = std::vector<Element>;

struct HashOfProduct {
  std::size_t operator()(const Product& product) const {
    std::size_t hash = product.size();
    for (const Element e : product)
      hash = hash * 1000003 + static_cast<std::size_t>(e) + 1;
    return hash;
  }
};
using Coefficients = std::unordered_map<Product, Complex, HashOfProduct>;

// The coefficients c_k of a matrix sum_k c_k e_k.
std::vector<std::pair<Element, Complex>> expanded(const SiteMatrix& matrix) {
  const auto d = static_cast<int>(matrix.rows());
  const Element identity = d * d - 1;
  const Complex last = matrix.coeff(d - 1, d - 1);
  std::map<Element, Complex> sum;
  for (int row = 0; row < d; ++row) {
    for (SiteMatrix::InnerIterator it(matrix, row); it; ++it)
      sum[row * d + static_cast<int>(it.col())] += it.value();
    if (row + 1 < d && last != 0.0) sum[row * d + row] -= last;
  }
  sum[identity] = last;
  std::erase_if(sum, [](const auto& entry) { return entry.second == 0.0; });
  return {sum.begin(), sum.end()};
}

void add_expanded(const ProductTerm& term, const std::vector<int>& dimensions, Coefficients& sum) {
  Product none;
  for (const int d : dimensions)
    none.push_back(d * d - 1);
  std::vector<std::pair<Product, Complex>> products{{none, term.coefficient.constant()}};
  for (const Factor& factor : term.factors) {
    const auto elements = expanded(factor.matrix);
    std::vector<std::pair<Product, Complex>> next;
    next.reserve(products.size() * elements.size());
    for (const auto& [product, coefficient] : products) {
      for (const auto& [element, value] : elements) {
        next.emplace_back(product, coefficient * value);
        next.back().first[factor.site] = element;
      }
    }
    products = std::move(next);
  }
  for (const auto& [product, coefficient] : products)
    sum[product] += coefficient;
}

double factorial(std::ptrdiff_t n) { return std::tgamma(static_cast<double>(n) + 1); }

// The sites of the space with members that form one site of `space`.
struct Place {
  int first;
  int members;  // 0 if it is not an ensemble
};

std::vector<Place> places(const Space& space) {
  std::vector<Place> all;
  int first = 0;
  for (int s = 0; s < space.sites(); ++s) {
    const auto& multiplets = space.group_of(s).multiplets;
    all.push_back({first, multiplets ? multiplets->spins() : 0});
    first += std::max(all.back().members, 1);
  }
  return all;
}

// The orbits of a sum. An orbit consists of all products that permutations of members turn into
// each other. It is represented by the product in ascending order, with the common coefficient.
using Orbits = std::map<Product, Complex>;

// The number of different arrangements of a product over the members of its ensembles.
double arrangements(const Product& ordered, const std::vector<Place>& sites) {
  double count = 1;
  for (const auto& [first, members] : sites) {
    const auto begin = ordered.begin() + first;
    const auto end = begin + members;
    count *= factorial(members);
    for (auto same = begin; same != end;) {
      const auto next = std::upper_bound(same, end, *same);
      count /= factorial(next - same);
      same = next;
    }
  }
  return count;
}

// Empty if the coefficients of an orbit differ.
std::optional<Orbits> orbits_of(const Coefficients& coefficients, const std::vector<Place>& sites) {
  struct Sum {
    Complex total;
    double count = 0;
  };
  const auto ordered = [&](Product product) {
    for (const auto& [first, members] : sites)
      std::sort(product.begin() + first, product.begin() + first + members);
    return product;
  };
  double scale = 0;
  std::map<Product, Sum> sums;
  for (const auto& [product, value] : coefficients) {
    Sum& sum = sums[ordered(product)];
    sum.total += value;
    sum.count += 1;
    scale = std::max(scale, std::abs(value));
  }
  Orbits orbits;
  for (const auto& [product, sum] : sums) {
    const double count = arrangements(product, sites);
    const Complex mean = sum.total / count;
    if (sum.count < count && std::abs(mean) > agreement * scale) return std::nullopt;
    if (std::abs(mean) > rounding * scale) orbits[product] = mean;
  }
  for (const auto& [product, value] : coefficients) {
    const auto orbit = orbits.find(ordered(product));
    const Complex mean = orbit == orbits.end() ? 0.0 : orbit->second;
    if (!(std::abs(value - mean) <= agreement * scale)) return std::nullopt;
  }
  return orbits;
}

SiteMatrix unit(Element element, int d) {
  SiteMatrix matrix(d, d);
  if (element == d * d - 1) {
    matrix.setIdentity();
  } else {
    matrix.insert(element / d, element % d) = 1.0;
  }
  return matrix;
}

// Sums of products of such elements over the members of an ensemble, with different members in each
// product.
class MemberSums {
 public:
  MemberSums(const Multiplets& multiplets, int d) : multiplets_(multiplets), d_(d) {}

  // The sum of A(i) B(j) ... and all other different arrangements.
  [[nodiscard]] SiteMatrix of(const Product& ordered) {
    Product acting;
    double repetitions = 1;
    for (auto same = ordered.begin(); same != ordered.end();) {
      const auto next = std::upper_bound(same, ordered.end(), *same);
      if (*same != d_ * d_ - 1) {
        acting.insert(acting.end(), same, next);
        repetitions *= factorial(next - same);
      }
      same = next;
    }
    if (multiplets_.is_limited() && acting.size() > 2) {
      throw InputError(
          fmt::format("a term names {} different members of an ensemble at once, for which all "
                      "coherences are needed; leave out `coherence`",
                      acting.size()));
    }
    return SiteMatrix(sum(acting) / Complex(repetitions));
  }

 private:
  // sum over i != j != ... of A(i) B(j) ... C(k) = (sum over i != j != ... of A(i) B(j) ...)
  // (sum_k C(k)) minus the terms in which k equals one of the others.
  const SiteMatrix& sum(const Product& ordered) {
    if (const auto known = known_.find(ordered); known != known_.end()) return known->second;
    if (ordered.empty())
      return known_[ordered] = SiteMatrix(one(d_ * d_ - 1) / Complex(multiplets_.spins()));
    const Element last = ordered.back();
    SiteMatrix all = one(last);
    if (ordered.size() > 1) {
      const Product others(ordered.begin(), ordered.end() - 1);
      all = SiteMatrix(sum(others) * all);
      for (std::size_t k = 0; k < others.size(); ++k) {
        if (others[k] % d_ != last / d_) continue;  // E_ab E_cd = 0 unless b = c
        all -= with(others, k, others[k] / d_ * d_ + last % d_);
      }
      all.prune([](auto /*row*/, auto /*column*/, Complex value) { return value != 0.0; });
    }
    return known_[ordered] = std::move(all);
  }

  // The sum with another element in place of the k-th one. The last diagonal element is the
  // identity minus all other diagonal elements.
  SiteMatrix with(Product product, std::size_t k, Element element) {
    product.erase(product.begin() + static_cast<std::ptrdiff_t>(k));
    const auto inserted = [&](Element e) {
      Product other = product;
      other.insert(std::upper_bound(other.begin(), other.end(), e), e);
      return sum(other);
    };
    if (element != d_ * d_ - 1) return inserted(element);
    const double left = multiplets_.spins() - static_cast<double>(product.size());
    SiteMatrix all = sum(product) * Complex(left);
    for (int row = 0; row + 1 < d_; ++row)
      all -= inserted(row * d_ + row);
    return all;
  }

  [[nodiscard]] SiteMatrix one(Element element) const {
    if (d_ == 2) return multiplets_.sum(Eigen::Matrix2cd(unit(element, d_)));
    return multiplets_.sum(Eigen::Matrix4cd(unit(element, d_)));
  }

  const Multiplets& multiplets_;
  int d_;
  std::map<Product, SiteMatrix> known_;
};

// Writes orbits as terms on `space`. Orbits that differ on only one site are combined into one
// term.
class Writer {
 public:
  Writer(const Space& space, const std::vector<Place>& sites, const std::vector<int>& dimensions)
      : space_(space), sites_(sites), dimensions_(dimensions) {
    for (int s = 0; s < space.sites(); ++s) {
      if (const auto& multiplets = space.group_of(s).multiplets)
        sums_.emplace(s, MemberSums(*multiplets, dimensions[sites[s].first]));
    }
  }

  void write(const Orbits& orbits, const Coefficient& function, std::vector<ProductTerm>& terms) {
    const int merged = site_to_merge(orbits);
    std::map<Product, SiteMatrix> matrices;
    for (const auto& [product, coefficient] : orbits) {
      SiteMatrix matrix = matrix_on(merged, product) * coefficient;
      const auto [found, is_new] = matrices.try_emplace(without(product, merged), matrix);
      if (!is_new) found->second += matrix;
    }
    for (const auto& [product, matrix] : matrices) {
      ProductTerm term{function, {}};
      for (int s = 0; s < space_.sites(); ++s) {
        if (s == merged) {
          term.factors.push_back({s, matrix, space_.group_of(s).multiplets});
        } else if (acts_on(s, product)) {
          term.factors.push_back({s, matrix_on(s, product), space_.group_of(s).multiplets});
        }
      }
      terms.push_back(std::move(term));
    }
  }

 private:
  [[nodiscard]] Product without(Product product, int site) const {
    const auto& [first, members] = sites_[site];
    for (int k = first; k < first + std::max(members, 1); ++k)
      product[k] = dimensions_[k] * dimensions_[k] - 1;
    return product;
  }
  [[nodiscard]] bool acts_on(int site, const Product& product) const {
    return without(product, site) != product;
  }
  [[nodiscard]] int site_to_merge(const Orbits& orbits) const {
    int best = 0;
    std::size_t fewest = 0;
    for (int s = 0; s < space_.sites(); ++s) {
      std::set<Product> others;
      for (const auto& [product, coefficient] : orbits)
        others.insert(without(product, s));
      if (s > 0 && others.size() >= fewest) continue;
      best = s;
      fewest = others.size();
    }
    return best;
  }
  [[nodiscard]] SiteMatrix matrix_on(int site, const Product& product) {
    const auto& [first, members] = sites_[site];
    if (members == 0) return unit(product[first], dimensions_[first]);
    const auto begin = product.begin() + first;
    return sums_.at(site).of(Product(begin, begin + members));
  }

  const Space& space_;
  const std::vector<Place>& sites_;
  const std::vector<int>& dimensions_;
  std::map<int, MemberSums> sums_;
};

// The dimension of the matrices on each site of the space with members; 1 if a site has none.
std::vector<int> dimensions_of(const std::vector<ProductTerm>& terms,
                               const std::vector<Place>& sites) {
  std::vector<int> dimensions(sites.back().first + std::max(sites.back().members, 1), 1);
  for (const auto& term : terms) {
    for (const Factor& factor : term.factors)
      dimensions[factor.site] = static_cast<int>(factor.matrix.rows());
  }
  for (const auto& [first, members] : sites) {
    const auto begin = dimensions.begin() + first;
    if (members > 0) std::fill(begin, begin + members, *std::max_element(begin, begin + members));
  }
  return dimensions;
}

}  // namespace

std::optional<std::vector<ProductTerm>> symmetrised_by_elements(
    const std::vector<ProductTerm>& terms, const Space& space) {
  const std::vector<Place> sites = places(space);
  const std::vector<int> dimensions = dimensions_of(terms, sites);
  std::map<std::string, std::pair<Coefficient, Coefficients>> by_function;
  for (const auto& term : terms) {
    auto& [function, coefficients] = by_function[term.coefficient.function_key()];
    function = term.coefficient.function_part();
    add_expanded(term, dimensions, coefficients);
  }
  Writer writer(space, sites, dimensions);
  std::vector<ProductTerm> written;
  for (const auto& [text, part] : by_function) {
    const auto orbits = orbits_of(part.second, sites);
    if (!orbits) return std::nullopt;
    writer.write(*orbits, part.first, written);
  }
  return written;
}

}  // namespace lindwurm
