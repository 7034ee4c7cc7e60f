#include "chebyshev.hpp"

#include <fmt/format.h>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

#include "chebyshev_series.hpp"
#include "lindwurm/backend/dense.hpp"
#include "lindwurm/backend/error.hpp"

namespace lindwurm {

namespace {

// The truncation error of a series, as a share of rtol. It is limited to a range: below it there is
// only rounding, and above it observables would become inaccurate.
constexpr double share_of_rtol = 1e-4;
constexpr double tightest = 1e-14;
constexpr double loosest = 1e-9;
// The number of Arnoldi steps that find the extent of the spectrum, and the margin for what they
// may have missed.
constexpr int arnoldi_steps = 20;
constexpr int remembered = 4;
constexpr unsigned seed = 3967;
constexpr double margin = 1.1;
// The smallest half width of a spectrum, as a share of its centre. It covers rounding if the
// spectrum is almost a single energy.
constexpr double narrowest = 1e-10;

// The latest time that the series after `done` output times may reach.
using EndOfSeries = std::function<double(std::size_t done)>;
// Called with the number of output times in the series just summed, and with whether the last
// output time is among them.
using Reached = std::function<void(std::size_t outputs, bool is_last)>;

void go_through(ChebyshevSeries& series, const std::vector<double>& times,
                const EvolveOptions& options, const EndOfSeries& end_after, const Reached& reached,
                EvolveStatistics& statistics) {
  statistics.method = "chebyshev";
  double t = times.front();
  for (std::size_t done = 1; done < times.size();) {
    const double end = end_after(done);
    const double rest = end - t;
    // Equal steps to the end, so that the last one is not needlessly short.
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

// A short Arnoldi process in a space of this dimension. Each vector is orthogonalised only against
// the `last` few. This is enough for the extent of the spectrum, and no basis needs to be stored.
template <typename Number, typename InnerProduct, typename AddMultiple>
Ritz ritz_values(const PackedGenerator& generator, const Factors& factors, PetscInt size,
                 InnerProduct inner_product_of, AddMultiple add_multiple_of,
                 int last = remembered) {
  using Matrix = Eigen::Matrix<Number, Eigen::Dynamic, Eigen::Dynamic>;
  if (size == 0) return {};  // a sector without elements
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
    generator.apply(factors, vector(found), next);
    for (int k = std::max(0, found - last + 1); k <= found; ++k) {
      h(k, found) = inner_product_of(vector(k), next);
      add_multiple_of(-h(k, found), vector(k), next);
    }
    const double left = normalise(next);
    h(found + 1, found) = left;
    ++found;
    if (left <= 1e-14 * h.cwiseAbs().maxCoeff()) break;
  }
  return {general_eigenvalues(Matrix(h.topLeftCorner(found, found))), found};
}

// The extent of a spectrum: Re lambda from -depth to 0, Im lambda from bottom to top.
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
  // The foci of the ellipse around both extents. A circle has coinciding foci; a fraction of its
  // radius is used instead.
  const double larger = std::max(half_width, height);
  // The spectrum is {0}: the state does not change.
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

// With real arithmetic, for a spectrum that is symmetric about the real axis.
SpectralLine find_real_line(const PackedGenerator& generator, const Factors& factors,
                            int last = remembered) {
  const Ritz ritz = ritz_values<double>(
      generator, factors, size_of(generator), dot,
      [](double factor, Vec v, Vec to) { LINDWURM_PETSC(VecAXPY(to, factor, v)); }, last);
  Extent extent = extent_of(ritz.values);
  extent.top = std::max(extent.top, -extent.bottom);
  extent.bottom = -extent.top;
  return line_around(extent, ritz.products);
}

// For complex numbers that are stored beside their conjugates.
SpectralLine find_complex_line(const PackedGenerator& generator, const Factors& factors) {
  const PackedBasis& basis = generator.basis();
  const Ritz ritz = ritz_values<Complex>(
      generator, factors, size_of(generator) / 2,
      [&](Vec a, Vec b) { return inner_product(a, b, basis); },
      [&](Complex factor, Vec v, Vec to) { add_multiple(factor, v, to, basis); });
  return line_around(extent_of(ritz.values), ritz.products);
}

}  // namespace

SpectralLine find_line(const Liouvillian& liouvillian, const Factors& factors) {
  return find_real_line(liouvillian, factors);
}

SpectralLine find_line(const KetGenerator& generator, const Factors& factors) {
  return find_complex_line(generator, factors);
}

SpectralLine find_line(const Liouvillian& liouvillian) { return find_line(liouvillian, {}); }
SpectralLine find_line(const KetGenerator& generator) { return find_line(generator, {}); }
SpectralLine find_line(const OperatorGenerator& generator) { return find_line(generator, {}); }

// A few vectors show the extent of an oscillating spectrum. In a decaying spectrum they
// overestimate the oscillating part, so all vectors are used there.
SpectralLine find_line(const OperatorGenerator& generator, const Factors& factors) {
  SpectralLine line = find_complex_line(generator, factors);
  if (line.is_imaginary) return line;
  const long products = line.products;
  line = find_real_line(generator, factors, arnoldi_steps);
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
  // Small states are inspected as a whole at every output time; large ones only if an observable
  // requires it.
  const bool looks_at_states = observer.needs_states() || liouvillian.basis().hilbert_dimension() <=
                                                              options.eigenvalues.of_every_state;
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
  go_by_series(series, times, options, look, statistics);
  return series.take_state();
}

void go_by_series(ChebyshevSeries& series, const std::vector<double>& times,
                  const EvolveOptions& options, const std::function<void(Vec)>& look,
                  EvolveStatistics& statistics) {
  // The last of these times is the end of the series.
  const auto end_after = [&](std::size_t done) {
    return times[std::min(done + options.outputs_of_series, times.size() - 1)];
  };
  const auto record = [&](std::size_t outputs, bool) {
    for (std::size_t k = 0; k < outputs; ++k)
      look(series.output(k));
  };
  go_through(series, times, options, end_after, record, statistics);
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
