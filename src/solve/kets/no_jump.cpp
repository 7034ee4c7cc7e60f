#include "no_jump.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lindwurm/backend/error.hpp"
#include "solve/evolve/chebyshev_series.hpp"
#include "solve/evolve/integrator.hpp"

namespace lindwurm {

namespace {

// The number of times within one series at which the state is summed in addition to its end. They
// are output times and times between them, which locate the jump.
constexpr std::size_t stops_of_series = 16;
// The tolerance of ln |psi|^2 at the jump.
constexpr double jump_tolerance = 1e-12;
// The first guess lies before the estimated jump time by this share of the interval that contains
// it.
constexpr double early = 1e-4;
constexpr int most_refinements = 200;
// Times with a smaller relative difference than this are equal for CVODE.
constexpr double same_time = 1e-14;

// |R|^2 = 2 |psi|^2
double square_of(Vec ket) {
  const double length = norm(ket);
  return length * length / 2;
}

// ln |psi|^2 at some times.
struct Fall {
  std::vector<double> times;
  std::vector<double> logarithms;

  void add(double t, double square) {
    times.push_back(t);
    logarithms.push_back(std::log(square));
  }
  // The time at which `value` is passed between the times k and k + 1, by inverse interpolation
  // among the neighbours with Neville's scheme. It is not finite if |psi|^2 is constant.
  [[nodiscard]] double passes(double value, std::size_t k) const {
    const std::size_t first = k > 0 ? k - 1 : 0;
    std::vector<double> t(times.begin() + static_cast<std::ptrdiff_t>(first), times.end());
    const double* x = &logarithms[first];
    for (std::size_t order = 1; order < t.size(); ++order) {
      for (std::size_t j = 0; j + order < t.size(); ++j) {
        const double from_left = (value - x[j + order]) * t[j];
        const double from_right = (value - x[j]) * t[j + 1];
        t[j] = (from_left - from_right) / (x[j] - x[j + order]);
      }
    }
    return t.front();
  }
};

class BySeries : public NoJumpEvolution {
 public:
  BySeries(const KetGenerator& generator, const std::vector<double>& times,
           const EvolveOptions& options)
      : generator_(generator),
        times_(times),
        most_steps_(options.max_steps),
        scratch_(generator.vector()),
        series_(generator, find_line(generator), start(scratch_), truncation_error(options), {},
                ChebyshevSeries::Outputs::states) {}

  std::optional<double> run(double t, Vec ket, double threshold, std::size_t& next,
                            const std::function<void(Vec)>& look,
                            EvolveStatistics& statistics) override {
    statistics.method = "chebyshev";
    const long products_before = products();
    const auto jump = through_times(t, ket, threshold, next, look, statistics);
    statistics.rhs_evaluations += products() - products_before;
    return jump;
  }

  [[nodiscard]] Vec ket() const override { return series_.state(); }

 private:
  static Vec start(Vec v) {
    LINDWURM_PETSC(VecSet(v, 0.0));
    return v;
  }
  [[nodiscard]] long products() const { return series_.products() + own_products_; }

  std::optional<double> through_times(double t, Vec ket, double threshold, std::size_t& next,
                                      const std::function<void(Vec)>& look,
                                      EvolveStatistics& statistics) {
    series_.begin(ket);
    while (next < times_.size()) {
      const double spacing = series_.reach() / stops_of_series;
      std::vector<double> stops;
      std::vector<bool> is_output;
      for (std::size_t k = next; k < times_.size() && stops.size() < stops_of_series;) {
        const double last = stops.empty() ? t : stops.back();
        is_output.push_back(times_[k] - last <= spacing);
        stops.push_back(is_output.back() ? times_[k++] : last + spacing);
      }
      if (!advance(t, stops, statistics)) continue;
      Fall fall{{t}, {std::log(square_of(series_.before()))}};
      for (std::size_t k = 0; k < stops.size(); ++k) {
        const Vec reached = series_.output(k);
        const double square = square_of(reached);
        fall.add(stops[k], square);
        if (square <= threshold) {
          if (k + 1 < stops.size()) fall.add(stops[k + 1], square_of(series_.output(k + 1)));
          const double likely = fall.passes(std::log(threshold), k);
          series_.begin(k == 0 ? series_.before() : series_.output(k - 1));
          return located(fall.times[k], stops[k], likely, threshold);
        }
        if (!is_output[k]) continue;
        look(reached);
        ++next;
      }
      t = stops.back();
    }
    return std::nullopt;
  }

