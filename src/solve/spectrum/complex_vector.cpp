#include "complex_vector.hpp"

#include <algorithm>
#include <cmath>

#include "invariant_subspace.hpp"

namespace lindwurm {

namespace {

// If elements are larger or smaller than these, their squares may overflow or underflow.
constexpr double largest_squared = 1e140;
constexpr double smallest_squared = 1e-140;

}  // namespace

ComplexVec copy(const ComplexVec& v) {
  ComplexVec other{duplicate(v.re), duplicate(v.im)};
  LINDWURM_PETSC(VecCopy(v.re, other.re));
  LINDWURM_PETSC(VecCopy(v.im, other.im));
  return other;
}

void scale(ComplexVec& v, Complex by) {
  const VecHandle re = duplicate(v.re);
  LINDWURM_PETSC(VecCopy(v.re, re));
  LINDWURM_PETSC(VecAXPBY(v.re, -by.imag(), by.real(), v.im));
  LINDWURM_PETSC(VecAXPBY(v.im, by.imag(), by.real(), re));
}

double length(const ComplexVec& v) {
  double most = 0;
  for (Vec part : {v.re.get(), v.im.get()}) {
    PetscReal largest = 0;
    LINDWURM_PETSC(VecNorm(part, NORM_INFINITY, &largest));
    most = std::isnan(largest) ? largest : std::max(most, largest);
  }
  const bool is_moderate = most <= largest_squared && most >= smallest_squared;
  if (is_moderate || most == 0 || !std::isfinite(most)) return std::hypot(norm(v.re), norm(v.im));
  ComplexVec small = copy(v);
  scale(small, 1 / most);
  return most * std::hypot(norm(small.re), norm(small.im));
}

ComplexVec combined(const std::vector<VecHandle>& vectors, const Eigen::VectorXcd& c) {
  ComplexVec v{duplicate(vectors.front()), duplicate(vectors.front())};
  combine(vectors, c.real(), v.re);
  combine(vectors, c.imag(), v.im);
  return v;
}

Complex product(const ComplexVec& w, const ComplexVec& v) {
  return {dot(w.re, v.re) - dot(w.im, v.im), dot(w.re, v.im) + dot(w.im, v.re)};
}

ComplexVec defect(PetscErrorCode (*multiply)(Mat, Vec, Vec), Mat matrix, const ComplexVec& v,
                  Complex lambda) {
  ComplexVec image{duplicate(v.re), duplicate(v.re)};
  LINDWURM_PETSC(multiply(matrix, v.re, image.re));
  LINDWURM_PETSC(multiply(matrix, v.im, image.im));
  LINDWURM_PETSC(VecAXPY(image.re, -lambda.real(), v.re));
  LINDWURM_PETSC(VecAXPY(image.re, lambda.imag(), v.im));
  LINDWURM_PETSC(VecAXPY(image.im, -lambda.real(), v.im));
  LINDWURM_PETSC(VecAXPY(image.im, -lambda.imag(), v.re));
  return image;
}

}  // namespace lindwurm
