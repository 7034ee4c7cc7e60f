#include "lindwurm/solve/steady_state.hpp"

#include <fmt/format.h>

#include <Eigen/Core>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>
#include <vector>

#include "lindwurm/backend/dense.hpp"
#include "lindwurm/backend/error.hpp"
#include "lindwurm/model/bath_equation.hpp"
#include "solve/linear/packed_preconditioner.hpp"
#include "solve/linear/slow_space.hpp"
#include "solve/linear/stationary_system.hpp"
#include "stability.hpp"
#include "steady_observation.hpp"

namespace lindwurm {

namespace {

// Rates relative to a typical rate: below the first, a rate may be the rounding of rates that
// cancel; above the second, it is certainly not zero.
constexpr double negligible_rate = 1e-14;
constexpr double certain_rate = 1e-9;
// Iterations for the answer to a random operator, beyond those that the state took.
constexpr int patience_with_answers = 50;
// The estimate of the state's error is a bound on L^-T f times a normal number g: with room for
// that. What a factorisation leaves is rounding, which points nowhere; what GMRES leaves may point
// where L^-T f does, and |g| < 1/30 in one case of 40.
constexpr double room_for_chance = 3;
constexpr double room_for_chance_of_gmres = 30;
// |error of rho|, estimated, at which it is not polished any further.
constexpr double room_for_rounding = 10;
constexpr int most_attempts = 4;
constexpr double negligible_error = 1e-8;
constexpr int most_corrections = 4;
constexpr double digits_of_correction = 1e-3;
// The part of a guess that is new beside the guesses before it. Below this share it is rounding.
constexpr double negligible_part = 1e-12;
// Left and right stationary operators that overlap by less than this belong to a Jordan block.
constexpr double least_overlap = 1e-5;
// GMRES steps after which the automatic choice looks elsewhere.
constexpr int patience_with_gmres = 1500;

// By its form, without a look at what baths amount to.
bool is_gksl_by_form(const Model& model) {
  return model.superoperators.empty() && model.baths.empty();
}

// The scalar products of each w with each y.
Eigen::MatrixXd scalar_products(const std::vector<VecHandle>& w, const std::vector<VecHandle>& y) {
  Eigen::MatrixXd products(w.size(), y.size());
  for (std::size_t j = 0; j < w.size(); ++j)
    for (std::size_t m = 0; m < y.size(); ++m)
      products(static_cast<Eigen::Index>(j), static_cast<Eigen::Index>(m)) = dot(w[j], y[m]);
  return products;
}

// Moves `state` within the stationary space to where every conserved quantity has the value that it
// has in `initial`: w_j . (state + sum_k c_k y_k) = w_j . initial.
void match_conserved(Vec state, const std::vector<VecHandle>& stationary,
                     const std::vector<VecHandle>& conserved, const Eigen::MatrixXd& overlaps,
                     Vec initial) {
  const auto k = static_cast<Eigen::Index>(stationary.size());
  Eigen::VectorXd missing(k);
  for (Eigen::Index j = 0; j < k; ++j)
    missing(j) = dot(conserved[j], initial) - dot(conserved[j], state);
  const Eigen::VectorXd c = least_squares(overlaps, missing);
  for (Eigen::Index m = 0; m < k; ++m)
    LINDWURM_PETSC(VecAXPY(state, c(m), stationary[m]));
}

double residual(const Liouvillian& liouvillian, Vec state) {
  const VecHandle image = duplicate(state);
  liouvillian.apply(0, state, image);
  return norm(image) / norm(state);
}

// What a sector's slow operators say of the steady state.
struct Verdict {
  Stationarity found;
  bool is_settled = false;  // nothing is left to be told from stationary
  int iterations = 0;
};

// A sector's slow operators.
struct SlowOperators {
  SlowSpace right;
  std::optional<SlowSpace> left;
  Verdict verdict;

