#include "lindwurm/operators/embedding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/rows.hpp"

namespace lindwurm {

namespace {

using Triplets = std::vector<Eigen::Triplet<Complex>>;

std::vector<int> dimensions_of(const std::vector<int>& sites, const Space& space) {
  std::vector<int> dimensions;
  for (int site : sites)
    dimensions.push_back(space.dimension(site));
  return dimensions;
}

// A basis state of the product, split into its state on the largest factor and the joint state on
// the others.
class SplitIndex {
 public:
  explicit SplitIndex(const std::vector<int>& dimensions) : dimensions_(dimensions) {
    inner_ = std::max_element(dimensions.begin(), dimensions.end()) - dimensions.begin();
    for (auto s = static_cast<std::ptrdiff_t>(dimensions.size()); s-- > 0;) {
      if (s > inner_) below_ *= dimensions[s];
    }
  }
  [[nodiscard]] std::size_t inner_factor() const { return static_cast<std::size_t>(inner_); }
  [[nodiscard]] int inner(std::int64_t index) const {
    return static_cast<int>(index / below_ % dimensions_[inner_]);
  }
  [[nodiscard]] std::int64_t outer(std::int64_t index) const {
    return index / (below_ * dimensions_[inner_]) * below_ + index % below_;
  }
  // The digits of an outer index, one for each factor except the inner one.
  [[nodiscard]] std::vector<int> digits(std::int64_t outer) const {
    std::vector<int> digits(dimensions_.size());
    for (std::size_t s = dimensions_.size(); s-- > 0;) {
      if (s == inner_factor()) continue;
      digits[s] = static_cast<int>(outer % dimensions_[s]);
      outer /= dimensions_[s];
    }
    return digits;
  }

 private:
  std::vector<int> dimensions_;
  std::ptrdiff_t inner_ = 0;
  std::int64_t below_ = 1;
};

SiteMatrix unit(int row, int column, int dimension) {
  SiteMatrix matrix(dimension, dimension);
  matrix.insert(row, column) = 1.0;
  return matrix;
}

// One term for each pair of outer states between which the matrix has entries.
std::vector<ProductTerm> expanded(const Triplets& entries, const std::vector<int>& sites,
                                  const std::vector<int>& dimensions) {
  const SplitIndex split(dimensions);
  std::map<std::pair<std::int64_t, std::int64_t>, Triplets> blocks;
  for (const auto& entry : entries) {
    blocks[{split.outer(entry.row()), split.outer(entry.col())}].emplace_back(
        split.inner(entry.row()), split.inner(entry.col()), entry.value());
  }
  std::vector<ProductTerm> terms;
  for (const auto& [outer, block] : blocks) {
    const auto rows = split.digits(outer.first);
    const auto columns = split.digits(outer.second);
    ProductTerm term;
    for (std::size_t s = 0; s < sites.size(); ++s) {
      SiteMatrix matrix(dimensions[s], dimensions[s]);
      if (s == split.inner_factor()) {
        matrix.setFromTriplets(block.begin(), block.end());
      } else {
        matrix = unit(rows[s], columns[s], dimensions[s]);
      }
      term.factors.push_back({sites[s], std::move(matrix)});
    }
    terms.push_back(std::move(term));
  }
  return terms;
}

// Converts the index m D + n of the whole product to the product of the sites' own indices m d + n.
std::int64_t interleaved(std::int64_t m, std::int64_t n, const std::vector<int>& dimensions) {
  std::int64_t index = 0;
  std::int64_t stride = 1;
  for (std::size_t s = dimensions.size(); s-- > 0;) {
    const int d = dimensions[s];
    index += (m % d * d + n % d) * stride;
    stride *= static_cast<std::int64_t>(d) * d;
    m /= d;
    n /= d;
  }
  return index;
}

}  // namespace

Eigen::VectorXd log_copies(const Space& space, const std::vector<int>& sites) {
  if (std::none_of(sites.begin(), sites.end(),
                   [&](int site) { return space.group_of(site).kind == SiteKind::ensemble; })) {
    return {};
  }
  Eigen::VectorXd all = Eigen::VectorXd::Zero(1);
  for (int site : sites) {
    const int d = space.dimension(site);
    Eigen::VectorXd wider(all.size() * d);
    for (Eigen::Index k = 0; k < wider.size(); ++k)
      wider[k] = all[k / d] + space.log_copies(site, static_cast<int>(k % d));
    all = std::move(wider);
  }
  return all;
}

std::vector<int> support(const Operator& a) {
  std::set<int> sites;
  for (const auto& term : a.terms()) {
    for (const auto& factor : term.factors)
      sites.insert(factor.site);
  }
  return {sites.begin(), sites.end()};
}

Eigen::MatrixXcd matrix_on(const std::vector<int>& sites, const Operator& a, const Space& space) {
  const auto dimensions = dimensions_of(sites, space);
  std::vector<ProductTerm> terms = a.terms();
  for (auto& term : terms) {
    if (!term.coefficient.is_constant()) {
      throw InputError(fmt::format("it depends on time through {}", term.coefficient.text()));
    }
    for (auto& factor : term.factors) {
      const auto found = std::find(sites.begin(), sites.end(), factor.site);
      if (found == sites.end()) {
        throw InputError(fmt::format("it acts on '{}'", space.site_name(factor.site)));
      }
      factor.site = static_cast<int>(found - sites.begin());
    }
  }
  std::int64_t dimension = 1;
  for (int d : dimensions)
    dimension *= d;
  Eigen::MatrixXcd matrix = Eigen::MatrixXcd::Zero(dimension, dimension);
  RowReader reader(terms, dimensions);
  for (std::int64_t row = 0; row < dimension; ++row) {
    reader.read(row, [&](std::size_t term, std::int64_t column, Complex value) {
      matrix(row, column) += terms[term].coefficient.constant() * value;
    });
  }
  return matrix;
}

Operator operator_on(const std::vector<int>& sites, const Eigen::MatrixXcd& matrix,
                     const Space& space) {
  Triplets entries;
  for (int row = 0; row < matrix.rows(); ++row) {
    for (int column = 0; column < matrix.cols(); ++column) {
      if (matrix(row, column) != 0.0) entries.emplace_back(row, column, matrix(row, column));
    }
  }
  return Operator(expanded(entries, sites, dimensions_of(sites, space)));
}

Superoperator superoperator_on(const std::vector<int>& sites, const SiteMatrix& map,
                               const Space& space) {
  const auto dimensions = dimensions_of(sites, space);
  std::int64_t dimension = 1;
  std::vector<int> squared;
  for (int d : dimensions) {
    dimension *= d;
    squared.push_back(d * d);
  }
  const auto index = [&](std::int64_t k) {
    return static_cast<int>(interleaved(k / dimension, k % dimension, dimensions));
  };
  Triplets entries;
  for (int row = 0; row < map.outerSize(); ++row) {
    for (SiteMatrix::InnerIterator it(map, row); it; ++it)
      entries.emplace_back(index(row), index(it.col()), it.value());
  }
  return Superoperator(expanded(entries, sites, squared));
}

}  // namespace lindwurm
