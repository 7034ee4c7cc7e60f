// Storage of a model in the eigenstates of its Hamiltonian.
#pragma once

#include "lindwurm/model/system.hpp"

namespace lindwurm {

/// With fewer states than this, the product basis is good enough.
inline constexpr int least_states_of_energy_basis = 16;

/// The same system with all sites stored as one, in the eigenstates of H, if this makes L sparse.
/// Otherwise the system is returned unchanged. The conditions are: H is constant; the only other
/// terms are secular and partial-secular baths that act on all sites; these have too many
/// eigenoperators to be written as products of site operators. If no Bohr frequencies are equal, L
/// then has about D^2 entries, compared with D^4 in the product basis.
[[nodiscard]] System in_energy_basis(const System& system,
                                     int least_states = least_states_of_energy_basis);

}  // namespace lindwurm
