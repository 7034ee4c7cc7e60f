#include "lindwurm/sectors/charges.hpp"

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "total_charges.hpp"

namespace lindwurm {

namespace {

// An integer linear combination of generators.
using Combination = std::map<int, std::int64_t>;

void add(Combination& to, const Combination& what, std::int64_t times) {
  for (const auto& [generator, count] : what) {
    if ((to[generator] += times * count) == 0) to.erase(generator);
  }
}

// The entries of a site matrix as (row, column), in a fixed order.
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

// The charges of one site's elements, as combinations of the shifts that its patterns make.
struct SiteCharges {
  std::map<Pattern, int> shifts;  // pattern -> generator of its shift
  std::vector<Combination> element;
  std::vector<int> component;
};

// Traverses each connected component of the site's elements from its first element. An edge that
// closes a loop gives a relation between the shifts.
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

// Z^g modulo the rows of `relations`: the coordinates of each generator, and their moduli (0 means
// integer).
struct Quotient {
  std::vector<int> moduli;
  std::vector<Charge> generator;
};

constexpr std::int64_t too_large = std::int64_t{1} << 30;

// Smith normal form by elementary operations on rows and columns; those on columns are recorded.
// Empty if the numbers become unreasonably large.
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
    // The smallest remaining entry becomes the pivot. Entries that it does not divide leave smaller
    // remainders.
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
  set({});
  totals_ = std::make_shared<const std::map<Charge, double>>(total_charges(*this, is_any));
}

Charges::Charges(const std::vector<ProductTerm>& terms, ElementSpace elements,
                 std::size_t most_values)
    : elements_(std::move(elements)) {
  const std::vector<Column> columns = finest(terms);
  set(columns);
  auto totals = total_charges(*this, is_any, most_values);
  if (totals.size() > most_values) {
    are_coarsened_ = true;
    coarsen(columns, most_values);
    totals = total_charges(*this, is_any);
  }
  totals_ = std::make_shared<const std::map<Charge, double>>(std::move(totals));
}

std::vector<Charges::Column> Charges::finest(const std::vector<ProductTerm>& terms) const {
  const auto& dimensions = elements_.dimensions();
  std::vector<SiteCharges> sites(dimensions.size());
  std::vector<Combination> relations;
  int generators = 0;
  std::set<std::set<int>> rules;
  for (const auto& term : terms) {
    // The mirror of each term is part of L as well.
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

  std::vector<std::vector<int>> none;
  for (int dimension : dimensions)
    none.emplace_back(dimension, 0);
  std::vector<Column> columns;
  if (const auto group = quotient(relations, generators)) {
    for (std::size_t c = 0; c < group->moduli.size(); ++c) {
      Column& column = columns.emplace_back(Column{group->moduli[c], none});
      for (std::size_t s = 0; s < sites.size(); ++s) {
        for (int e = 0; e < dimensions[s]; ++e) {
          for (const auto& [generator, count] : sites[s].element[e])
            column.of_element[s][e] += static_cast<int>(count) * group->generator[generator][c];
        }
      }
    }
  }
  // Components of a site that no term connects. Each site with several components gets an
  // additional label.
  for (std::size_t s = 0; s < sites.size(); ++s) {
    if (*std::max_element(sites[s].component.begin(), sites[s].component.end()) == 0) continue;
    columns.push_back({0, none, static_cast<int>(s)});
    columns.back().of_element[s] = sites[s].component;
  }
  return columns;
}

void Charges::set(const std::vector<Column>& columns) {
  moduli_.clear();
  for (const Column& column : columns)
    moduli_.push_back(column.modulus);
  std::vector<Site> sites(elements_.sites());
  for (int s = 0; s < elements_.sites(); ++s) {
    std::map<Charge, int> known;
    for (int e = 0; e < elements_.dimensions()[s]; ++e) {
      Charge charge;
      for (const Column& column : columns)
        charge.push_back(column.of_element[s][e]);
      charge = sum(charge, none());
      const auto [found, is_new] = known.try_emplace(charge, static_cast<int>(known.size()));
      if (is_new) sites[s].values.push_back(charge);
      sites[s].of_element.push_back(found->second);
    }
  }
  sites_ = std::make_shared<const std::vector<Site>>(std::move(sites));
}

Charge Charges::sum(const Charge& a, const Charge& b) const {
  Charge total(moduli_.size());
  for (std::size_t c = 0; c < moduli_.size(); ++c) {
    total[c] = a[c] + b[c];
    if (moduli_[c] != 0) total[c] = (total[c] % moduli_[c] + moduli_[c]) % moduli_[c];
  }
  return total;
}

Charge Charges::difference(const Charge& a, const Charge& b) const {
  Charge negative(b.size());
  std::transform(b.begin(), b.end(), negative.begin(), std::negate<>());
  return sum(a, negative);
}

}  // namespace lindwurm
