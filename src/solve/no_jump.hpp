// The evolution of kets from one quantum jump to the next.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "lindwurm/liouville/ket.hpp"
#include "lindwurm/solve/evolve.hpp"

namespace lindwurm {

/// d psi/dt = -i H_eff psi in one sector, until |psi|^2 has fallen to a threshold.
class NoJumpEvolution {
 public:
  virtual ~NoJumpEvolution() = default;

  /// From a ket at time t through times[next], ...; `look` sees the ket at each of them, and `next`
  /// moves on. Returns the time at which |psi|^2 has fallen to the threshold, none if that is not
  /// before the last of the times. What it took is added to the statistics.
  virtual std::optional<double> run(double t, Vec ket, double threshold, std::size_t& next,
                                    const std::function<void(Vec)>& look,
                                    EvolveStatistics& statistics) = 0;
  /// Where run() ended. Borrowed, until the next run.
  [[nodiscard]] virtual Vec ket() const = 0;
};

/// By Chebyshev series if H_eff is constant, unless another method is asked for, else by Adams's
/// method. The generator, the times and the options outlive it.
[[nodiscard]] std::unique_ptr<NoJumpEvolution> no_jump_evolution(const KetGenerator& generator,
                                                                 const std::vector<double>& times,
                                                                 const EvolveOptions& options);

}  // namespace lindwurm
