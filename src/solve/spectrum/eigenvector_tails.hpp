// Small elements of eigenvectors, computed to a small relative error.
#pragma once

#include "balancing.hpp"
#include "lindwurm/operators/space.hpp"

namespace lindwurm {

/// An eigenvector v of the balanced matrix B = S^-1 A S is accurate to rounding of its largest
/// element. S v may consist of elements that were below this in v. They follow from the large ones.
/// With x the unknowns where |v| is large, and y those that depend on them,
///
///     (A_yy - lambda) v_y = -A_yx v_x.
///
/// This is solved without S, so that no element overflows or underflows.
class EigenvectorTails {
 public:
  /// For A and its transpose. The balancing must outlive this object. This function and the next
  /// are called on rank 0.
  explicit EigenvectorTails(const Balancing& balancing);

  /// Replaces the small elements of a vector with A v = lambda v, or A^T v = lambda v for `left`.
  /// If the result does not solve the equation to a small share of the terms of each element, v is
  /// left unchanged and the function returns false.
  bool refine(Complex lambda, Eigen::VectorXcd& v, bool left) const;

 private:
  const Balancing& balancing_;
  SparseRows transposed_;
};

}  // namespace lindwurm
