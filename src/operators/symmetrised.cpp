#include "lindwurm/operators/symmetrised.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "lindwurm/backend/error.hpp"

namespace lindwurm {

namespace {

// Relative to the largest: coefficients that differ by less differ by rounding.
constexpr double rounding = 1e-12;
// Members of one ensemble in one product.
constexpr std::size_t most_members = 4;

bool same(const SiteMatrix& a, const SiteMatrix& b) {
  return a.rows() == b.rows() && (a - b).norm() == 0;
}

// Numbers for matrices: equal matrices have equal numbers.
class Matrices {
 public:
  int number(const SiteMatrix& matrix) {
    const auto known = std::find_if(all_.begin(), all_.end(),
                                    [&](const SiteMatrix& other) { return same(matrix, other); });
    if (known != all_.end()) return static_cast<int>(known - all_.begin());
    all_.push_back(matrix);
    return static_cast<int>(all_.size()) - 1;
  }
  [[nodiscard]] const SiteMatrix& operator[](int number) const { return all_[number]; }

 private:
  std::vector<SiteMatrix> all_;
};

// Of a site of `space`: the numbers of the matrices of different members, ascending; of a site that
// is no ensemble just one.
using Shape = std::map<int, std::vector<int>>;
// The members, in the same order, site by site.
using Members = std::vector<int>;

// Terms that differ in the members alone.
struct Alike {
  Coefficient function;
  std::map<Members, Complex> coefficients;
};

struct Place {
  int site;    // in the space with ensembles
  int member;  // -1 for a site that is no ensemble
};

std::vector<Place> places(const Space& space) {
  std::vector<Place> all;
  for (int s = 0; s < space.sites(); ++s) {
    const auto& multiplets = space.group_of(s).multiplets;
    if (!multiplets) all.push_back({s, -1});
    for (int member = 0; multiplets && member < multiplets->spins(); ++member)
      all.push_back({s, member});
  }
  return all;
}

double factorial(std::size_t n) { return std::tgamma(static_cast<double>(n) + 1); }

// In how many orders a list with repetitions can be written without changing it.
double repetitions(const std::vector<int>& ascending) {
  double product = 1;
  for (std::size_t k = 0; k < ascending.size();) {
    const auto last = std::upper_bound(ascending.begin(), ascending.end(), ascending[k]);
    const auto times = static_cast<std::size_t>(last - ascending.begin()) - k;
    product *= factorial(times);
    k += times;
  }
  return product;
}

// The number of ways to choose members of an ensemble of n for such matrices.
double ways(int n, const std::vector<int>& matrices) {
  double product = 1;
  for (std::size_t k = 0; k < matrices.size(); ++k)
    product *= static_cast<double>(n) - static_cast<double>(k);
  return product / repetitions(matrices);
}

SiteMatrix summed(const Multiplets& multiplets, const SiteMatrix& of_one) {
  if (of_one.rows() == 2) return multiplets.sum(Eigen::Matrix2cd(of_one));
  return multiplets.sum(Eigen::Matrix4cd(of_one));
}

// The sum of A_1(i_1) A_2(i_2) ... over members i_1, i_2, ... of which no two are equal.
SiteMatrix summed(const Multiplets& multiplets, std::vector<SiteMatrix> of_one) {
  const SiteMatrix last = std::move(of_one.back());
  of_one.pop_back();
  const SiteMatrix sum = summed(multiplets, last);
  if (of_one.empty()) return sum;
  SiteMatrix all = summed(multiplets, of_one) * sum;
  for (SiteMatrix& matrix : of_one) {
    const SiteMatrix kept = matrix;
    matrix = SiteMatrix(matrix * last);
    all -= summed(multiplets, of_one);
    matrix = kept;
  }
  return SiteMatrix(all.pruned());
}

class Symmetriser {
 public:
  explicit Symmetriser(const Space& space) : space_(space), places_(places(space)) {}

  void add(const ProductTerm& term) {
    std::map<int, std::vector<std::pair<int, int>>> at;  // site -> {matrix, member}
    for (const Factor& factor : term.factors) {
      const Place& place = places_[factor.site];
      at[place.site].emplace_back(matrices_.number(factor.matrix), place.member);
    }
    Shape shape;
    Members members;
    for (auto& [site, here] : at) {
      std::sort(here.begin(), here.end());
      for (const auto& [matrix, member] : here) {
        shape[site].push_back(matrix);
        members.push_back(member);
      }
    }
    Alike& alike = alike_[{term.coefficient.function_text(), std::move(shape)}];
    alike.function = term.coefficient.function_part();
    alike.coefficients[members] += term.coefficient.constant();
  }

