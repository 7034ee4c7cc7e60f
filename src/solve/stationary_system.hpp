// The preconditioned linear system behind the steady state.
#pragma once

#include "lindwurm/liouville/liouvillian.hpp"
#include "lindwurm/solve/steady_state.hpp"

namespace lindwurm {

/// M = L + tau |1/D)(tr| and a Krylov solver for it, preconditioned by a factorisation of
/// L - sigma, sigma > 0: every eigenvalue of L has Re <= 0, so that L - sigma is regular whatever
/// the stationary space.
class StationarySystem {
 public:
  /// `solver` is gmres or mumps, not automatic.
  StationarySystem(const Liouvillian& liouvillian, SteadySolver solver,
                   const SteadyOptions& options);
  StationarySystem(const StationarySystem&) = delete;
  StationarySystem& operator=(const StationarySystem&) = delete;

  struct Outcome {
    bool is_converged;
    int iterations;
    std::string reason;
  };
  /// Solves M x = b from the start that x holds, to |b - M x| <= tolerance.
  Outcome solve(Vec b, Vec x, double tolerance);
  /// The same for M^T.
  Outcome solve_transposed(Vec b, Vec x, double tolerance);

  /// out = M in, out = M^T in.
  void apply(Vec in, Vec out) const;
  void apply_transposed(Vec in, Vec out) const;

  /// tau, a typical rate: the root mean square of L's diagonal.
  [[nodiscard]] double scale() const { return tau_; }
  [[nodiscard]] Vec trace() const { return trace_; }
  [[nodiscard]] std::string_view preconditioner() const {
    return uses_mumps_ ? "lu" : name_of(preconditioner_);
  }

 private:
  void configure(const SteadyOptions& options);
  void factor();
  void add_trace_term(Vec in, Vec out) const;
  Outcome run(PetscErrorCode (*solver)(KSP, Vec, Vec), Vec b, Vec x, double tolerance);

  const Liouvillian& liouvillian_;
  bool uses_mumps_;
  PreconditionerChoice preconditioner_;
  double tau_ = 1;
  VecHandle trace_;
  MatHandle shell_;
  KspHandle ksp_;
};

/// MUMPS's own forecast of a complete factorisation of L: true if it fits well into the memory that
/// is free and takes minutes at most. Collective.
[[nodiscard]] bool mumps_is_affordable(const Liouvillian& liouvillian);

}  // namespace lindwurm
