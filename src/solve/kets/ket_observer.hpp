// Observables of kets. All of them are linear in psi psi^dag, so mixtures are weighted means.
#pragma once

#include <optional>
#include <vector>

#include "column_mean.hpp"
#include "confidence.hpp"
#include "lindwurm/solve/diagnostics.hpp"
#include "lindwurm/solve/evolve.hpp"
#include "lindwurm/states/ket.hpp"
#include "lindwurm/states/partial_trace.hpp"

namespace lindwurm {

/// The layout of a column, which holds the numbers computed from a ket at one time. In this order:
/// psi^dag psi; the energy, if H is constant and nothing damps it; the population of each
/// oscillator's top level; each observable that is an expectation value; then each reduced density
/// matrix, followed by its time derivative if that is requested. It is the same for all sectors of
/// a model.
class KetColumns {
 public:
  /// Throws InputError for an observable that depends on time or refers to a bath.
  KetColumns(const Model& model, const EvolveOptions& options);

  /// The operators whose expectation values are computed, in the order of the column.
  [[nodiscard]] const std::vector<Operator>& operators() const { return operators_; }
  [[nodiscard]] const std::vector<ReducedSpace>& reduced() const { return reduced_; }
  [[nodiscard]] bool has_changes() const { return has_changes_; }
  [[nodiscard]] Eigen::Index size() const { return size_; }
  /// The row of an observable; empty if it is not an expectation value.
  [[nodiscard]] std::optional<Eigen::Index> row_of(std::size_t observable) const;
  [[nodiscard]] const std::vector<bool>& is_real() const { return is_real_; }

  /// The worst diagnostics of some columns.
  [[nodiscard]] KetDiagnostics diagnostics(const Eigen::MatrixXcd& columns) const;
  /// Fills in the values and the reduced states from columns, one for each of run.times. `purity`
  /// and `entropy` are those of the whole state, which H conserves.
  void read(const Eigen::MatrixXcd& columns, double purity, double entropy, TimeSeries& run) const;
  /// Fills in the errors that belong to read(): the standard errors, given by their squares for the
  /// columns, plus the effect of `neglected_weight`. That effect is this weight times the distance
  /// between the largest and the lowest eigenvalue of A.
  void read_errors(const Eigen::MatrixXd& squared, double neglected_weight, TimeSeries& run) const;
  /// Fills in the confidence intervals that belong to read(), for columns that are means over
  /// random trajectories. With a probability of at most `miss`, any of them fails to contain its
  /// expectation value. Standard errors are filled in as well; reduced states have only these. With
  /// `starts_exactly`, all trajectories start in the same state, so that the first time has no
  /// error.
  void read_intervals(const ColumnMean& mean, double miss, bool starts_exactly,
                      TimeSeries& run) const;
  /// A bound on the norm of every observable.
  [[nodiscard]] double largest_norm() const;
  /// The largest standard error of an observable.
  [[nodiscard]] double largest_error(const Eigen::MatrixXd& squared) const;

 private:
  void read_reduced_errors(const Eigen::MatrixXd& squared, double neglected_weight,
                           TimeSeries& run) const;

  std::vector<Operator> operators_;
  bool has_energy_ = false;
  std::vector<std::string> tops_;
  std::vector<std::optional<Eigen::Index>> rows_;
  std::vector<StateFunction> functions_;
  std::vector<bool> is_real_;
  // The reduced spaces. Those of the sites whose states are requested at some times come last.
  std::vector<ReducedSpace> reduced_;
  std::vector<SiteAt> sites_;
  Space space_;
  bool has_changes_ = false;
  Eigen::Index size_ = 0;
};

/// Computes the columns for the kets of one generator. Calls are collective.
class KetObserver {
 public:
  /// The columns and the generator must outlive this object.
  KetObserver(const KetColumns& columns, const KetGenerator& generator);
  [[nodiscard]] Eigen::VectorXcd column(double t, Vec ket) const;

 private:
  const KetColumns& columns_;
  const KetGenerator& generator_;
  std::vector<KetExpectation> expectations_;
  std::vector<KetPartialTrace> traces_;
  VecHandle scratch_;
};

}  // namespace lindwurm
