// Complex vectors as two real ones.
#pragma once

#include <Eigen/Core>
#include <vector>

#include "lindwurm/backend/petsc.hpp"
#include "lindwurm/operators/space.hpp"

namespace lindwurm {

/// The vector re + i im. The functions below are collective.
struct ComplexVec {
  VecHandle re;
  VecHandle im;
};

[[nodiscard]] ComplexVec copy(const ComplexVec& v);
/// Multiplies v by the number `by`.
void scale(ComplexVec& v, Complex by);
/// |v|, computed such that the squares of its elements cannot overflow.
[[nodiscard]] double length(const ComplexVec& v);
/// sum_k c_k v_k.
[[nodiscard]] ComplexVec combined(const std::vector<VecHandle>& vectors, const Eigen::VectorXcd& c);
/// w^T v, without conjugation.
[[nodiscard]] Complex product(const ComplexVec& w, const ComplexVec& v);
/// M v - lambda v. `multiply` multiplies by the matrix or by its transpose.
[[nodiscard]] ComplexVec defect(PetscErrorCode (*multiply)(Mat, Vec, Vec), Mat matrix,
                                const ComplexVec& v, Complex lambda);

}  // namespace lindwurm
