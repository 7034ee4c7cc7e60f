// How TimeCourse looks for corners and divides time into panels.
#pragma once

#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "lindwurm/operators/time_course.hpp"
#include "series.hpp"

namespace lindwurm {

struct TimeCourse::Node {
  double begin = 0;
  double end = 0;
  std::vector<Interval> clips;         // on the corners' arguments
  std::shared_ptr<const Tape> frozen;  // once all corners are decided
  bool follows_break = false;          // of a source
  [[nodiscard]] double length() const { return end - begin; }
  [[nodiscard]] double middle() const { return begin + (end - begin) / 2; }
};

// What is yet to be looked at, the next on top.
struct TimeCourse::Search {
  /// The degree of the Taylor polynomials whose remainder tells whether a panel is short enough.
  static constexpr int degree = 8;
  /// Corners are told apart, and singularities approached, down to so many units in the last place.
  static constexpr double units_apart = 16;
  static constexpr double epsilon = std::numeric_limits<double>::epsilon();

  std::vector<Node> stack;
  double skip_before = 0;
  double last_end = 0;
  std::shared_ptr<const Tape> last;
  std::string last_key;
  long corners = 0;
  long unresolved = 0;
  long slivers = 0;  // and segments hardly longer, since the last that was
  Enclosure<1> rough;
  Enclosure<degree> fine;
  std::vector<double> work;
};

}  // namespace lindwurm
