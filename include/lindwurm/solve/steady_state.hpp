// The steady state: L rho = 0, tr rho = 1.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lindwurm/solve/diagnostics.hpp"
#include "lindwurm/solve/observables.hpp"
#include "lindwurm/solve/preconditioner.hpp"

namespace lindwurm {

/// The linear solver of steady_state().
enum class SteadySolver {
  automatic,  ///< mumps for small models; else gmres, then mumps if gmres fails and memory allows
  gmres,      ///< GMRES with a preconditioner
  mumps,      ///< GMRES with a complete factorisation by MUMPS
};

/// Options of steady_state().
struct SteadyOptions {
  /// The largest number of unknowns for which a complete factorisation is cheap and reliable.
  static constexpr std::int64_t small_enough_for_mumps = 1000;
  /// The solver for this many unknowns: the one that is set, or the first one that `automatic`
  /// tries. A preconditioner that is set explicitly is used.
  [[nodiscard]] SteadySolver first_solver(std::int64_t unknowns) const {
    if (solver != SteadySolver::automatic) return solver;
    const bool is_free = preconditioner == PreconditionerChoice::automatic;
    return is_free && unknowns <= direct_limit ? SteadySolver::mumps : SteadySolver::gmres;
  }

  SteadySolver solver = SteadySolver::automatic;
  /// The largest number of unknowns for which `automatic` begins with a complete factorisation.
  std::int64_t direct_limit = small_enough_for_mumps;
  /// The bound on |L rho| / (|rho| s), where s is the root mean square of L's diagonal.
  double tolerance = 1e-12;
  /// The accuracy of L itself, relative to a bound on its norm. An operator that L changes by no
  /// more than this counts as stationary.
  double resolution = 2e-15;
  int max_iterations = 5000;
  int restart = 40;
  /// The preconditioner of gmres.
  Preconditioner preconditioner{};
  /// If the steady state is not unique, the limit of this packed state is returned. Borrowed.
  Vec initial = nullptr;
  /// Packed states that may lie close to the steady state, the likeliest first. Borrowed. gmres
  /// starts from the combination of them that has the smallest residual. The result does not depend
  /// on them beyond the tolerance.
  std::vector<Vec> guesses{};
  /// Whether the equation is of GKSL form, if the caller knows. Then no eigenvalue has a positive
  /// real part.
  std::optional<bool> is_gksl{};
  Observables observe{};
  /// The subsystems whose density matrices are computed.
  std::vector<ReducedSpace> reduced{};
  /// The sites whose density matrices are computed.
  std::vector<int> sites{};
  std::function<void(double)> progress{};
};

/// Checks of a steady state by the first and the second law of thermodynamics.
struct Thermodynamics {
  std::vector<std::pair<std::string, double>> heat;  ///< current from each bath, tr(H K_p rho)
  /// |sum of the heat currents| over the sum of their magnitudes. Absent if other terms exchange
  /// energy.
  std::optional<double> first_law_defect;
  /// The trace distance from exp(-H/T)/Z, where T is the temperature of all baths. Absent if their
  /// temperatures differ.
  std::optional<double> gibbs_distance;
};

/// The result of steady_state().
struct SteadyState {
  std::shared_ptr<const PackedBasis> basis;  ///< the basis in which the state is packed
  /// The steady state, with trace 1. Empty if there is none, or if it is not unique and no initial
  /// state was given.
  VecHandle state;
  /// Why there is no steady state; empty if there is no evidence against one.
  std::string failure;
  /// For a unique state, a packed operator of trace 0. The magnitudes of its expectation values
  /// estimate the errors of those of the state. They are what the residual and rounding cause
  /// through the slowest modes.
  VecHandle uncertainty;
  bool is_converged = false;
  bool is_unique = true;
  int dimension = 1;  ///< the dimension of the space L rho = 0, exact up to dimension_limit
  bool dimension_is_exact = true;
  /// |lambda| of the nonzero eigenvalue of L nearest to 0, and its error. Present only if it is so
  /// small that it had to be computed to tell it from 0.
  std::optional<double> gap;
  double gap_error = 0;
  /// The largest real part of an eigenvalue, if it is positive by more than its error.
  std::optional<double> growth;
  bool is_stability_shown = true;  ///< it was shown that no eigenvalue has a positive real part
  double residual = 0;             ///< |L rho| / |rho|, Frobenius norms; has the unit of a rate
  std::string solver;
  std::string preconditioner;
  std::string reason;        ///< PETSc's name for how the iteration ended
  int iterations = 0;        ///< for the state itself
  int check_iterations = 0;  ///< for the test that it is unique
  double seconds = 0;
  StateDiagnostics diagnostics;
  UsedSpace space;
  std::vector<Complex> values;  ///< the observables; empty without a state
  /// The estimated errors of these values. Absent if the state is not unique, and for the entropy.
  std::vector<std::optional<double>> errors;
  std::vector<bool> is_hermitian;  ///< for each observable
  std::vector<ReducedSeries> reduced;
  std::vector<SiteState> site_states;            ///< in the order of SteadyOptions::sites
  std::optional<Thermodynamics> thermodynamics;  ///< for a model with baths

  /// The dimension of the stationary space is counted up to this number.
  static constexpr int dimension_limit = 64;
};

/// The sectors beside `sector` that steady_state() checks for stationary operators.
[[nodiscard]] std::vector<Sector> parts_beside(const Sector& sector, const Flow& flow,
                                               const Model& model);

/// Solves (L + tau |1/D)(tr|) rho = tau 1/D. This system is regular if and only if the steady state
/// is unique, and then the steady state is its solution. Uniqueness is tested, not assumed: L y = v
/// must have a solution for a random traceless operator v. If it has none, or a long one, the slow
/// operators are computed. Each of them is stationary, resolved (|lambda| > 10 errors), or neither;
/// in the last case the dimension is not exact.
///
/// If the steady state is not unique, the result is the projection of `initial` on the stationary
/// space along the range of L. This is the long-time mean of its evolution. If it is unique, it is
/// refined and its uncertainty is estimated. An equation that is not of GKSL form is searched for
/// eigenvalues with a positive real part. The iterative solver is right-preconditioned GMRES; the
/// options prefix is -steady_.
///
/// Collective. Throws InputError for a time-dependent model and for one that does not preserve the
/// trace.
[[nodiscard]] SteadyState steady_state(const Liouvillian& liouvillian,
                                       const SteadyOptions& options = {});

}  // namespace lindwurm
