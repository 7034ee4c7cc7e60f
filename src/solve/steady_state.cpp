#include "lindwurm/solve/steady_state.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <random>
#include <utility>
#include <vector>

#include "invariant_subspace.hpp"
#include "lindwurm/backend/error.hpp"
#include "stationary_system.hpp"

namespace lindwurm {

namespace {

// A unit operator whose image under L stays below this many tau does not relax at all.
constexpr double stationary_tolerance = 1e-9;
// A random operator holds about 1/sqrt(n) of a stationary one, and the solver may take much of that
// away; what lies this far below has relaxed.
constexpr double share_of_random = 1e-5;
constexpr int relaxations = 4;
// Of a guess, beside those before it: below, rounding has made it.
constexpr double negligible_part = 1e-12;
// GMRES steps after which the automatic choice looks elsewhere.
constexpr int patience_with_gmres = 1500;

// Collects stationary directions of trace zero, of L or of its transpose.
class StationarySpace {
 public:
  StationarySpace(StationarySystem& system, Vec like, bool transposed)
      : system_(system),
        transposed_(transposed),
        zero_(duplicate(like)),
        random_(transposed ? 20081 : 22111) {
    LINDWURM_PETSC(VecSet(zero_, 0.0));
  }

  /// Looks for one direction more; false if a random start relaxes to nothing.
  bool find_next() {
    VecHandle v = duplicate(zero_);
    fill_randomly(v, random_);
    make_traceless(v);
    remove_components(v, directions_);
    LINDWURM_PETSC(VecNormalize(v, nullptr));
    PetscInt size = 0;
    LINDWURM_PETSC(VecGetSize(v, &size));
    for (int pass = 0; pass < relaxations; ++pass) {
      // Later passes polish what the first one left.
      const double tolerance = (pass == 0 ? 1.0 : 1e-2) * stationary_tolerance * system_.scale();
      const auto outcome = transposed_ ? system_.solve_transposed(zero_, v, tolerance)
                                       : system_.solve(zero_, v, tolerance);
      iterations_ += outcome.iterations;
      is_certain_ = is_certain_ && outcome.is_converged;
      remove_components(v, directions_);
      const double left = norm(v);
      if (left < share_of_random / std::sqrt(size)) return false;
      LINDWURM_PETSC(VecNormalize(v, nullptr));
      if (pass > 0 && change(v) <= stationary_tolerance * system_.scale()) {
        directions_.push_back(std::move(v));
        return true;
      }
    }
    return false;
  }

  [[nodiscard]] const std::vector<VecHandle>& directions() const { return directions_; }
  [[nodiscard]] int size() const { return static_cast<int>(directions_.size()); }
  [[nodiscard]] int iterations() const { return iterations_; }
  /// All solves converged, so that what was found is all there is.
  [[nodiscard]] bool is_certain() const { return is_certain_; }

 private:
  // |M v| or |M^T v|
  double change(Vec v) const {
    const VecHandle image = duplicate(v);
    if (transposed_) {
      system_.apply_transposed(v, image);
    } else {
      system_.apply(v, image);
    }
    return norm(image);
  }

  void make_traceless(Vec v) const {
    const double d = dot(system_.trace(), system_.trace());
    if (d == 0) return;  // a sector without diagonal elements
    LINDWURM_PETSC(VecAXPY(v, -dot(system_.trace(), v) / d, system_.trace()));
  }

