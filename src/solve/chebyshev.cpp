#include "chebyshev.hpp"

#include <fmt/format.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

#include "chebyshev_series.hpp"
#include "lindwurm/backend/error.hpp"

namespace lindwurm {

namespace {

// The truncation error of a series, as a share of rtol; and its limits, where
// rounding sets in and where observables should still be good.
constexpr double share_of_rtol = 1e-4;
constexpr double tightest = 1e-14;
constexpr double loosest = 1e-9;
// Products to find the spectrum's extent, and what they may have missed of it.
constexpr int arnoldi_steps = 20;
constexpr int remembered = 4;
constexpr unsigned seed = 3967;
constexpr double margin = 1.1;
// Half the width of a spectrum that all but shrinks to one energy, as a share of it: rounding.
constexpr double narrowest = 1e-10;
// Kets at so many output times are summed up side by side within a series.
constexpr std::size_t most_inner_outputs = 8;

// How far the series after `done` output times may go.
using EndOfSeries = std::function<double(std::size_t done)>;
// Told the number of output times in the series just summed, and whether the
// last is among them.
using Reached = std::function<void(std::size_t outputs, bool is_last)>;

void go_through(ChebyshevSeries& series, const std::vector<double>& times,
                const EvolveOptions& options, const EndOfSeries& end_after, const Reached& reached,
                EvolveStatistics& statistics) {
  statistics.method = "chebyshev";
  double t = times.front();
  for (std::size_t done = 1; done < times.size();) {
    const double end = end_after(done);
    const double rest = end - t;
    // Equal steps to the end, so that the last is no shorter than it need be.
    const double steps = std::ceil(rest / series.reach() * (1 - 1e-12));
    if (!(steps < 1e9)) throw Error("the Chebyshev steps become too short; use method = \"bdf\"");
    const bool reaches_end = steps <= 1;
    const double step = reaches_end ? rest : rest / steps;
    if (statistics.steps == options.max_steps) {
      throw Error(
          fmt::format("the evolution stopped at t = {:.6g} on its way "
                      "to {:.6g}: it took evolve.max_steps = {} "
                      "series; raise evolve.max_steps",
                      t, times.back(), options.max_steps));
    }
    const auto report = [&](double part) {
      options.progress((t + part * step - times.front()) / (times.back() - times.front()));
    };
    const double next = reaches_end ? end : t + step;
    std::vector<double> since;
    for (std::size_t k = done; k < times.size() && times[k] <= next; ++k)
      since.push_back(std::min(times[k] - t, step));
    const bool advanced =
        series.advance(step, since, options.progress ? report : std::function<void(double)>{});
    if (!advanced) continue;
    if (options.progress) report(1.0);
    ++statistics.steps;
    done += since.size();
    reached(since.size(), done == times.size());
    t = next;
    statistics.last_step = step;
  }
  statistics.rhs_evaluations = series.products();
  statistics.error_test_failures = series.failures();
}

struct Ritz {
  Eigen::VectorXcd values;
  long products = 0;
};

PetscInt size_of(const PackedGenerator& generator) {
  return static_cast<PetscInt>(generator.basis().size());
}

// A short Arnoldi process in a space of so many dimensions. Each vector is made orthogonal to the
// `last` few alone: enough for an extent, and no room is taken for a basis.
template <typename Number, typename InnerProduct, typename AddMultiple>
Ritz ritz_values(const PackedGenerator& generator, PetscInt size, InnerProduct inner_product_of,
                 AddMultiple add_multiple_of, int last = remembered) {
  using Matrix = Eigen::Matrix<Number, Eigen::Dynamic, Eigen::Dynamic>;
  const VecHandle like = generator.vector();
  const int steps = static_cast<int>(std::min<PetscInt>(arnoldi_steps, size));
  std::vector<VecHandle> ring;
  for (int k = 0; k < last + 1; ++k)
    ring.push_back(duplicate(like));
  const auto vector = [&](int k) -> Vec { return ring[k % (last + 1)]; };
  std::mt19937_64 random(seed);
  fill_randomly(vector(0), random);
  const auto normalise = [&](Vec v) {
    const double length = std::sqrt(std::abs(inner_product_of(v, v)));
    if (length > 0) LINDWURM_PETSC(VecScale(v, 1 / length));
    return length;
  };
  normalise(vector(0));
  Matrix h = Matrix::Zero(steps + 1, steps);
  int found = 0;
  while (found < steps) {
    const Vec next = vector(found + 1);
    generator.apply(0, vector(found), next);
    for (int k = std::max(0, found - last + 1); k <= found; ++k) {
      h(k, found) = inner_product_of(vector(k), next);
      add_multiple_of(-h(k, found), vector(k), next);
    }
    const double left = normalise(next);
    h(found + 1, found) = left;
    ++found;
    if (left <= 1e-14 * h.cwiseAbs().maxCoeff()) break;
  }
  return {h.topLeftCorner(found, found).eigenvalues(), found};
}

// Of a spectrum: Re lambda from -depth to 0, Im lambda from bottom to top.
struct Extent {
  double depth = 0;
  double bottom = 0;
  double top = 0;
};

Extent extent_of(const Eigen::VectorXcd& values) {
  if (values.size() == 0) return {};
  return {std::max(0.0, -values.real().minCoeff()), values.imag().minCoeff(),
          values.imag().maxCoeff()};
}

SpectralLine line_around(const Extent& extent, long products) {
  const double half_width = margin * extent.depth / 2;
  const double middle = (extent.top + extent.bottom) / 2;
  const double height =
      std::max(margin * (extent.top - extent.bottom) / 2, narrowest * std::abs(middle));
  // Foci of the ellipse around both extents; a circle has none to speak of, and
  // takes a part.
  const double larger = std::max(half_width, height);
  // Nothing happens, however long it takes.
  if (larger == 0) return {.focus = 1e-30, .turning = 0, .products = products};
  const double focus =
      std::max(std::sqrt(std::abs(half_width * half_width - height * height)), larger / 2);
  const bool is_imaginary = height >= half_width;
  const double rho = (half_width + height) / focus;
  return {.centre = -half_width,
          .focus = focus,
          .is_imaginary = is_imaginary,
          .turning = focus * std::abs(rho + (is_imaginary ? 1 : -1) / rho) / 2,
          .sinking = half_width - (is_imaginary ? 0 : focus),
          .energy = -middle,
          .products = products};
}

}  // namespace

double truncation_error(const EvolveOptions& options) {
  return std::clamp(share_of_rtol * options.rtol, tightest, loosest);
}

namespace {

// With real numbers: a spectrum that is its own mirror.
SpectralLine find_real_line(const PackedGenerator& generator, int last = remembered) {
  const Ritz ritz = ritz_values<double>(
      generator, size_of(generator), dot,
      [](double factor, Vec v, Vec to) { LINDWURM_PETSC(VecAXPY(to, factor, v)); }, last);
  Extent extent = extent_of(ritz.values);
  extent.top = std::max(extent.top, -extent.bottom);
  extent.bottom = -extent.top;
  return line_around(extent, ritz.products);
}

// Of complex numbers that are stored beside their conjugates.
SpectralLine find_complex_line(const PackedGenerator& generator) {
  const PackedBasis& basis = generator.basis();
  const Ritz ritz = ritz_values<Complex>(
      generator, size_of(generator) / 2, [&](Vec a, Vec b) { return inner_product(a, b, basis); },
      [&](Complex factor, Vec v, Vec to) { add_multiple(factor, v, to, basis); });
  return line_around(extent_of(ritz.values), ritz.products);
}

}  // namespace

SpectralLine find_line(const Liouvillian& liouvillian) { return find_real_line(liouvillian); }

SpectralLine find_line(const KetGenerator& generator) { return find_complex_line(generator); }

// Few vectors tell where an oscillating spectrum lies, but overstate what oscillates in one that
// decays: all of them tell that.
SpectralLine find_line(const OperatorGenerator& generator) {
  SpectralLine line = find_complex_line(generator);
  if (line.is_imaginary) return line;
  const long products = line.products;
  line = find_real_line(generator, arnoldi_steps);
  line.products += products;
  return line;
}

double forecast_products(const SpectralLine& line, double span) {
  const double steps = std::max(1.0, std::ceil(span / longest_step(line)));
  return steps * likely_terms(line, span / steps);
}

void evolve_by_series(const Liouvillian& liouvillian, const SpectralLine& line, Vec initial,
                      const EvolveOptions& options, Observer& observer, StateMonitor& monitor,
                      Evolution& run) {
  std::vector<const Functional*> watched;
  for (const auto& functional : observer.functionals())
    watched.push_back(&functional);
  for (const auto& functional : monitor.functionals())
    watched.push_back(&functional);
  const auto& times = run.times;
  observer.record(times.front(), initial);
  monitor.look(initial, times.size() == 1);
  ChebyshevSeries series(liouvillian, line, initial, truncation_error(options), std::move(watched));
  // Small states are looked at in whole at every output time, others where
  // something asks for it.
  const bool looks_at_states = observer.needs_states() || liouvillian.basis().hilbert_dimension() <=
                                                              StateMonitor::every_eigenvalue_limit;
  const auto end_after = [&](std::size_t done) {
    return looks_at_states ? times[done] : times.back();
  };
  std::size_t done = 1;
  const auto record = [&](std::size_t, bool is_last) {
    for (const auto& values : series.values()) {
      const auto split =
          values.begin() + static_cast<std::ptrdiff_t>(observer.functionals().size());
      observer.record(times[done++], {values.begin(), split}, series.state());
      monitor.look_at({split, values.end()});
    }
    if (looks_at_states || is_last) monitor.look(series.state(), is_last);
  };
  go_through(series, times, options, end_after, record, run.statistics);
  run.final_state = series.take_state();
}

VecHandle evolve_by_series(const KetGenerator& generator, const SpectralLine& line, Vec initial,
                           const std::vector<double>& times, const EvolveOptions& options,
                           const std::function<void(Vec)>& look, EvolveStatistics& statistics) {
  look(initial);
  ChebyshevSeries series(generator, line, initial, truncation_error(options), {},
                         ChebyshevSeries::Outputs::states);
  // The last of these times is the end of the series.
  const auto end_after = [&](std::size_t done) {
    return times[std::min(done + most_inner_outputs, times.size() - 1)];
  };
  const auto record = [&](std::size_t outputs, bool) {
    for (std::size_t k = 0; k < outputs; ++k)
      look(series.output(k));
  };
  go_through(series, times, options, end_after, record, statistics);
  return series.take_state();
}

std::vector<std::vector<Complex>> evolve_by_series(const OperatorGenerator& generator,
                                                   const SpectralLine& line, Vec initial,
                                                   const std::vector<double>& times,
                                                   const EvolveOptions& options,
                                                   const std::vector<Functional>& watched,
                                                   EvolveStatistics& statistics) {
  std::vector<const Functional*> each;
  for (const auto& functional : watched)
    each.push_back(&functional);
  std::vector<std::vector<Complex>> values(watched.size());
  const auto record = [&](const std::vector<Complex>& at_one_time) {
    for (std::size_t k = 0; k < values.size(); ++k)
      values[k].push_back(at_one_time[k]);
  };
  record(expectations(watched, initial));
  ChebyshevSeries series(generator, line, initial, truncation_error(options), std::move(each));
  go_through(
      series, times, options, [&](std::size_t) { return times.back(); },
      [&](std::size_t, bool) {
        for (const auto& at_one_time : series.values())
          record(at_one_time);
      },
      statistics);
  return values;
}

void require_series_fit(const PackedGenerator& generator, const EvolveOptions& options) {
  if (options.method == EvolveMethod::chebyshev && !generator.is_constant()) {
    throw InputError(
        "method = \"chebyshev\" is for models whose coefficients do not depend on time; use adams, "
        "bdf or auto");
  }
}

bool may_use_series(const PackedGenerator& generator, const EvolveOptions& options) {
  const bool is_wanted =
      options.method == EvolveMethod::chebyshev || options.method == EvolveMethod::automatic;
  return is_wanted && generator.is_constant();
}

}  // namespace lindwurm
