#include "modes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "mode_content.hpp"
#include "real_schur.hpp"

namespace lindwurm {

namespace {

// Eigenvalues of modes with such condition numbers move by the root of a change of L.
constexpr double exceptional = 1e5;
// Orthonormalised eigenvectors have to solve their equation to this, relative to |T|.
constexpr double still_eigenvectors = 1e-9;

struct ComplexVec {
  VecHandle re;
  VecHandle im;
};

double length(const ComplexVec& v) { return std::hypot(norm(v.re), norm(v.im)); }

ComplexVec combined(const std::vector<VecHandle>& vectors, const Eigen::VectorXcd& c) {
  ComplexVec v{duplicate(vectors.front()), duplicate(vectors.front())};
  combine(vectors, c.real(), v.re);
  combine(vectors, c.imag(), v.im);
  return v;
}

// |M v - lambda v| / |v|, M the matrix or its transpose.
double residual(PetscErrorCode (*multiply)(Mat, Vec, Vec), Mat matrix, const ComplexVec& v,
                Complex lambda) {
  const ComplexVec image{duplicate(v.re), duplicate(v.re)};
  LINDWURM_PETSC(multiply(matrix, v.re, image.re));
  LINDWURM_PETSC(multiply(matrix, v.im, image.im));
  LINDWURM_PETSC(VecAXPY(image.re, -lambda.real(), v.re));
  LINDWURM_PETSC(VecAXPY(image.re, lambda.imag(), v.im));
  LINDWURM_PETSC(VecAXPY(image.im, -lambda.real(), v.im));
  LINDWURM_PETSC(VecAXPY(image.im, -lambda.imag(), v.re));
  return length(image) / length(v);
}

// Brings the eigenvectors of one eigenvalue into shape: the right ones orthonormal where that
// leaves them eigenvectors, for they may have come out all but parallel; the left ones dual to
// them.
void make_dual(Eigenvectors& of, const std::vector<Eigen::Index>& equal, const Eigen::MatrixXd& t,
               double cluster) {
  Eigen::MatrixXcd right = of.right(Eigen::all, equal);
  Eigen::MatrixXcd left = of.left(Eigen::all, equal);
  if (equal.size() > 1) {
    const Eigen::HouseholderQR<Eigen::MatrixXcd> qr(right);
    const Eigen::MatrixXcd q =
        qr.householderQ() * Eigen::MatrixXcd::Identity(right.rows(), right.cols());
    const double defect = (t * q - q * of.values[equal.front()]).norm();
    if (defect <= still_eigenvectors * t.norm() + 10 * cluster) right = q;
  }
  left *= (left.transpose() * right).eval().inverse().transpose();
  of.right(Eigen::all, equal) = right;
  of.left(Eigen::all, equal) = left;
  for (Eigen::Index k : equal) {
    if (of.values[k].imag() == 0) continue;
    of.right.col(k + 1) = of.right.col(k).conjugate();
    of.left.col(k + 1) = of.left.col(k).conjugate();
  }
}

// The eigenvectors of T, w^T v = 1 for those of one number and 0 for others.
Eigenvectors dual_eigenvectors(const Eigen::MatrixXd& t, double cluster) {
  Eigenvectors of = eigenvectors(t);
  const auto count = static_cast<Eigen::Index>(of.values.size());
  std::vector<bool> is_done(of.values.size(), false);
  for (Eigen::Index k = 0; k < count; ++k) {
    if (is_done[k] || of.values[k].imag() < 0) continue;
    std::vector<Eigen::Index> equal;
    for (Eigen::Index j = k; j < count; ++j) {
      const Complex value = of.values[j];
      const bool is_alike = value.imag() >= 0 && (value.imag() == 0) == (of.values[k].imag() == 0);
      if (is_done[j] || !is_alike || std::abs(value - of.values[k]) > cluster) continue;
      equal.push_back(j);
      is_done[j] = true;
    }
    make_dual(of, equal, t, cluster);
  }
  return of;
}

// <A> of v for each functional.
std::vector<Complex> expectations_of(const std::vector<Functional>& functionals,
                                     const ComplexVec& v) {
  auto values = expectations(functionals, v.re);
  const auto imaginary = expectations(functionals, v.im);
  for (std::size_t k = 0; k < values.size(); ++k)
    values[k] += Complex(0, 1) * imaginary[k];
  return values;
}

}  // namespace

Observables linear_ones(const Observables& observables) {
  Observables linear;
  for (const auto& each : observables)
    if (!std::holds_alternative<StateFunction>(each.content)) linear.push_back(each);
  return linear;
}

void add_modes(const Liouvillian& liouvillian, const InvariantSubspace& subspace, int sector,
               double cluster, const SpectrumOptions& options, Spectrum& all) {
  if (subspace.size() == 0) return;
  const Eigenvectors small = dual_eigenvectors(subspace.matrix, cluster);
  const Observer observer(linear_ones(options.observe), liouvillian);
  VecHandle initial;
  if (options.initial) initial = pack_part(*options.initial, liouvillian);
  const Mat l = liouvillian.constant_part();
  for (int k = 0; k < subspace.size(); ++k) {
    const Complex value = small.values[k];
    ComplexVec right = combined(subspace.right, small.right.col(k));
    const double size = length(right);
    Mode mode;
    mode.condition = std::numeric_limits<double>::quiet_NaN();
    mode.strengths = expectations_of(observer.functionals(), right);
    for (Complex& strength : mode.strengths)
      strength /= size;
    const double own_residual = residual(MatMult, l, right, value);
    if (!subspace.left.empty()) {
      const ComplexVec left = combined(subspace.left, small.left.col(k) * size);
      mode.condition = length(left);
      if (!std::isfinite(mode.condition)) mode.condition = std::numeric_limits<double>::infinity();
      mode.left_residual = residual(MatMultTranspose, l, left, value);
      mode.error = own_residual * mode.condition;
      mode.is_near_exceptional = mode.condition > exceptional;
      if (options.initial && std::isfinite(mode.condition)) {
        const Complex c(dot(left.re, initial), dot(left.im, initial));
        mode.overlap = std::abs(c);
        for (const Complex& strength : mode.strengths)
          mode.amplitudes.push_back(c * strength);
      }
    }
    auto content = content_of(right.re, right.im, liouvillian.basis(), liouvillian.communicator());
    mode.coherence = std::move(content.coherence);
    mode.sites = std::move(content.sites);
    all.eigenvalues.push_back(value);
    all.residuals.push_back(own_residual);
    all.sectors.push_back(sector);
    all.modes.push_back(std::move(mode));
  }
}

}  // namespace lindwurm
