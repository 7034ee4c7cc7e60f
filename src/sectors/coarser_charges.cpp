// How charges with too many values are made coarser.
#include <algorithm>
#include <map>
#include <utility>

#include "total_charges.hpp"

namespace lindwurm {

std::size_t Charges::count_values(std::size_t most) const {
  return total_charges(*this, is_any, most).size();
}

// Keeps a charge only together with its mirror (the charge of the mirrored elements), or keeps the
// difference of the two, which changes sign under the mirror. No term connects different values of
// either, because the mirrors of terms are terms as well. A charge that does not distinguish any
// more elements is left out. The charges that equal sites count together come first: they
// distinguish most with few values.
void Charges::coarsen(const std::vector<Column>& finest, std::size_t most) {
  std::vector<Column> kept;
  std::size_t values = 1;
  const auto keep = [&](const std::vector<Column>& more) {
    kept.insert(kept.end(), more.begin(), more.end());
    set(kept);
    const std::size_t now = count_values(most);
    if (now > values && now <= most) {
      values = now;
      return;
    }
    kept.resize(kept.size() - more.size());
  };
  std::vector<Column> candidates = counted_together(finest);
  for (const Column& column : finest) {
    candidates.push_back(column.labelled < 0 ? column : with_largest_components(column, most));
  }
  for (const Column& column : candidates) {
    Column mirror = column;
    Column difference = column;
    for (int s = 0; s < elements_.sites(); ++s) {
      for (int e = 0; e < elements_.dimensions()[s]; ++e) {
        mirror.of_element[s][e] = column.of_element[s][elements_.mirror(s, e)];
        difference.of_element[s][e] -= mirror.of_element[s][e];
      }
    }
    const std::size_t before = values;
    if (mirror.of_element == column.of_element) {
      keep({column});
    } else {
      keep({column, mirror});
    }
    if (values == before) keep({difference});
  }
  set(kept);
}

// Keeps the largest components of the site, with their mirrors, and merges all others into one.
Charges::Column Charges::with_largest_components(Column label, std::size_t most) const {
  const int site = label.labelled;
  std::vector<int>& component = label.of_element[site];
  struct Component {
    std::size_t size = 0;
    int mirror = 0;
  };
  std::map<int, Component> components;
  for (int e = 0; e < elements_.dimensions()[site]; ++e) {
    Component& here = components[component[e]];
    ++here.size;
    here.mirror = component[elements_.mirror(site, e)];
  }
  if (components.size() <= most) return label;
  std::vector<int> order;
  for (const auto& [name, of_name] : components)
    order.push_back(name);
  std::stable_sort(order.begin(), order.end(),
                   [&](int a, int b) { return components[a].size > components[b].size; });
  std::set<int> kept;
  for (const int name : order) {
    if (kept.size() + 3 > most) break;
    kept.insert({name, components[name].mirror});
  }
  for (int& name : component) {
    if (!kept.contains(name)) name = components.rbegin()->first + 1;
  }
  return label;
}

namespace {

// A pair of numbers for each component of a site: {m, n} of its first element |m><n|. Over the
// sites they add up to the excitations of ket and bra. The mirrored component has {n, m}.
std::map<int, std::pair<int, int>> numbers_of(const std::vector<int>& component, int site,
                                              const ElementSpace& elements) {
  const Space& space = elements.space();
  const int of_space = site - (elements.sites() - space.sites());
  const auto dimension = static_cast<int>(component.size());
  const bool is_density = of_space >= 0 && space.elements(of_space) == dimension;
  std::map<int, std::pair<int, int>> numbers;
  for (int e = 0; e < dimension; ++e) {
    const int mirrored = component[elements.mirror(site, e)];
    auto [m, n] = is_density ? space.states(of_space, e) : std::pair(e, e);
    if (mirrored == component[e] && m != n) m = n = dimension + e;
    if (numbers.try_emplace(component[e], m, n).second) numbers.try_emplace(mirrored, n, m);
  }
  return numbers;
}

}  // namespace

// The labels of equal sites become two numbers that are added up over these sites.
std::vector<Charges::Column> Charges::counted_together(const std::vector<Column>& finest) const {
  std::map<std::vector<int>, std::vector<int>> alike;  // sites sorted by their components
  for (const Column& column : finest) {
    if (column.labelled >= 0) alike[column.of_element[column.labelled]].push_back(column.labelled);
  }
  std::vector<std::vector<int>> none;
  for (const int dimension : elements_.dimensions())
    none.emplace_back(dimension, 0);
  std::vector<Column> counted;
  for (const auto& [component, sites] : alike) {
    if (sites.size() < 2) continue;
    const auto numbers = numbers_of(component, sites.front(), elements_);
    Column kets{0, none};
    for (const int s : sites) {
      for (std::size_t e = 0; e < component.size(); ++e)
        kets.of_element[s][e] = numbers.at(component[e]).first;
    }
    counted.push_back(std::move(kets));
  }
  return counted;
}

}  // namespace lindwurm
