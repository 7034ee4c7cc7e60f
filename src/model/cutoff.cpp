#include "lindwurm/model/cutoff.hpp"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <utility>

namespace lindwurm {

namespace {

// Operators of the model language raise by a few levels at a time: parity alone would hide a single
// level more.
constexpr int least_levels_more = 4;
// Steps of terms are looked for up to this number of quanta. a^8 is 0 on fewer levels than nine.
constexpr int longest_step = 40;

Model with_levels(const Model& model, const std::function<int(int)>& more_than) {
  std::vector<Group> groups = model.space.groups();
  for (Group& group : groups)
    if (group.kind == SiteKind::oscillator) group.dimension = more_than(group.dimension);
  Model other = model;
  other.space = Space(std::move(groups));
  return other;
}

// The largest number of quanta by which an operator of a site changes it.
void widen(const std::vector<ProductTerm>& terms, const Space& space, int& step) {
  for (const ProductTerm& term : terms) {
    for (const Factor& factor : term.factors) {
      if (space.group_of(factor.site).kind != SiteKind::oscillator) continue;
      for (int row = 0; row < factor.matrix.outerSize(); ++row)
        for (SiteMatrix::InnerIterator entry(factor.matrix, row); entry; ++entry)
          step = std::max(step, static_cast<int>(std::abs(entry.row() - entry.col())));
    }
  }
}

// Of all terms but those of baths, whose operators are combinations of eigenstates.
int longest_step_of(const Model& model) {
  const Model wide = with_levels(model, [](int levels) { return levels + longest_step; });
  int step = 0;
  const auto look = [&](const Expression& words) {
    widen(sum_over_members(words, wide.space, wide.parameters).terms(), wide.space, step);
  };
  look(wide.hamiltonian);
  for (const Dissipator& dissipator : wide.dissipators)
    for (const Jump& jump : jumps(dissipator, wide))
      if (!jump.is_of_members) widen(jump.op.terms(), wide.space, step);
  for (const BathCoupling& bath : wide.baths)
    look(bath.coupling);
  return std::min(step, longest_step);
}

}  // namespace

std::optional<System> beyond_cutoffs(const System& system) {
  const Space& space = system.space();
  if (space.joint()) return std::nullopt;
  const auto& groups = space.groups();
  if (std::none_of(groups.begin(), groups.end(),
                   [](const Group& group) { return group.kind == SiteKind::oscillator; }))
    return std::nullopt;
  const int step = longest_step_of(system.model());
  return System(with_levels(system.model(), [&](int levels) {
    return levels + std::max({least_levels_more, levels / 2, step});
  }));
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
