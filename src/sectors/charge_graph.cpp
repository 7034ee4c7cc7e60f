#include <algorithm>

#include "lindwurm/sectors/flow.hpp"
#include "total_charges.hpp"

namespace lindwurm {

namespace {

// The largest number of products that are searched for ones that cancel.
constexpr std::size_t most_compared = 2000;

std::set<Charge> charges_of(const Charges& charges, int site) {
  std::set<Charge> all;
  for (int e = 0; e < charges.elements().dimensions()[site]; ++e)
    all.insert(charges.of(site, e));
  return all;
}

// The charges that a factor reads.
std::set<Charge> read_by(const Factor& factor, const Charges& charges) {
  std::set<int> columns;
  for (int row = 0; row < factor.matrix.outerSize(); ++row) {
    for (SiteMatrix::InnerIterator it(factor.matrix, row); it; ++it)
      if (it.value() != 0.0) columns.insert(static_cast<int>(it.col()));
  }
  std::set<Charge> all;
  for (const int column : columns)
    all.insert(charges.of(factor.site, column));
  return all;
}

std::set<Charge> sums(const std::set<Charge>& a, const std::set<Charge>& b,
                      const Charges& charges) {
  std::set<Charge> all;
  for (const Charge& x : a) {
    for (const Charge& y : b)
      all.insert(charges.sum(x, y));
  }
  return all;
}

}  // namespace

ChargeGraph::ChargeGraph(const std::vector<ProductTerm>& terms, const Charges& charges)
    : charges_(charges) {
  std::map<std::set<Charge>, int> known;
  for (int s = 0; s < charges.elements().sites(); ++s) {
    const auto [kind, is_new] =
        known.try_emplace(charges_of(charges, s), static_cast<int>(known.size()));
    kinds_.push_back(kind->second);
  }
  for (auto& [change, products] : by_change(terms, charges)) {
    if (products.size() <= most_compared) products = simplified(products);
    for (const ProductTerm& product : products)
      add(product, change);
  }
}

void ChargeGraph::add(const ProductTerm& product, const Charge& change) {
  std::vector<int> sites;
  std::set<Charge> read{charges_.none()};
  for (const Factor& factor : product.factors) {
    sites.push_back(factor.site);
    read = sums(read, read_by(factor, charges_), charges_);
  }
  auto rest = sums_without(sites);
  auto& sources = sources_[change];
  const auto same = std::find_if(sources.begin(), sources.end(),
                                 [&](const Source& other) { return other.rest == rest; });
  if (same == sources.end()) {
    sources.push_back({std::move(rest), std::move(read)});
  } else {
    same->read.merge(read);
  }
}

std::shared_ptr<const std::set<Charge>> ChargeGraph::sums_without(const std::vector<int>& sites) {
  std::vector<int> left_out;
  for (const int s : sites)
    left_out.push_back(kinds_[s]);
  std::sort(left_out.begin(), left_out.end());
  auto& rest = rests_[std::move(left_out)];
  if (rest) return rest;
  std::vector<Totals> others;
  for (int s = 0; s < charges_.elements().sites(); ++s) {
    if (std::find(sites.begin(), sites.end(), s) != sites.end()) continue;
    Totals& other = others.emplace_back();
    for (const Charge& charge : charges_of(charges_, s))
      other[charge] = 1;
  }
  std::set<Charge> all;
  for (const auto& [charge, ways] : sums_over_sites(others, charges_.moduli()))
    all.insert(charge);
  rest = std::make_shared<const std::set<Charge>>(std::move(all));
  return rest;
}

bool ChargeGraph::leads_on(const Charge& from, const std::vector<Source>& sources) const {
  return std::any_of(sources.begin(), sources.end(), [&](const Source& source) {
    const bool rest_is_shorter = source.rest->size() < source.read.size();
    const auto& shorter = rest_is_shorter ? *source.rest : source.read;
    const auto& longer = rest_is_shorter ? source.read : *source.rest;
    return std::any_of(shorter.begin(), shorter.end(), [&](const Charge& charge) {
      return longer.contains(charges_.difference(from, charge));
    });
  });
}

std::vector<Charge> ChargeGraph::after(const Charge& charge, const std::set<Charge>& known) const {
  std::vector<Charge> all;
  for (const auto& [change, sources] : sources_) {
    Charge to = charges_.sum(charge, change);
    if (!known.contains(to) && leads_on(charge, sources)) all.push_back(std::move(to));
  }
  return all;
}

std::vector<Charge> ChargeGraph::before(const Charge& charge, const std::set<Charge>& known) const {
  std::vector<Charge> all;
  for (const auto& [change, sources] : sources_) {
    Charge from = charges_.difference(charge, change);
    if (!known.contains(from) && leads_on(from, sources)) all.push_back(std::move(from));
  }
  return all;
}

}  // namespace lindwurm
