// The linear systems (1 - gamma L) x = b of CVODE's Newton iteration, solved by a PETSc KSP.
#pragma once

#include <exception>

#include "lindwurm/backend/petsc.hpp"
#include "lindwurm/backend/sundials.hpp"
#include "lindwurm/generator/liouvillian.hpp"
#include "lindwurm/solve/evolve.hpp"

namespace lindwurm {

/// Solves the systems. The options prefix of the KSP is -evolve_: -evolve_ksp_monitor,
/// -evolve_pc_type and so on.
class NewtonSystem {
 public:
  NewtonSystem(const Liouvillian& liouvillian, const EvolveOptions& options);
  NewtonSystem(const NewtonSystem&) = delete;
  NewtonSystem& operator=(const NewtonSystem&) = delete;

  /// The solver as an object that CVODE accepts. It refers to this object, and to CVODE's memory
  /// for gamma and t.
  [[nodiscard]] SUNLinearSolver as_sundials(void* cvode, SUNContext context);

  [[nodiscard]] long preconditioner_setups() const { return setups_; }

  /// From now on, L(t) is that of the current segment of `course`, which must outlive this object.
  void follow(const TimeCourse& course) { course_ = &course; }

  /// Solves to a residual of `tolerance` in the 2-norm. Returns a SUNLS_ code. Collective.
  int solve(double t, double gamma, Vec b, Vec x, double tolerance);
  /// out = in - gamma L(t) in, with the current t and gamma.
  void apply(Vec in, Vec out);
  [[nodiscard]] int iterations() const { return iterations_; }
  [[nodiscard]] void* cvode() const { return cvode_; }
  std::exception_ptr failure;  ///< set if solve() caught an exception while called by SUNDIALS

 private:
  void refresh_preconditioner();

  const Liouvillian& liouvillian_;
  const TimeCourse* course_ = nullptr;
  Factors factors_;
  Preconditioner preconditioner_;
  MatHandle shell_;
  MatHandle matrix_;
  KspHandle ksp_;
  void* cvode_ = nullptr;
  double gamma_ = 0;
  double factored_gamma_ = 0;
  Factors factored_factors_;
  int iterations_ = 0;
  long setups_ = 0;
};

}  // namespace lindwurm
