// What tells whether a state can be trusted.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lindwurm/liouville/state.hpp"

namespace lindwurm {

/// The worst values over all the states that a StateMonitor saw.
struct StateDiagnostics {
  double trace_error = 0;  ///< |tr rho - 1|
  /// The population of the top level of each oscillator: what presses against the Fock cutoff.
  std::vector<std::pair<std::string, double>> top_levels;
  /// The lowest eigenvalue of rho, where D is small enough to ask.
  std::optional<double> lowest_eigenvalue;
};

/// The worst over all the kets at output times.
struct KetDiagnostics {
  double norm_error = 0;  ///< |psi^dag psi - 1|
  /// |<H> - <H> at the first time|, of a constant H.
  std::optional<double> energy_drift;
  /// The population of the top level of each oscillator.
  std::vector<std::pair<std::string, double>> top_levels;
};

/// Each oscillator's name, and the projector on its top level.
[[nodiscard]] std::vector<std::pair<std::string, Operator>> top_levels(const Space& space);

/// Watches states go by. Calls are collective.
class StateMonitor {
 public:
  /// Hilbert dimensions up to which eigenvalues of rho are computed: of the last state, and of
  /// every state.
  static constexpr std::int64_t eigenvalue_limit = 200;
  static constexpr std::int64_t every_eigenvalue_limit = 32;

  explicit StateMonitor(const Liouvillian& liouvillian);
  void look(Vec packed, bool is_last);
  /// The functionals whose values it watches, and a look at these values alone. Not collective.
  [[nodiscard]] const std::vector<Functional>& functionals() const { return functionals_; }
  void look_at(const std::vector<Complex>& values);
  [[nodiscard]] const StateDiagnostics& worst() const { return worst_; }

 private:
  const PackedBasis& basis_;
  std::vector<Functional> functionals_;  // the identity, then each oscillator's top level
  StateDiagnostics worst_;
};

}  // namespace lindwurm
