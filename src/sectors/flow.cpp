#include "lindwurm/sectors/flow.hpp"

#include <algorithm>
#include <deque>
#include <iterator>
#include <utility>

#include "total_charges.hpp"

namespace lindwurm {

namespace {

// Entries of a square matrix, ascending: row * dimension + column.
using Entries = std::vector<std::int64_t>;

Entries entries_of(const SiteMatrix& matrix) {
  Entries entries;
  for (int row = 0; row < matrix.outerSize(); ++row) {
    for (SiteMatrix::InnerIterator it(matrix, row); it; ++it)
      if (it.value() != 0.0) entries.push_back(row * matrix.cols() + it.col());
  }
  std::sort(entries.begin(), entries.end());
  return entries;
}

Entries transposed(Entries entries, std::int64_t dimension) {
  for (std::int64_t& entry : entries)
    entry = entry % dimension * dimension + entry / dimension;
  std::sort(entries.begin(), entries.end());
  return entries;
}

bool is_diagonal(const Entries& entries, std::int64_t dimension) {
  return std::all_of(entries.begin(), entries.end(),
                     [&](std::int64_t entry) { return entry / dimension == entry % dimension; });
}

// The entries of a term's factors, site by site.
using Pattern = std::vector<std::pair<int, Entries>>;

// The position of the only factor that is not diagonal; -1 if there is none or more than one.
int moving_factor(const ProductTerm& term, const Pattern& pattern) {
  int found = -1;
  for (std::size_t k = 0; k < pattern.size(); ++k) {
    if (is_diagonal(pattern[k].second, term.factors[k].matrix.cols())) continue;
    if (found >= 0) return -1;
    found = static_cast<int>(k);
  }
  return found;
}

Pattern without(Pattern pattern, int place) {
  pattern[place].second.clear();
  return pattern;
}

// The entries of the matrix that are in the list, or those that are not.
SiteMatrix restricted(SiteMatrix matrix, const Entries& entries, bool to_others) {
  const std::int64_t dimension = matrix.cols();
  matrix.prune([&](Eigen::Index row, Eigen::Index column, const Complex& value) {
    const bool is_there =
        std::binary_search(entries.begin(), entries.end(), row * dimension + column);
    return value != 0.0 && is_there != to_others;
  });
  return matrix;
}

// The terms, or parts of terms, that act in both directions, and the others.
struct Directions {
  std::vector<ProductTerm> both_ways;
  std::vector<ProductTerm> one_way;
};

// Sorts terms by direction. Terms in which one site changes are compared entry by entry, together
// with all similar ones. A product in which several sites change is compared as a whole. A term
// that acts in both directions without being recognised counts as one-way, which only costs time.
class Sorter {
 public:
  explicit Sorter(const std::vector<ProductTerm>& terms) {
    for (const ProductTerm& term : terms) {
      Pattern pattern;
      for (const Factor& factor : term.factors)
        pattern.emplace_back(factor.site, entries_of(factor.matrix));
      const int place = moving_factor(term, pattern);
      if (place >= 0) {
        Entries& all = moves_[without(pattern, place)];
        Entries more;
        std::set_union(all.begin(), all.end(), pattern[place].second.begin(),
                       pattern[place].second.end(), std::back_inserter(more));
        all = std::move(more);
      } else {
        products_.insert(pattern);
      }
      terms_.push_back({&term, std::move(pattern), place});
    }
  }

  [[nodiscard]] Directions sorted() const {
    Directions directions;
    for (const auto& [term, pattern, place] : terms_) {
      if (place >= 0) {
        sort_entries(*term, pattern, place, directions);
      } else {
        (leads_back(*term, pattern) ? directions.both_ways : directions.one_way).push_back(*term);
      }
    }
    return directions;
  }

 private:
  struct Known {
    const ProductTerm* term;
    Pattern pattern;
    int moving;
  };

  void sort_entries(const ProductTerm& term, const Pattern& pattern, int place,
                    Directions& directions) const {
    const Entries& all = moves_.at(without(pattern, place));
    const Entries back = transposed(all, term.factors[place].matrix.cols());
    Entries both;
    std::set_intersection(all.begin(), all.end(), back.begin(), back.end(),
                          std::back_inserter(both));
    if (both.size() == all.size()) {
      directions.both_ways.push_back(term);
      return;
    }
    for (const bool is_one_way : {false, true}) {
      ProductTerm part = term;
      part.factors[place].matrix = restricted(part.factors[place].matrix, both, is_one_way);
      if (part.factors[place].matrix.nonZeros() == 0) continue;
      (is_one_way ? directions.one_way : directions.both_ways).push_back(std::move(part));
    }
  }

