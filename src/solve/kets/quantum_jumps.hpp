// Quantum trajectories: pure states that evolve under H_eff between jumps.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "ket_observer.hpp"
#include "lindwurm/backend/random.hpp"
#include "lindwurm/generator/linear_equation.hpp"
#include "lindwurm/model/mixture.hpp"

namespace lindwurm {

/// A jump: |psi> became A|psi> with the A of this channel of the equation.
struct QuantumJump {
  double time = 0;
  int channel = 0;
};

struct Trajectory {
  Eigen::MatrixXcd columns;  ///< the values of the normalised ket at each time
  std::vector<QuantumJump> jumps;
  EvolveStatistics statistics;
};

struct TrajectoryOptions {
  Storage storage = Storage::matrix_free;
  /// If true, a ket is stored in its current sector of H_eff, otherwise in the whole space.
  bool by_sectors = true;
  /// The number of sectors whose generators are kept at a time. It is at least 2: the sector that a
  /// ket leaves and the one that it enters.
  std::size_t kept_sectors = 256;
};

/// The Monte Carlo wave function method (J. Dalibard, Y. Castin and K. Molmer, Phys. Rev. Lett. 68,
/// 580 (1992); R. Dum, P. Zoller and H. Ritsch, Phys. Rev. A 45, 4879 (1992)). |psi|^2 falls from 1
/// under H_eff until it is r, which is distributed uniformly in (0, 1). Then a channel is chosen
/// with the probability rate_k |A_k psi|^2 / sum, and the ket is normalised. The mean of |psi><psi|
/// over trajectories is rho(t).
///
/// With a Chebyshev series (constant H_eff), the jump time is where |psi|^2 = r to 1e-12. With
/// Adams's method, it is where CVODE finds the root of |psi|^2 - r.
///
/// Everything that does not depend on the trajectory is made once and kept. Runs on one rank.
class JumpTrajectories {
 public:
  /// The columns must outlive this object. Each trajectory of a mixed product state starts from an
  /// eigenvector of each mixed site, drawn with its probability. Throws InputError for an equation
  /// on several ranks, for invalid times or tolerances, for method = bdf, for chebyshev with an
  /// H_eff that depends on time, and for columns with time derivatives. Throws Error for a rate
  /// that is negative at any time of the run.
  JumpTrajectories(std::shared_ptr<const JumpEquation> equation, const ProductState& initial,
                   std::vector<double> times, const KetColumns& columns, EvolveOptions options,
                   std::uint64_t seed, const TrajectoryOptions& held = {});
  ~JumpTrajectories();
  JumpTrajectories(const JumpTrajectories&) = delete;
  JumpTrajectories& operator=(const JumpTrajectories&) = delete;

  /// The trajectory of this number. It depends only on the seed and the number, bit by bit. Throws
  /// Error if the solver gives up, or if the norm of a ket falls where nothing decays, which only a
  /// loose tolerance can cause.
  [[nodiscard]] Trajectory run(std::uint64_t index);

 private:
  // Everything that is kept for the kets of one sector.
  struct Stay;

  [[nodiscard]] ProductKet drawn_start(std::uint64_t index) const;
  Stay& stay_in(const std::set<Charge>& values);
  // The channel at which the cumulated rate exceeds the share u of the total.
  [[nodiscard]] int chosen_channel(Stay& stay, double t, Vec ket, double u) const;

  std::shared_ptr<const JumpEquation> equation_;
  SiteMixtures initial_;
  std::vector<double> times_;
  const KetColumns& columns_;
  EvolveOptions options_;
  std::uint64_t seed_;
  TrajectoryOptions held_;
  // Bounds on <A^dag A> of each channel, up to a factor of the dimension.
  std::vector<double> bounds_;
  std::map<std::set<Charge>, std::unique_ptr<Stay>> stays_;
  long stays_entered_ = 0;
};

}  // namespace lindwurm
