// The preconditioned linear system of the steady state.
#pragma once

#include <string>
#include <vector>

#include "lindwurm/generator/liouvillian.hpp"
#include "lindwurm/solve/steady_state.hpp"

namespace lindwurm {

/// M = L + tau |1/D)(tr|, and a Krylov solver for it that is preconditioned by a factorisation of L
/// - sigma with sigma > 0. Every eigenvalue of an L of GKSL form has Re <= 0, so L - sigma is
/// regular for any stationary space. Calls are collective.
class StationarySystem {
 public:
  /// `solver` is gmres or mumps, not automatic. `keeps_trace` is false for a part of the space that
  /// is left for good. Then M = L, because a stationary operator there may have a trace.
  StationarySystem(const Liouvillian& liouvillian, SteadySolver solver,
                   const SteadyOptions& options, bool keeps_trace = true);
  StationarySystem(const StationarySystem&) = delete;
  StationarySystem& operator=(const StationarySystem&) = delete;

  /// Why there is no preconditioner and nothing can be solved; empty if there is one.
  [[nodiscard]] const std::string& failure() const { return failure_; }

  struct Outcome {
    bool is_converged;  ///< and x is finite
    int iterations;
    std::string reason;
  };
  enum class Side { right, left };  ///< M or M^T
  /// Solves M x = b, or M^T x = b, to |b - M x| <= tolerance, starting from the content of x. It
  /// takes at most `iterations` iterations; 0 means the number in the options.
  Outcome solve(Vec b, Vec x, double tolerance, int iterations = 0, Side side = Side::right);

  /// For a complete factorisation: changes from the fine shift, with which it begins, to a coarse
  /// one. The fine shift makes slow modes as easy as others, but needs L without further stationary
  /// operators; the coarse one keeps the factors regular if there are any. Returns false if the
  /// shift is coarse already, or if nothing is factored.
  bool shift_coarsely();
  /// |b - M x|, recomputed.
  [[nodiscard]] double residual(Vec b, Vec x, Side side = Side::right) const;

  /// From now on, solve() and apply_deflated() use (1 - U U^T) M (1 - U U^T) instead of M, where U
  /// are the given orthonormal columns. b and the start must be orthogonal to U; x will be.
  /// Borrowed.
  void deflate(const std::vector<VecHandle>& columns) { columns_ = &columns; }
  void deflate_nothing() { columns_ = nullptr; }
  /// Replaces v by (1 - U U^T) v; v is unchanged if nothing is deflated.
  void project(Vec v) const;

  /// out = M in, or out = M^T in.
  void apply(Vec in, Vec out, Side side = Side::right) const;
  void apply_deflated(Vec in, Vec out, Side side = Side::right) const;

  /// tau, a typical rate: the root mean square of L's diagonal.
  [[nodiscard]] double scale() const { return tau_; }
  /// The largest number of iterations of one solve.
  [[nodiscard]] int max_iterations() const { return max_iterations_; }
  /// The trace functional; a null vector in a sector without diagonal elements.
  [[nodiscard]] Vec trace() const { return trace_; }
  /// The number of populations among the unknowns; D if the whole diagonal is included.
  [[nodiscard]] double populations() const { return populations_; }
  [[nodiscard]] const Liouvillian& liouvillian() const { return liouvillian_; }
  [[nodiscard]] std::string_view preconditioner() const {
    return uses_mumps_ ? "lu" : preconditioner_.name();
  }

 private:
  void configure(const SteadyOptions& options);
  void factor();
  void add_trace_term(Vec in, Vec out) const;

  const Liouvillian& liouvillian_;
  bool uses_mumps_;
  double shift_;  // sigma / tau
  Preconditioner preconditioner_;
  double tau_ = 1;
  int max_iterations_;
  VecHandle trace_;
  double populations_ = 0;
  const std::vector<VecHandle>* columns_ = nullptr;
  mutable VecHandle projected_;
  std::string failure_;
  MatHandle shell_;
  KspHandle ksp_;
};

/// MUMPS's own forecast of a complete factorisation of L. True if it easily fits into the free
/// memory and takes at most minutes. Collective.
[[nodiscard]] bool mumps_is_affordable(const Liouvillian& liouvillian);

}  // namespace lindwurm
