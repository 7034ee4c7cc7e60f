#include "lindwurm/liouville/product_numbers.hpp"

#include <algorithm>
#include <map>

namespace lindwurm {

ProductNumbers::ProductNumbers(const Charges& charges, const std::vector<int>& sites,
                               const std::function<bool(const Charge&)>& is_wanted)
    : charges_(1, charges.none()) {
  for (int s : sites) {
    const int dimension = charges.elements().dimensions()[s];
    Step step{.dimension = dimension, .stride = 1, .branches = {}};
    std::map<Charge, int> known;
    std::vector<Charge> next;
    for (const Charge& charge : charges_) {
      for (int e = 0; e < dimension; ++e) {
        Charge total = charges.sum(charge, charges.of(s, e));
        const auto [place, is_new] = known.try_emplace(total, static_cast<int>(next.size()));
        if (is_new) next.push_back(std::move(total));
        step.branches.push_back({0, place->second});
      }
    }
    step.branches.shrink_to_fit();
    steps_.push_back(std::move(step));
    charges_ = std::move(next);
  }
  counts_.assign(steps_.size() + 1, {});
  for (const Charge& charge : charges_)
    counts_.back().push_back(is_wanted(charge) ? 1 : 0);
  std::int64_t stride = 1;
  for (std::size_t k = steps_.size(); k-- > 0;) {
    Step& step = steps_[k];
    step.stride = stride;
    stride *= step.dimension;
    for (std::size_t first = 0; first < step.branches.size(); first += step.dimension) {
      std::int64_t count = 0;
      for (int e = 0; e < step.dimension; ++e) {
        Branch& branch = step.branches[first + e];
        branch.before = count;
        count += counts_[k + 1][branch.charge];
      }
      counts_[k].push_back(count);
    }
  }
}

int ProductNumbers::charge_of(std::int64_t index) const {
  Place place;
  for (std::size_t k = 0; k < steps_.size(); ++k) {
    const auto element = static_cast<int>(index / steps_[k].stride);
    index -= element * steps_[k].stride;
    place = after(place, static_cast<int>(k), element);
  }
  return place.charge;
}

ProductNumbers::Product ProductNumbers::product(std::int64_t number) const {
  Product product{0, 0};
  for (const Step& step : steps_) {
    const auto first =
        step.branches.begin() + static_cast<std::ptrdiff_t>(product.charge) * step.dimension;
    // The last of those with the same count before them is the one that leads anywhere.
    const auto branch =
        std::upper_bound(first, first + step.dimension, number,
                         [](std::int64_t n, const Branch& b) { return n < b.before; }) -
        1;
    product.index += (branch - first) * step.stride;
    product.charge = branch->charge;
    number -= branch->before;
  }
  return product;
}

}  // namespace lindwurm
