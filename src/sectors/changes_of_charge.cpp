// How terms change charges.
#include <set>

#include "lindwurm/sectors/flow.hpp"

namespace lindwurm {

namespace {

// The parts of a factor, sorted by the change of the charges.
std::map<Charge, SiteMatrix> parts_of(const Factor& factor, const Charges& charges) {
  std::map<Charge, std::vector<Eigen::Triplet<Complex>>> entries;
  for (int row = 0; row < factor.matrix.outerSize(); ++row) {
    for (SiteMatrix::InnerIterator it(factor.matrix, row); it; ++it) {
      const auto column = static_cast<int>(it.col());
      const Charge change =
          charges.difference(charges.of(factor.site, row), charges.of(factor.site, column));
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
  const ChargeGraph graph(terms, sector.charges);
  Sector reached{sector.charges, {}};
  for (const Charge& value : sector.values) {
    for (Charge& charge : graph.after(value, reached.values))
      reached.values.insert(std::move(charge));
  }
  return reached;
}

}  // namespace lindwurm