  [[nodiscard]] std::vector<ProductTerm> terms() const {
    std::vector<ProductTerm> all;
    for (const auto& [key, alike] : alike_) {
      const Shape& shape = std::get<1>(key);
      const Complex coefficient = common_coefficient(shape, alike);
      if (coefficient == 0.0) continue;
      ProductTerm term{coefficient * alike.function, {}};
      for (const auto& [site, numbers] : shape)
        term.factors.push_back(factor(site, numbers));
      all.push_back(std::move(term));
    }
    return all;
  }

 private:
  [[nodiscard]] Factor factor(int site, const std::vector<int>& numbers) const {
    const auto& multiplets = space_.group_of(site).multiplets;
    if (!multiplets) return {site, matrices_[numbers.front()]};
    if (numbers.size() > most_members) {
      throw InputError(fmt::format(
          "a term names {} different members of the ensemble '{}' at once; at most {} are possible",
          numbers.size(), space_.site_name(site), most_members));
    }
    if (multiplets->is_limited() && numbers.size() > 2) {
      throw InputError(
          fmt::format("a term names {} different members of the ensemble '{}' at once, for which "
                      "all coherences "
                      "are needed; leave out `coherence`",
                      numbers.size(), space_.site_name(site)));
    }
    std::vector<SiteMatrix> of_one;
    for (int number : numbers)
      of_one.push_back(matrices_[number]);
    const SiteMatrix sum = summed(*multiplets, of_one);
    return {site, SiteMatrix(sum / Complex(repetitions(numbers))), multiplets};
  }

  [[nodiscard]] Complex common_coefficient(const Shape& shape, const Alike& alike) const {
    double expected = 1;
    for (const auto& [site, numbers] : shape) {
      const auto& multiplets = space_.group_of(site).multiplets;
      if (multiplets) expected *= ways(multiplets->spins(), numbers);
    }
    const auto by_size = [](const auto& a, const auto& b) {
      return std::abs(a.second) < std::abs(b.second);
    };
    const auto& coefficients = alike.coefficients;
    const auto largest = std::max_element(coefficients.begin(), coefficients.end(), by_size);
    const double allowed = rounding * std::abs(largest->second);
    for (const auto& [members, value] : coefficients) {
      if (!(std::abs(value - largest->second) <= allowed)) refuse(shape, *largest, members, value);
    }
    if (allowed > 0 && static_cast<double>(coefficients.size()) != expected)
      refuse(shape, *largest, {}, 0.0);
    return largest->second;
  }

  [[noreturn]] void refuse(const Shape& shape, const std::pair<const Members, Complex>& here,
                           const Members& there, Complex value) const {
    std::vector<std::string> ensembles;
    for (const auto& [site, numbers] : shape) {
      if (space_.group_of(site).multiplets) ensembles.push_back(space_.site_name(site));
    }
    throw InputError(fmt::format(
        "a term is not the same for all members of the ensemble '{}': {} with member{} {}, {} with "
        "{}; equal spins may not be told apart: write the term for the whole ensemble, make "
        "several ensembles, or use kind = \"spin\"",
        fmt::join(ensembles, "', '"), Coefficient(here.second).text(),
        here.first.size() == 1 ? "" : "s", fmt::join(own(here.first), ", "),
        Coefficient(value).text(),
        there.empty() ? "some others" : fmt::format("{}", fmt::join(own(there), ", "))));
  }

  // Without the sites that are no ensembles.
  [[nodiscard]] static Members own(Members members) {
    std::erase(members, -1);
    return members;
  }

  const Space& space_;
  std::vector<Place> places_;
  Matrices matrices_;
  std::map<std::pair<std::string, Shape>, Alike> alike_;
};

}  // namespace

template <typename Kind>
ProductSum<Kind> symmetrised(const ProductSum<Kind>& sum, const Space& space) {
  if (!space.has_ensembles()) return sum;
  Symmetriser symmetriser(space);
  for (const ProductTerm& term : sum.terms())
    symmetriser.add(term);
  return ProductSum<Kind>(symmetriser.terms());
}

template Operator symmetrised(const Operator&, const Space&);
template Superoperator symmetrised(const Superoperator&, const Space&);

}  // namespace lindwurm
