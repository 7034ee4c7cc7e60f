// The linear systems (1 - gamma L) x = b of CVODE's Newton iteration, solved by a PETSc KSP.
#pragma once

#include "lindwurm/backend/petsc.hpp"
#include "lindwurm/backend/sundials.hpp"
#include "lindwurm/liouville/liouvillian.hpp"
#include "lindwurm/solve/evolve.hpp"

namespace lindwurm {

/// Options prefix of the KSP: -evolve_ksp_monitor, -evolve_pc_type and so on.
class NewtonSystem {
 public:
  NewtonSystem(const Liouvillian& liouvillian, const EvolveOptions& options);
  NewtonSystem(const NewtonSystem&) = delete;
  NewtonSystem& operator=(const NewtonSystem&) = delete;

  /// The solver in the form that CVODE takes; it refers to this object, and to CVODE's memory for
  /// gamma and t.
  [[nodiscard]] SUNLinearSolver as_sundials(void* cvode, SUNContext context);

  [[nodiscard]] long preconditioner_setups() const { return setups_; }

  /// Solves to a residual of `tolerance` in the 2-norm. Returns a SUNLS_ code. Collective.
  int solve(double t, double gamma, Vec b, Vec x, double tolerance);
  /// out = in - gamma L(t) in, with the current t and gamma.
  void apply(Vec in, Vec out);
  [[nodiscard]] int iterations() const { return iterations_; }
  [[nodiscard]] void* cvode() const { return cvode_; }
  std::exception_ptr failure;  ///< set when solve() caught an exception on SUNDIALS's behalf

 private:
  void refresh_preconditioner();

  const Liouvillian& liouvillian_;
  PreconditionerChoice preconditioner_;
  MatHandle shell_;
  MatHandle matrix_;
  KspHandle ksp_;
  void* cvode_ = nullptr;
  double t_ = 0;
  double gamma_ = 0;
  double factored_gamma_ = 0;
  double factored_t_ = 0;
  int iterations_ = 0;
  long setups_ = 0;
};

}  // namespace lindwurm
