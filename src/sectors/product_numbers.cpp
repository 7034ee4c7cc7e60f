#include "lindwurm/sectors/product_numbers.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "total_charges.hpp"

namespace lindwurm {

namespace {

// The charges on the way to wanted products. For each number of sites, these are the charges that
// the sites so far can have and that the remaining sites can complete to a wanted one.
class Ways {
 public:
  Ways(const Charges& charges, const std::vector<int>& sites,
       const std::function<bool(const Charge&)>& is_wanted)
      : useful_(sites.size() + 1), has_others_(sites.size() + 1, false) {
    std::vector<Totals> reached{{{charges.none(), 1}}};
    std::vector<Totals> of_sites;
    for (int s : sites) {
      Totals& of_site = of_sites.emplace_back();
      for (int e = 0; e < charges.elements().dimensions()[s]; ++e)
        of_site[charges.of(s, e)] = 1;
      reached.push_back(sums_over_sites({reached.back(), of_site}, charges.moduli()));
    }
    for (const auto& [charge, ways] : reached.back())
      add(sites.size(), charge, is_wanted(charge));
    for (std::size_t k = sites.size(); k-- > 0;) {
      const auto& next = useful_[k + 1];
      std::set<Charge> before;
      if (next.size() < reached[k].size()) {
        for (const auto& [charge, number] : next) {
          for (const auto& [step, ways] : of_sites[k])
            before.insert(charges.difference(charge, step));
        }
      }
      const auto leads_on = [&](const Charge& charge) {
        if (next.size() < reached[k].size()) return before.contains(charge);
        return std::any_of(of_sites[k].begin(), of_sites[k].end(), [&](const auto& step) {
          return next.contains(charges.sum(charge, step.first));
        });
      };
      for (const auto& [charge, ways] : reached[k])
        add(k, charge, leads_on(charge));
    }
  }
  // The useful charges after k sites, numbered.
  [[nodiscard]] const std::map<Charge, int>& useful(std::size_t k) const { return useful_[k]; }
  // True if there are other charges. They share one number, the last.
  [[nodiscard]] bool has_others(std::size_t k) const { return has_others_[k]; }
  [[nodiscard]] int number(std::size_t k, const Charge& charge) const {
    const auto found = useful_[k].find(charge);
    return found == useful_[k].end() ? static_cast<int>(useful_[k].size()) : found->second;
  }

 private:
  void add(std::size_t k, const Charge& charge, bool is_useful) {
    if (is_useful) {
      useful_[k].emplace(charge, static_cast<int>(useful_[k].size()));
    } else {
      has_others_[k] = true;
    }
  }
  std::vector<std::map<Charge, int>> useful_;
  std::vector<bool> has_others_;
};

}  // namespace

ProductNumbers::ProductNumbers(const Charges& charges, const std::vector<int>& sites,
                               const std::function<bool(const Charge&)>& is_wanted) {
  const Ways ways(charges, sites, is_wanted);
  for (std::size_t k = 0; k < sites.size(); ++k) {
    const int dimension = charges.elements().dimensions()[sites[k]];
    Step step{.dimension = dimension, .stride = 1, .branches = {}};
    for (const auto& [charge, number] : ways.useful(k)) {
      for (int e = 0; e < dimension; ++e) {
        const Charge total = charges.sum(charge, charges.of(sites[k], e));
        step.branches.push_back({0, ways.number(k + 1, total)});
      }
    }
    if (ways.has_others(k)) {
      const auto others = static_cast<int>(ways.useful(k + 1).size());
      step.branches.insert(step.branches.end(), dimension, {0, others});
    }
    step.branches.shrink_to_fit();
    steps_.push_back(std::move(step));
  }
  charges_.clear();
  for (const auto& [charge, number] : ways.useful(sites.size()))
    charges_.push_back(charge);
  const std::size_t wanted = charges_.size();
  if (ways.has_others(sites.size())) charges_.push_back(charges.none());
  counts_.assign(steps_.size() + 1, {});
  counts_.back().assign(charges_.size(), 0);
  std::fill_n(counts_.back().begin(), wanted, 1);
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
    // Among the branches with the same count before them, only the last one leads to products.
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
