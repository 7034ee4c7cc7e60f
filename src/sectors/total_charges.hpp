// Sums of charges over the sites.
#pragma once

#include <limits>
#include <map>
#include <vector>

#include "lindwurm/sectors/charges.hpp"

namespace lindwurm {

inline constexpr std::size_t any_number = std::numeric_limits<std::size_t>::max();

// Charges, each with the number of elements that have it.
using Totals = std::map<Charge, double>;

// All sums of one charge from each site, with the number of ways to form each. Stops early if there
// are more than `most` sums; the result then has more than `most`.
[[nodiscard]] Totals sums_over_sites(const std::vector<Totals>& sites,
                                     const std::vector<int>& moduli, std::size_t most = any_number);

// The total charges of the elements that are present on each site.
template <typename IsPresent>
Totals total_charges(const Charges& charges, IsPresent is_present, std::size_t most = any_number) {
  std::vector<Totals> sites(charges.elements().sites());
  for (int s = 0; s < charges.elements().sites(); ++s) {
    for (int e = 0; e < charges.elements().dimensions()[s]; ++e) {
      if (is_present(s, e)) ++sites[s][charges.of(s, e)];
    }
  }
  return sums_over_sites(sites, charges.moduli(), most);
}

inline bool is_any(int, int) { return true; }

// For each charge, the charge of the mirrored elements.
[[nodiscard]] std::map<Charge, Charge> mirrors_of_charges(const Charges& charges);

// Concatenates several charges, or their moduli, into one.
[[nodiscard]] inline Charge side_by_side(const std::vector<Charge>& charges) {
  Charge all;
  for (const Charge& charge : charges)
    all.insert(all.end(), charge.begin(), charge.end());
  return all;
}

// The k-th of several concatenated charges, each with this many numbers.
[[nodiscard]] inline Charge part_of(const Charge& all, std::size_t k, std::size_t length) {
  const auto first = all.begin() + static_cast<std::ptrdiff_t>(k * length);
  return {first, first + static_cast<std::ptrdiff_t>(length)};
}

}  // namespace lindwurm
