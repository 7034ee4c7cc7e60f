#include "lindwurm/liouville/charges.hpp"

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <map>
#include <optional>
#include <utility>

#include "total_charges.hpp"

namespace lindwurm {

namespace {

// An integer combination of generators.
using Combination = std::map<int, std::int64_t>;

void add(Combination& to, const Combination& what, std::int64_t times) {
  for (const auto& [generator, count] : what) {
    if ((to[generator] += times * count) == 0) to.erase(generator);
  }
}

// The entries of a site matrix as (row, column), in one order.
using Pattern = std::vector<std::pair<int, int>>;

Pattern pattern_of(const Factor& factor, const ElementSpace& elements, bool mirrored) {
  const auto mirror = [&](int e) { return mirrored ? elements.mirror(factor.site, e) : e; };
  const SiteMatrix& matrix = factor.matrix;
  Pattern pattern;
  for (int row = 0; row < matrix.outerSize(); ++row) {
    for (SiteMatrix::InnerIterator it(matrix, row); it; ++it) {
      if (it.value() != 0.0) pattern.emplace_back(mirror(row), mirror(static_cast<int>(it.col())));
    }
  }
  std::sort(pattern.begin(), pattern.end());
  return pattern;
}

// One site: what its elements' charges are in terms of the shifts that its patterns make.
struct SiteCharges {
  std::map<Pattern, int> shifts;  // pattern -> generator of its shift
  std::vector<Combination> element;
  std::vector<int> component;
};

// Walks each connected component of the site's elements from its first element; an edge that closes
// a loop gives a relation between the shifts.
void walk(SiteCharges& site, int dimension, std::vector<Combination>& relations) {
  struct Edge {
    int to;
    int shift;
    int sign;
  };
  std::vector<std::vector<Edge>> edges(dimension);
  for (const auto& [pattern, shift] : site.shifts) {
    for (const auto& [row, column] : pattern) {
      edges[column].push_back({row, shift, 1});
      edges[row].push_back({column, shift, -1});
    }
  }
  site.element.resize(dimension);
  site.component.assign(dimension, -1);
  std::set<Combination> loops;
  int components = 0;
  for (int root = 0; root < dimension; ++root) {
    if (site.component[root] >= 0) continue;
    site.component[root] = components;
    std::deque<int> open{root};
    while (!open.empty()) {
      const int e = open.front();
      open.pop_front();
      for (const Edge& edge : edges[e]) {
        Combination reached = site.element[e];
        add(reached, {{edge.shift, 1}}, edge.sign);
        if (site.component[edge.to] < 0) {
          site.component[edge.to] = components;
          site.element[edge.to] = std::move(reached);
          open.push_back(edge.to);
        } else {
          add(reached, site.element[edge.to], -1);
          if (!reached.empty()) loops.insert(std::move(reached));
        }
      }
    }
    ++components;
  }
  relations.insert(relations.end(), loops.begin(), loops.end());
}

using IntegerMatrix = std::vector<std::vector<std::int64_t>>;

// Z^g modulo the rows of `relations`: coordinates of each generator and their moduli (0: integer).
struct Quotient {
  std::vector<int> moduli;
  std::vector<Charge> generator;
};

constexpr std::int64_t too_large = std::int64_t{1} << 30;

// Smith normal form by elementary steps on rows and columns; the columns' steps are kept. None if
// the numbers grow beyond all physics.
std::optional<Quotient> quotient(const std::vector<Combination>& relations, int generators) {
  IntegerMatrix a;
  for (const auto& relation : relations) {
    std::vector<std::int64_t> row(generators, 0);
    for (const auto& [generator, count] : relation)
      row[generator] = count;
    a.push_back(std::move(row));
  }
  IntegerMatrix columns(generators, std::vector<std::int64_t>(generators, 0));
  for (int g = 0; g < generators; ++g)
    columns[g][g] = 1;
  const auto subtract_column = [&](int from, int what, std::int64_t times) {
    bool is_small = true;
    for (IntegerMatrix* matrix : {&a, &columns}) {
      for (auto& row : *matrix) {
        row[from] -= times * row[what];
        is_small = is_small && std::abs(row[from]) < too_large;
      }
    }
    return is_small;
  };
  int rank = 0;
  while (rank < generators) {
    // The smallest entry left becomes the pivot; what it does not divide leaves smaller entries.
    std::int64_t least = 0;
    int pivot_row = -1;
    int pivot_column = -1;
    for (int row = rank; row < static_cast<int>(a.size()) && least != 1; ++row) {
      for (int column = rank; column < generators; ++column) {
        const std::int64_t size = std::abs(a[row][column]);
        if (size != 0 && (least == 0 || size < least)) {
          least = size;
          pivot_row = row;
          pivot_column = column;
        }
      }
    }
    if (least == 0) break;
    std::swap(a[rank], a[pivot_row]);
    for (IntegerMatrix* matrix : {&a, &columns}) {
      for (auto& row : *matrix)
        std::swap(row[rank], row[pivot_column]);
    }
    bool is_clean = true;
    for (int row = rank + 1; row < static_cast<int>(a.size()); ++row) {
      const std::int64_t times = a[row][rank] / a[rank][rank];
      if (times != 0) {
        for (int column = rank; column < generators; ++column) {
          a[row][column] -= times * a[rank][column];
          if (std::abs(a[row][column]) >= too_large) return std::nullopt;
        }
      }
      is_clean = is_clean && a[row][rank] == 0;
    }
    for (int column = rank + 1; column < generators; ++column) {
      const std::int64_t times = a[rank][column] / a[rank][rank];
      if (times != 0 && !subtract_column(column, rank, times)) return std::nullopt;
      is_clean = is_clean && a[rank][column] == 0;
    }
    if (is_clean) ++rank;
  }
  Quotient result;
  result.generator.resize(generators);
  for (int column = 0; column < generators; ++column) {
    const std::int64_t modulus = column < rank ? std::abs(a[column][column]) : 0;
    if (modulus == 1) continue;
    result.moduli.push_back(static_cast<int>(modulus));
    for (int g = 0; g < generators; ++g) {
      const std::int64_t value = columns[g][column];
      result.generator[g].push_back(
          static_cast<int>(modulus == 0 ? value : (value % modulus + modulus) % modulus));
    }
  }
  return result;
}

}  // namespace

Charges::Charges(ElementSpace elements) : elements_(std::move(elements)) {
  for (int dimension : elements_.dimensions())
    sites_.push_back(site_of(std::vector<Charge>(dimension)));
}

Charges::Site Charges::site_of(const std::vector<Charge>& elements) {
  Site site;
  std::map<Charge, int> known;
  auto of_element = std::make_shared<std::vector<int>>();
  for (const Charge& charge : elements) {
    const auto [found, is_new] = known.try_emplace(charge, static_cast<int>(site.values.size()));
    if (is_new) site.values.push_back(charge);
    of_element->push_back(found->second);
  }
  site.of_element = std::move(of_element);
  return site;
}

Charges::Charges(const std::vector<ProductTerm>& terms, ElementSpace elements)
    : elements_(std::move(elements)) {
  const auto& dimensions = elements_.dimensions();
  std::vector<SiteCharges> sites(dimensions.size());
  std::vector<Combination> relations;
  int generators = 0;
  std::set<std::set<int>> rules;
  for (const auto& term : terms) {
    // A term's mirror is as much part of L as the term is.
    for (const bool mirrored : {false, true}) {
      std::set<int> rule;
      for (const Factor& factor : term.factors) {
        const auto pattern = pattern_of(factor, elements_, mirrored);
        const auto [shift, is_new] = sites[factor.site].shifts.try_emplace(pattern, generators);
        if (is_new) ++generators;
        rule.insert(shift->second);
      }
      rules.insert(std::move(rule));
    }
  }
  for (const auto& rule : rules) {
    Combination sum;
    for (int shift : rule)
      sum[shift] = 1;
    if (!sum.empty()) relations.push_back(std::move(sum));
  }
  for (std::size_t s = 0; s < sites.size(); ++s)
    walk(sites[s], dimensions[s], relations);

  const auto group = quotient(relations, generators);
  if (group) moduli_ = group->moduli;
  // Components of a site that no term connects: one label more for each site that has several.
  std::vector<int> label(sites.size(), -1);
  for (std::size_t s = 0; s < sites.size(); ++s) {
    if (*std::max_element(sites[s].component.begin(), sites[s].component.end()) == 0) continue;
    label[s] = static_cast<int>(moduli_.size());
    moduli_.push_back(0);
  }
  for (std::size_t s = 0; s < sites.size(); ++s) {
    std::vector<Charge> of_site;
    for (int e = 0; e < dimensions[s]; ++e) {
      Charge charge(moduli_.size(), 0);
      if (group) {
        for (const auto& [generator, count] : sites[s].element[e]) {
          for (std::size_t c = 0; c < group->moduli.size(); ++c) {
            charge[c] += static_cast<int>(count) * group->generator[generator][c];
          }
        }
      }
      if (label[s] >= 0) charge[label[s]] = sites[s].component[e];
      of_site.push_back(sum(charge, none()));
    }
    sites_.push_back(site_of(of_site));
  }
  while (!has_few_values())
    forget_last();
}

Charge Charges::sum(const Charge& a, const Charge& b) const {
  Charge total(moduli_.size());
  for (std::size_t c = 0; c < moduli_.size(); ++c) {
    total[c] = a[c] + b[c];
    if (moduli_[c] != 0) total[c] = (total[c] % moduli_[c] + moduli_[c]) % moduli_[c];
  }
  return total;
}

void Charges::forget_last() {
  moduli_.pop_back();
  for (Site& site : sites_) {
    for (Charge& charge : site.values)
      charge.pop_back();
  }
}

bool Charges::has_few_values() const {
  return total_charges(*this, is_any, most_values).size() <= most_values;
}

}  // namespace lindwurm
