#include "lindwurm/baths/brownian.hpp"

#include <cmath>
#include <numbers>

#include "density_content.hpp"
#include "spectrum.hpp"

namespace lindwurm {

namespace {

using std::numbers::pi;

constexpr double rounding = 1e-15;

Estimate<double> exact(double value) { return {value, rounding * std::abs(value)}; }

// Lambda(w0) + Lambda(-w0) depends only on the dissipative part of C(t). For bosons this part does
// not depend on temperature. Without the thermal part, no large numbers cancel.
Estimate<double> sum_of_shifts(const Bath& bath, double w0) {
  if (bath.kind() == BathKind::classical) return {};
  const bool is_bosonic = bath.kind() == BathKind::bosonic && bath.temperature() > 0;
  const Bath used = is_bosonic ? Bath(bath.density(), 0) : bath;
  const auto above = used.shift(w0);
  const auto below = used.shift(-w0);
  return {above.value + below.value, above.error + below.error};
}

}  // namespace

// With Gamma(w) = int_0^inf C(t) e^{iwt} dt = S(w)/2 + i Lambda(w) and C = nu - i eta:
//   int nu cos = [S(w) + S(-w)]/4            int eta sin = [S(w) - S(-w)]/4
//   int nu sin = [Lambda(w) - Lambda(-w)]/2  int eta cos = -[Lambda(w) + Lambda(-w)]/2
BrownianCoefficients brownian_coefficients(const Bath& bath, double w0, double mass) {
  require_positive("oscillator", "frequency", w0);
  require_positive("oscillator", "mass", mass);
  const double scale = 1 / (mass * w0);
  BrownianCoefficients coefficients;
  coefficients.D = exact((bath.rate(w0) + bath.rate(-w0)) / 4);
  const Parts parts = thermal_parts(bath.kind(), w0, bath.temperature());
  coefficients.gamma = exact(scale * pi / 2 * bath.density()(w0) * parts.difference);
  const auto sum = sum_of_shifts(bath, w0);
  coefficients.w2 = {sum.value / mass, sum.error / mass};
  const auto above = bath.shift(w0);
  const auto below = bath.shift(-w0);
  coefficients.f = {-scale / 2 * (above.value - below.value),
                    scale / 2 * (above.error + below.error)};
  return coefficients;
}

}  // namespace lindwurm
