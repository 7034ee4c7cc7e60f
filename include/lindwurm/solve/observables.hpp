// What can be observed: expectation values and functions of the density operator.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "lindwurm/states/partial_trace.hpp"
#include "lindwurm/states/site_state.hpp"
#include "lindwurm/states/state.hpp"

namespace lindwurm {

/// The heat current from the named bath into the system (model/thermodynamics.hpp).
struct HeatCurrent {
  std::string bath;
};

/// The weight of a state in the multiplets of total spin J of an ensemble.
struct MultipletPopulation {
  std::string ensemble;
  int two_j = 0;  ///< 2J
};

/// Nonlinear functions of rho.
enum class StateFunction {
  purity,   ///< tr rho^2
  entropy,  ///< -tr rho ln rho; for D <= entropy_limit
};

/// The largest Hilbert dimension D for which the entropy is computed.
inline constexpr std::int64_t entropy_limit = 1024;

/// -tr rho ln rho and tr rho^2 of a density matrix. If `log_copies` is given, each basis state has
/// several copies over which its weight is spread evenly; `log_copies` holds ln of their numbers.
[[nodiscard]] double entropy(const Eigen::MatrixXcd& rho, const Eigen::VectorXd& log_copies = {});
[[nodiscard]] double purity(const Eigen::MatrixXcd& rho, const Eigen::VectorXd& log_copies = {});

/// A named observable: an operator as an expression, or one of the functions above.
struct Observable {
  std::string name;
  std::variant<Expression, HeatCurrent, MultipletPopulation, StateFunction> content;
};

/// The order is that of the results.
using Observables = std::vector<Observable>;

/// The reduced density matrices of one subsystem at each time.
struct ReducedSeries {
  explicit ReducedSeries(ReducedSpace of) : kept(std::move(of)) {}

  ReducedSpace kept;
  std::vector<Eigen::MatrixXcd> states;
  std::vector<Eigen::MatrixXcd> changes;  ///< the time derivative of each state, if requested
  /// The standard errors of the elements; empty if there are none.
  std::vector<Eigen::MatrixXd> errors;
  double bound = 0;  ///< bounds what was neglected in each element
};

/// A site whose density matrix is computed at some of the output times, in ascending order.
struct SiteAt {
  int site = 0;
  std::vector<double> times{};
};

/// Evaluates the observables and reduced states of one Liouvillian. Calls are collective.
class Observer {
 public:
  /// Throws InputError for an observable that depends on time, a bath that the model does not have,
  /// or an entropy of too many states.
  Observer(const Observables& observables, const Liouvillian& liouvillian,
           const std::vector<ReducedSpace>& reduced = {}, bool has_changes = false,
           std::vector<SiteAt> sites = {});

  /// The functionals that give the linear observables.
  [[nodiscard]] const std::vector<Functional>& functionals() const { return functionals_; }
  /// True if an observable or a reduced state requires the whole state.
  [[nodiscard]] bool needs_states() const {
    return functionals_.size() < places_.size() || !reduced_.empty() || !sites_.empty();
  }
  /// True for each observable whose values are real.
  [[nodiscard]] std::vector<bool> is_real() const;

  /// Appends the values at time t, with those of the functionals already computed. `state` may be
  /// null unless needs_states().
  void record(double t, const std::vector<Complex>& linear, Vec state);
  /// The same, with all values computed from the state.
  void record(double t, Vec state);
  /// values[k][j]: observable k at the j-th time.
  [[nodiscard]] const std::vector<std::vector<Complex>>& values() const { return values_; }
  [[nodiscard]] const std::vector<ReducedSeries>& reduced() const { return reduced_; }
  /// The states of each site, at each of its times.
  [[nodiscard]] const std::vector<std::vector<SiteState>>& site_states() const {
    return site_states_;
  }

 private:
  // How the value of one observable is obtained.
  struct Place {
    int functional = -1;
    StateFunction function{};
    bool is_real = true;
  };
  const Liouvillian& liouvillian_;
  std::vector<Functional> functionals_;
  std::vector<Place> places_;
  std::vector<std::vector<Complex>> values_;
  std::vector<PartialTrace> traces_;
  std::vector<ReducedSeries> reduced_;
  std::vector<SiteAt> sites_;
  std::vector<SiteTrace> site_traces_;
  std::vector<std::vector<SiteState>> site_states_;
  VecHandle change_;  // L rho, if changes are wanted
};

}  // namespace lindwurm
