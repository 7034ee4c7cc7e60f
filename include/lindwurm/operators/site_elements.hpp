// The numbering of the elements |m><n| of a site.
#pragma once

#include <utility>

#include "lindwurm/operators/multiplets.hpp"

namespace lindwurm {

/// The number of |m><n| is m d + n, or the number in the Multiplets of an ensemble. The Multiplets
/// must outlive this object.
class SiteElements {
 public:
  /// `multiplets` is null unless the site is an ensemble.
  SiteElements(int states, const Multiplets* multiplets) : multiplets_(multiplets), d_(states) {}

  [[nodiscard]] int count() const { return multiplets_ ? multiplets_->elements() : d_ * d_; }
  /// The number of |m><n|; -1 if the site has no such element.
  [[nodiscard]] int number(int m, int n) const {
    return multiplets_ ? multiplets_->element(m, n) : m * d_ + n;
  }
  /// The states {m, n} of an element.
  [[nodiscard]] std::pair<int, int> states(int element) const {
    return multiplets_ ? multiplets_->states_of(element) : std::pair(element / d_, element % d_);
  }

 private:
  const Multiplets* multiplets_;
  int d_;
};

}  // namespace lindwurm
