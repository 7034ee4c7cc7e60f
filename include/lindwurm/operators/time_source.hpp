// Functions of time that are not formulas.
#pragma once

#include <complex>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lindwurm/operators/interval.hpp"

namespace lindwurm {

/// A function of time that is not a formula, such as a C++ function or a sampled pulse. It must
/// state what can be read off a formula, so that no step passes over a change of the function.
class TimeSource {
 public:
  virtual ~TimeSource() = default;

  TimeSource();
  TimeSource(const TimeSource&) = delete;
  TimeSource& operator=(const TimeSource&) = delete;

  /// Distinguishes this source from all others, even from those with equal texts. It is a serial
  /// number, which is the same on all ranks.
  [[nodiscard]] const std::string& identity() const { return identity_; }
  /// The name of the function in messages.
  [[nodiscard]] virtual std::string text() const = 0;
  [[nodiscard]] virtual std::complex<double> value(double t) const = 0;
  /// False if the imaginary part is 0 at all times.
  [[nodiscard]] virtual bool is_complex() const { return true; }
  /// The times between `from` and `to`, ends excluded, at which the function or one of its
  /// derivatives jumps. In increasing order.
  [[nodiscard]] virtual std::vector<double> breakpoints(double from, double to) const;
  /// The shortest time scale of the function between `from` and `to`: the standard deviation of a
  /// pulse, an eighth of a period. 0 means unknown; a thousandth of the time span is then used.
  [[nodiscard]] virtual double shortest_time(double from, double to) const;
  /// Bounds on the real and imaginary part. Unless overridden, they are the bounds of some samples,
  /// which proves nothing.
  [[nodiscard]] virtual std::pair<Interval, Interval> bounds(double from, double to) const;
  /// True if the function is constant between `from` and `to`.
  [[nodiscard]] virtual bool is_constant(double from, double to) const;

 private:
  std::string identity_;
};

/// The properties of a C++ function of time that the solvers use.
struct TimeBehaviour {
  /// Times at which the function or one of its derivatives jumps.
  std::vector<double> breakpoints{};
  /// The shortest time scale of the function. 0 means unknown; a thousandth of the time span is
  /// then used, and the result carries a warning.
  double shortest_time = 0;
};

/// A C++ function of time. Messages call it `text`.
[[nodiscard]] std::shared_ptr<const TimeSource> time_source(
    std::string text, std::function<std::complex<double>(double)> function,
    TimeBehaviour behaviour = {});

}  // namespace lindwurm
