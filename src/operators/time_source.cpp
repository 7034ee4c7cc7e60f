#include "lindwurm/operators/time_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace lindwurm {

namespace {

constexpr int samples = 3;

// A serial number. Sources are made in the same order on every rank.
std::string next_identity() {
  static std::atomic<std::uint64_t> made = 0;
  return fmt::format("#{}", made++);
}

class FunctionSource : public TimeSource {
 public:
  FunctionSource(std::string text, std::function<std::complex<double>(double)> function,
                 TimeBehaviour behaviour)
      : text_(std::move(text)), function_(std::move(function)), behaviour_(std::move(behaviour)) {
    std::sort(behaviour_.breakpoints.begin(), behaviour_.breakpoints.end());
  }

  [[nodiscard]] std::string text() const override { return text_; }
  [[nodiscard]] std::complex<double> value(double t) const override { return function_(t); }
  [[nodiscard]] std::vector<double> breakpoints(double from, double to) const override {
    const auto& all = behaviour_.breakpoints;
    return {std::upper_bound(all.begin(), all.end(), from),
            std::lower_bound(all.begin(), all.end(), to)};
  }
  [[nodiscard]] double shortest_time(double, double) const override {
    return behaviour_.shortest_time;
  }

 private:
  std::string text_;
  std::function<std::complex<double>(double)> function_;
  TimeBehaviour behaviour_;
};

}  // namespace

TimeSource::TimeSource() : identity_(next_identity()) {}

std::vector<double> TimeSource::breakpoints(double, double) const { return {}; }

double TimeSource::shortest_time(double, double) const { return 0; }

std::pair<Interval, Interval> TimeSource::bounds(double from, double to) const {
  const auto first = value(from + (to - from) / (2 * samples));
  std::pair<Interval, Interval> all{first.real(), first.imag()};
  for (int k = 1; k < samples; ++k) {
    const auto z = value(from + (to - from) * (2 * k + 1) / (2 * samples));
    all.first = hull(all.first, z.real());
    all.second = hull(all.second, z.imag());
  }
  return all;
}

bool TimeSource::is_constant(double, double) const { return false; }

std::shared_ptr<const TimeSource> time_source(std::string text,
                                              std::function<std::complex<double>(double)> function,
                                              TimeBehaviour behaviour) {
  return std::make_shared<FunctionSource>(std::move(text), std::move(function),
                                          std::move(behaviour));
}

}  // namespace lindwurm
