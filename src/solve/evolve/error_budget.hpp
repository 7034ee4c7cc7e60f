// How large the local errors of an integration may be, for their sum to stay below what was asked.
#pragma once

#include <algorithm>

namespace lindwurm {

/// Local errors of an integration from `start` to `end` that add up to half of `accuracy` at most.
///
/// Errors are taken to grow in proportion to the tolerances, and to come at the pace at which they
/// came since a quarter to a half of the time that has passed: what decays soon after the start is
/// forgotten, and the pauses between pulses count. So a run is slowed down only where its errors
/// would add up to too much.
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
    looks_ = 0;
    now_ = older_ = newer_ = {t, 0};
  }

  /// Adds the error of steps up to t that were taken with this share of the tolerances.
  void spend(double t, double error, double share) {
    spent_ += error;
    ++looks_;
    now_ = {t, now_.spent_per_share + error / share};
    if (now_.t - start_ < 2 * (newer_.t - start_)) return;
    older_ = newer_;
    newer_ = now_;
  }

  /// The share of the tolerances, not above 1, to go on with. 1 as long as too little is known: the
  /// first steps are short.
  [[nodiscard]] double share() const {
    const double elapsed = now_.t - older_.t;
    const double spent_per_share = now_.spent_per_share - older_.spent_per_share;
    if (looks_ < first_looks || !(elapsed > 0) || !(spent_per_share > 0)) return 1;
    const double ahead = spent_per_share / elapsed * (end_ - now_.t);
    return std::min(1.0, std::max(allowed_ - spent_, 0.0) / ahead);
  }

 private:
  static constexpr int first_looks = 8;
  struct Mark {
    double t;
    double spent_per_share;  // from the start
  };

  double pace_;  // of errors that are allowed
  double end_;
  double start_ = 0;
  double allowed_ = 0;
  double spent_ = 0;
  int looks_ = 0;
  Mark now_{};
  Mark newer_{};
  Mark older_{};
};

}  // namespace lindwurm
