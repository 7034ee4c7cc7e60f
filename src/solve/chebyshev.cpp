#include "chebyshev.hpp"

#include <fmt/format.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/widest_vectors.hpp"

namespace lindwurm {

namespace {

// The truncation error of a series, as a share of rtol; and its limits, where rounding sets in and
// where observables should still be good.
constexpr double share_of_rtol = 1e-4;
constexpr double tightest = 1e-14;
constexpr double loosest = 1e-9;
// Products to find the spectrum's extent, and what they may have missed of it.
constexpr int arnoldi_steps = 20;
constexpr int remembered = 4;
constexpr unsigned seed = 3967;
constexpr double margin = 1.1;
// d t of one series: the larger, the fewer products in all, and the more a badly chosen d costs.
constexpr double longest_oscillating = 100;
constexpr double longest_decaying = 2e4;
// Factor exp(-deepest) from which terms may have to grow.
constexpr double deepest = 20;
// A term this much larger than the state costs as many digits.
constexpr double largest_term = 1e4;
constexpr int most_attempts = 40;

double longest_step(const SpectralLine& line) {
  const double step = (line.is_imaginary ? longest_oscillating : longest_decaying) / line.focus;
  return line.sinking * step > deepest ? deepest / line.sinking : step;
}

// J_0(x), ..., J_count-1(x), or exp(-x) I_k(x), by Miller's downward recurrence and the sums
// J_0 + 2 sum J_2k = 1, I_0 + 2 sum I_k = exp(x).
std::vector<double> bessel_functions(int count, double x, bool are_modified) {
  std::vector<double> f(count, 0.0);
  if (x == 0) {
    f[0] = 1;
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

// Coefficients of the series at time t after its start.
std::vector<double> coefficients(const SpectralLine& line, int count, double t) {
  auto c = bessel_functions(count, line.focus * t, !line.is_imaginary);
  const double scale = std::exp((line.centre + (line.is_imaginary ? 0 : line.focus)) * t);
  for (int k = 0; k < count; ++k)
    c[k] *= (k == 0 ? 1 : 2) * scale;
  return c;
}

// Where the coefficients have become small: beyond d t, or, for a decay, its root.
double likely_terms(const SpectralLine& line, double t) {
  const double x = line.focus * t;
  const double falling = line.is_imaginary ? x : std::min(x, 8 * std::sqrt(x));
  const double turning = std::max(falling, line.turning * t);
  return turning + 6 * std::cbrt(x) + 15;
}

int enough_terms(const SpectralLine& line, double t) {
  return static_cast<int>(1.5 * likely_terms(line, t)) + 60;
}

// next = a image + b here + sign next;  sum += c next. Returns |next|^2.
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

// One series at a time, from the state that it leaves behind.
class Series {
 public:
  Series(const Liouvillian& liouvillian, const SpectralLine& line, Vec initial, double tolerance,
         std::vector<const Functional*> watched)
      : liouvillian_(liouvillian),
        line_(line),
        tolerance_(tolerance),
        watched_(std::move(watched)),
        state_(duplicate(initial)),
        sum_(duplicate(initial)),
        here_(duplicate(initial)),
        next_(duplicate(initial)),
        image_(duplicate(initial)) {
    LINDWURM_PETSC(VecCopy(initial, state_));
  }

  /// The largest step that advance() is likely to take.
  [[nodiscard]] double reach() const { return longest_step(line_) * shortened_; }
  [[nodiscard]] long products() const { return products_; }
  [[nodiscard]] long failures() const { return failures_; }
  [[nodiscard]] Vec state() const { return state_; }
  VecHandle take_state() { return std::move(state_); }

  /// Advances the state by `step`; false, and nothing done, if that is too far. `progress` is told
  /// the part of the step done.
  bool advance(double step, const std::function<void(double)>& progress) {
    const auto c = coefficients(line_, enough_terms(line_, step), step);
    const double scale = norm(state_);
    values_.clear();
    LINDWURM_PETSC(VecCopy(state_, here_));
    LINDWURM_PETSC(VecCopy(state_, sum_));
    LINDWURM_PETSC(VecScale(sum_, c[0]));
    look(here_);
    // T_1 = (L - c)/d
    LINDWURM_PETSC(VecSet(next_, 0.0));
    double size = term(1 / line_.focus, -line_.centre / line_.focus, 0, c[1]);
    const double sign = line_.is_imaginary ? 1 : -1;
    int settled = 0;
    double previous = scale;
    for (std::size_t k = 1;; ++k) {
      if (progress) progress(std::min(1.0, static_cast<double>(k) / likely_terms(line_, step)));
      const double contribution = std::abs(c[k]) * size;
      if (!(contribution < largest_term * scale)) return fail();
      // Small terms may also come before the large ones: only where they fall is the end.
      const bool is_falling = contribution < previous || contribution == 0;
      previous = contribution;
      settled = contribution <= tolerance_ * scale && is_falling ? settled + 1 : 0;
      const bool is_past_turning = static_cast<double>(k) > line_.turning * step;
      if (settled == 3 && is_past_turning) break;
      if (k + 1 == c.size()) return fail();
      size = term(2 / line_.focus, -2 * line_.centre / line_.focus, sign, c[k + 1]);
    }
    std::swap(state_, sum_);
    return true;
  }

  /// The watched values at time t after the start of the last series. Collective.
  [[nodiscard]] std::vector<std::vector<Complex>> values(const std::vector<double>& times) {
    MPI_Allreduce(MPI_IN_PLACE, values_.data(), static_cast<int>(values_.size()),
                  MPI_CXX_DOUBLE_COMPLEX, MPI_SUM, liouvillian_.communicator());
    const std::size_t terms = watched_.empty() ? 0 : values_.size() / watched_.size();
    std::vector<std::vector<Complex>> all;
    for (double t : times) {
      const auto c = coefficients(line_, static_cast<int>(terms), t);
      auto& at_t = all.emplace_back(watched_.size(), 0.0);
      for (std::size_t k = 0; k < terms; ++k) {
        for (std::size_t j = 0; j < watched_.size(); ++j)
          at_t[j] += c[k] * values_[k * watched_.size() + j];
      }
    }
    return all;
  }

 private:
  bool fail() {
    ++failures_;
    shortened_ /= 2;
    if (failures_ > most_attempts) {
      throw Error(
          "the Chebyshev series does not converge: L has eigenvalues far outside the region that "
          "its Ritz values show, or is not stable; use method = \"adams\" or \"bdf\"");
    }
    return false;
  }

  // The next polynomial, applied and added; returns its norm.
  double term(double a, double b, double sign, double c) {
    liouvillian_.apply(0, here_, image_);
    ++products_;
    PetscInt n = 0;
    LINDWURM_PETSC(VecGetLocalSize(here_, &n));
    const PetscScalar* image = nullptr;
    const PetscScalar* here = nullptr;
    PetscScalar* next = nullptr;
    PetscScalar* sum = nullptr;
    LINDWURM_PETSC(VecGetArrayRead(image_, &image));
    LINDWURM_PETSC(VecGetArrayRead(here_, &here));
    LINDWURM_PETSC(VecGetArray(next_, &next));
    LINDWURM_PETSC(VecGetArray(sum_, &sum));
    double square = recur(image, here, next, sum, n, a, b, sign, c);
    LINDWURM_PETSC(VecRestoreArray(sum_, &sum));
    LINDWURM_PETSC(VecRestoreArray(next_, &next));
    LINDWURM_PETSC(VecRestoreArrayRead(here_, &here));
    LINDWURM_PETSC(VecRestoreArrayRead(image_, &image));
    MPI_Allreduce(MPI_IN_PLACE, &square, 1, MPI_DOUBLE, MPI_SUM, liouvillian_.communicator());
    std::swap(here_, next_);
    look(here_);
    return std::sqrt(square);
  }

  // Keeps this rank's share of what is watched.
  void look(Vec v) {
    const PetscScalar* packed = nullptr;
    LINDWURM_PETSC(VecGetArrayRead(v, &packed));
    for (const Functional* functional : watched_)
      values_.push_back(functional->local(packed));
    LINDWURM_PETSC(VecRestoreArrayRead(v, &packed));
  }

  const Liouvillian& liouvillian_;
  SpectralLine line_;
  double tolerance_;
  std::vector<const Functional*> watched_;
  VecHandle state_, sum_, here_, next_, image_;
  double shortened_ = 1;
  long products_ = line_.products;
  long failures_ = 0;
  std::vector<Complex> values_;  // of each term, one watched functional after the other
};

}  // namespace

// The extent of the Ritz values, with a margin. Re lambda <= 0. Each vector is made orthogonal to
// the last few alone: enough for an extent, and no room is taken for a basis.
SpectralLine find_line(const Liouvillian& liouvillian) {
  long products = 0;
  const VecHandle like = liouvillian.vector();
  PetscInt size = 0;
  LINDWURM_PETSC(VecGetSize(like, &size));
  const int steps = static_cast<int>(std::min<PetscInt>(arnoldi_steps, size));
  std::vector<VecHandle> ring;
  for (int k = 0; k < remembered + 1; ++k)
    ring.push_back(duplicate(like));
  const auto vector = [&](int k) -> Vec { return ring[k % (remembered + 1)]; };
  std::mt19937_64 random(seed);
  fill_randomly(vector(0), random);
  LINDWURM_PETSC(VecNormalize(vector(0), nullptr));
  Eigen::MatrixXd h = Eigen::MatrixXd::Zero(steps + 1, steps);
  int found = 0;
  while (found < steps) {
    const Vec next = vector(found + 1);
    liouvillian.apply(0, vector(found), next);
    ++products;
    for (int k = std::max(0, found - remembered + 1); k <= found; ++k) {
      h(k, found) = dot(vector(k), next);
      LINDWURM_PETSC(VecAXPY(next, -h(k, found), vector(k)));
    }
    const double left = norm(next);
    h(found + 1, found) = left;
    ++found;
    if (left <= 1e-14 * h.cwiseAbs().maxCoeff()) break;
    LINDWURM_PETSC(VecScale(next, 1 / left));
  }
  const Eigen::VectorXcd ritz = h.topLeftCorner(found, found).eigenvalues();
  double depth = 0;
  double height = 0;
  for (const Complex& value : ritz) {
    depth = std::max(depth, -value.real());
    height = std::max(height, std::abs(value.imag()));
  }
  const double half_width = margin * depth / 2;
  height *= margin;
  // Foci of the ellipse around both extents; a circle has none to speak of, and takes a part.
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
          .products = products};
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
  const auto record = [&](const std::vector<Complex>& values, Vec state) {
    const auto split = values.begin() + static_cast<std::ptrdiff_t>(observer.functionals().size());
    observer.record({values.begin(), split}, state);
    monitor.look_at({split, values.end()});
  };
  const auto& times = run.times;
  observer.record(initial);
  monitor.look(initial, times.size() == 1);
  const double tolerance = std::clamp(share_of_rtol * options.rtol, tightest, loosest);
  Series series(liouvillian, line, initial, tolerance, std::move(watched));
  // Small states are looked at in whole at every output time, others where something asks for it.
  const bool looks_at_states = observer.needs_states() || liouvillian.basis().hilbert_dimension() <=
                                                              StateMonitor::every_eigenvalue_limit;
  EvolveStatistics& statistics = run.statistics;
  statistics.method = "chebyshev";
  double t = times.front();
  for (std::size_t done = 1; done < times.size();) {
    const double end = looks_at_states ? times[done] : times.back();
    const double rest = end - t;
    // Equal steps to the end, so that the last is no shorter than it need be.
    const double steps = std::ceil(rest / series.reach() * (1 - 1e-12));
    if (!(steps < 1e9)) throw Error("the Chebyshev steps become too short; use method = \"bdf\"");
    const bool reaches_end = steps <= 1;
    const double step = reaches_end ? rest : rest / steps;
    if (statistics.steps == options.max_steps) {
      throw Error(fmt::format(
          "the evolution stopped at t = {:.6g} on its way to {:.6g}: it took evolve.max_steps = {} "
          "series; raise evolve.max_steps",
          t, times.back(), options.max_steps));
    }
    const auto report = [&](double part) {
      options.progress((t + part * step - times.front()) / (times.back() - times.front()));
    };
    const bool advanced =
        series.advance(step, options.progress ? report : std::function<void(double)>{});
    if (!advanced) continue;
    if (options.progress) report(1.0);
    ++statistics.steps;
    const double next = reaches_end ? end : t + step;
    std::vector<double> since;
    std::size_t reached = done;
    for (; reached < times.size() && times[reached] <= next; ++reached)
      since.push_back(std::min(times[reached] - t, step));
    for (const auto& values : series.values(since))
      record(values, series.state());
    if (looks_at_states || reached == times.size()) {
      monitor.look(series.state(), reached == times.size());
    }
    done = reached;
    t = next;
    statistics.last_step = step;
  }
  statistics.rhs_evaluations = series.products();
  statistics.error_test_failures = series.failures();
  run.final_state = series.take_state();
}

}  // namespace lindwurm
