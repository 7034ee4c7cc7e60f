// Sectors: the parts of the space that an equation maps to themselves, by the charges of their
// elements.
#include <algorithm>
#include <utility>

#include "total_charges.hpp"

namespace lindwurm {

namespace {

template <typename IsPresent>
Sector sector_where(const Charges& charges, IsPresent is_present) {
  Sector sector{charges, {}};
  for (const auto& [charge, ways] : total_charges(charges, is_present))
    sector.values.insert(charge);
  return sector;
}

// The number of elements in a sector, from the numbers of elements of each charge.
double elements_in(const Sector& sector, const std::map<Charge, double>& counts) {
  double total = 0;
  for (const Charge& value : sector.values) {
    const auto found = counts.find(value);
    if (found != counts.end()) total += found->second;
  }
  return total;
}

}  // namespace

std::set<Charge> conserved_values(const Sector& sector) {
  return sector.charges.are_conserved() ? sector.values : std::set<Charge>{};
}

Sector whole_space(const Charges& charges) {
  Charges same(charges.elements());
  return {same, {same.none()}};
}

namespace {

// The position of the first site of the space. Elements with conjugates have one more site before
// it.
int first_site(const Charges& charges) {
  return charges.elements().sites() - charges.elements().space().sites();
}

// The charges of elements beyond the coherences that ensembles keep, for each ensemble.
using Beyond = std::map<const Group*, std::map<Charge, double>>;

Beyond beyond_coherences(const Charges& charges) {
  const Space& space = charges.elements().space();
  const int first = first_site(charges);
  Beyond beyond;
  for (int s = 0; s < space.sites(); ++s) {
    const auto& multiplets = space.group_of(s).multiplets;
    if (!multiplets || !multiplets->is_limited()) continue;
    beyond[&space.group_of(s)] = total_charges(
        charges, [&](int site, int e) { return site != s + first || !multiplets->is_kept(e); });
  }
  return beyond;
}

const Group* left_by(const Sector& sector, const Beyond& beyond) {
  for (const auto& [group, totals] : beyond) {
    if (std::any_of(totals.begin(), totals.end(),
                    [&](const auto& total) { return sector.values.contains(total.first); }))
      return group;
  }
  return nullptr;
}

}  // namespace

Sector sector_of(const ProductState& state, const Charges& charges) {
  const int first = first_site(charges);
  const Space& space = charges.elements().space();
  require_fit(state, space);
  std::vector<Eigen::VectorXcd> sites;
  for (int s = 0; s < space.sites(); ++s)
    sites.push_back(site_elements(state, s, space));
  return sector_where(charges,
                      [&](int s, int e) { return s < first || sites[s - first][e] != 0.0; });
}

Sector sector_of(const ProductKet& ket, const Charges& charges) {
  require_fit(ket, charges.elements().space());
  return sector_where(charges, [&](int s, int e) { return s == 0 || ket.sites[s - 1](e) != 0.0; });
}

Sector sector_of_diagonal(const Charges& charges) {
  const int first = first_site(charges);
  return sector_where(charges, [&](int s, int e) {
    if (s < first) return true;
    const auto [m, n] = charges.elements().space().states(s - first, e);
    return m == n;
  });
}

std::map<Charge, Charge> mirrors_of_charges(const Charges& charges) {
  const ElementSpace& elements = charges.elements();
  std::vector<Totals> sites(elements.sites());
  for (int s = 0; s < elements.sites(); ++s) {
    for (int e = 0; e < elements.dimensions()[s]; ++e)
      sites[s][side_by_side({charges.of(s, e), charges.of(s, elements.mirror(s, e))})] = 1;
  }
  const auto& moduli = charges.moduli();
  std::map<Charge, Charge> mirrors;
  for (const auto& [both, ways] : sums_over_sites(sites, side_by_side({moduli, moduli})))
    mirrors[part_of(both, 0, moduli.size())] = part_of(both, 1, moduli.size());
  return mirrors;
}

std::vector<Sector> all_sectors(const Charges& charges) {
  std::set<std::set<Charge>> pairs;
  for (const auto& [charge, mirrored] : mirrors_of_charges(charges))
    pairs.insert({charge, mirrored});
  const Beyond beyond = beyond_coherences(charges);
  std::vector<Sector> sectors;
  for (const auto& pair : pairs) {
    Sector sector{charges, pair};
    if (left_by(sector, beyond) == nullptr) sectors.push_back(std::move(sector));
  }
  return sectors;
}

const Group* ensemble_left_by(const Sector& sector) {
  return left_by(sector, beyond_coherences(sector.charges));
}

Sector largest_sector(const Charges& charges) {
  const auto& counts = charges.totals();
  const std::vector<Sector> sectors = all_sectors(charges);
  if (sectors.empty()) return whole_space(charges);  // which is refused later: see ensemble_left_by
  return *std::max_element(sectors.begin(), sectors.end(), [&](const Sector& a, const Sector& b) {
    return elements_in(a, counts) < elements_in(b, counts);
  });
}

Sector complement(const Sector& sector) {
  Sector rest{sector.charges, {}};
  const Beyond beyond = beyond_coherences(sector.charges);
  if (beyond.empty()) {
    for (const auto& [value, elements] : sector.charges.totals()) {
      if (!sector.values.contains(value)) rest.values.insert(value);
    }
    return rest;
  }
  for (const Sector& other : all_sectors(sector.charges)) {
    for (const Charge& value : other.values) {
      if (!sector.values.contains(value)) rest.values.insert(value);
    }
  }
  return rest;
}

Sector intersection(const Sector& a, const Sector& b) {
  Sector common{a.charges, {}};
  for (const Charge& value : a.values)
    if (b.values.contains(value)) common.values.insert(value);
  return common;
}

bool holds(const Sector& sector, const Sector& part) {
  return std::includes(sector.values.begin(), sector.values.end(), part.values.begin(),
                       part.values.end());
}

bool has_room_above(const Sector& sector, int site) {
  const Charges& charges = sector.charges;
  const int last = charges.elements().dimensions()[site] - 1;
  if (last == 0) return true;
  Charge step = charges.of(site, last - 1);
  for (int& value : step)
    value = -value;
  step = charges.sum(charges.of(site, last), step);
  const auto totals = total_charges(charges, [&](int s, int e) { return s != site || e == last; });
  return std::any_of(totals.begin(), totals.end(), [&](const auto& total) {
    return sector.values.contains(charges.sum(total.first, step));
  });
}

std::int64_t size(const Sector& sector) {
  return static_cast<std::int64_t>(elements_in(sector, sector.charges.totals()));
}

}  // namespace lindwurm
