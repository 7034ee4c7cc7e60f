// The state that no longer changes: L rho = 0, tr rho = 1.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lindwurm/solve/diagnostics.hpp"
#include "lindwurm/solve/preconditioner.hpp"

namespace lindwurm {

enum class SteadySolver {
  automatic,  ///< mumps for small models, else gmres, and mumps if that fails and memory allows
  gmres,      ///< GMRES with a preconditioner
  mumps,      ///< GMRES with a complete factorisation by MUMPS
};

struct SteadyOptions {
  /// Unknowns up to which `automatic` takes a complete factorisation, which is cheap and sure.
  static constexpr std::int64_t small_enough_for_mumps = 1000;
  /// The solver for so many unknowns: the one that is set, or what `automatic` begins with. A
  /// preconditioner that is asked for is used.
  [[nodiscard]] SteadySolver first_solver(std::int64_t unknowns) const {
    if (solver != SteadySolver::automatic) return solver;
    const bool is_free = preconditioner == PreconditionerChoice::automatic;
    return is_free && unknowns <= small_enough_for_mumps ? SteadySolver::mumps
                                                         : SteadySolver::gmres;
  }

  SteadySolver solver = SteadySolver::automatic;
  /// Bound on |L rho| / (|rho| s), s the root mean square of L's diagonal.
  double tolerance = 1e-12;
  int max_iterations = 5000;
  int restart = 40;
  /// For gmres.
  PreconditionerChoice preconditioner = PreconditionerChoice::automatic;
  /// Where the steady state is not unique, the limit of this packed state is given. Borrowed.
  Vec initial = nullptr;
  /// Packed states that may lie close to the steady one, the likeliest first. Borrowed. gmres
  /// starts from their combination of least residual; the result does not depend on them beyond the
  /// tolerance.
  std::vector<Vec> guesses{};
  std::function<void(double)> progress{};
};

struct SteadyState {
  std::shared_ptr<const PackedBasis> basis;  ///< in which the state is packed
  VecHandle state;  ///< tr = 1; empty if it is not unique and no initial state was given
  bool is_converged = false;
  bool is_unique = true;
  int dimension = 1;  ///< dimension of the space L rho = 0, exact up to dimension_limit
  bool dimension_is_exact = true;
  double residual = 0;  ///< |L rho| / |rho|, Frobenius norms, in units of a rate
  std::string solver;
  std::string preconditioner;
  std::string reason;        ///< PETSc's word for how the iteration ended
  int iterations = 0;        ///< for the state itself
  int check_iterations = 0;  ///< for the proof that it is unique
  double seconds = 0;
  StateDiagnostics diagnostics;

  /// Dimensions of the stationary space are counted up to this number.
  static constexpr int dimension_limit = 64;
};

/// Solves (L + tau |1/D)(tr|) rho = tau 1/D, which is regular if and only if the steady state is
/// unique and then has it as its solution. Uniqueness is tested, not assumed: traceless random
/// operators must relax to zero under the same solver. If they do not, their limits span the
/// stationary space; its dimension is counted, and the state given is the projection of `initial`
/// on it along the range of L, the long-time mean of its evolution.
/// Right-preconditioned GMRES; options prefix -steady_. Collective.
/// Throws InputError for a time-dependent model and for one that does not preserve the trace.
[[nodiscard]] SteadyState steady_state(const Liouvillian& liouvillian,
                                       const SteadyOptions& options = {});

}  // namespace lindwurm
