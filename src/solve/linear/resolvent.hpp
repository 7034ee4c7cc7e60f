// The resolvent (z - L)^-1 on operators.
#pragma once

#include <string>

#include "lindwurm/solve/correlation.hpp"
#include "lindwurm/states/operator_generator.hpp"

namespace lindwurm {

/// M_z = z - L + tau |1/D)(tr|, and a Krylov solver for it that is preconditioned by L - z. On
/// operators of trace 0, M_z equals z - L, and the solution has trace 0 as well. M_z is regular on
/// the imaginary axis if the steady state is unique and no mode oscillates for ever.
class Resolvent {
 public:
  /// The generator must outlive this object. Options prefix -correlation_. Collective.
  Resolvent(const OperatorGenerator& generator, const CorrelationOptions& options);
  Resolvent(const Resolvent&) = delete;
  Resolvent& operator=(const Resolvent&) = delete;

  struct Outcome {
    int iterations;
    double residual;  ///< |b - M_z x|, recomputed
  };
  /// Solves M_z x = b to |b - M_z x| <= tolerance, starting from the content of x.
  Outcome solve(Complex z, Vec b, Vec x, double tolerance);

  /// out = M_z in.
  void apply(Vec in, Vec out) const;

  /// True if each frequency has a complete factorisation of its own.
  [[nodiscard]] bool is_complete() const { return uses_mumps_; }
  [[nodiscard]] std::string_view preconditioner() const {
    return uses_mumps_ ? "lu" : preconditioner_.name();
  }

 private:
  Outcome attempt(Vec b, Vec x, double tolerance);
  void prepare();

  const OperatorGenerator& generator_;
  bool uses_mumps_;
  Preconditioner preconditioner_;
  double tau_;
  Complex z_ = 0;
  VecHandle identity_;
  VecHandle image_;
  MatHandle matrix_;  // the matrix that was factored
  MatHandle shell_;
  KspHandle ksp_;
};

}  // namespace lindwurm
