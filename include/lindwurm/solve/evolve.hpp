// Evolution in time by SUNDIALS CVODE or by Chebyshev series.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lindwurm/solve/diagnostics.hpp"
#include "lindwurm/solve/observables.hpp"
#include "lindwurm/solve/preconditioner.hpp"
#include "lindwurm/states/ket.hpp"

namespace lindwurm {

/// The method of time integration.
enum class EvolveMethod {
  /// Chebyshev for a constant model. Otherwise Adams, or BDF if a trial of both shows that BDF is
  /// faster, as in stiff models.
  automatic,
  adams,  ///< CVODE's Adams-Moulton of orders 1 to 12 with fixed-point iteration
  bdf,    ///< CVODE's BDF of orders 1 to 5 with Newton iteration on the Jacobian, which is L itself
  /// exp(L t) as a series of Chebyshev polynomials of L, for constant models. The terms left out
  /// add up to less than 1e-4 rtol |rho| (Frobenius norm).
  chebyshev,
};

/// The linear solver of BDF, for systems with 1 - gamma L.
enum class Jacobian {
  automatic,    ///< GMRES with the preconditioner of EvolveOptions
  matrix_free,  ///< GMRES on products with 1 - gamma L, no preconditioner
  assembled,    ///< GMRES preconditioned by an incomplete factorisation of 1 - gamma L
};

/// Options of evolve().
struct EvolveOptions {
  EvolveMethod method = EvolveMethod::automatic;
  /// The initial tolerances of the local error of one step. They are lowered if the sum of the
  /// local errors requires it.
  double rtol = 1e-8;
  double atol = 1e-10;
  /// The bound on the sum of the local errors of CVODE's steps, relative to the state in the 2-norm
  /// (EvolveStatistics::local_errors). It is exceeded only where rounding makes it unreachable.
  double accuracy = 1e-6;
  Jacobian jacobian = Jacobian::automatic;
  /// The preconditioner of 1 - gamma L.
  Preconditioner preconditioner{};
  long max_steps = 10'000'000;
  /// The longest step. 0 leaves it to the solver, which never steps over a change of a coefficient
  /// (operators/time_course.hpp).
  double max_step = 0;
  /// The largest number of output times that share one Chebyshev series of kets. Each of them takes
  /// one vector of memory.
  std::size_t outputs_of_series = 8;
  EigenvalueLimits eigenvalues{};
  Observables observe{};
  /// The subsystems whose density matrices are computed at each time.
  std::vector<ReducedSpace> reduced{};
  bool reduced_changes = false;  ///< also compute the time derivatives of these matrices
  /// The sites whose density matrices are computed at some times.
  std::vector<SiteAt> sites{};
  std::function<void(double)> progress{};  ///< called with the fraction done
};

/// Statistics of an integration, named as in CVODE. For Chebyshev, a step is one series, and an
/// error test failure is a series that had to be shortened.
struct EvolveStatistics {
  std::string method;
  long steps = 0;
  long rhs_evaluations = 0;
  long error_test_failures = 0;
  long nonlinear_iterations = 0;
  long nonlinear_failures = 0;
  long linear_iterations = 0;
  long linear_failures = 0;
  long preconditioner_setups = 0;
  int last_order = 0;
  double last_step = 0;
  /// The sum over CVODE's steps of the estimated error of each step, relative to the state in the
  /// 2-norm. If no two states drift apart, as under Hamiltonians and equations of GKSL form, this
  /// bounds the error at the end as far as the estimates hold. For ensembles it is the sum over all
  /// members.
  double local_errors = 0;
  double seconds = 0;

  /// Adds the counts of `part`; all other values are replaced by those of `part`.
  EvolveStatistics& operator+=(const EvolveStatistics& part);
};

/// What evolutions of density operators and of kets both return.
struct TimeSeries {
  std::vector<double> times;
  /// values[k][j]: observable k at times[j].
  std::vector<std::vector<Complex>> values;
  /// The error of each value; empty if unknown. For trajectories it is half the width of a
  /// confidence interval (Ensemble::confidence). For mixtures it is a standard error plus a bound
  /// on what was left out.
  std::vector<std::vector<double>> errors;
  /// The standard error of each value, for trajectories only; empty otherwise.
  std::vector<std::vector<double>> standard_errors;
  std::vector<ReducedSeries> reduced;
  /// The states of options.sites, at each of their times.
  std::vector<std::vector<SiteState>> site_states;
  /// True for each observable that is Hermitian and so has real values.
  std::vector<bool> is_hermitian;
  VecHandle final_state;
  std::shared_ptr<const PackedBasis> basis;  ///< the basis in which the final state is packed
  UsedSpace space;                           ///< for kets of several sectors, the largest one
  EvolveStatistics statistics;
  /// Warnings that name C++ coefficients whose changes in time may be unresolved.
  std::vector<std::string> warnings;
};

/// The result of evolve() for density operators.
struct Evolution : TimeSeries {
  StateDiagnostics diagnostics;
};

/// How a mean over kets was obtained.
struct Ensemble {
  std::string kind;             ///< "product-states", "random-phase", "trajectories"
  std::int64_t members = 0;     ///< the number of kets that were evolved
  double neglected_weight = 0;  ///< the weight of the initial state that was left out
  double largest_error = 0;     ///< the largest statistical error of any observable at any time
  double jumps = 0;             ///< the mean number of jumps of a trajectory
  /// The probability that all intervals of `errors` together contain the expectation values. 0 if
  /// `errors` are standard errors.
  double confidence = 0;
  std::optional<double> requested{};  ///< the error that largest_error was to stay below
  bool is_reached = true;
  /// For members of equal weight, the sums that are needed to continue with more members.
  Eigen::MatrixXcd mean{};
  Eigen::MatrixXd scatter{};
};

/// The result of evolve() for kets, and of means over kets.
struct KetEvolution : TimeSeries {
  KetDiagnostics diagnostics;
  std::optional<Ensemble> ensemble;  ///< if present, there is no final state
};

/// Solves d rho/dt = L(t) rho from the packed state `initial` at times[0] through the increasing
/// `times`. CVODE keeps the local error of each step below rtol |R_x| + atol in its weighted RMS
/// norm. It also keeps the sum of the local errors below `accuracy`. A Chebyshev series is summed
/// until the terms left out are below 1e-4 rtol |rho|.
///
/// Collective. Throws InputError for times that do not increase and for tolerances <= 0. Throws
/// Error with CVODE's own message if CVODE gives up.
[[nodiscard]] Evolution evolve(const Liouvillian& liouvillian, Vec initial,
                               const std::vector<double>& times, const EvolveOptions& options = {});

/// Solves d psi/dt = -i H(t) psi in the same way and observes psi^dag A psi. The method is a
/// Chebyshev series if H is constant, and Adams otherwise. Several output times share one series:
/// their states are summed side by side, and the number of products is proportional to the width of
/// H's spectrum. Collective. Throws InputError for bdf, which is made for damped equations.
[[nodiscard]] KetEvolution evolve(const KetGenerator& generator, Vec initial,
                                  const std::vector<double>& times,
                                  const EvolveOptions& options = {});

}  // namespace lindwurm