  StationarySystem& system_;
  bool transposed_;
  VecHandle zero_;
  std::mt19937_64 random_;
  std::vector<VecHandle> directions_;
  int iterations_ = 0;
  bool is_certain_ = true;
};

// Moves `state` within the stationary space to where every conserved quantity has the value that it
// has in `initial`: w_j . (state + sum_k c_k y_k) = w_j . initial.
void match_conserved(Vec state, const StationarySpace& stationary, const StationarySpace& conserved,
                     Vec initial) {
  const int k = stationary.size();
  Eigen::MatrixXd overlaps(conserved.size(), k);
  Eigen::VectorXd missing(conserved.size());
  for (int j = 0; j < conserved.size(); ++j) {
    const Vec w = conserved.directions()[j];
    for (int m = 0; m < k; ++m)
      overlaps(j, m) = dot(w, stationary.directions()[m]);
    missing(j) = dot(w, initial) - dot(w, state);
  }
  const Eigen::VectorXd c = overlaps.completeOrthogonalDecomposition().solve(missing);
  for (int m = 0; m < k; ++m)
    LINDWURM_PETSC(VecAXPY(state, c(m), stationary.directions()[m]));
}

double residual(const Liouvillian& liouvillian, Vec state) {
  const VecHandle image = duplicate(state);
  liouvillian.apply(0, state, image);
  return norm(image) / norm(state);
}

// Adds what a search finds to the dimension that is known so far.
void count(SteadyState& result, StationarySpace& stationary) {
  while (stationary.size() + result.dimension < SteadyState::dimension_limit &&
         stationary.find_next()) {
  }
  result.check_iterations += stationary.iterations();
  result.dimension += stationary.size();
  result.is_unique = result.is_unique && stationary.size() == 0;
  result.dimension_is_exact = result.dimension_is_exact && stationary.is_certain() &&
                              result.dimension < SteadyState::dimension_limit;
}

void count_stationary(SteadyState& result, StationarySystem& system, const SteadyOptions& options) {
  StationarySpace stationary(system, result.state, false);
  count(result, stationary);
  if (result.is_unique) return;
  if (options.initial == nullptr) {
    result.state = VecHandle();
    return;
  }
  StationarySpace conserved(system, result.state, true);
  while (conserved.size() < stationary.size() && conserved.find_next()) {
  }
  result.check_iterations += conserved.iterations();
  if (conserved.size() != stationary.size()) result.dimension_is_exact = false;
  match_conserved(result.state, stationary, conserved, options.initial);
}

// Moves x to where |b - M x| is least among the combinations of the guesses and x itself: the image
// of each is made orthogonal to those before it, as in GCR with given directions. x has the trace 1
// then, so that what is left to be solved for is traceless.
void start_from(std::vector<Vec> guesses, const StationarySystem& system, Vec b, Vec x) {
  if (guesses.empty()) return;
  const VecHandle last = duplicate(x);
  LINDWURM_PETSC(VecCopy(x, last));
  guesses.push_back(last);
  const VecHandle left = duplicate(b);
  LINDWURM_PETSC(VecCopy(b, left));
  LINDWURM_PETSC(VecSet(x, 0.0));
  std::vector<std::pair<VecHandle, VecHandle>> used;  // directions and their images, |image| = 1
  for (const Vec guess : guesses) {
    VecHandle direction = duplicate(guess);
    VecHandle image = duplicate(guess);
    LINDWURM_PETSC(VecCopy(guess, direction));
    system.apply(direction, image);
    const double length = norm(image);
    // Twice, so that rounding leaves nothing of the others: guesses are nearly parallel.
    for (int pass = 0; pass < 2; ++pass) {
      for (const auto& [other, other_image] : used) {
        const double share = dot(other_image, image);
        LINDWURM_PETSC(VecAXPY(direction, -share, other));
        LINDWURM_PETSC(VecAXPY(image, -share, other_image));
      }
    }
    const double independent = norm(image);
    if (!(independent > negligible_part * length)) continue;
    LINDWURM_PETSC(VecScale(direction, 1 / independent));
    LINDWURM_PETSC(VecScale(image, 1 / independent));
    const double step = dot(image, left);
    LINDWURM_PETSC(VecAXPY(x, step, direction));
    LINDWURM_PETSC(VecAXPY(left, -step, image));
    used.emplace_back(std::move(direction), std::move(image));
  }
  const double d = dot(system.trace(), system.trace());
  LINDWURM_PETSC(VecAXPY(x, (1 - dot(system.trace(), x)) / d, system.trace()));
}

SteadyState solve_with(SteadySolver solver, const Liouvillian& liouvillian,
                       const SteadyOptions& options) {
  StationarySystem system(liouvillian, solver, options);
  const auto d = static_cast<double>(liouvillian.basis().hilbert_dimension());
  SteadyState result;
  result.solver = solver == SteadySolver::mumps ? "mumps" : "gmres";
  result.preconditioner = system.preconditioner();
  result.basis = liouvillian.shared_basis();
  result.state = duplicate(system.trace());
  LINDWURM_PETSC(VecCopy(system.trace(), result.state));
  LINDWURM_PETSC(VecScale(result.state, 1 / d));
  const VecHandle source = duplicate(result.state);
  LINDWURM_PETSC(VecCopy(result.state, source));
  LINDWURM_PETSC(VecScale(source, system.scale()));

  // |rho| >= 1/sqrt(D) for trace 1, so this bounds |L rho|/|rho| by tolerance * tau.
  const double bound = options.tolerance * system.scale() / std::sqrt(d);
  // A complete factorisation needs a few steps from anywhere.
  if (solver == SteadySolver::gmres) start_from(options.guesses, system, source, result.state);
  const auto outcome = system.solve(source, result.state, bound);
  result.iterations = outcome.iterations;
  result.reason = outcome.reason;
  result.is_converged = outcome.is_converged;
  result.dimension_is_exact = result.is_converged;
  if (options.progress) options.progress(0.5);
  if (result.is_converged) count_stationary(result, system, options);
  if (result.state.get() == nullptr) return result;
  result.residual = residual(liouvillian, result.state);
  result.is_converged = result.is_converged && std::isfinite(result.residual);
  StateMonitor monitor(liouvillian);
  monitor.look(result.state, true);
  result.diagnostics = monitor.worst();
  LINDWURM_PETSC(VecScale(result.state, 1 / dot(system.trace(), result.state)));
  return result;
}

// Small factors first; otherwise the incomplete factorisation, and if that fails the complete one
// where it is affordable.
SteadyState solve_automatically(const Liouvillian& liouvillian, SteadyOptions options) {
  if (options.first_solver(liouvillian.basis().size()) == SteadySolver::mumps) {
    return solve_with(SteadySolver::mumps, liouvillian, options);
  }
  options.max_iterations = std::min(options.max_iterations, patience_with_gmres);
  SteadyState result = solve_with(SteadySolver::gmres, liouvillian, options);
  if (result.is_converged && result.dimension_is_exact) return result;
  if (!mumps_is_affordable(liouvillian)) return result;
  result = solve_with(SteadySolver::mumps, liouvillian, options);
  result.solver = "mumps, after gmres did not converge";
  return result;
}

// A stationary operator may also lie where no state has its trace: a conserved quantity that is odd
// under a symmetry. It makes the steady state as little unique as one in the diagonal's sector.
void count_stationary_elsewhere(SteadyState& result, const Liouvillian& liouvillian,
                                const SteadyOptions& options) {
  Sector rest = complement(liouvillian.sector());
  if (rest.values.empty() || !result.is_converged) return;
  const Liouvillian elsewhere(liouvillian.master_equation(),
                              {liouvillian.storage(), std::move(rest)});
  StationarySystem system(elsewhere, options.first_solver(elsewhere.basis().size()), options);
  StationarySpace stationary(system, system.trace(), false);
  count(result, stationary);
}

}  // namespace

SteadyState steady_state(const Liouvillian& liouvillian, const SteadyOptions& options) {
  if (!liouvillian.is_constant()) {
    throw InputError("a time-dependent model has no steady state; evolve it instead");
  }
  if (!(options.tolerance > 0)) {
    throw InputError(
        fmt::format("the steady state's tolerance = {} must be positive", options.tolerance));
  }
  const double defect = liouvillian.trace_defect();
  if (defect > 1e-10 * liouvillian.norm_bound()) {
    throw InputError(fmt::format(
        "the model does not preserve the trace (tr L rho reaches {:.3g} for unit elements), so it "
        "has no steady state of trace 1; check the superoperator terms",
        defect));
  }
  const auto start = std::chrono::steady_clock::now();
  SteadyState result = options.solver == SteadySolver::automatic
                           ? solve_automatically(liouvillian, options)
                           : solve_with(options.solver, liouvillian, options);
  count_stationary_elsewhere(result, liouvillian, options);
  if (!result.is_unique && options.initial == nullptr) result.state = VecHandle();
  if (options.progress) options.progress(1.0);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace lindwurm
