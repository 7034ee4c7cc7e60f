// Numbers for the products of site elements that have wanted charges.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "lindwurm/liouville/charges.hpp"

namespace lindwurm {

/// Numbers those products of some sites' elements whose total charge is wanted, in the order of
/// their indices, the first site slowest. There is no list of them, for they may be few among very
/// many: a product is gone through site by site, and what is stored tells, for each charge of the
/// sites gone through, how many wanted products each element of the next site leads to.
class ProductNumbers {
 public:
  /// Nothing but the empty product.
  ProductNumbers() = default;
  ProductNumbers(const Charges& charges, const std::vector<int>& sites,
                 const std::function<bool(const Charge&)>& is_wanted);

  /// The number of products that are wanted.
  [[nodiscard]] std::int64_t size() const { return count(0, 0); }
  /// What products can have as their charge, wanted or not; charges are named by numbers in here.
  [[nodiscard]] const std::vector<Charge>& charges() const { return charges_; }

  /// Where a product's first sites lead to: its number if those after them choose the lowest, and
  /// the number of the charge so far.
  struct Place {
    std::int64_t number = 0;
    int charge = 0;
  };
  /// One site further: `k` counts the sites.
  [[nodiscard]] Place after(Place place, int k, int element) const {
    const Step& step = steps_[k];
    const Branch& branch =
        step.branches[static_cast<std::size_t>(place.charge) * step.dimension + element];
    return {place.number + branch.before, branch.charge};
  }
  /// The number of wanted products that have this charge before site k.
  [[nodiscard]] std::int64_t count(int k, int charge) const { return counts_[k][charge]; }
  [[nodiscard]] bool is_wanted(int charge) const { return counts_.back()[charge] != 0; }

  /// The charge of a product, wanted or not.
  [[nodiscard]] int charge_of(std::int64_t index) const;
  /// The product with a number.
  struct Product {
    std::int64_t index;
    int charge;
  };
  [[nodiscard]] Product product(std::int64_t number) const;

 private:
  struct Branch {
    std::int64_t before = 0;  // wanted products that lower elements of the site lead to
    int charge = 0;           // after it
  };
  struct Step {
    int dimension;
    std::int64_t stride;
    std::vector<Branch> branches;  // charge before * dimension + element
  };

  std::vector<Step> steps_;
  std::vector<std::vector<std::int64_t>> counts_ = {std::vector<std::int64_t>(1, 1)};
  std::vector<Charge> charges_ = std::vector<Charge>(1);
};

}  // namespace lindwurm
