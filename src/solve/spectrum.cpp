#include "lindwurm/solve/spectrum.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "lindwurm/backend/error.hpp"

namespace lindwurm {

namespace {

// Rounding of a backward stable dense solver, with room for the growth with n.
constexpr double rounding = 1e-12;

void require_sound(const Liouvillian& liouvillian, const SpectrumOptions& options) {
  const std::int64_t n = liouvillian.basis().size();
  if (!liouvillian.is_constant()) {
    throw InputError("a time-dependent model has no relaxation spectrum");
  }
  if (options.count < 1 || options.count > n) {
    throw InputError(
        fmt::format("spectrum.count = {} must lie between 1 and D^2 = {}", options.count, n));
  }
  if (n > options.dense_limit) {
    throw InputError(fmt::format(
        "the spectrum of {} unknowns is refused: all eigenvalues are computed, so that none can be "
        "missing, and that is limited to spectrum.dense_limit = {} unknowns (this one would take "
        "{:.3g} GB); use fewer levels or spins, or raise the limit",
        n, options.dense_limit, 3.0 * 8.0 * static_cast<double>(n) * static_cast<double>(n) / 1e9));
  }
}

MatHandle dense_copy(Mat matrix) {
  MatHandle dense;
  LINDWURM_PETSC(MatConvert(matrix, MATDENSE, MAT_INITIAL_MATRIX, dense.put()));
  return dense;
}

// |L v - lambda v| / |v| for v = re + i im.
double residual(Mat matrix, Vec re, Vec im, Complex lambda) {
  const VecHandle image_re = duplicate(re);
  const VecHandle image_im = duplicate(re);
  LINDWURM_PETSC(MatMult(matrix, re, image_re));
  LINDWURM_PETSC(MatMult(matrix, im, image_im));
  LINDWURM_PETSC(VecAXPY(image_re, -lambda.real(), re));
  LINDWURM_PETSC(VecAXPY(image_re, lambda.imag(), im));
  LINDWURM_PETSC(VecAXPY(image_im, -lambda.real(), im));
  LINDWURM_PETSC(VecAXPY(image_im, -lambda.imag(), re));
  const auto length = [](Vec a, Vec b) {
    PetscReal x = 0;
    PetscReal y = 0;
    LINDWURM_PETSC(VecNorm(a, NORM_2, &x));
    LINDWURM_PETSC(VecNorm(b, NORM_2, &y));
    return std::hypot(x, y);
  };
  return length(image_re, image_im) / length(re, im);
}

struct Pair {
  Complex value;
  PetscInt index;
};

std::vector<Pair> all_eigenvalues(EPS eps) {
  PetscInt converged = 0;
  LINDWURM_PETSC(EPSGetConverged(eps, &converged));
  std::vector<Pair> pairs;
  for (PetscInt k = 0; k < converged; ++k) {
    PetscScalar re = 0;
    PetscScalar im = 0;
    LINDWURM_PETSC(EPSGetEigenvalue(eps, k, &re, &im));
    pairs.push_back({{re, im}, k});
  }
  std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) {
    if (a.value.real() != b.value.real()) return a.value.real() > b.value.real();
    if (std::abs(a.value.imag()) != std::abs(b.value.imag())) {
      return std::abs(a.value.imag()) < std::abs(b.value.imag());
    }
    return a.value.imag() > b.value.imag();
  });
  return pairs;
}

}  // namespace

bool Spectrum::is_converged() const {
  return std::all_of(residuals.begin(), residuals.end(),
                     [&](double r) { return r <= largest_residual_allowed; });
}

Spectrum spectrum(const Liouvillian& liouvillian, const SpectrumOptions& options) {
  require_sound(liouvillian, options);
  const auto start = std::chrono::steady_clock::now();
  const Mat matrix = liouvillian.constant_part();
  const MatHandle dense = dense_copy(matrix);
  EpsHandle eps;
  LINDWURM_PETSC(EPSCreate(liouvillian.communicator(), eps.put()));
  LINDWURM_PETSC(EPSSetOptionsPrefix(eps, "spectrum_"));
  LINDWURM_PETSC(EPSSetOperators(eps, dense, nullptr));
  LINDWURM_PETSC(EPSSetProblemType(eps, EPS_NHEP));
  LINDWURM_PETSC(EPSSetType(eps, EPSLAPACK));
  LINDWURM_PETSC(EPSSetWhichEigenpairs(eps, EPS_LARGEST_REAL));
  LINDWURM_PETSC(EPSSetFromOptions(eps));
  LINDWURM_PETSC(EPSSolve(eps));

  const auto pairs = all_eigenvalues(eps);
  const auto n = static_cast<std::size_t>(liouvillian.basis().size());
  const double norm = liouvillian.norm_bound();
  const double zero = rounding * norm * std::sqrt(std::sqrt(static_cast<double>(n)));
  Spectrum result;
  result.method = "dense";
  result.scale = norm;
  result.largest_residual_allowed = rounding * std::sqrt(static_cast<double>(n)) * norm;

  Complex sum = 0;
  for (const Pair& pair : pairs) {
    sum += pair.value;
    if (std::abs(pair.value) <= zero) {
      ++result.stationary;
    } else if (!result.gap || -pair.value.real() < *result.gap) {
      result.gap = -pair.value.real();
    }
  }
  PetscScalar trace = 0;
  LINDWURM_PETSC(MatGetTrace(matrix, &trace));
  if (norm > 0) result.trace_defect = std::abs(sum - trace) / (static_cast<double>(n) * norm);
  result.is_complete = pairs.size() == n && result.trace_defect <= rounding;

  auto count = std::min<std::size_t>(options.count, pairs.size());
  if (count < pairs.size() && pairs[count - 1].value.imag() > 0) ++count;
  const VecHandle re = liouvillian.vector();
  const VecHandle im = liouvillian.vector();
  for (std::size_t k = 0; k < count; ++k) {
    LINDWURM_PETSC(EPSGetEigenvector(eps, pairs[k].index, re, im));
    result.eigenvalues.push_back(pairs[k].value);
    result.residuals.push_back(residual(matrix, re, im, pairs[k].value));
  }
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace lindwurm
