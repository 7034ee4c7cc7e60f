// What is asked of states: expectation values, and functions of the density operator.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "lindwurm/liouville/partial_trace.hpp"
#include "lindwurm/liouville/site_state.hpp"
#include "lindwurm/liouville/state.hpp"

namespace lindwurm {

/// The heat current from the bath of this name into the system, model/thermodynamics.hpp.
struct HeatCurrent {
  std::string bath;
};

/// The share of a state that lies in the multiplets of total spin J of an ensemble.
struct MultipletPopulation {
  std::string ensemble;
  int two_j = 0;  ///< 2J
};

/// Functions of rho that are not linear.
enum class StateFunction {
  purity,   ///< tr rho^2
  entropy,  ///< -tr rho ln rho; for D <= entropy_limit
};

inline constexpr std::int64_t entropy_limit = 1024;

/// -tr rho ln rho and tr rho^2 of a density matrix. Of each state there may be many copies that rho
/// is spread over evenly: ln of their numbers, or nothing.
[[nodiscard]] double entropy(const Eigen::MatrixXcd& rho, const Eigen::VectorXd& log_copies = {});
[[nodiscard]] double purity(const Eigen::MatrixXcd& rho, const Eigen::VectorXd& log_copies = {});

struct Observable {
  std::string name;
  std::variant<Expression, HeatCurrent, MultipletPopulation, StateFunction> content;
};

/// In the order of the results.
using Observables = std::vector<Observable>;

/// Reduced density matrices at each time.
struct ReducedSeries {
  explicit ReducedSeries(ReducedSpace of) : kept(std::move(of)) {}

  ReducedSpace kept;
  std::vector<Eigen::MatrixXcd> states;
  std::vector<Eigen::MatrixXcd> changes;  ///< d/dt of each, if that was asked for
  std::vector<Eigen::MatrixXd> errors;    ///< standard errors of the elements, where there are any
  double bound = 0;                       ///< on what was neglected of each element
};

/// A site whose density matrix is wanted at some of the output times, ascending.
struct SiteAt {
  int site = 0;
  std::vector<double> times{};
};

/// The observables and the reduced states of one Liouvillian. Calls are collective.
class Observer {
 public:
  /// Throws InputError for an observable that depends on time, a bath that the model does not have,
  /// or an entropy of too many states.
  Observer(const Observables& observables, const Liouvillian& liouvillian,
           const std::vector<ReducedSpace>& reduced = {}, bool has_changes = false,
           std::vector<SiteAt> sites = {});

  /// The functionals of the linear ones.
  [[nodiscard]] const std::vector<Functional>& functionals() const { return functionals_; }
  /// True if some can only be had from whole states.
  [[nodiscard]] bool needs_states() const {
    return functionals_.size() < places_.size() || !reduced_.empty() || !sites_.empty();
  }
  /// Whether each value is real, in the order of the observables.
  [[nodiscard]] std::vector<bool> is_real() const;

  /// The values at one more time t, those of the functionals being known. `state` may be null
  /// unless states are needed.
  void record(double t, const std::vector<Complex>& linear, Vec state);
  /// The same, all from the state.
  void record(double t, Vec state);
  /// values[k][j]: observable k at the j-th time.
  [[nodiscard]] const std::vector<std::vector<Complex>>& values() const { return values_; }
  [[nodiscard]] const std::vector<ReducedSeries>& reduced() const { return reduced_; }
  /// Of each site, at each of its times.
  [[nodiscard]] const std::vector<std::vector<SiteState>>& site_states() const {
    return site_states_;
  }

 private:
  // Where a value comes from.
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
