// In what part of the space, and in what form, each task of a study works.
#pragma once

#include <optional>

#include "lindwurm/backend/session.hpp"
#include "lindwurm/study/study.hpp"

namespace lindwurm {

struct TaskPlan {
  Sector sector;
  Storage storage = Storage::assembled;
};

/// True if kets are to follow a mixed initial state.
[[nodiscard]] bool starts_mixed(const Study& study, const ProductState& initial);
/// Where the study's initial state lies; of a mixture of kets, where the largest lies.
[[nodiscard]] Sector sector_of_initial(const Study& study, const ProductState& initial,
                                       const Charges& charges);
/// The evolution's: what the initial state touches; matrix-free.
[[nodiscard]] TaskPlan plan_evolution(const Study& study, const ProductState& initial,
                                      const Charges& charges);
/// The steady state's: the diagonal's sector; assembled where a complete factorisation is cheap or
/// a factorisation of the matrix is asked for.
[[nodiscard]] TaskPlan plan_steady_state(const Study& study, const Charges& charges);

/// Where the correlated operators of a task lie, among the charges of operators.
[[nodiscard]] Sector plan_correlation(const Study& study, const CorrelationTask& task,
                                      const Charges& charges);

/// What a study will take.
struct Prediction {
  std::int64_t dimension = 0;  ///< D
  std::int64_t unknowns = 0;   ///< D^2, or 2 D of kets
  /// Of one task: what it works in, and its peak above what the program itself takes.
  struct Task {
    std::int64_t unknowns = 0;
    double entries = 0;  ///< of the generator in there, were it assembled
    Storage storage = Storage::assembled;
    double bytes = 0;
  };
  std::optional<Task> evolve;
  std::optional<Task> steady;
  std::optional<Task> spectrum;
  std::optional<Task> correlation;  ///< the one that takes most
  double total_bytes = 0;           ///< peak, over all ranks
};

/// Entries are counted in up to `sampled` rows, evenly spaced. Throws InputError for more unknowns
/// than 32-bit indices can number.
[[nodiscard]] Prediction predict(const Study& study, int ranks, std::int64_t sampled = 100000);

/// Throws InputError if the prediction exceeds the memory that is free, saying what would help.
void require_memory(const Prediction& prediction, double available = available_memory_bytes());

}  // namespace lindwurm
