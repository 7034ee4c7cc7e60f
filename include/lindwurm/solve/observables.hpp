// What is asked of states: expectation values, and functions of the density operator.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "lindwurm/liouville/state.hpp"

namespace lindwurm {

/// The heat current from the bath of this name into the system, model/thermodynamics.hpp.
struct HeatCurrent {
  std::string bath;
};

/// Functions of rho that are not linear.
enum class StateFunction {
  purity,   ///< tr rho^2
  entropy,  ///< -tr rho ln rho; for D <= entropy_limit
};

inline constexpr std::int64_t entropy_limit = 1024;

struct Observable {
  std::string name;
  std::variant<Expression, HeatCurrent, StateFunction> content;
};

/// In the order of the results.
using Observables = std::vector<Observable>;

/// The observables of one Liouvillian. Calls are collective.
class Observer {
 public:
  /// Throws InputError for an observable that depends on time, a bath that the model does not have,
  /// or an entropy of too many states.
  Observer(const Observables& observables, const Liouvillian& liouvillian);

  /// The functionals of the linear ones.
  [[nodiscard]] const std::vector<Functional>& functionals() const { return functionals_; }
  /// True if some can only be had from whole states.
  [[nodiscard]] bool needs_states() const { return functionals_.size() < places_.size(); }
  /// Whether each value is real, in the order of the observables.
  [[nodiscard]] std::vector<bool> is_real() const;

  /// The values at one more time, those of the functionals being known. `state` may be null unless
  /// states are needed.
  void record(const std::vector<Complex>& linear, Vec state);
  /// The same, all from the state.
  void record(Vec state);
  /// values[k][j]: observable k at the j-th time.
  [[nodiscard]] const std::vector<std::vector<Complex>>& values() const { return values_; }

 private:
  // Where a value comes from.
  struct Place {
    int functional = -1;
    StateFunction function{};
    bool is_real = true;
  };
  const PackedBasis& basis_;
  std::vector<Functional> functionals_;
  std::vector<Place> places_;
  std::vector<std::vector<Complex>> values_;
};

}  // namespace lindwurm
