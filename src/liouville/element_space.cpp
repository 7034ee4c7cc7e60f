#include "lindwurm/liouville/element_space.hpp"

#include <fmt/format.h>

#include <limits>
#include <numeric>

#include "lindwurm/backend/error.hpp"

namespace lindwurm {

namespace {

// Their indices are 64-bit numbers.
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
        "the Hilbert space of dimension D = {:.6g} has states of {:.4g} elements, more than the "
        "2^62 = {:.4g} that sectors are looked for in; use fewer sites, or fewer levels: a "
        "site that never holds more than n quanta needs no more than n + 1",
        space_.dimension_estimate(), elements, most_elements));
  }
}

bool ElementSpace::moves_all(int site) const {
  for (int e = 0; e < dimensions_[site]; ++e) {
    if (mirror(site, e) == e) return false;
  }
  return true;
}

void require_density_matrices(const Space& space) {
  const double unknowns = space.elements_estimate();
  if (unknowns <= std::numeric_limits<std::int32_t>::max()) return;
  throw InputError(fmt::format(
      "the Hilbert space of dimension D = {:.6g} has density matrices of {}{:.4g} elements "
      "(one vector takes {:.3g} GB), more than the 2147483647 that this PETSc's 32-bit indices "
      "can number; use fewer levels or fewer spins{}",
      space.dimension_estimate(), space.has_ensembles() ? "" : "D^2 = ", unknowns,
      unknowns * 8 / 1e9, space.has_ensembles() ? "" : " (D may reach 46340)"));
}

ElementSpace density_elements(const Space& space) {
  require_density_matrices(space);
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

// Numbers of sites with so many elements each, beside their conjugates.
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
  require_density_matrices(space);
  std::vector<int> dimensions;
  for (int s = 0; s < space.sites(); ++s)
    dimensions.push_back(space.elements(s));
  return beside_conjugates(space, dimensions);
}

}  // namespace lindwurm
