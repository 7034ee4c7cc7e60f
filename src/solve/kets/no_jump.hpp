// The evolution of kets from one quantum jump to the next.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "lindwurm/solve/evolve.hpp"
#include "lindwurm/states/ket.hpp"

namespace lindwurm {

/// Solves d psi/dt = -i H_eff psi in one sector, until |psi|^2 has fallen to a threshold.
class NoJumpEvolution {
 public:
  virtual ~NoJumpEvolution() = default;

  /// Evolves a ket from time t through times[next], ... `look` is called with the ket at each of
  /// them, and `next` is advanced. Returns the time at which |psi|^2 has fallen to the threshold,
  /// or nothing if that does not happen before the last time. The cost is added to the statistics.
  virtual std::optional<double> run(double t, Vec ket, double threshold, std::size_t& next,
                                    const std::function<void(Vec)>& look,
                                    EvolveStatistics& statistics) = 0;
  /// The ket at the end of run(). Borrowed, until the next run.
  [[nodiscard]] virtual Vec ket() const = 0;
};

/// Uses Chebyshev series if H_eff is constant, unless another method is requested, and Adams's
/// method otherwise. The generator, the times and the options must outlive the result.
[[nodiscard]] std::unique_ptr<NoJumpEvolution> no_jump_evolution(const KetGenerator& generator,
                                                                 const std::vector<double>& times,
                                                                 const EvolveOptions& options);

}  // namespace lindwurm
