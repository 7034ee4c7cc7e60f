// Two-time correlation functions and their spectra, by the quantum regression theorem.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lindwurm/liouville/operator_generator.hpp"
#include "lindwurm/solve/evolve.hpp"
#include "lindwurm/solve/preconditioner.hpp"

namespace lindwurm {

/// <C(t) A(t + tau) B(t)>. None of the operators depends on time.
struct TwoTimeOperators {
  Operator a;
  Operator b;
  Operator c{Coefficient(1.0)};
};

/// rho at time t. Borrowed.
struct CorrelatedState {
  Vec rho = nullptr;
  const PackedBasis& basis;
  /// Where rho lies among the elements of operators.
  Sector sector;
  double t = 0;
  bool is_stationary = false;
};

enum class TransformMethod {
  automatic,  ///< evolve for as long as solving would take, from a trial; then solve
  solve,      ///< one linear system for each frequency
  evolve,     ///< one evolution until X has decayed
};

/// "auto", "solve" or "evolve", as in the model file.
[[nodiscard]] std::string_view name_of(TransformMethod method);

struct CorrelationOptions {
  std::vector<double> delays{};       ///< increasing, the first not negative
  std::vector<double> frequencies{};  ///< of the spectrum
  bool is_connected = false;          ///< less <A(t + tau)> <C(t) B(t)>, at the delays
  TransformMethod method = TransformMethod::automatic;
  /// Of the spectrum: |X_0 - (i w - L) Y|/|X_0| of a solve, |X(tau)|/|X_0| at the end of an
  /// evolution.
  double tolerance = 1e-10;
  /// GMRES's at one frequency; an evolution takes so many products for each frequency at most.
  int max_iterations = 5000;
  int restart = 40;
  PreconditionerChoice preconditioner = PreconditionerChoice::automatic;
  /// Its tolerances and limits count, atol in units of |X_0|; X evolves by Chebyshev series, or by
  /// Adams's method if L depends on time.
  EvolveOptions evolution{};
  std::optional<Storage> storage{};
  bool uses_sectors = true;
};

/// Absent frequencies leave what belongs to the spectrum empty.
struct Correlation {
  std::vector<Complex> values;  ///< at the delays
  Complex product = 0;          ///< <A(t)> <C(t) B(t)>
  std::vector<double> spectrum;
  /// Of solves, one for each frequency: |X_0 - (i w - L) Y|/|X_0|.
  std::vector<double> residuals;
  /// Of an evolution: an estimate of what the time after its end would add to the spectrum.
  std::optional<double> tail;
  bool is_converged = true;
  std::string method;           ///< of the spectrum
  std::string preconditioner;   ///< of solves
  long iterations = 0;          ///< of all solves
  EvolveStatistics statistics;  ///< of the evolution over the delays
  long products = 0;            ///< with L, of the evolution for the spectrum
  std::int64_t unknowns = 0;
  std::set<Charge> charges;
  Storage storage = Storage::matrix_free;
  double seconds = 0;
};

/// C(t, tau) = <C(t) A(t + tau) B(t)> = tr(A X(tau)) with
///
///     dX/dtau = L(t + tau) X,   X(0) = B rho(t) C,
///
/// at the delays (M. Lax, Phys. Rev. 129, 2342 (1963); H. J. Carmichael, Statistical Methods in
/// Quantum Optics 1, section 1.5), and in a stationary state its spectrum
///
///     S(w) = 2 Re int_0^inf exp(-i w tau) [C(tau) - <A> <C B>] dtau = 2 Re tr(A Y),
///     (i w - L) Y = X_0 = X(0) - tr(X(0)) rho,
///
/// which for A = a^dag, B = a has the light that an oscillator of frequency w_0 emits at w = +w_0,
/// and of which the integral over w is 2 pi Re [C(0) - <A> <C B>]. The system is regular where the
/// stationary state is unique; tau_r |1/D)(tr| makes it so at w = 0 and leaves Y as it is.
///
/// X need not be Hermitian, and works in the sectors that A reads, of those that X touches.
/// Collective. Throws InputError for delays and frequencies that are out of order or not finite,
/// and for frequencies where the model depends on time or the state is not stationary.
[[nodiscard]] Correlation correlate(const std::shared_ptr<const OperatorEquation>& equation,
                                    const TwoTimeOperators& operators, const CorrelatedState& state,
                                    const CorrelationOptions& options);

/// The part of the space that correlate() works in; without values if C(t, tau) is 0 by what L
/// conserves. Not collective.
[[nodiscard]] Sector sector_of(const TwoTimeOperators& operators, const Sector& state,
                               bool uses_sectors);
/// How correlate() holds L for so many unknowns.
[[nodiscard]] Storage storage_of(const CorrelationOptions& options, std::int64_t unknowns);

}  // namespace lindwurm
