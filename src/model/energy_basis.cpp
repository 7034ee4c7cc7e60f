#include "lindwurm/model/energy_basis.hpp"

#include <algorithm>
#include <numeric>

#include "lindwurm/operators/joint_basis.hpp"

namespace lindwurm {

namespace {

// True if only baths act, and their schemes distinguish the frequencies of the whole H.
bool has_apt_terms(const Model& model) {
  return model.dissipators.empty() && model.superoperators.empty() && !model.baths.empty() &&
         std::all_of(model.baths.begin(), model.baths.end(), [](const BathCoupling& bath) {
           return bath.scheme == BathScheme::secular || bath.scheme == BathScheme::partial_secular;
         });
}

// True if the equations act on all sites and have sparse maps, and at least one of them must be
// written out.
bool has_apt_equations(const System& system, const std::vector<int>& sites) {
  bool is_written_out = false;
  for (std::size_t k = 0; k < system.model().baths.size(); ++k) {
    for (const BathEquation& equation : system.bath_equations(k)) {
      if (sites_of(equation) != sites || !has_sparse_map(equation)) return false;
      is_written_out = is_written_out || is_map_written_out(equation);
    }
  }
  return is_written_out;
}

}  // namespace

System in_energy_basis(const System& system, int least_states) {
  const Model& model = system.model();
  const Space& space = model.space;
  if (space.joint() || space.has_ensembles() || !has_apt_terms(model)) return system;
  const double states = space.dimension_estimate();
  if (states < least_states || states > most_diagonalised_states) return system;
  if (!system.has_constant_hamiltonian()) return system;
  std::vector<int> sites(space.sites());
  std::iota(sites.begin(), sites.end(), 0);
  if (!has_apt_equations(system, sites)) return system;
  std::vector<Group> groups = space.groups();
  for (Group& group : groups) {
    if (group.basis == SpinBasis::automatic) group.basis = SpinBasis::z;
  }
  const Space named(std::move(groups));
  const Operator h = sum_over_members(model.hamiltonian, named, model.parameters).simplified();
  return system.stored_in(Space(
      std::make_shared<const JointBasis>(JointBasis{named, energy_basis(h, sites, named).states})));
}

}  // namespace lindwurm
