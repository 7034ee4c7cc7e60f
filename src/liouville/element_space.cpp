#include "lindwurm/liouville/element_space.hpp"

#include <fmt/format.h>

#include <limits>
#include <numeric>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/superoperator.hpp"

namespace lindwurm {

ElementSpace::ElementSpace(Space space, std::vector<std::vector<int>> mirrors)
    : space_(std::move(space)), mirrors_(std::move(mirrors)) {
  double elements = 1;
  for (const auto& mirror : mirrors_) {
    dimensions_.push_back(static_cast<int>(mirror.size()));
    elements *= dimensions_.back();
  }
  if (elements > std::numeric_limits<std::int32_t>::max()) {
    throw InputError(fmt::format(
        "the Hilbert space of dimension D = {:.6g} has states of {:.4g} real numbers, more than "
        "the 2147483647 that this PETSc's 32-bit indices can number; use fewer levels or fewer "
        "spins",
        space_.dimension_estimate(), elements));
  }
  size_ = static_cast<std::int64_t>(elements);
}

bool ElementSpace::moves_all(int site) const {
  for (int e = 0; e < dimensions_[site]; ++e) {
    if (mirrors_[site][e] == e) return false;
  }
  return true;
}

ElementSpace density_elements(const Space& space) {
  // Refuses too large a space in the words of density matrices.
  (void)space.dimension();
  std::vector<std::vector<int>> mirrors;
  for (int s = 0; s < space.sites(); ++s) {
    const int d = space.dimension(s);
    auto& mirror = mirrors.emplace_back();
    for (int e = 0; e < d * d; ++e)
      mirror.push_back(mirrored_element(e, d));
  }
  return {space, std::move(mirrors)};
}

ElementSpace ket_elements(const Space& space) {
  std::vector<std::vector<int>> mirrors{{1, 0}};
  for (int s = 0; s < space.sites(); ++s) {
    auto& mirror = mirrors.emplace_back(space.dimension(s));
    std::iota(mirror.begin(), mirror.end(), 0);
  }
  return {space, std::move(mirrors)};
}

}  // namespace lindwurm