  /// Finds them, and the left ones too if `needs_left`, or if it takes them to tell 0 from what is
  /// near.
  SlowOperators(StationarySystem& system, double accuracy, int patience, bool needs_left,
                double known_gap = 0)
      : right(system, accuracy) {
    right.find_all(SteadyState::dimension_limit - 1, patience, known_gap);
    right.refine();
    Stationarity& found = verdict.found = stationarity(right, nullptr, accuracy);
    if (found.unresolved > 0 || (needs_left && found.stationary > 0)) {
      left.emplace(system, accuracy, StationarySystem::Side::left);
      left->find(right.size(), patience);
      if (found.stationary > 0) left->refine();  // else no more than conditions are wanted of it
      found = stationarity(right, &*left, accuracy);
    }
    verdict.is_settled = right.is_complete() && found.unresolved == 0;
    verdict.iterations = right.iterations() + (left ? left->iterations() : 0);
  }
};

// Adds what was found in a sector to the dimension that is known so far.
void count(SteadyState& result, const Verdict& verdict) {
  const Stationarity& found = verdict.found;
  result.check_iterations += verdict.iterations;
  result.dimension = std::min(result.dimension + found.stationary, SteadyState::dimension_limit);
  result.is_unique = result.is_unique && found.stationary == 0;
  result.dimension_is_exact = result.dimension_is_exact && verdict.is_settled &&
                              result.dimension < SteadyState::dimension_limit;
  if (!verdict.is_settled) result.gap.reset();
  if (found.gap && (!result.gap || *found.gap < *result.gap)) {
    result.gap = found.gap;
    result.gap_error = found.gap_error;
  }
}

double accuracy_of(const Liouvillian& liouvillian, const SteadyOptions& options) {
  return options.resolution * std::max(liouvillian.norm_bound(), typical_rate(liouvillian));
}

// What rounding makes of L rho, about.
double rounding_of(const Liouvillian& liouvillian, Vec state) {
  const VecHandle terms = liouvillian.vector();
  LINDWURM_PETSC(MatGetDiagonal(liouvillian.constant_part(), terms));
  LINDWURM_PETSC(VecPointwiseMult(terms, terms, state));
  return std::numeric_limits<double>::epsilon() * norm(terms);
}

// Corrects the state, M delta = -L rho, as far as its error can be seen and rounding lets it; what
// perturbs rho by r changes <f> by up to |r| |M^-T f|, of which the answer to a random operator is
// an estimate.
void polish(SteadyState& result, const Liouvillian& liouvillian, const StationarySystem& system,
            SlowSpace& slow, bool is_cheap) {
  PetscInt n = 0;
  LINDWURM_PETSC(VecGetSize(result.state, &n));
  result.uncertainty = slow.response();
  const double reach =
      (is_cheap ? room_for_chance : room_for_chance_of_gmres) * std::sqrt(static_cast<double>(n));
  const double size = norm(result.uncertainty);
  const VecHandle image = duplicate(result.state);
  VecHandle correction;
  double before = std::numeric_limits<double>::infinity();
  double level = 0;
  for (int pass = 0;; ++pass) {
    liouvillian.apply(0, result.state, image);
    const double rounding = rounding_of(liouvillian, result.state);
    level = std::max(norm(image), rounding);
    if (!(level < before)) {
      LINDWURM_PETSC(VecAXPY(result.state, -1.0, correction));
      level = before;
      break;
    }
    const bool is_needed = reach * level * size > negligible_error || (is_cheap && pass == 0);
    if (!is_needed || level > before / 2 || level == rounding || pass == most_corrections) break;
    before = level;
    if (correction.get() == nullptr) correction = duplicate(result.state);
    LINDWURM_PETSC(VecSet(correction, 0.0));
    LINDWURM_PETSC(VecScale(image, -1.0));
    const auto outcome =
        slow.solve(image, correction, std::max(digits_of_correction * level, rounding / 10));
    result.iterations += outcome.iterations;
    const double trace = dot(system.trace(), correction);
    LINDWURM_PETSC(VecAXPY(correction, -trace, result.state));
    LINDWURM_PETSC(VecAXPY(result.state, 1.0, correction));
  }
  LINDWURM_PETSC(VecScale(result.uncertainty, reach * level));
}

// The long-time mean of the initial state's evolution, if there is one. An eigenvalue 0 with fewer
// stationary operators than its multiplicity (a Jordan block) has none: states grow like a power
// of t. Then left and right stationary operators are orthogonal to each other.
void take_mean(SteadyState& result, const SlowOperators& slow, Vec initial) {
  const int count = slow.verdict.found.stationary;
  const std::vector<VecHandle> stationary = slow.right.slowest(count);
  const std::vector<VecHandle> conserved = slow.left->slowest(count);
  const Eigen::MatrixXd overlaps = scalar_products(conserved, stationary);
  if (!(singular_values(overlaps).minCoeff() > least_overlap)) {
    result.failure =
        "there is no long-time mean: the eigenvalue 0 of L is not semisimple, so that states grow "
        "like a power of t; equations of GKSL form do not do that, so check the superoperator "
        "terms and the schemes of the baths";
    result.state = VecHandle();
    return;
  }
  match_conserved(result.state, stationary, conserved, overlaps, initial);
}

// Proves that the state is the only one, or finds the others.
void settle(SteadyState& result, StationarySystem& system, const SteadyOptions& options) {
  const Liouvillian& liouvillian = system.liouvillian();
  SlowOperators slow(system, accuracy_of(liouvillian, options),
                     result.iterations + patience_with_answers, options.initial != nullptr);
  count(result, slow.verdict);
  const int stationary = slow.verdict.found.stationary;
  if (stationary == 0) {
    if (slow.verdict.is_settled)
      polish(result, liouvillian, system, slow.right, system.preconditioner() == "lu");
    return;
  }
  // A mean needs every stationary operator. Without GKSL form, those that were not found may be of
  // any size.
  const bool is_gksl =
      options.is_gksl ? *options.is_gksl : liouvillian.equation().system().is_gksl();
  if (options.initial == nullptr || !(slow.verdict.is_settled || is_gksl)) {
    result.state = VecHandle();
    return;
  }
  take_mean(result, slow, options.initial);
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

// Solves M x = b to a residual that is computed anew. Beside other stationary states, and where the
// factors are large, GMRES's own may fall where the true one does not.
StationarySystem::Outcome solve_truly(StationarySystem& system, Vec b, Vec x, double bound) {
  const double allowed = room_for_rounding * bound;
  const VecHandle start = duplicate(x);
  LINDWURM_PETSC(VecCopy(x, start));
  StationarySystem::Outcome outcome{};
  int iterations = 0;
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    outcome = system.solve(b, x, bound);
    iterations += outcome.iterations;
    if (!outcome.is_converged && system.preconditioner() != "lu") break;
    if (system.residual(b, x) <= allowed) break;
    if (attempt + 2 == most_attempts && system.shift_coarsely()) LINDWURM_PETSC(VecCopy(start, x));
  }
  outcome.iterations = iterations;
  return outcome;
}

SteadyState solve_with(SteadySolver solver, const Liouvillian& liouvillian,
                       const SteadyOptions& options) {
  StationarySystem system(liouvillian, solver, options);
  const double d = system.populations();
  SteadyState result;
  result.solver = solver == SteadySolver::mumps ? "mumps" : "gmres";
  result.preconditioner = system.preconditioner();
  result.basis = liouvillian.shared_basis();
  result.reason = system.failure();
  result.dimension_is_exact = false;
  if (!system.failure().empty()) return result;
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
  const auto outcome = solve_truly(system, source, result.state, bound);
  result.iterations = outcome.iterations;
  result.reason = outcome.reason;
  result.is_converged = outcome.is_converged;
  result.dimension_is_exact = result.is_converged;
  if (options.progress) options.progress(0.5);
  if (result.is_converged) settle(result, system, options);
  if (result.state.get() == nullptr) return result;
  StateMonitor monitor(liouvillian);
  monitor.look(result.state, true);
  result.diagnostics = monitor.worst();
  const double trace = dot(system.trace(), result.state);
  if (!(std::abs(trace) > 0)) {  // a solver that failed leaves nothing
    result.is_converged = false;
    result.state = VecHandle();
    return result;
  }
  LINDWURM_PETSC(VecScale(result.state, 1 / trace));
  result.residual = residual(liouvillian, result.state);
  result.is_converged = result.is_converged && std::isfinite(result.residual);
  return result;
}

// The one of two attempts that knows more.
SteadyState better(SteadyState first, SteadyState second) {
  const auto worth = [](const SteadyState& result) {
    return (result.is_converged ? 2 : 0) + (result.dimension_is_exact ? 1 : 0) +
           (result.state.get() != nullptr ? 1 : 0);
  };
  return worth(second) >= worth(first) ? std::move(second) : std::move(first);
}

// GMRES where a complete factorisation failed.
SteadyState solve_by_mumps(const Liouvillian& liouvillian, const SteadyOptions& options) {
  SteadyState result = solve_with(SteadySolver::mumps, liouvillian, options);
  if (result.is_converged) return result;
  const std::string reason = result.reason;
  SteadyState other = solve_with(SteadySolver::gmres, liouvillian, options);
  if (!other.is_converged) other.reason = fmt::format("{}; {}", reason, other.reason);
  other.solver = "gmres, after mumps failed";
  return better(std::move(result), std::move(other));
}

bool is_settled(const SteadyState& result) {
  return result.is_converged &&
         (result.dimension_is_exact || result.dimension == SteadyState::dimension_limit);
}

// Small factors first; otherwise the incomplete factorisation, and if that fails the complete one
// where it is affordable.
SteadyState solve_automatically(const Liouvillian& liouvillian, SteadyOptions options) {
  if (options.first_solver(liouvillian.basis().size()) == SteadySolver::mumps)
    return solve_by_mumps(liouvillian, options);
  options.max_iterations = std::min(options.max_iterations, patience_with_gmres);
  SteadyState result = solve_with(SteadySolver::gmres, liouvillian, options);
  if (is_settled(result) || !mumps_is_affordable(liouvillian)) return result;
  SteadyState other = solve_with(SteadySolver::mumps, liouvillian, options);
  other.solver = "mumps, after gmres did not converge";
  return better(std::move(result), std::move(other));
}

SteadyState solve(const Liouvillian& liouvillian, const SteadyOptions& options) {
  switch (options.solver) {
    case SteadySolver::automatic:
      return solve_automatically(liouvillian, options);
    case SteadySolver::mumps:
      return solve_by_mumps(liouvillian, options);
    default:
      return solve_with(options.solver, liouvillian, options);
  }
}

// The least rate at which states leave a part of the space for good, of a GKSL equation: what
// -L^T tr is, if it has no elements beside its diagonal; else 0, which tells nothing. `rounding` is
// what sums of such rates leave where they cancel.
double least_loss(const Liouvillian& part, double rounding) {
  const VecHandle trace = part.trace_functional();
  const VecHandle loss = part.vector();
  LINDWURM_PETSC(MatMultTranspose(part.constant_part(), trace, loss));
  PetscInt first = 0;
  PetscInt last = 0;
  LINDWURM_PETSC(VecGetOwnershipRange(loss, &first, &last));
  const PetscScalar* of_trace = nullptr;
  const PetscScalar* of_loss = nullptr;
  LINDWURM_PETSC(VecGetArrayRead(trace, &of_trace));
  LINDWURM_PETSC(VecGetArrayRead(loss, &of_loss));
  double least = std::numeric_limits<double>::infinity();
  for (PetscInt k = 0; k < last - first; ++k) {
    const bool is_population = of_trace[k] != 0;
    const PackedBasis& basis = part.basis();
    const auto [m, n] = basis.states(basis.element(first + k));
    const auto is_there = [&](std::int64_t state) {
      return basis.position(basis.index(state, state)) >= 0;
    };
    // Coherences go with populations of both their states.
    if (!is_there(m) || !is_there(n)) least = 0;
    if (is_population) least = std::min(least, -of_loss[k]);
    if (!is_population && std::abs(of_loss[k]) > rounding) least = 0;
  }
  LINDWURM_PETSC(VecRestoreArrayRead(loss, &of_loss));
  LINDWURM_PETSC(VecRestoreArrayRead(trace, &of_trace));
  MPI_Allreduce(MPI_IN_PLACE, &least, 1, MPI_DOUBLE, MPI_MIN, part.communicator());
  return std::isfinite(least) ? least : 0;
}

// A stationary operator may also lie where no state has its trace: a conserved quantity that is odd
// under a symmetry. It makes the steady state as little unique as one in the diagonal's sector.
void count_stationary_in(Sector part, SteadyState& result, const Liouvillian& liouvillian,
                         const SteadyOptions& options) {
  const SteadySolver solver = options.first_solver(size(part));
  const bool is_left = !part.charges.are_conserved();
  const bool is_free = !is_left || solver == SteadySolver::mumps ||
                       options.preconditioner == PreconditionerChoice::ilu;
  const Storage storage = is_free ? liouvillian.storage() : Storage::matrix_free;
  const Liouvillian elsewhere(liouvillian.master_equation(), {storage, std::move(part)});
  if (is_left && is_gksl_by_form(liouvillian.model())) {
    const double rate = typical_rate(elsewhere);
    if (least_loss(elsewhere, negligible_rate * rate) > certain_rate * rate) return;
  }
  const int patience = result.iterations + patience_with_answers;
  const auto look = [&](SteadySolver by) {
    StationarySystem system(elsewhere, by, options, !is_left);
    if (!system.failure().empty()) return Verdict{};
    return SlowOperators(system, accuracy_of(elsewhere, options), patience, false,
                         result.gap.value_or(0))
        .verdict;
  };
  Verdict verdict = look(solver);
  if (!verdict.is_settled && verdict.found.stationary < SteadyState::dimension_limit - 1) {
    // What was not shown by the one is looked for by the other.
    const bool has_mumps = options.solver != SteadySolver::gmres;
    const int spent = verdict.iterations;
    if (solver == SteadySolver::mumps) {
      if (verdict.iterations == 0) verdict = look(SteadySolver::gmres);
    } else if (has_mumps && mumps_is_affordable(elsewhere)) {
      verdict = look(SteadySolver::mumps);
      verdict.iterations += spent;
    }
  }
  count(result, verdict);
}

void count_stationary_elsewhere(SteadyState& result, const Liouvillian& liouvillian,
                                const SteadyOptions& options) {
  if (!result.is_converged) return;
  const Flow& flow = liouvillian.equation().flow();
  const auto before =
      std::make_tuple(result.is_unique, result.dimension, result.dimension_is_exact);
  for (Sector& part : parts_beside(liouvillian.sector(), flow, liouvillian.model()))
    count_stationary_in(std::move(part), result, liouvillian, options);
  if (result.is_unique || liouvillian.sector().charges.are_conserved()) return;
  // Populations that stay out there may have coherences anywhere.
  std::tie(result.is_unique, result.dimension, result.dimension_is_exact) = before;
  for (Sector& part :
       flow.outside(liouvillian.sector(), false, SteadyOptions::small_enough_for_mumps))
    count_stationary_in(std::move(part), result, liouvillian, options);
}

// Without GKSL form an eigenvalue may lie on the right: then nothing relaxes to what solves L rho =
// 0.
void require_stability(SteadyState& result, const Liouvillian& liouvillian) {
  const Stability found = stability(liouvillian.master_equation());
  result.growth = found.growth;
  result.is_stability_shown = found.is_shown;
  if (!found.growth) return;
  result.failure = fmt::format(
      "the equation is unstable: L has an eigenvalue with the real part {:.6g}, beside which "
      "nothing relaxes to a steady state; equations of GKSL form have none, so check the "
      "superoperator "
      "terms and the schemes of the baths",
      *found.growth);
  result.state = VecHandle();
  result.uncertainty = VecHandle();
}

}  // namespace

std::vector<Sector> parts_beside(const Sector& sector, const Flow& flow, const Model& model) {
  return flow.outside(sector, is_gksl_by_form(model), SteadyOptions::small_enough_for_mumps);
}

SteadyState steady_state(const Liouvillian& liouvillian, const SteadyOptions& options) {
  if (!liouvillian.is_constant()) {
    throw InputError("a time-dependent model has no steady state; evolve it instead");
  }
  if (!(options.tolerance > 0)) {
    throw InputError(
        fmt::format("the steady state's tolerance = {} must be positive", options.tolerance));
  }
  const auto mark = liouvillian.basis().mark();
  if (options.initial != nullptr) require_basis(options.initial, mark, "the Liouvillian");
  for (const Vec guess : options.guesses)
    require_basis(guess, mark, "the Liouvillian");
  if (const auto loss = liouvillian.trace_loss()) {
    throw InputError(fmt::format(
        "the model does not preserve the trace (tr L rho reaches {:.3g} for unit elements), so it "
        "has no steady state of trace 1; check the superoperator terms",
        *loss));
  }
  const auto start = std::chrono::steady_clock::now();
  SteadyState result = solve(liouvillian, options);
  count_stationary_elsewhere(result, liouvillian, options);
  const bool is_stable =
      options.is_gksl ? *options.is_gksl : liouvillian.equation().system().is_gksl();
  if (!is_stable && result.is_converged) require_stability(result, liouvillian);
  if (!result.is_unique && options.initial == nullptr) result.state = VecHandle();
  result.space = liouvillian.used_space();
  observe(result, liouvillian, options);
  if (options.progress) options.progress(1.0);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace lindwurm
