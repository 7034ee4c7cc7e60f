#include "fourier_transform.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "solve/evolve/chebyshev_series.hpp"

namespace lindwurm {

namespace {

// The number of nodes of a panel, and the phase over half a panel that they resolve to rounding.
constexpr int nodes = 24;
constexpr double phase_of_panel = 8;
// The largest number of panels in one series.
constexpr double most_panels = 200;

struct GaussRule {
  std::array<double, nodes> at{};  // in (-1, 1), ascending
  std::array<double, nodes> weight{};
};

// Finds the zeros of P_n by Newton's method from Tricomi's estimates.
GaussRule gauss_rule() {
  GaussRule rule;
  for (int k = 0; k < nodes; ++k) {
    double x = -std::cos(M_PI * (k + 0.75) / (nodes + 0.5));
    double slope = 1;
    for (int pass = 0; pass < 8; ++pass) {
      double before = 1;
      double here = x;
      for (int n = 2; n <= nodes; ++n) {
        const double next = ((2 * n - 1) * x * here - (n - 1) * before) / n;
        before = here;
        here = next;
      }
      slope = nodes * (x * here - before) / (x * x - 1);
      x -= here / slope;
    }
    rule.at[k] = x;
    rule.weight[k] = 2 / ((1 - x * x) * slope * slope);
  }
  return rule;
}

double norm_of(const Functional& a, MPI_Comm comm) {
  double square = a.local_square();
  MPI_Allreduce(MPI_IN_PLACE, &square, 1, MPI_DOUBLE, MPI_SUM, comm);
  return std::sqrt(square);
}

double largest_rate(const SpectralLine& line, const std::vector<double>& frequencies) {
  const double inside = std::abs(line.centre) + line.focus * std::max(1.0, line.turning);
  double largest = 0;
  for (const double w : frequencies)
    largest = std::max(largest, std::abs(w + line.energy));
  return inside + largest;
}

}  // namespace

FourierTransform fourier_transform(const OperatorGenerator& generator, Vec start,
                                   const Functional& a, const std::vector<double>& frequencies,
                                   double tolerance, double most_products,
                                   const EvolveOptions& options) {
  static const GaussRule rule = gauss_rule();
  const SpectralLine line = find_line(generator);
  ChebyshevSeries series(generator, line, start, truncation_error(options), {&a});
  const double rate = largest_rate(line, frequencies);
  const double size_of_a = norm_of(a, generator.communicator());
  const double first = norm(start);
  double before = first;
  FourierTransform transform;
  transform.values.assign(frequencies.size(), 0.0);
  transform.has_decayed = first == 0;
  while (!transform.has_decayed && series.products() < most_products) {
    const double step = std::min(series.reach(), most_panels * 2 * phase_of_panel / rate);
    const auto panels = static_cast<int>(std::ceil(rate * step / (2 * phase_of_panel)));
    const double half = step / panels / 2;
    std::vector<double> since;
    for (int p = 0; p < panels; ++p) {
      for (const double x : rule.at)
        since.push_back((2 * p + 1 + x) * half);
    }
    if (!series.advance(step, since, {})) continue;
    const auto values = series.values();
    for (std::size_t k = 0; k < frequencies.size(); ++k) {
      Complex sum = 0;
      for (std::size_t j = 0; j < since.size(); ++j)
        sum += rule.weight[j % nodes] * std::polar(1.0, -frequencies[k] * since[j]) * values[j][0];
      transform.values[k] += half * std::polar(1.0, -frequencies[k] * transform.end) * sum;
    }
    transform.end += step;
    const double left = norm(series.state());
    const double decay = std::log(before / left) / step;
    transform.tail = decay > 0 ? size_of_a * left / decay : std::numeric_limits<double>::infinity();
    transform.has_decayed = left <= tolerance * first;
    before = left;
  }
  transform.products = series.products();
  return transform;
}

}  // namespace lindwurm
