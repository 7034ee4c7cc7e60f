// The sector and the storage that each task of a study uses, and the memory it needs.
#pragma once

#include <optional>

#include "lindwurm/backend/session.hpp"
#include "lindwurm/study/study.hpp"

namespace lindwurm {

/// The sector and the storage of a task.
struct TaskPlan {
  Sector sector;
  Storage storage = Storage::assembled;
};

/// True if a mixed initial state is to be evolved by kets.
[[nodiscard]] bool starts_mixed(const Study& study, const ProductState& initial);
/// The sector of the study's initial state. For a mixture of kets, it is the largest sector of a
/// ket.
[[nodiscard]] Sector sector_of_initial(const Study& study, const ProductState& initial,
                                       const Charges& charges);
/// The plan of the evolution: everything that the initial state leads to, matrix-free unless chosen
/// otherwise.
[[nodiscard]] TaskPlan plan_evolution(const Study& study, const ProductState& initial,
                                      const Flow& flow);
/// The plan of the steady state. The sector is what the diagonal leads to and cannot be left, if
/// that is enough; otherwise it is everything connected to the trace of a state. L is assembled if
/// a complete factorisation is cheap, or if a factorisation of the matrix is requested.
[[nodiscard]] TaskPlan plan_steady_state(const Study& study, const Flow& flow,
                                         bool is_unique = true);

/// The region of the state in which a task correlates operators, for any charges of operators.
[[nodiscard]] Flow::Region correlated_state(const Study& study, const CorrelationTask& task,
                                            const Flow& flow);

/// The size and the memory that a study will need.
struct Prediction {
  std::int64_t dimension = 0;  ///< D
  std::int64_t unknowns = 0;   ///< D^2, or 2 D for kets
  /// For one task: its space, and its peak memory in addition to that of the program itself.
  struct Task {
    std::int64_t unknowns = 0;
    double entries = 0;  ///< of the generator in this space, if it were assembled
    Storage storage = Storage::assembled;
    double bytes = 0;
  };
  std::optional<Task> evolve;
  std::optional<Task> steady;
  std::optional<Task> spectrum;
  std::optional<Task> correlation;  ///< the correlation that needs most
  double total_bytes = 0;           ///< peak, summed over all ranks
};

/// Predicts the memory of a study. Entries are counted in up to `sampled` evenly spaced rows.
/// Throws InputError for more unknowns than 32-bit indices can number.
[[nodiscard]] Prediction predict(const Study& study, int ranks, std::int64_t sampled = 100000);

/// Throws InputError with a remedy if the prediction exceeds the free memory.
void require_memory(const Prediction& prediction, double available = available_memory_bytes());
/// The same for a run on the ranks of `comm` with evenly distributed memory: no machine may need
/// more than it has free. Collective.
void require_memory(const Prediction& prediction, MPI_Comm comm);

}  // namespace lindwurm
