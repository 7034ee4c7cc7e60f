// The behaviour of time-dependent coefficients, known in advance.
#pragma once

#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include "lindwurm/operators/coefficient.hpp"

namespace lindwurm {

/// Functions of time between two times. The time span is cut at every corner and jump, and finely
/// enough that no step passes over any change of the functions.
///
/// The time span is halved until, on each part, interval arithmetic decides the branch of every
/// `step floor mod abs min max`. Corners are located to rounding. Between two corners lies a
/// segment. There the formulas are frozen: they keep the branch of the segment up to its ends.
/// Segments are halved again into panels. On a panel each function f is a polynomial of degree 7
/// plus a remainder with weight * |remainder| * length <= tolerance. All this is computed as time
/// proceeds. The parts depend only on the functions and the span.
class TimeCourse {
 public:
  /// `weights` are the norms of the operators that the functions multiply. With a weight of 0, only
  /// the corners of the function matter.
  TimeCourse(std::vector<Coefficient> functions, std::vector<double> weights, double from,
             double to, double tolerance);
  ~TimeCourse();
  TimeCourse(TimeCourse&&) noexcept;
  TimeCourse& operator=(TimeCourse&&) = delete;

  /// Proceeds to time t; at a corner, to the segment that follows. Throws InputError if a function
  /// turns out to be infinite or undefined.
  void enter(double t);

  /// How far a step from t may go. t must lie in the segment that was entered.
  struct Limit {
    double time;
    bool is_corner;  ///< if true, enter() must be called there
  };
  [[nodiscard]] Limit limit(double t,
                            double longest_step = std::numeric_limits<double>::infinity());

  /// f(t) of each function in the segment that was entered, including its ends.
  void values(double t, std::vector<Complex>& f) const;

  /// How long all functions stay constant from t on; empty if they do not.
  struct Rest {
    double end;
    bool ends_at_corner;  ///< or at the end of the span
  };
  [[nodiscard]] std::optional<Rest> rest(double t);

  [[nodiscard]] double from() const { return from_; }
  [[nodiscard]] double to() const { return to_; }
  /// The corner after t; empty if there is none before the end.
  [[nodiscard]] std::optional<double> next_corner(double t);

  /// A part of the time span on which the frozen formulas are smooth.
  struct Panel {
    double begin = 0;
    double end = 0;
    std::shared_ptr<const Tape> frozen;  ///< the real and imaginary part of each function
    bool follows_corner = false;
    bool is_negligible = false;  ///< steps may ignore this panel
    bool is_constant = false;
  };
  /// The panel that contains t.
  [[nodiscard]] const Panel& panel(double t);

 private:
  struct Node;
  struct Search;

  const Panel* at(std::size_t ahead);
  void begin_again(double t);
  bool find_next();
  bool visit(Node node);
  void count_sliver();
  [[noreturn]] void refuse_what_accumulates() const;
  void divide(const Node& node, double at);
  bool cut_at_corner(Node& node);
  [[nodiscard]] double argument_at(std::size_t corner, double t);
  bool stay_at_threshold(Node& node, std::size_t corner, bool looks_closer);
  [[nodiscard]] bool is_above_beside(const Node& node, std::size_t corner, double level,
                                     double blur);
  void emit(const Node& node, const std::shared_ptr<const Tape>& frozen, bool is_negligible,
            bool is_constant);
  bool is_resolved(const Node& node, bool& is_negligible, bool& is_constant);
  void refuse_unless_removable(const Node& node, const Tape& frozen) const;
  [[nodiscard]] double smallest(const Node& node) const;

  std::vector<Coefficient> functions_;
  std::vector<double> weights_;
  double from_;
  double to_;
  double tolerance_;
  Tape tape_;
  std::unique_ptr<Search> search_;
  std::deque<Panel> ahead_;  // the first one contains the current time
  double corner_ahead_ = std::numeric_limits<double>::infinity();
};

/// Bounds on the real and imaginary part of c(t) between two times, corners included.
[[nodiscard]] std::pair<Interval, Interval> bounds(const Coefficient& c, double from, double to);
/// The corners and jumps of c between two times, in increasing order. At most so many are returned.
[[nodiscard]] std::vector<double> corners(const Coefficient& c, double from, double to,
                                          std::size_t most = 100000);
/// True if c is or contains a C++ function that does not state its shortest time.
[[nodiscard]] bool has_unknown_shortest_time(const Coefficient& c, double from, double to);

/// A value that violates the condition of being real and >= 0, as rates must be.
struct NegativeNumber {
  double t;
  Complex value;
};
/// The first time found at which c is not real, negative by more than rounding, or not finite. If
/// empty, interval arithmetic has shown that there is none, or the search stopped at rounding or at
/// its limits without finding one.
[[nodiscard]] std::optional<NegativeNumber> find_negative(const Coefficient& c, double from,
                                                          double to);

}  // namespace lindwurm
