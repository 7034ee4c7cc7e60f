#include "lindwurm/model/cutoff.hpp"

#include <algorithm>
#include <utility>

namespace lindwurm {

namespace {

// Operators of the model language raise by a few levels at a time: parity alone would hide a single
// level more.
constexpr int least_levels_more = 4;

}  // namespace

std::optional<System> beyond_cutoffs(const System& system) {
  const Space& space = system.space();
  if (space.joint()) return std::nullopt;
  std::vector<Group> groups = space.groups();
  bool has_oscillators = false;
  for (Group& group : groups) {
    if (group.kind != SiteKind::oscillator) continue;
    group.dimension += std::max(least_levels_more, group.dimension / 4);
    has_oscillators = true;
  }
  if (!has_oscillators) return std::nullopt;
  Model model = system.model();
  model.space = Space(std::move(groups));
  return System(std::move(model));
}

ProductState padded(const ProductState& state, const Space& larger) {
  ProductState result = state;
  for (int s = 0; s < larger.sites(); ++s) {
    Eigen::MatrixXcd& rho = result.sites[s];
    const Eigen::Index d = rho.rows();
    if (d == 0 || d == larger.dimension(s)) continue;
    rho.conservativeResizeLike(Eigen::MatrixXcd::Zero(larger.dimension(s), larger.dimension(s)));
  }
  return result;
}

}  // namespace lindwurm
