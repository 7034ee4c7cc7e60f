// Exact dynamics from mixed initial states, by kets.
#pragma once

#include <optional>
#include <vector>

#include "lindwurm/solve/evolve.hpp"

namespace lindwurm {

enum class MixtureKind {
  automatic,       ///< product states if few are enough, else random phases
  product_states,  ///< a weighted sum over product kets
  random_phase,    ///< the mean over random superpositions, liouville/random_phase.hpp
};

struct MixtureOptions {
  MixtureKind kind = MixtureKind::automatic;
  double neglect = 1e-6;  ///< the weight of the initial state that may be left out
  /// Random superpositions of each class of conserved charges, at most.
  std::int64_t samples = 16;
  /// Enough once every observable's standard error is below this at every time.
  std::optional<double> error{};
  std::uint64_t seed = 1;
};

/// How generators of kets are held.
struct KetStorage {
  Storage storage = Storage::matrix_free;
  bool uses_sectors = true;
};

/// Solves d rho/dt = -i [H(t), rho] from a product of mixed states as the mean over kets. The
/// members are spread over the ranks, each on one, unless there are fewer members than ranks, which
/// then share each of them. `errors` of the result holds standard errors, and bounds on what the
/// neglected weight can change: that much of the distance of the eigenvalues of A. Collective over
/// `comm`. Throws as evolve() does, and InputError where product kets would be too many.
[[nodiscard]] KetEvolution evolve_mixture(const Model& model, const ProductState& initial,
                                          const std::vector<double>& times,
                                          const EvolveOptions& options,
                                          const MixtureOptions& mixture, const KetStorage& held,
                                          MPI_Comm comm);

/// True if the members of such a mixture have a rank each, which then holds all of a ket.
[[nodiscard]] bool has_members_for(int ranks, const ProductState& initial,
                                   const MixtureOptions& mixture);

}  // namespace lindwurm
