#include "lindwurm/operators/symmetrised.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/known_matrices.hpp"
#include "symmetric_elements.hpp"

namespace lindwurm {

namespace {

// The rounding error relative to the largest number that was added up. Coefficients that differ by
// less are equal.
constexpr double rounding = 1e-12;
// The same for the elements of matrices.
constexpr double rounding_of_matrices = 1e-14;
// The largest number of members of one ensemble in one product.
constexpr std::size_t most_members = 4;
// The largest number of members of all ensembles together, for sums that are not symmetric as
// written.
constexpr int most_expanded_members = 8;

bool same(const SiteMatrix& a, const SiteMatrix& b) {
  return a.rows() == b.rows() && (a - b).norm() <= rounding_of_matrices * a.norm();
}

// Numbers the matrices. Equal matrices have the same number.
class Matrices {
 public:
  int number(const SiteMatrix& matrix) {
    const std::size_t number = known_.find_or_add(
        matrix, all_.size(), [&](std::size_t other) { return same(matrix, all_[other]); });
    if (number == all_.size()) all_.push_back(matrix);
    return static_cast<int>(number);
  }
  [[nodiscard]] const SiteMatrix& operator[](int number) const { return all_[number]; }

 private:
  std::vector<SiteMatrix> all_;
  KnownMatrices known_;
};

// For each site of `space`: the numbers of the matrices of different members, ascending. A site
// that is not an ensemble has just one.
using Shape = std::map<int, std::vector<int>>;
// The members in the same order, site by site.
using Members = std::vector<int>;

// Terms that differ only in their members.
struct Alike {
  Coefficient function;
  std::map<Members, Complex> coefficients;
  double largest = 0;  // the largest of the numbers that were added up
};

struct Place {
  int site;    // the site in the space with ensembles
  int member;  // -1 for a site that is not an ensemble
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

// The number of orders in which a list with repetitions can be written without changing it.
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

// The number of ways to choose members for such matrices from an ensemble of n.
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

// The sum of A_1(i_1) A_2(i_2) ... over different members i_1, i_2, ...
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
    Alike& alike = alike_[{term.coefficient.function_key(), std::move(shape)}];
    alike.function = term.coefficient.function_part();
    alike.coefficients[members] += term.coefficient.constant();
    alike.largest = std::max(alike.largest, std::abs(term.coefficient.constant()));
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
    const double allowed = rounding * alike.largest;
    for (const auto& [members, value] : coefficients) {
      if (!(std::abs(value - largest->second) <= allowed)) refuse(shape, *largest, members, value);
    }
    if (std::abs(largest->second) <= allowed) return 0.0;
    if (static_cast<double>(coefficients.size()) != expected) refuse(shape, *largest, {}, 0.0);
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

  // Removes the entries of sites that are not ensembles.
  [[nodiscard]] static Members own(Members members) {
    std::erase(members, -1);
    return members;
  }

  const Space& space_;
  std::vector<Place> places_;
  Matrices matrices_;
  std::map<std::pair<std::string, Shape>, Alike> alike_;
};

// True if there are no members that could be exchanged.
bool has_single_spins_alone(const Space& space) {
  return std::all_of(space.groups().begin(), space.groups().end(), [](const Group& group) {
    return !group.multiplets || group.multiplets->spins() == 1;
  });
}

// The terms on the states of ensembles of one spin each, factor by factor.
std::vector<ProductTerm> of_single_spins(std::vector<ProductTerm> terms, const Space& space) {
  for (ProductTerm& term : terms) {
    for (Factor& factor : term.factors) {
      factor.multiplets = space.group_of(factor.site).multiplets;
      if (factor.multiplets) factor.matrix = summed(*factor.multiplets, factor.matrix);
    }
  }
  return terms;
}

int members_of_ensembles(const Space& space) {
  int members = 0;
  for (const Group& group : space.groups())
    members += group.multiplets ? group.multiplets->spins() : 0;
  return members;
}

}  // namespace

template <typename Kind>
ProductSum<Kind> symmetrised(const ProductSum<Kind>& sum, const Space& space) {
  if (!space.has_ensembles()) return sum;
  if (has_single_spins_alone(space)) return ProductSum<Kind>(of_single_spins(sum.terms(), space));
  Symmetriser symmetriser(space);
  for (const ProductTerm& term : sum.terms())
    symmetriser.add(term);
  try {
    return ProductSum<Kind>(symmetriser.terms());
  } catch (const InputError&) {
    // The sum may be symmetric although its terms, as they are written, are not.
    if (members_of_ensembles(space) > most_expanded_members) throw;
    if (auto terms = symmetrised_by_elements(sum.terms(), space))
      return ProductSum<Kind>(std::move(*terms));
    throw;
  }
}

template Operator symmetrised(const Operator&, const Space&);
template Superoperator symmetrised(const Superoperator&, const Space&);

}  // namespace lindwurm
