// The verbs: evolve a system, find its steady state and its spectrum. Each chooses sector, storage
// and spin bases by itself, as a model file does.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "lindwurm/solve/evolve.hpp"
#include "lindwurm/solve/mixture.hpp"
#include "lindwurm/solve/plan.hpp"
#include "lindwurm/solve/spectrum.hpp"
#include "lindwurm/solve/steady_state.hpp"
#include "lindwurm/solve/trajectories.hpp"

namespace lindwurm {

/// Solves d rho/dt = L(t) rho from a product state at times[0] through the increasing `times`. Only
/// the elements that the initial state leads to are kept. Collective over the equation's
/// communicator. Throws as evolve() of a Liouvillian does.
[[nodiscard]] Evolution evolve(const std::shared_ptr<const MasterEquation>& equation,
                               const ProductState& initial, const std::vector<double>& times,
                               const EvolveOptions& options = {},
                               const LiouvillianSettings& settings = {});
/// Solves d psi/dt = -i H(t) psi. A mixed initial state is a mean over kets (solve/mixture.hpp).
[[nodiscard]] KetEvolution evolve(const std::shared_ptr<const SchroedingerEquation>& equation,
                                  const ProductState& initial, const std::vector<double>& times,
                                  const EvolveOptions& options = {},
                                  const LiouvillianSettings& settings = {},
                                  const MixtureOptions& mixture = {});
/// Solves the master equation as a mean over quantum trajectories (solve/trajectories.hpp).
[[nodiscard]] KetEvolution evolve(const std::shared_ptr<const JumpEquation>& equation,
                                  const ProductState& initial, const std::vector<double>& times,
                                  const EvolveOptions& options = {},
                                  const LiouvillianSettings& settings = {},
                                  const TrajectoriesOptions& trajectories = {},
                                  const Ensemble* earlier = nullptr);

/// What a steady state can take over from those of similar systems as a starting point of its
/// iterations. Results do not depend on it beyond the tolerances of the solvers.
struct WarmStart {
  /// The number of steady states that are kept, from the latest runs.
  static constexpr std::size_t most_states = 6;

  std::shared_ptr<const PackedBasis> basis;
  std::deque<VecHandle> states;  ///< packed in `basis`, latest first
};

/// Solves L rho = 0, tr rho = 1, in the part of the space that cannot be left. If the steady state
/// is not unique, the result is the long-time mean of the evolution of `initial`, where that is
/// given. With `warm`, iterations start from its states, and the result is added to it. Collective.
/// Throws as steady_state() of a Liouvillian does.
[[nodiscard]] SteadyState steady_state(const std::shared_ptr<const MasterEquation>& equation,
                                       const SteadyOptions& options = {},
                                       const std::optional<ProductState>& initial = std::nullopt,
                                       const LiouvillianSettings& settings = {},
                                       WarmStart* warm = nullptr);

/// The eigenvalues and modes of L next to 0, over all sectors. Collective. Throws as
/// spectrum_by_sectors() does.
[[nodiscard]] Spectrum spectrum(const std::shared_ptr<const MasterEquation>& equation,
                                const SpectrumOptions& options = {},
                                const LiouvillianSettings& settings = {});

/// The system in the bases in which it is solved best. Each group of spins is stored along x if
/// that makes the largest sector smaller. If `keeps_sites` is false, sites may be joined into one,
/// whose basis are the eigenstates of H; reduced states and single sites can then not be asked for.
[[nodiscard]] System prepared(const System& system, Dynamics dynamics = Dynamics::lindblad,
                              bool keeps_sites = true);

/// The same verbs for a system, in the bases of prepared(). Collective over `comm`.
[[nodiscard]] Evolution evolve(const System& system, const ProductState& initial,
                               const std::vector<double>& times, const EvolveOptions& options = {},
                               const LiouvillianSettings& settings = {},
                               MPI_Comm comm = MPI_COMM_WORLD);
[[nodiscard]] SteadyState steady_state(const System& system, const SteadyOptions& options = {},
                                       const std::optional<ProductState>& initial = std::nullopt,
                                       const LiouvillianSettings& settings = {},
                                       MPI_Comm comm = MPI_COMM_WORLD);
[[nodiscard]] Spectrum spectrum(const System& system, const SpectrumOptions& options = {},
                                const LiouvillianSettings& settings = {},
                                MPI_Comm comm = MPI_COMM_WORLD);

}  // namespace lindwurm
