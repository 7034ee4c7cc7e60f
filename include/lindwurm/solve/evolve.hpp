// Evolution in time with SUNDIALS CVODE.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lindwurm/liouville/ket.hpp"
#include "lindwurm/solve/diagnostics.hpp"
#include "lindwurm/solve/observables.hpp"
#include "lindwurm/solve/preconditioner.hpp"

namespace lindwurm {

enum class EvolveMethod {
  /// Chebyshev for a constant model; else Adams, or BDF where a trial of both shows that it is
  /// faster: stiff models.
  automatic,
  adams,  ///< CVODE's Adams-Moulton of orders 1 to 12 with fixed-point iteration
  bdf,    ///< CVODE's BDF of orders 1 to 5 with Newton iteration on the Jacobian, which is L itself
  /// exp(L t) as a series of Chebyshev polynomials of L, for constant models. What is left out
  /// of a series is a ten-thousandth of rtol |rho|, Frobenius norm.
  chebyshev,
};

enum class Jacobian {
  automatic,    ///< GMRES with the preconditioner of EvolveOptions
  matrix_free,  ///< GMRES on products with 1 - gamma L, no preconditioner
  assembled,    ///< GMRES preconditioned by an incomplete factorisation of 1 - gamma L
};

struct EvolveOptions {
  EvolveMethod method = EvolveMethod::automatic;
  double rtol = 1e-8;
  double atol = 1e-10;
  Jacobian jacobian = Jacobian::automatic;
  PreconditionerChoice preconditioner = PreconditionerChoice::automatic;  ///< of 1 - gamma L
  long max_steps = 10'000'000;
  /// The longest step; 0 leaves it to the solver for a constant model, and takes a hundredth of the
  /// time span for a time-dependent one, lest a short pulse be stepped over.
  double max_step = 0;
  Observables observe{};
  std::vector<ReducedSpace> reduced{};     ///< whose density matrices are wanted at each time
  bool reduced_changes = false;            ///< and their time derivatives
  std::vector<SiteAt> sites{};             ///< whose density matrices are wanted at some times
  std::function<void(double)> progress{};  ///< called with the fraction done
};

/// Statistics of an integration, named as in CVODE. Chebyshev's steps are its series, error test
/// failures those that had to be shortened.
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
  double seconds = 0;

  /// Counts are added up; the rest is that of the part.
  EvolveStatistics& operator+=(const EvolveStatistics& part);
};

/// What evolutions of density operators and of kets have in common.
struct TimeSeries {
  std::vector<double> times;
  /// values[k][j]: observable k at times[j].
  std::vector<std::vector<Complex>> values;
  /// Of each value, where it is known: statistical or a bound; empty for none.
  std::vector<std::vector<double>> errors;
  std::vector<ReducedSeries> reduced;
  std::vector<std::vector<SiteState>> site_states;  ///< of options.sites, at each of their times
  std::vector<bool> is_hermitian;                   ///< of each observable: its values are real
  VecHandle final_state;
  std::shared_ptr<const PackedBasis> basis;  ///< in which the final state is packed
  EvolveStatistics statistics;
};

struct Evolution : TimeSeries {
  StateDiagnostics diagnostics;
};

/// How a mean over kets came about.
struct Ensemble {
  std::string kind;                   ///< "product-states", "random-phase", "trajectories"
  std::int64_t members = 0;           ///< kets that were evolved
  double neglected_weight = 0;        ///< of the initial state
  double largest_error = 0;           ///< statistical, of all observables at all times
  double jumps = 0;                   ///< of a trajectory, on the average
  std::optional<double> requested{};  ///< what largest_error was to come below
  bool is_reached = true;
  /// Of equally weighted members: what is needed to go on with more of them.
  Eigen::MatrixXcd mean{};
  Eigen::MatrixXd scatter{};
};

struct KetEvolution : TimeSeries {
  KetDiagnostics diagnostics;
  std::optional<Ensemble> ensemble;  ///< then there is no final state
};

/// Solves d rho/dt = L(t) rho from the packed state `initial` at times[0] through the increasing
/// `times`. The local error of each step is held below rtol |R_x| + atol in CVODE's weighted RMS
/// norm; Chebyshev series are summed until what is left out is below rtol |rho| 1e-4.
/// Collective. Throws InputError for times that do not increase and for tolerances <= 0,
/// Error with CVODE's own words if it gives up or a rate turns negative on the way.
[[nodiscard]] Evolution evolve(const Liouvillian& liouvillian, Vec initial,
                               const std::vector<double>& times, const EvolveOptions& options = {});

/// Solves d psi/dt = -i H(t) psi in the same way, and observes psi^dag A psi: by a Chebyshev series
/// if H is constant, else by Adams's method. Up to eight output times share a series, whose states
/// are summed up side by side, from products in proportion to the width of H's spectrum. Throws
/// InputError for bdf, which is made for damping.
[[nodiscard]] KetEvolution evolve(const KetGenerator& generator, Vec initial,
                                  const std::vector<double>& times,
                                  const EvolveOptions& options = {});

}  // namespace lindwurm
