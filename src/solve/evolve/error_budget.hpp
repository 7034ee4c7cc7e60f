// How large the local errors of an integration may be, for their sum to stay below what was asked.
#pragma once

#include <algorithm>

namespace lindwurm {

/// Local errors of an integration from `start` to `end` that add up to half of `accuracy` at most.
///
/// Errors are taken to grow in proportion to the tolerances, and to come at the pace at which they
/// came since a quarter to a half of the time that has passed: what decays soon after the start is
/// forgotten, and the pauses between pulses count. So a run is slowed down only where its errors
/// would add up to too much. The first steps are short and say nothing of the pace: together they
/// may take a quarter of what is allowed.
class ErrorBudget {
 public:
  ErrorBudget(double start, double end, double accuracy)
      : pace_(accuracy / 2 / (end - start)), end_(end) {
    begin(start);
  }

  /// For another run, from t on, which knows nothing of the one before.
  void begin(double t) {
    start_ = t;
    spent_ = 0;
    allowed_ = pace_ * (end_ - t);
    steps_ = 0;
    now_ = older_ = newer_ = {t, 0};
  }

  /// Adds the error of some steps up to t that were taken with this share of the tolerances.
  void spend(double t, long steps, double error, double share) {
    spent_ += error;
    steps_ += steps;
    now_ = {t, now_.spent_per_share + error / share};
    if (now_.t - start_ < 2 * (newer_.t - start_)) return;
    older_ = newer_;
    newer_ = now_;
  }

  /// The share of the tolerances, not above 1, to go on with.
  [[nodiscard]] double share() const {
    if (steps_ < first_steps) {
      return share_for(now_.spent_per_share / static_cast<double>(steps_) *
                           static_cast<double>(first_steps - steps_),
                       allowed_ / 4 - spent_);
    }
    const double pace = (now_.spent_per_share - older_.spent_per_share) / (now_.t - older_.t);
    return share_for(pace * (end_ - now_.t), allowed_ - spent_);
  }

 private:
  static constexpr long first_steps = 64;
  struct Mark {
    double t;
    double spent_per_share;  // from the start
  };

  // 1 where nothing is known, or nothing lies ahead.
  static double share_for(double ahead, double left) {
    return ahead > 0 ? std::min(1.0, std::max(left, 0.0) / ahead) : 1;
  }

  double pace_;  // of errors that are allowed
  double end_;
  double start_ = 0;
  double allowed_ = 0;
  double spent_ = 0;
  long steps_ = 0;
  Mark now_{};
  Mark newer_{};
  Mark older_{};
};

}  // namespace lindwurm
