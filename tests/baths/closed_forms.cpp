#include "closed_forms.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <numbers>

namespace oracle {

namespace {

constexpr double pi = std::numbers::pi;
constexpr Complex i(0, 1);

// (1 - e^{-z dt})/z
Complex decayed(Complex z, double dt) { return (1.0 - std::exp(-z * dt)) / z; }

}  // namespace

Complex extrapolated_sum(const std::function<Complex(double)>& term, double scale) {
  constexpr int levels = 7;
  std::vector<std::complex<long double>> sums;
  std::complex<long double> sum = 0;
  double n = 1;
  const double start = 64 + std::ceil(4 * scale);
  for (int level = 0; level < levels; ++level) {
    for (const double end = std::ldexp(start, level); n <= end; ++n)
      sum += std::complex<long double>(term(n));
    sums.push_back(sum);
  }
  // The rest is a series in 1/n.
  for (int order = 1; order < levels; ++order) {
    const long double factor = std::ldexp(1.0L, order);
    for (int level = levels - 1; level >= order; --level)
      sums[level] = (factor * sums[level] - sums[level - 1]) / (factor - 1);
  }
  return Complex(sums.back());
}

Complex DrudeBath::summed(const std::function<Complex(Complex, double)>& f, double fastest) const {
  const double nu = 2 * pi * temperature;
  const double scale = g * cutoff * cutoff;
  const Complex first = scale * pi / 2 * (1 / std::tan(cutoff / (2 * temperature)) - i);
  const auto term = [&](double n) {
    const double c = 2 * pi * scale * temperature * n * nu / (n * n * nu * nu - cutoff * cutoff);
    return f(c, n * nu);
  };
  return f(first, cutoff) + extrapolated_sum(term, std::max(cutoff, fastest) / nu);
}

Complex DrudeBath::correlation(double t) const {
  const double nu = 2 * pi * temperature;
  const double scale = g * cutoff * cutoff;
  Complex sum =
      scale * pi / 2 * (1 / std::tan(cutoff / (2 * temperature)) - i) * std::exp(-cutoff * t);
  for (double n = 1; n * nu * t < 50; ++n) {
    sum += 2 * pi * scale * temperature * n * nu / (n * n * nu * nu - cutoff * cutoff) *
           std::exp(-n * nu * t);
  }
  return sum;
}

Complex DrudeBath::half_sided(double w) const {
  return summed([&](Complex c, double nu) { return c / (nu - i * w); }, std::abs(w));
}

Complex DrudeBath::retarded(double w, double w_prime, double dt) const {
  const double difference = w - w_prime;
  const auto term = [&](Complex c, double nu) {
    const Complex z = nu - i * w;
    const Complex z_prime = nu - i * w_prime;
    if (difference == 0) return c / dt * (dt / z - decayed(z, dt) / z);
    return c / (i * difference * dt) *
           (std::exp(i * difference * dt) * decayed(z_prime, dt) - decayed(z, dt));
  };
  // exp(-nu dt) is no power.
  return summed(term, std::max({std::abs(w), std::abs(w_prime), 10 / dt}));
}

Complex DrudeBath::coarse(double w, double w_prime, double dt) const {
  return retarded(w, w_prime, dt) + std::conj(retarded(w_prime, w, dt));
}

// coth(w/2T) = 1 + 2 sum_m exp(-m w/T), and each term is a Gamma integral.
Complex ExponentialBath::correlation(double t) const {
  const double b = 1 / cutoff;
  const auto gamma_integral = [&](Complex z) { return std::pow(z, -s - 1); };
  Complex sum = gamma_integral(Complex(b, t));
  if (temperature > 0) {
    const auto term = [&](double m) {
      return 2 * gamma_integral(Complex(b + m / temperature, t)).real();
    };
    // Directly up to `count`, the rest by Euler and Maclaurin.
    const double count = std::ceil(40 * (1 + temperature * t));
    for (double m = 1; m < count; ++m)
      sum += term(m);
    const Complex z(b + count / temperature, t);
    const double step = 1 / temperature;
    const Complex rest =
        std::pow(z, -s) / (s * step) + std::pow(z, -s - 1) / 2.0 +
        step * (s + 1) * std::pow(z, -s - 2) / 12.0 -
        std::pow(step, 3) * (s + 1) * (s + 2) * (s + 3) * std::pow(z, -s - 4) / 720.0 +
        std::pow(step, 5) * (s + 1) * (s + 2) * (s + 3) * (s + 4) * (s + 5) * std::pow(z, -s - 6) /
            30240.0;
    sum += 2 * rest.real();
  }
  return g * std::pow(cutoff, 1 - s) * std::tgamma(s + 1) * sum;
}

Complex integral(const std::function<Complex(double)>& f, double a, double b, int pieces) {
  using Rule = boost::math::quadrature::gauss<double, 15>;
  const auto& x = Rule::abscissa();
  const auto& weights = Rule::weights();
  const double half = (b - a) / (2 * pieces);
  Complex sum = 0;
  for (int p = 0; p < pieces; ++p) {
    const double centre = a + (2 * p + 1) * half;
    sum += weights[0] * f(centre);
    for (std::size_t k = 1; k < x.size(); ++k)
      sum += weights[k] * (f(centre + half * x[k]) + f(centre - half * x[k]));
  }
  return half * sum;
}

Complex retarded_by_quadrature(const std::function<Complex(double)>& correlation, double w,
                               double w_prime, double dt, int pieces) {
  const auto outer = [&](double u) {
    // u = s - s'; int_u^dt ds e^{i (w - w') s}
    const Complex inner =
        integral([&](double s) { return std::polar(1.0, (w - w_prime) * s); }, u, dt, pieces);
    return correlation(u) * std::polar(1.0, w_prime * u) * inner;
  };
  return integral(outer, 0, dt, pieces) / dt;
}

}  // namespace oracle