  [[nodiscard]] bool leads_back(const ProductTerm& term, const Pattern& pattern) const {
    Pattern back = pattern;
    for (std::size_t k = 0; k < back.size(); ++k)
      back[k].second = transposed(std::move(back[k].second), term.factors[k].matrix.cols());
    return products_.contains(back);
  }

  std::vector<Known> terms_;
  std::set<Pattern> products_;
  std::map<Pattern, Entries> moves_;  // sorted by the other factors, which are diagonal
};

// `step` returns the neighbours of a charge that are not yet known.
template <typename Step>
Sector closure(Sector sector, Step step) {
  std::deque<Charge> open(sector.values.begin(), sector.values.end());
  while (!open.empty()) {
    for (Charge& next : step(open.front(), sector.values)) {
      open.push_back(next);
      sector.values.insert(std::move(next));
    }
    open.pop_front();
  }
  return sector;
}

}  // namespace

Flow::Flow(const std::vector<ProductTerm>& terms, const ElementSpace& elements,
           const Subdivision& subdivision)
    : conserved_(terms, elements, subdivision.most_charges) {
  // If a site has more elements than there may be finer charges, these are expensive and of little
  // use.
  const auto& dimensions = elements.dimensions();
  if (static_cast<std::size_t>(*std::max_element(dimensions.begin(), dimensions.end())) >
      subdivision.most_finer_charges)
    return;
  const Directions directions = Sorter(terms).sorted();
  if (directions.one_way.empty() && !conserved_.are_coarsened()) return;
  Charges finer =
      Charges::changed_by_others({directions.both_ways, elements, subdivision.most_finer_charges});
  if (finer.totals().size() <= conserved_.totals().size()) return;
  ChargeGraph graph(directions.one_way, finer);
  finer_.emplace(Finer{std::move(finer), std::move(graph)});
}

Sector Flow::smallest(const Region& region) const {
  Sector sector = region(conserved_);
  if (!finer_) return sector;
  Sector finer = region(finer_->charges);
  return size(finer) < size(sector) ? finer : sector;
}

Sector Flow::reached_from(Sector sector) const {
  if (sector.charges.are_conserved()) return sector;
  return closure(std::move(sector), [&](const Charge& charge, const std::set<Charge>& known) {
    return finer_->graph.after(charge, known);
  });
}

Sector Flow::leading_to(Sector sector) const {
  if (sector.charges.are_conserved()) return sector;
  return closure(std::move(sector), [&](const Charge& charge, const std::set<Charge>& known) {
    return finer_->graph.before(charge, known);
  });
}

// Tarjan's algorithm. Each component comes after those that it leads to.
std::vector<std::set<Charge>> Flow::components(const std::set<Charge>& values) const {
  struct Node {
    int number;
    int lowest;
    bool is_open;
  };
  struct Visit {
    Charge charge;
    std::vector<Charge> next;
    std::size_t done = 0;
  };
  std::map<Charge, Node> nodes;
  std::vector<Charge> open;
  std::vector<std::set<Charge>> found;
  const auto enter = [&](const Charge& charge) {
    const auto number = static_cast<int>(nodes.size());
    nodes[charge] = {number, number, true};
    open.push_back(charge);
    return Visit{charge, finer_->graph.after(charge)};
  };
  for (const Charge& root : values) {
    if (nodes.contains(root)) continue;
    std::vector<Visit> visits{enter(root)};
    while (!visits.empty()) {
      Visit& visit = visits.back();
      Node& here = nodes[visit.charge];
      if (visit.done < visit.next.size()) {
        const Charge next = visit.next[visit.done++];
        if (!values.contains(next)) continue;
        const auto known = nodes.find(next);
        if (known == nodes.end()) {
          visits.push_back(enter(next));
        } else if (known->second.is_open) {
          here.lowest = std::min(here.lowest, known->second.number);
        }
        continue;
      }
      if (here.lowest == here.number) {
        auto& component = found.emplace_back();
        do {
          component.insert(open.back());
          nodes[open.back()].is_open = false;
          open.pop_back();
        } while (!component.contains(visit.charge));
      }
      const int lowest = here.lowest;
      visits.pop_back();
      if (visits.empty()) continue;
      Node& before = nodes[visits.back().charge];
      before.lowest = std::min(before.lowest, lowest);
    }
  }
  return found;
}

Sector Flow::recurrent_in(const Charges& charges) const {
  const Sector diagonal = sector_of_diagonal(charges);
  if (charges.are_conserved()) return diagonal;
  const Sector reached = reached_from(diagonal);
  Sector kept{charges, {}};
  for (const std::set<Charge>& component : components(reached.values)) {
    const bool is_left = std::any_of(component.begin(), component.end(), [&](const Charge& c) {
      return !finer_->graph.after(c, component).empty();
    });
    if (!is_left) kept.values.insert(component.begin(), component.end());
  }
  // Without a population there is no state.
  return intersection(kept, diagonal).values.empty() ? reached : kept;
}

Sector Flow::recurrent() const {
  return smallest([&](const Charges& charges) { return recurrent_in(charges); });
}

namespace {

// The largest number of combinations of charges over the sites.
constexpr std::size_t most_triples = 100000;

// The charges of elements |m><n| for which both |m><m| and |n><n| lie in a sector; empty if there
// are too many combinations.
std::optional<std::set<Charge>> between_populations(const Sector& sector) {
  const Charges& charges = sector.charges;
  const Space& space = charges.elements().space();
  std::vector<Totals> sites(space.sites());
  for (int s = 0; s < space.sites(); ++s) {
    for (int e = 0; e < space.elements(s); ++e) {
      const auto [m, n] = space.states(s, e);
      sites[s][side_by_side({charges.of(s, space.element(s, m, m)),
                             charges.of(s, space.element(s, n, n)), charges.of(s, e)})] = 1;
    }
  }
  const auto& moduli = charges.moduli();
  const Totals triples =
      sums_over_sites(sites, side_by_side({moduli, moduli, moduli}), most_triples);
  if (triples.size() > most_triples) return std::nullopt;
  std::set<Charge> found;
  for (const auto& [triple, ways] : triples) {
    if (sector.values.contains(part_of(triple, 0, moduli.size())) &&
        sector.values.contains(part_of(triple, 1, moduli.size())))
      found.insert(part_of(triple, 2, moduli.size()));
  }
  return found;
}

bool touches(const std::set<Charge>& a, const std::set<Charge>& b) {
  return std::any_of(a.begin(), a.end(), [&](const Charge& charge) { return b.contains(charge); });
}

}  // namespace

// L is triangular in the components, so each component can be treated separately. The stationary
// operators of a GKSL equation are differences of states. If the populations in the diagonal's
// sector must decay, a stationary state contains none of them, nor the coherences that they bound.
std::vector<Sector> Flow::outside(const Sector& recurrent, bool is_gksl,
                                  std::int64_t part_size) const {
  const Charges& charges = recurrent.charges;
  Sector rest = complement(recurrent);
  if (rest.values.empty()) return {};
  if (charges.are_conserved()) return {std::move(rest)};
  const Sector diagonal = reached_from(sector_of_diagonal(charges));
  std::optional<std::set<Charge>> wanted;
  if (is_gksl && size(diagonal) == size(sector_of_diagonal(conserved_)))
    wanted = between_populations(recurrent);
  if (wanted) wanted->insert(diagonal.values.begin(), diagonal.values.end());
  const std::map<Charge, Charge> mirror = mirrors_of_charges(charges);
  std::vector<Sector> parts;
  std::set<Charge> done;
  for (const std::set<Charge>& component : components(rest.values)) {
    if (done.contains(*component.begin()) || (wanted && !touches(component, *wanted))) continue;
    Sector part{charges, component};
    for (const Charge& value : component)
      part.values.insert(mirror.at(value));
    done.insert(part.values.begin(), part.values.end());
    if (!parts.empty() && size(parts.back()) + size(part) <= part_size) {
      parts.back().values.merge(part.values);
    } else {
      parts.push_back(std::move(part));
    }
  }
  return parts;
}

}  // namespace lindwurm
