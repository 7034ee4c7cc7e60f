// What terms do to charges.
#include <set>

#include "lindwurm/liouville/charges.hpp"

namespace lindwurm {

namespace {

Charge difference(const Charge& a, Charge b, const Charges& charges) {
  for (int& value : b)
    value = -value;
  return charges.sum(a, b);
}

// A factor's parts by what they change the charges by.
std::map<Charge, SiteMatrix> parts_of(const Factor& factor, const Charges& charges) {
  std::map<Charge, std::vector<Eigen::Triplet<Complex>>> entries;
  for (int row = 0; row < factor.matrix.outerSize(); ++row) {
    for (SiteMatrix::InnerIterator it(factor.matrix, row); it; ++it) {
      const auto column = static_cast<int>(it.col());
      const Charge change =
          difference(charges.of(factor.site, row), charges.of(factor.site, column), charges);
      entries[change].emplace_back(row, column, it.value());
    }
  }
  std::map<Charge, SiteMatrix> parts;
  for (const auto& [change, of_change] : entries) {
    SiteMatrix part(factor.matrix.rows(), factor.matrix.cols());
    part.setFromTriplets(of_change.begin(), of_change.end());
    parts.emplace(change, std::move(part));
  }
  return parts;
}

}  // namespace

std::map<Charge, std::vector<ProductTerm>> by_change(const std::vector<ProductTerm>& terms,
                                                     const Charges& charges) {
  std::map<Charge, std::vector<ProductTerm>> sorted;
  for (const auto& term : terms) {
    std::vector<std::pair<Charge, ProductTerm>> products{{charges.none(), {term.coefficient, {}}}};
    for (const Factor& factor : term.factors) {
      std::vector<std::pair<Charge, ProductTerm>> longer;
      for (const auto& [change, part] : parts_of(factor, charges)) {
        for (const auto& [before, product] : products) {
          longer.emplace_back(charges.sum(before, change), product);
          longer.back().second.factors.push_back({factor.site, part});
        }
      }
      products = std::move(longer);
    }
    for (auto& [change, product] : products)
      sorted[change].push_back(std::move(product));
  }
  return sorted;
}

Sector image(const std::vector<ProductTerm>& terms, const Sector& sector) {
  const Charges& charges = sector.charges;
  std::set<Charge> existing;
  for (const Sector& each : all_sectors(charges))
    existing.insert(each.values.begin(), each.values.end());
  Sector reached{charges, {}};
  for (const auto& [change, parts] : by_change(terms, charges)) {
    if (simplified(parts).empty()) continue;
    for (const Charge& value : sector.values) {
      const Charge sum = charges.sum(value, change);
      if (existing.contains(sum)) reached.values.insert(sum);
    }
  }
  return reached;
}

}  // namespace lindwurm
