// Quantum trajectories: pure states that evolve without jumps until they jump.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "ket_observer.hpp"
#include "lindwurm/backend/random.hpp"
#include "lindwurm/liouville/linear_equation.hpp"
#include "lindwurm/model/mixture.hpp"

namespace lindwurm {

/// |psi> became A|psi> of this channel of the equation.
struct QuantumJump {
  double time = 0;
  int channel = 0;
};

struct Trajectory {
  Eigen::MatrixXcd columns;  ///< what was seen of the normalised ket at each time
  std::vector<QuantumJump> jumps;
  EvolveStatistics statistics;
};

struct TrajectoryOptions {
  Storage storage = Storage::matrix_free;
  /// Kets are kept in the sector of H_eff that they are in; else in the whole space.
  bool by_sectors = true;
};

/// The Monte Carlo wave function method (J. Dalibard, Y. Castin and K. Molmer, Phys. Rev. Lett. 68,
/// 580 (1992); R. Dum, P. Zoller and H. Ritsch, Phys. Rev. A 45, 4879 (1992)): |psi|^2 falls from 1
/// under H_eff until it is r, evenly distributed in (0, 1); then one of the channels is taken with
/// probability rate_k |A_k psi|^2 / sum, and the ket is normalised. The mean of |psi><psi| over
/// trajectories is rho(t).
///
/// The jump time is where |psi|^2 = r to 1e-12 with a Chebyshev series (constant H_eff), where
/// CVODE finds the root of |psi|^2 - r with Adams's method.
///
/// All that does not depend on the trajectory is made once and kept. On one rank.
class JumpTrajectories {
 public:
  /// The columns outlive this. Each trajectory of a mixed product state starts from an eigenvector
  /// of each mixed site, drawn with its probability. Throws InputError for an equation on several
  /// ranks, unsound times or tolerances, method = bdf, chebyshev for an H_eff that depends on time,
  /// and columns with rates of change.
  JumpTrajectories(std::shared_ptr<const JumpEquation> equation, const ProductState& initial,
                   std::vector<double> times, const KetColumns& columns, EvolveOptions options,
                   std::uint64_t seed, const TrajectoryOptions& held = {});
  ~JumpTrajectories();
  JumpTrajectories(const JumpTrajectories&) = delete;
  JumpTrajectories& operator=(const JumpTrajectories&) = delete;

  /// The trajectory of this number, which depends on the seed and the number alone, bit by bit.
  /// Throws Error if the solver gives up, if a rate turns negative on the way, or if a ket's length
  /// falls where nothing decays, which only a crude tolerance can do.
  [[nodiscard]] Trajectory run(std::uint64_t index);

 private:
  // All that is kept for the kets of one sector.
  struct Stay;

  [[nodiscard]] ProductKet drawn_start(std::uint64_t index) const;
  Stay& stay_in(const std::set<Charge>& values);
  // The channel at which the numbers up to it exceed the share u of the total.
  [[nodiscard]] int chosen_channel(Stay& stay, double t, Vec ket, double u) const;

  std::shared_ptr<const JumpEquation> equation_;
  SiteMixtures initial_;
  std::vector<double> times_;
  const KetColumns& columns_;
  EvolveOptions options_;
  std::uint64_t seed_;
  TrajectoryOptions held_;
  std::vector<double> bounds_;  // on <A^dag A> of each channel, up to a factor of the dimension
  std::map<std::set<Charge>, std::unique_ptr<Stay>> stays_;
  long stays_entered_ = 0;
};

}  // namespace lindwurm
