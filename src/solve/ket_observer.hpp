// What is asked of kets, and whether they can be trusted.
#pragma once

#include <optional>
#include <vector>

#include "lindwurm/liouville/ket.hpp"
#include "lindwurm/solve/diagnostics.hpp"
#include "lindwurm/solve/observables.hpp"

namespace lindwurm {

/// Observables and diagnostics of the kets at output times. Calls are collective.
class KetObserver {
 public:
  /// Throws InputError for an observable that depends on time or asks for a bath.
  KetObserver(const Observables& observables, const KetGenerator& generator);

  /// At one more time.
  void look(Vec ket);

  /// Whether each value is real, in the order of the observables.
  [[nodiscard]] std::vector<bool> is_real() const;
  /// values[k][j]: observable k at the j-th time.
  [[nodiscard]] const std::vector<std::vector<Complex>>& values() const { return values_; }
  [[nodiscard]] const KetDiagnostics& worst() const { return worst_; }

 private:
  // An expectation value, or what every pure state has alike.
  struct Place {
    std::optional<KetExpectation> expectation;
    StateFunction function{};
  };
  [[nodiscard]] Complex evaluate(const Place& place, Vec ket, double weight) const;

  std::vector<Place> places_;
  std::vector<std::vector<Complex>> values_;
  std::optional<KetExpectation> energy_;
  std::optional<double> first_energy_;
  std::vector<KetExpectation> tops_;
  VecHandle scratch_;
  KetDiagnostics worst_;
};

}  // namespace lindwurm