  bool advance(double t, const std::vector<double>& stops, EvolveStatistics& statistics) {
    std::vector<double> since;
    for (double stop : stops)
      since.push_back(stop - t);
    if (statistics.steps == most_steps_) {
      throw Error(
          fmt::format("the evolution stopped at t = {:.6g} on its way to {:.6g}: it took "
                      "evolve.max_steps = {} series; raise evolve.max_steps",
                      t, times_.back(), most_steps_));
    }
    const bool is_done = series_.advance(since.back(), since, {});
    ++(is_done ? statistics.steps : statistics.error_test_failures);
    if (is_done) statistics.last_step = since.back();
    return is_done;
  }

  // Evolves from the state at `low`, before the jump, to the jump. Uses Newton's method on ln
  // |psi|^2, which decreases almost linearly, within bounds. The iteration approaches the jump from
  // below, because only forward steps are cheap.
  double located(double low, double high, double likely, double threshold) {
    double guess = likely - early * (high - low);
    for (int k = 0; k < most_refinements; ++k) {
      if (!(guess > low && guess < high)) guess = low + (high - low) / 2;
      if (!(guess > low && guess < high)) return low;  // `low` and `high` are adjacent numbers
      if (!series_.advance(guess - low, {}, {})) {
        guess = low + (guess - low) / 2;
        continue;
      }
      const double left = excess(threshold);
      if (std::abs(left) <= jump_tolerance) return guess;
      const double next = guess + left / decay();
      if (left > 0) {
        low = guess;
      } else {
        high = guess;
        series_.undo();
      }
      guess = next;
    }
    throw Error(
        fmt::format("the time of a jump near t = {:.6g} is not found to rounding; use "
                    "method = \"adams\"",
                    low));
  }

  [[nodiscard]] double excess(double threshold) const {
    return std::log(square_of(series_.state()) / threshold);
  }

  // -d ln |psi|^2/dt
  double decay() {
    const Vec state = series_.state();
    generator_.apply(Factors{}, state, scratch_);
    ++own_products_;
    return -dot(state, scratch_) / square_of(state);
  }

  const KetGenerator& generator_;
  const std::vector<double>& times_;
  long most_steps_;
  VecHandle scratch_;
  ChebyshevSeries series_;
  long own_products_ = 0;
};

class BySteps : public NoJumpEvolution {
 public:
  BySteps(const KetGenerator& generator, const std::vector<double>& times,
          const EvolveOptions& options)
      : times_(times), integrator_(generator, generator.vector(), times, options) {}

  std::optional<double> run(double t, Vec ket, double threshold, std::size_t& next,
                            const std::function<void(Vec)>& look,
                            EvolveStatistics& statistics) override {
    integrator_.restart(t, ket, 2 * threshold);
    bool has_jumped = false;
    for (; next < times_.size(); ++next) {
      const double end = times_[next];
      const bool is_there = end - t <= same_time * std::max(std::abs(t), std::abs(end));
      has_jumped = !is_there && integrator_.advance(end) == Integrator::Reached::threshold;
      if (has_jumped) break;
      look(integrator_.state());
    }
    statistics += integrator_.statistics();
    return has_jumped ? std::optional(integrator_.time()) : std::nullopt;
  }

  [[nodiscard]] Vec ket() const override { return integrator_.state(); }

 private:
  const std::vector<double>& times_;
  Integrator integrator_;
};

}  // namespace

std::unique_ptr<NoJumpEvolution> no_jump_evolution(const KetGenerator& generator,
                                                   const std::vector<double>& times,
                                                   const EvolveOptions& options) {
  if (may_use_series(generator, options))
    return std::make_unique<BySeries>(generator, times, options);
  return std::make_unique<BySteps>(generator, times, options);
}

}  // namespace lindwurm
