// The size and the memory that the tasks of a study need.
#pragma once

#include <mpi.h>

#include <memory>
#include <string>
#include <vector>

#include "lindwurm/backend/session.hpp"
#include "lindwurm/tasks/study.hpp"

namespace lindwurm {

/// For one task: its space, and its peak memory in addition to that of the program itself.
struct Forecast {
  std::string name;
  std::int64_t unknowns = 0;
  double entries = 0;  ///< of the generator in this space, if it were assembled
  Storage storage = Storage::assembled;
  double bytes = 0;
};

/// The forecasts of a whole study.
struct Prediction {
  std::int64_t dimension = 0;  ///< D
  std::int64_t unknowns = 0;   ///< D^2, or 2 D for kets
  std::vector<Forecast> tasks;
  double total_bytes = 0;  ///< peak, summed over all ranks

  /// The forecast of the task of this name; null if there is none.
  [[nodiscard]] Forecast* find(std::string_view name);
};

/// What the forecasts of all tasks start from: the terms of the equation and what they lead to.
class Forecaster {
 public:
  Forecaster(const Study& study, int ranks, std::int64_t sampled);
  /// The same for other terms on other elements.
  Forecaster(const Forecaster& of, std::vector<ProductTerm> terms, const ElementSpace& elements);

  [[nodiscard]] const Study& study() const { return study_; }
  [[nodiscard]] int ranks() const { return ranks_; }
  [[nodiscard]] const std::vector<ProductTerm>& terms() const { return terms_; }
  [[nodiscard]] const Flow& flow() const { return flow_; }
  /// D as a real number.
  [[nodiscard]] double dimension() const { return d_; }
  /// This forecaster for a task that runs on a single rank.
  [[nodiscard]] Forecaster on_one_rank() const;

  /// A task with its space. Its memory is still to be determined. Throws InputError if a few
  /// vectors alone do not fit.
  [[nodiscard]] Forecast task(std::string name, const Sector& sector, Storage storage) const;
  /// The memory of an assembled matrix.
  [[nodiscard]] static double assembled(const Forecast& task);
  /// The memory of a generator without vectors.
  [[nodiscard]] double generator(const TaskPlan& plan, const Forecast& task) const;
  /// The memory of the sums of products as matrix-free operators.
  [[nodiscard]] double matrix_free(const std::vector<ProductTerm>& terms,
                                   const Sector& sector) const;
  /// The memory of a full density matrix, for its eigenvalues or for the output file.
  [[nodiscard]] double dense_state() const;

 private:
  Forecaster(const Study& study, int ranks, std::int64_t sampled, EquationTerms equation);
  [[nodiscard]] PackedBasis sliced(const Sector& sector) const;

  const Study& study_;
  int ranks_;
  std::vector<ProductTerm> terms_;
  Flow flow_;
  std::int64_t sampled_;
  double d_;
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
