// What is asked of kets: all of it linear in psi psi^dag, so that mixtures are weighted means.
#pragma once

#include <optional>
#include <vector>

#include "lindwurm/liouville/ket.hpp"
#include "lindwurm/liouville/partial_trace.hpp"
#include "lindwurm/solve/diagnostics.hpp"
#include "lindwurm/solve/evolve.hpp"

namespace lindwurm {

/// Where the numbers seen of a ket at one time stand in a column: psi^dag psi, the energy of a
/// constant H that nothing damps, the population of each oscillator's top level, each observable
/// that is an expectation value, then each reduced density matrix, and its rate of change if that
/// is asked for. The same for all sectors of a model.
class KetColumns {
 public:
  /// Throws InputError for an observable that depends on time or asks for a bath.
  KetColumns(const Model& model, const EvolveOptions& options);

  /// Expectation values, in the order of the column.
  [[nodiscard]] const std::vector<Operator>& operators() const { return operators_; }
  [[nodiscard]] const std::vector<ReducedSpace>& reduced() const { return reduced_; }
  [[nodiscard]] bool has_changes() const { return has_changes_; }
  [[nodiscard]] Eigen::Index size() const { return size_; }
  /// The row of an observable; none for one that is no expectation value.
  [[nodiscard]] std::optional<Eigen::Index> row_of(std::size_t observable) const;
  [[nodiscard]] const std::vector<bool>& is_real() const { return is_real_; }

  /// The worst of some columns.
  [[nodiscard]] KetDiagnostics diagnostics(const Eigen::MatrixXcd& columns) const;
  /// Fills in the values and the reduced states of columns, one for each of run.times.
  /// `purity` and `entropy` are those of the whole state, which H conserves.
  void read(const Eigen::MatrixXcd& columns, double purity, double entropy, TimeSeries& run) const;
  /// The errors of what read() filled in: standard errors, from their squares for the columns, and
  /// what `neglected_weight` can change: so much of the distance of the eigenvalues of A.
  void read_errors(const Eigen::MatrixXd& squared, double neglected_weight, TimeSeries& run) const;
  /// A bound on the norm of every observable.
  [[nodiscard]] double largest_norm() const;
  /// The largest standard error of an observable.
  [[nodiscard]] double largest_error(const Eigen::MatrixXd& squared) const;

 private:
  std::vector<Operator> operators_;
  bool has_energy_ = false;
  std::vector<std::string> tops_;
  std::vector<std::optional<Eigen::Index>> rows_;
  std::vector<StateFunction> functions_;
  std::vector<bool> is_real_;
  // Those of the sites of which whole states are wanted at some times come last.
  std::vector<ReducedSpace> reduced_;
  std::vector<SiteAt> sites_;
  Space space_;
  bool has_changes_ = false;
  Eigen::Index size_ = 0;
};

/// Looks at the kets of one generator. Calls are collective.
class KetObserver {
 public:
  /// The columns outlive this, as does the generator.
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
