// What a preconditioner does: it solves with an approximation of L - z.
#pragma once

#include "lindwurm/backend/petsc.hpp"

namespace lindwurm {

/// An approximate inverse of L_0 - z on packed vectors. L_0 is the part of the generator that does
/// not depend on time. For real z, the vectors are packed density operators. For other z they are
/// those of an OperatorGenerator: operators beside their conjugates, twice as many numbers.
///
/// The vectors have the parallel layout of PackedGenerator::vector(). They are borrowed, b and x
/// are different, and x must be overwritten completely. Both solves are linear in b, and they are
/// collective over the generator's communicator.
class PackedPreconditioner {
 public:
  virtual ~PackedPreconditioner() = default;
  /// x = P b with P close to (L_0 - z)^-1.
  virtual void solve(Vec b, Vec x) = 0;
  /// x = P^T b with the same P. It serves the left null vectors of L, that is, the conserved
  /// quantities of a steady state that is not unique.
  virtual void solve_transposed(Vec b, Vec x) = 0;
};

}  // namespace lindwurm
