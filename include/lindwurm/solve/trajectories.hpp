// Master equations by quantum trajectories.
#pragma once

#include <optional>
#include <vector>

#include "lindwurm/solve/mixture.hpp"

namespace lindwurm {

/// Options of evolve_trajectories().
struct TrajectoriesOptions {
  /// The largest number of trajectories, those of earlier runs included.
  std::int64_t count = 1000;
  /// Sampling stops once two quantities are below this for every observable at every time: the
  /// standard error, and |A| divided by the number of trajectories. The second one guards against a
  /// few trajectories that agree by chance.
  std::optional<double> error{};
  std::uint64_t seed = 1;
};

/// Solves a master equation of GKSL form as the mean over quantum trajectories, kets that jump at
/// random (the Monte Carlo wave function method: J. Dalibard, Y. Castin and K. Molmer, Phys. Rev.
/// Lett. 68, 580 (1992)). Each trajectory runs on one rank. Its random numbers depend only on the
/// seed and its own number. The result is therefore the same, bit by bit, on any number of ranks.
/// The same holds if it continues `earlier`, the ensemble of a run with fewer trajectories.
///
/// `errors` of the result holds half the widths of confidence intervals. With a probability of 99.9
/// % all of them together contain the expectation values. This holds for any distribution of the
/// trajectories, even if none of them was found in a rare state. Standard errors are in
/// `standard_errors`. Collective over `comm`.
///
/// Throws InputError for superoperator terms, for equations not of GKSL form, for purity and
/// entropy of the whole state, and for time derivatives of reduced states.
[[nodiscard]] KetEvolution evolve_trajectories(const System& system, const ProductState& initial,
                                               const std::vector<double>& times,
                                               const EvolveOptions& options,
                                               const TrajectoriesOptions& trajectories,
                                               const KetStorage& held, MPI_Comm comm,
                                               const Ensemble* earlier = nullptr);

}  // namespace lindwurm
