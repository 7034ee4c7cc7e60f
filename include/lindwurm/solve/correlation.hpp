// Two-time correlation functions and their spectra, by the quantum regression theorem.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lindwurm/solve/evolve.hpp"
#include "lindwurm/solve/preconditioner.hpp"
#include "lindwurm/solve/steady_state.hpp"
#include "lindwurm/states/operator_generator.hpp"

namespace lindwurm {

/// The operators of <C(t) A(t + tau) B(t)>. None of them may depend on time.
struct TwoTimeOperators {
  Operator a;
  Operator b;
  Operator c{Coefficient(1.0)};
};

/// The density operator rho at time t. The vector is borrowed, not owned.
struct CorrelatedState {
  Vec rho = nullptr;
  const PackedBasis& basis;
  /// The region of elements that rho occupies, in the space of operators. It holds for any choice
  /// of the conserved charges of their equation.
  Flow::Region region;
  double t = 0;
  bool is_stationary = false;
};

/// How the spectrum of a correlation function is computed.
enum class TransformMethod {
  automatic,  ///< evolves at first; solves if that takes longer than a trial of a solve predicts
  solve,      ///< one linear system for each frequency
  evolve,     ///< one evolution until X has decayed
};

/// "auto", "solve" or "evolve", as in the model file.
[[nodiscard]] std::string_view name_of(TransformMethod method);

/// Options of correlate().
struct CorrelationOptions {
  std::vector<double> delays{};       ///< the values of tau: increasing, the first one >= 0
  std::vector<double> frequencies{};  ///< the values of w at which the spectrum is computed
  /// Whether to subtract <A(t + tau)> <C(t) B(t)> from the values at the delays.
  bool is_connected = false;
  TransformMethod method = TransformMethod::automatic;
  /// The tolerance of the spectrum. It bounds |X_0 - (i w - L) Y|/|X_0| for a solve, and
  /// |X(tau)|/|X_0| at the end of an evolution.
  double tolerance = 1e-10;
  /// The largest number of GMRES iterations at one frequency. An evolution takes at most this many
  /// products with L for each frequency.
  int max_iterations = 5000;
  int restart = 40;
  /// Systems of up to this many unknowns are solved with a complete factorisation.
  std::int64_t direct_limit = SteadyOptions::small_enough_for_mumps;
  Preconditioner preconditioner{};
  /// Only the tolerances and limits are used, with atol in units of |X_0|. X evolves by Chebyshev
  /// series, or by Adams's method if L depends on time.
  EvolveOptions evolution{};
  std::optional<Storage> storage{};
  bool uses_sectors = true;
};

/// The result of correlate(). Without frequencies, all that belongs to the spectrum is empty.
struct Correlation {
  std::vector<Complex> values;  ///< at the delays
  Complex product = 0;          ///< <A(t)> <C(t) B(t)>
  std::vector<double> spectrum;
  /// For solves, |X_0 - (i w - L) Y|/|X_0| at each frequency.
  std::vector<double> residuals;
  /// For an evolution, an estimate of what the time after its end would add to the spectrum.
  std::optional<double> tail;
  bool is_converged = true;
  std::string method;           ///< the method that gave the spectrum
  std::string preconditioner;   ///< the preconditioner of the solves
  long iterations = 0;          ///< the sum over all solves
  EvolveStatistics statistics;  ///< the evolution over the delays
  long products = 0;            ///< products with L in the evolution for the spectrum
  std::int64_t unknowns = 0;
  /// The conserved charges that were used; empty if finer ones were used.
  std::set<Charge> charges;
  Storage storage = Storage::matrix_free;
  double seconds = 0;
};

/// Computes C(t, tau) = <C(t) A(t + tau) B(t)> = tr(A X(tau)) at the delays, with
///
///     dX/dtau = L(t + tau) X,   X(0) = B rho(t) C
///
/// (M. Lax, Phys. Rev. 129, 2342 (1963); H. J. Carmichael, Statistical Methods in Quantum Optics 1,
/// section 1.5). In a stationary state it also computes the spectrum
///
///     S(w) = 2 Re int_0^inf exp(-i w tau) [C(tau) - <A> <C B>] dtau = 2 Re tr(A Y),
///     (i w - L) Y = X_0 = X(0) - tr(X(0)) rho.
///
/// With A = a^dag and B = a, the light that an oscillator of frequency w_0 emits is at w = +w_0.
/// The integral of S over w is 2 pi Re [C(0) - <A> <C B>]. The linear system is regular where the
/// stationary state is unique: the term tau_r |1/D)(tr| makes it regular at w = 0 and does not
/// change Y.
///
/// X need not be Hermitian. Only those elements are kept that X can reach and that can reach what A
/// reads.
///
/// Collective. Throws InputError for delays and frequencies that are out of order or not finite,
/// and for frequencies where the model depends on time or the state is not stationary.
[[nodiscard]] Correlation correlate(const std::shared_ptr<const OperatorEquation>& equation,
                                    const TwoTimeOperators& operators, const CorrelatedState& state,
                                    const CorrelationOptions& options);

/// The part of the space that correlate() works in. It has no charge values if the conserved
/// charges make C(t, tau) zero. Not collective.
[[nodiscard]] Sector sector_of(const TwoTimeOperators& operators, const Flow::Region& state,
                               const Flow& flow, bool uses_sectors);
/// The storage that correlate() chooses for L with this many unknowns.
[[nodiscard]] Storage storage_of(const CorrelationOptions& options, std::int64_t unknowns);

}  // namespace lindwurm
