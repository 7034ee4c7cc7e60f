// Numbers that have to be real and not negative at all times.
#include <algorithm>
#include <cmath>
#include <limits>

#include "lindwurm/operators/time_course.hpp"
#include "series.hpp"

namespace lindwurm {

namespace {

// What rounding may leave of a number that is not negative, relative to the largest value around.
constexpr double rounding_of_value = 1e-13;
// Parts that are looked at in all, and so many units in the last place that the shortest have.
constexpr long most_parts = 300'000;
constexpr double units_apart = 16;

// Halvings between a sound time and one that is not, for a message.
constexpr int close_enough = 12;

// Looks for a negative number from left to right.
class NegativeSearch {
 public:
  std::optional<NegativeNumber> within(const Tape& tape, double from, double to) {
    tape_ = &tape;
    std::vector<std::pair<double, double>> stack{{from, to}};
    scale_ = 0;
    const double least = units_apart * std::numeric_limits<double>::epsilon() *
                         std::max(std::abs(from), std::abs(to));
    while (!stack.empty() && parts_ < most_parts) {
      const auto [begin, end] = stack.back();
      stack.pop_back();
      ++parts_;
      enclosure_.find(tape, begin, end, {}, 0);
      if (scale_ == 0) {
        scale_ = re().is_finite() ? re().magnitude() : std::abs(value(begin + (end - begin) / 2));
      }
      if (re().lo >= -allowed() && im().magnitude() <= allowed()) continue;
      const double middle = begin + (end - begin) / 2;
      if (is_bad(middle)) return first_between(from, middle);
      if (end - begin <= least) continue;
      stack.emplace_back(middle, end);
      stack.emplace_back(begin, middle);
    }
    return std::nullopt;
  }

 private:
  [[nodiscard]] double allowed() const { return rounding_of_value * scale_; }
  [[nodiscard]] Interval re() const { return enclosure_.of(tape_->outputs()[0]).c[0]; }
  [[nodiscard]] Interval im() const { return enclosure_.of(tape_->outputs()[1]).c[0]; }
  Complex value(double t) {
    tape_->evaluate(t, work_, parts_of_value_);
    return {parts_of_value_[0], parts_of_value_[1]};
  }
  bool is_bad(double t) {
    const Complex c = value(t);
    return !(c.real() >= -allowed() && std::abs(c.imag()) <= allowed());
  }
  // Soon after the time at which it starts, at a time of few digits.
  NegativeNumber first_between(double good, double bad) {
    double low = good;
    double high = bad;
    if (is_bad(low)) high = low;
    for (int k = 0; k < close_enough && low < high; ++k) {
      const double middle = low + (high - low) / 2;
      (is_bad(middle) ? high : low) = middle;
    }
    for (int digits = 2; digits < 16 && high != 0; ++digits) {
      const double unit = std::pow(10, std::floor(std::log10(std::abs(high))) - digits + 1);
      const double t = std::ceil(high / unit) * unit;
      if (t <= bad && is_bad(t)) return {t, value(t)};
    }
    return {bad, value(bad)};
  }

  Enclosure<1> enclosure_;
  const Tape* tape_ = nullptr;
  double scale_ = 0;
  long parts_ = 0;
  std::vector<double> work_;
  std::vector<double> parts_of_value_;
};

}  // namespace

std::optional<NegativeNumber> find_negative(const Coefficient& c, double from, double to) {
  TimeCourse course({c}, {0.0}, from, to, 1);
  NegativeSearch search;
  for (double t = from;;) {
    const TimeCourse::Panel& panel = course.panel(t);
    if (auto found = search.within(*panel.frozen, panel.begin, panel.end)) return found;
    if (!(panel.end < to)) return std::nullopt;
    t = panel.end;
  }
}

}  // namespace lindwurm
