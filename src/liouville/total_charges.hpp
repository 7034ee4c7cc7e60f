// Sums of charges over the sites.
#pragma once

#include <limits>
#include <map>

#include "lindwurm/liouville/charges.hpp"

namespace lindwurm {

// Every sum of one value from each site, with the number of ways to make it. `values` gives a
// site's values with their numbers, `add` adds two; stops early, with more than `most` sums, if it
// gets there.
template <typename Value, typename Values, typename Add>
std::map<Value, double> sums_over_sites(
    int sites, const Value& none, Values values, Add add,
    std::size_t most = std::numeric_limits<std::size_t>::max()) {
  std::map<Value, double> sums{{none, 1}};
  for (int s = 0; s < sites && sums.size() <= most; ++s) {
    const std::map<Value, double> of_site = values(s);
    std::map<Value, double> next;
    for (const auto& [sum, ways] : sums) {
      for (const auto& [value, members] : of_site)
        next[add(sum, value)] += ways * members;
      if (next.size() > most) break;
    }
    sums = std::move(next);
  }
  return sums;
}

// The total charges of the elements that are present on each site.
template <typename IsPresent>
std::map<Charge, double> total_charges(const Charges& charges, IsPresent is_present,
                                       std::size_t most = std::numeric_limits<std::size_t>::max()) {
  const auto values = [&](int s) {
    std::map<Charge, double> of_site;
    for (int e = 0; e < charges.elements().dimensions()[s]; ++e) {
      if (is_present(s, e)) ++of_site[charges.of(s, e)];
    }
    return of_site;
  };
  const auto add = [&](const Charge& a, const Charge& b) { return charges.sum(a, b); };
  return sums_over_sites(charges.elements().sites(), charges.none(), values, add, most);
}

inline bool is_any(int, int) { return true; }

}  // namespace lindwurm
