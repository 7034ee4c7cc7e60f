// How the elements |m><n| of a site are numbered.
#pragma once

#include <utility>

#include "lindwurm/operators/multiplets.hpp"

namespace lindwurm {

/// m d + n, or of an ensemble the numbers of its Multiplets, which outlive this.
class SiteElements {
 public:
  /// `multiplets` is null for a site that is no ensemble.
  SiteElements(int states, const Multiplets* multiplets) : multiplets_(multiplets), d_(states) {}

  [[nodiscard]] int count() const { return multiplets_ ? multiplets_->elements() : d_ * d_; }
  /// -1 if the site has no such element.
  [[nodiscard]] int number(int m, int n) const {
    return multiplets_ ? multiplets_->element(m, n) : m * d_ + n;
  }
  /// {m, n}
  [[nodiscard]] std::pair<int, int> states(int element) const {
    return multiplets_ ? multiplets_->states_of(element) : std::pair(element / d_, element % d_);
  }

 private:
  const Multiplets* multiplets_;
  int d_;
};

}  // namespace lindwurm
