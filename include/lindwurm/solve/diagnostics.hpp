// Diagnostics that tell whether a state can be trusted.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lindwurm/states/state.hpp"

namespace lindwurm {

/// The worst value of each diagnostic over all states that a StateMonitor saw.
struct StateDiagnostics {
  double trace_error = 0;  ///< |tr rho - 1|
  /// The population of the top level of each oscillator. A large one means that the Fock cutoff is
  /// too low.
  std::vector<std::pair<std::string, double>> top_levels;
  /// The lowest eigenvalue of rho, if the Hilbert dimension is within EigenvalueLimits.
  std::optional<double> lowest_eigenvalue;
};

/// The worst value of each diagnostic over the kets at all output times.
struct KetDiagnostics {
  double norm_error = 0;  ///< |psi^dag psi - 1|
  /// |<H> - <H> at the first time|, if H is constant.
  std::optional<double> energy_drift;
  /// The population of the top level of each oscillator.
  std::vector<std::pair<std::string, double>> top_levels;
  /// The sites whose cutoffs are exact, because the sector has no room above them.
  std::set<std::string> exact_cutoffs;
};

/// The name of each oscillator and the projector on its top level.
[[nodiscard]] std::vector<std::pair<std::string, Operator>> top_levels(const Space& space);

/// The eigenvalues of rho are computed up to these Hilbert dimensions.
struct EigenvalueLimits {
  std::int64_t of_last_state = 200;
  std::int64_t of_every_state = 32;
};

/// Records the worst diagnostics of the states that it is shown. Calls are collective.
class StateMonitor {
 public:
  explicit StateMonitor(const Liouvillian& liouvillian, const EigenvalueLimits& eigenvalues = {});
  /// Inspects a packed state. `is_last` selects the limit for computing eigenvalues.
  void look(Vec packed, bool is_last);
  /// The functionals that the diagnostics are computed from, and look_at(), which takes only their
  /// values. Neither is collective.
  [[nodiscard]] const std::vector<Functional>& functionals() const { return functionals_; }
  void look_at(const std::vector<Complex>& values);
  [[nodiscard]] const StateDiagnostics& worst() const { return worst_; }

 private:
  const PackedBasis& basis_;
  EigenvalueLimits eigenvalues_;
  std::vector<Functional> functionals_;  // the identity, then each oscillator's top level
  StateDiagnostics worst_;
};

}  // namespace lindwurm
