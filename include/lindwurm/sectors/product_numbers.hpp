// Numbers the products of site elements whose total charge is wanted.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "lindwurm/sectors/charges.hpp"

namespace lindwurm {

/// Numbers those products of site elements whose total charge is wanted. They are in the order of
/// their indices, the first site slowest. There is no list of them, because they may be few among
/// very many products. Instead a product is read site by site. For each charge of the sites read so
/// far, a table tells how many wanted products follow from each element of the next site.
class ProductNumbers {
 public:
  /// Contains only the empty product.
  ProductNumbers() = default;
  ProductNumbers(const Charges& charges, const std::vector<int>& sites,
                 const std::function<bool(const Charge&)>& is_wanted);

  /// The number of products that are wanted.
  [[nodiscard]] std::int64_t size() const { return count(0, 0); }
  /// The values that the charge of a product can have. All values that are not wanted count as one,
  /// the last. Charges are identified by their number in this list.
  [[nodiscard]] const std::vector<Charge>& charges() const { return charges_; }

  /// The state after reading the first sites of a product. It holds the lowest number that a
  /// product with these first sites can have, and the number of the charge so far.
  struct Place {
    std::int64_t number = 0;
    int charge = 0;
  };
  /// Reads one more site; `k` is the number of the site.
  [[nodiscard]] Place after(Place place, int k, int element) const {
    const Step& step = steps_[k];
    const Branch& branch =
        step.branches[static_cast<std::size_t>(place.charge) * step.dimension + element];
    return {place.number + branch.before, branch.charge};
  }
  /// The number of wanted products that can follow from this charge before site k.
  [[nodiscard]] std::int64_t count(int k, int charge) const { return counts_[k][charge]; }
  [[nodiscard]] bool is_wanted(int charge) const { return counts_.back()[charge] != 0; }

  /// The charge of a product, wanted or not.
  [[nodiscard]] int charge_of(std::int64_t index) const;
  /// The product with this number.
  struct Product {
    std::int64_t index;
    int charge;
  };
  [[nodiscard]] Product product(std::int64_t number) const;

 private:
  struct Branch {
    std::int64_t before = 0;  // the number of wanted products with lower elements of the site
    int charge = 0;           // the charge after this element
  };
  struct Step {
    int dimension;
    std::int64_t stride;
    std::vector<Branch> branches;  // indexed by (charge before) * dimension + element
  };

  std::vector<Step> steps_;
  std::vector<std::vector<std::int64_t>> counts_ = {std::vector<std::int64_t>(1, 1)};
  std::vector<Charge> charges_ = std::vector<Charge>(1);
};

}  // namespace lindwurm
