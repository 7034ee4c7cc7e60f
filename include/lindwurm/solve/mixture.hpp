// Exact dynamics of mixed initial states by an average over kets.
#pragma once

#include <optional>
#include <vector>

#include "lindwurm/solve/evolve.hpp"

namespace lindwurm {

/// How a mixed initial state is written as a mean over kets.
enum class MixtureKind {
  automatic,       ///< product states if few are enough, else random phases
  product_states,  ///< a weighted sum over product kets
  random_phase,    ///< the mean over random superpositions (states/random_phase.hpp)
};

/// Options of evolve_mixture().
struct MixtureOptions {
  MixtureKind kind = MixtureKind::automatic;
  double neglect = 1e-6;  ///< the weight of the initial state that may be left out
  /// The largest number of product kets for which `automatic` chooses product states, and the
  /// largest number that `product_states` accepts.
  std::size_t few_product_kets = 256;
  std::size_t most_product_kets = 100'000;
  /// The largest number of random superpositions for each class of conserved charges.
  std::int64_t samples = 16;
  /// Sampling stops once every observable's standard error is below this at every time.
  std::optional<double> error{};
  std::uint64_t seed = 1;
};

/// How the generators of kets are stored.
struct KetStorage {
  Storage storage = Storage::matrix_free;
  bool uses_sectors = true;
  Subdivision subdivision{};
};

/// Solves d rho/dt = -i [H(t), rho] from a product of mixed states as the mean over kets. Each ket
/// is evolved on one rank. If there are fewer kets than ranks, all ranks share each ket instead.
/// `errors` of the result holds standard errors plus bounds on the effect of the neglected weight:
/// that weight times the distance between the largest and the lowest eigenvalue of A. Collective
/// over `comm`. Throws as evolve() does, and InputError if there would be too many product kets.
[[nodiscard]] KetEvolution evolve_mixture(const System& system, const ProductState& initial,
                                          const std::vector<double>& times,
                                          const EvolveOptions& options,
                                          const MixtureOptions& mixture, const KetStorage& held,
                                          MPI_Comm comm);

/// True if each ket of such a mixture is evolved on one rank, which then holds all of it.
[[nodiscard]] bool has_members_for(int ranks, const ProductState& initial,
                                   const MixtureOptions& mixture);

}  // namespace lindwurm
