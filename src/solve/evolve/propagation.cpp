#include "propagation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "chebyshev_series.hpp"
#include "integrator.hpp"

namespace lindwurm {

namespace {

// The number of spectra that are remembered, for coefficients that return to earlier values.
constexpr std::size_t most_lines = 64;

// Chebyshev series for the times in which L is constant.
class Rests {
 public:
  Rests(const PackedGenerator& generator, const std::vector<double>& times,
        const EvolveOptions& options, const Propagation& how)
      : generator_(generator), times_(times), options_(options), line_at_(how.line_at) {}

  // Evolves from times[0] through the other times. `look` is called at all of them, except perhaps
  // the last.
  Vec pass(Vec initial, const Factors& factors, const std::vector<double>& times,
           bool looks_at_last, const std::function<void(Vec)>& look, EvolveStatistics& statistics) {
    const SpectralLine line = line_for(factors, statistics);
    if (series_) {
      series_->begin(initial, line, factors);
    } else {
      series_ = std::make_unique<ChebyshevSeries>(
          generator_, line, initial, truncation_error(options_), std::vector<const Functional*>{},
          ChebyshevSeries::Outputs::states, factors);
    }
    EvolveOptions options = options_;
    if (options_.progress) {
      options.progress = [&](double part) {
        const double t = times.front() + part * (times.back() - times.front());
        options_.progress((t - times_.front()) / (times_.back() - times_.front()));
      };
    }
    const long products_before = series_->products();
    EvolveStatistics here;
    std::size_t seen = 1;
    go_by_series(
        *series_, times, options,
        [&](Vec state) {
          if (++seen < times.size() || looks_at_last) look(state);
        },
        here);
    here.rhs_evaluations = series_->products() - products_before;
    here.error_test_failures = series_->failures();
    statistics += here;
    return series_->state();
  }

 private:
  SpectralLine line_for(const Factors& factors, EvolveStatistics& statistics) {
    const auto known = std::find_if(lines_.begin(), lines_.end(),
                                    [&](const auto& each) { return each.first == factors; });
    if (known != lines_.end()) return known->second;
    SpectralLine line = line_at_(factors);
    statistics.rhs_evaluations += line.products;
    line.products = 0;
    if (lines_.size() == most_lines) lines_.erase(lines_.begin());
    lines_.emplace_back(factors, line);
    return line;
  }

  const PackedGenerator& generator_;
  const std::vector<double>& times_;
  const EvolveOptions& options_;
  const std::function<SpectralLine(const Factors&)>& line_at_;
  std::vector<std::pair<Factors, SpectralLine>> lines_;
  std::unique_ptr<ChebyshevSeries> series_;
};

}  // namespace

VecHandle propagate(const PackedGenerator& generator, Vec initial, const std::vector<double>& times,
                    const EvolveOptions& options, Propagation how,
                    const std::function<void(Vec)>& look, EvolveStatistics& statistics) {
  Integrator integrator(generator, initial, times, options, std::move(how.newton));
  Rests rests(generator, times, options, how);
  EvolveStatistics of_rests;
  look(initial);
  for (std::size_t k = 1; k < times.size();) {
    if (integrator.advance(times[k], how.line_at != nullptr) == Integrator::Reached::time) {
      look(integrator.state());
      ++k;
      continue;
    }
    const double end = integrator.end_of_rest();
    std::vector<double> within{integrator.time()};
    while (k < times.size() && times[k] <= end)
      within.push_back(times[k++]);
    const bool looks_at_last = within.size() > 1 && within.back() == end;
    if (!looks_at_last) within.push_back(end);
    const Vec reached =
        rests.pass(integrator.state(), integrator.factors(), within, looks_at_last, look, of_rests);
    statistics += integrator.statistics();
    integrator.restart(end, reached);
  }
  statistics += integrator.statistics();
  const bool has_stepped = statistics.steps > 0;
  const std::string method = has_stepped ? statistics.method : "chebyshev";
  statistics += of_rests;
  statistics.method = method;
  return integrator.take_state();
}

std::vector<std::string> doubts_about_steps(const LinearEquation& equation, double from,
                                            double to) {
  std::vector<std::string> doubts;
  for (const auto& group : equation.groups()) {
    if (!has_unknown_shortest_time(group.function, from, to)) continue;
    doubts.push_back(fmt::format(
        "the C++ function \"{}\" does not tell how fast it changes: steps were held "
        "below a thousandth of the time span; declare its shortest_time and breakpoints",
        group.function.text()));
  }
  return doubts;
}

}  // namespace lindwurm
