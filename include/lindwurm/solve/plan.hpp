// The sector and the storage that each task works with.
#pragma once

#include <optional>
#include <set>

#include "lindwurm/model/initial_state.hpp"
#include "lindwurm/solve/preconditioner.hpp"
#include "lindwurm/solve/steady_state.hpp"

namespace lindwurm {

/// How Liouvillians are stored. This changes time and memory, never a result.
struct LiouvillianSettings {
  std::optional<Storage> storage;  ///< if not given, it is chosen for each task
  bool uses_sectors = true;
  Preconditioner preconditioner{};
  Subdivision subdivision{};
};

/// The sector and the storage of a task.
struct TaskPlan {
  Sector sector;
  Storage storage = Storage::assembled;
};

/// The sector, or the whole space if the settings do not use sectors.
[[nodiscard]] Sector chosen(const LiouvillianSettings& settings, Sector sector);
/// The storage that is chosen for a task whose solver needs a matrix, or does not.
[[nodiscard]] Storage automatic_storage(const Space& space, bool needs_matrix);

/// The plan of an evolution under L: everything that the initial state leads to, matrix-free unless
/// the settings say otherwise.
[[nodiscard]] TaskPlan plan_evolution(const ProductState& initial, const Space& space,
                                      const Flow& flow, const LiouvillianSettings& settings);
/// The same for kets. A mixed initial state has one ket for each of its product kets but for the
/// weight `neglect`, and the sector is the largest of theirs.
[[nodiscard]] TaskPlan plan_ket_evolution(const ProductState& initial, double neglect,
                                          const Space& space, const Flow& flow,
                                          const LiouvillianSettings& settings);
/// The plan of the steady state. The sector is what the diagonal leads to and cannot be left, if
/// that is enough; otherwise it is everything connected to the trace of a state. L is assembled if
/// a complete factorisation is cheap, or if a factorisation of the matrix is requested.
[[nodiscard]] TaskPlan plan_steady_state(const SteadyOptions& options, const Model& model,
                                         const Flow& flow, const LiouvillianSettings& settings,
                                         bool is_unique = true);

/// The region of a steady state, for any charges of operators. `flow` must outlive it.
[[nodiscard]] Flow::Region steady_region(const Model& model, const Flow& flow);
/// The region that an initial state leads to, in the same way. All arguments must outlive it.
[[nodiscard]] Flow::Region evolved_region(const ProductState& initial, const Space& space,
                                          const Flow& flow);

}  // namespace lindwurm
