#include "lindwurm/sectors/element_space.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/petsc.hpp"

namespace lindwurm {

namespace {

// 2^62: the indices of elements are 64-bit numbers.
constexpr double most_elements = 4611686018427387904.0;

}  // namespace

ElementSpace::ElementSpace(Space space, std::vector<std::vector<int>> mirrors)
    : space_(std::move(space)),
      mirrors_(std::make_shared<const std::vector<std::vector<int>>>(std::move(mirrors))) {
  double elements = 1;
  for (const auto& mirror : *mirrors_) {
    dimensions_.push_back(static_cast<int>(mirror.size()));
    elements *= dimensions_.back();
    size_ *= elements > most_elements ? 1 : dimensions_.back();
  }
  if (elements > most_elements) {
    throw InputError(fmt::format(
        "the Hilbert space of dimension D = {:.6g} has states of {:.4g} elements ({:.3g} GB), more "
        "than the 2^62 = {:.4g} that sectors are looked for in; use fewer sites, or fewer levels: "
        "a site that never holds more than n quanta needs no more than n + 1",
        space_.dimension_estimate(), elements, 8e-9 * elements, most_elements));
  }
}

bool ElementSpace::moves_all(int site) const {
  for (int e = 0; e < dimensions_[site]; ++e) {
    if (mirror(site, e) == e) return false;
  }
  return true;
}

namespace {

// Elements of one site are numbered with 32 bits, and matrices on them are stored.
void require_few_elements(const Space& space) {
  for (int s = 0; s < space.sites(); ++s) {
    const double states = space.dimension(s);
    const double elements = space.group_of(s).multiplets ? space.elements(s) : states * states;
    if (elements <= std::numeric_limits<std::int32_t>::max()) continue;
    throw InputError(fmt::format(
        "the site '{}' of {} levels has density matrices of {:.4g} elements, more than the "
        "2147483647 that 32-bit indices can number; use fewer levels (up to 46340)",
        space.site_name(s), space.dimension(s), elements));
  }
}

}  // namespace

ElementSpace density_elements(const Space& space) {
  require_few_elements(space);
  std::vector<std::vector<int>> mirrors;
  for (int s = 0; s < space.sites(); ++s) {
    auto& mirror = mirrors.emplace_back();
    for (int e = 0; e < space.elements(s); ++e) {
      const auto [m, n] = space.states(s, e);
      mirror.push_back(space.element(s, n, m));
    }
  }
  return {space, std::move(mirrors)};
}

namespace {

// The element space of sites with these numbers of elements, beside their conjugates.
ElementSpace beside_conjugates(const Space& space, const std::vector<int>& dimensions) {
  std::vector<std::vector<int>> mirrors{{1, 0}};
  for (int d : dimensions) {
    auto& mirror = mirrors.emplace_back(d);
    std::iota(mirror.begin(), mirror.end(), 0);
  }
  return {space, std::move(mirrors)};
}

}  // namespace

ElementSpace ket_elements(const Space& space) {
  if (space.has_ensembles()) {
    throw InputError(
        "an ensemble has density operators, no kets; use kind = \"spin\" with "
        "dynamics.kind = \"unitary\" and \"trajectories\"");
  }
  std::vector<int> dimensions;
  for (int s = 0; s < space.sites(); ++s)
    dimensions.push_back(space.dimension(s));
  return beside_conjugates(space, dimensions);
}

ElementSpace operator_elements(const Space& space) {
  require_few_elements(space);
  std::vector<int> dimensions;
  for (int s = 0; s < space.sites(); ++s)
    dimensions.push_back(space.elements(s));
  return beside_conjugates(space, dimensions);
}

}  // namespace lindwurm
