// Master equations by quantum trajectories.
#pragma once

#include <optional>
#include <vector>

#include "lindwurm/solve/mixture.hpp"

namespace lindwurm {

struct TrajectoriesOptions {
  std::int64_t count = 1000;  ///< at most, those of earlier runs included
  /// Enough once every observable's standard error, and its |A| over the number of trajectories,
  /// are below this at every time: what a few trajectories show by chance is no certainty.
  std::optional<double> error{};
  std::uint64_t seed = 1;
};

/// Solves a master equation of GKSL form as the mean over quantum trajectories, kets that jump at
/// random (the Monte Carlo wave function method: J. Dalibard, Y. Castin and K. Molmer, Phys. Rev.
/// Lett. 68, 580 (1992)). Each runs on one rank, on numbers of its own that depend on the seed and
/// its own number: the result is the same, bit by bit, on any number of ranks, and if it goes on
/// from `earlier`, the ensemble of a run with fewer trajectories. `errors` of the result are
/// standard errors. Collective over `comm`.
///
/// Throws InputError for superoperator terms, equations not of GKSL form, purity and entropy of the
/// whole state, and rates of change of reduced states.
[[nodiscard]] KetEvolution evolve_trajectories(const Model& model, const ProductState& initial,
                                               const std::vector<double>& times,
                                               const EvolveOptions& options,
                                               const TrajectoriesOptions& trajectories,
                                               const KetStorage& held, MPI_Comm comm,
                                               const Ensemble* earlier = nullptr);

}  // namespace lindwurm
