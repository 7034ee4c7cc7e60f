#include "chebyshev_recurrence.hpp"

#include <algorithm>
#include <cmath>

#include "lindwurm/backend/widest_vectors.hpp"

namespace lindwurm {

namespace {

// Below this argument, the functions equal their leading terms. The recurrence would overflow
// there.
constexpr double tiny = 1e-20;

// J_0(x), ..., J_count-1(x), or exp(-x) I_k(x), by Miller's downward recurrence
// and the sums J_0 + 2 sum J_2k = 1, I_0 + 2 sum I_k = exp(x).
std::vector<double> bessel_functions(int count, double x, bool are_modified) {
  std::vector<double> f(count, 0.0);
  if (x < tiny) {
    f[0] = 1;
    if (count > 1) f[1] = x / 2;
    return f;
  }
  const int top = std::max(count, static_cast<int>(x)) + 30 + static_cast<int>(8 * std::cbrt(x));
  double above = 0;
  double here = 1e-250;
  double sum = 0;
  for (int k = top; k > 0; --k) {
    if (k < count) f[k] = here;
    if (are_modified || k % 2 == 0) sum += 2 * here;
    const double below = 2 * k / x * here + (are_modified ? above : -above);
    above = here;
    here = below;
    if (std::abs(here) > 1e200) {
      for (double* value : {&above, &here, &sum})
        *value *= 1e-250;
      for (double& value : f)
        value *= 1e-250;
    }
  }
  f[0] = here;
  sum += here;
  for (double& value : f)
    value /= sum;
  return f;
}

}  // namespace

std::vector<double> coefficients(const SpectralLine& line, int count, double t) {
  auto c = bessel_functions(count, line.focus * t, !line.is_imaginary);
  const double scale = std::exp((line.centre + (line.is_imaginary ? 0 : line.focus)) * t);
  for (int k = 0; k < count; ++k)
    c[k] *= (k == 0 ? 1 : 2) * scale;
  return c;
}

LINDWURM_WIDEST_VECTORS
double recur(const double* __restrict image, const double* __restrict here, double* __restrict next,
             double* __restrict sum, PetscInt n, double a, double b, double sign, double c) {
  double square = 0;
#pragma GCC ivdep
  for (PetscInt k = 0; k < n; ++k) {
    const double value = a * image[k] + b * here[k] + sign * next[k];
    next[k] = value;
    sum[k] += c * value;
    square += value * value;
  }
  return square;
}

}  // namespace lindwurm
