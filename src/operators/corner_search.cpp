// Where the arguments of step, floor, mod, abs, min and max cross their thresholds.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "lindwurm/backend/error.hpp"
#include "time_course_search.hpp"

namespace lindwurm {

namespace {

using Operation = Formula::Operation;

// The time for which it may be unknown on which side of a threshold an argument lies while it
// crosses, as a share of the time span.
constexpr double longest_blur = 1e-4;
// An argument that is closer to its threshold than so many of its rounding errors lies on either
// side.
constexpr double rounding_errors = 16;

double crossing_of(const Interval& argument, Operation operation) {
  return operation == Operation::floor ? std::floor(argument.lo) + 1 : 0.0;
}

double blur_of(const CornerArgument& x) { return rounding_errors * x.in_the_middle.width(); }

}  // namespace

// The argument of a corner at a time within or beside the node whose corners were found last. Those
// that are decided hold their branch.
double TimeCourse::argument_at(std::size_t corner, double t) {
  Search& s = *search_;
  const auto& corners = s.rough.corners();
  const auto& entries = tape_.entries();
  s.work.resize(entries.size());
  std::size_t c = 0;
  for (int k = 0; k <= tape_.corners()[corner]; ++k) {
    const Tape::Entry& e = entries[k];
    const double a = e.a < 0 ? 0 : s.work[e.a];
    const double b = e.b < 0 ? 0 : s.work[e.b];
    const bool is_corner = tape_.corners()[c] == k;
    if (k == tape_.corners()[corner])
      return e.operation == Operation::min || e.operation == Operation::max ? a - b : a;
    if (e.operation == Operation::constant) {
      s.work[k] = e.value;
    } else if (e.operation == Operation::time) {
      s.work[k] = t;
    } else if (e.source != nullptr) {
      const Complex z = e.source->value(t);
      s.work[k] = e.operation == Operation::source_real ? z.real() : z.imag();
    } else if (is_corner && corners[c].is_decided) {
      const double branch = corners[c].branch;
      s.work[k] = e.operation == Operation::abs ? branch * a
                  : e.operation == Operation::min || e.operation == Operation::max
                      ? (branch == 0 ? a : b)
                      : branch;
    } else {
      s.work[k] = apply(e.operation, a, b);
    }
    if (is_corner) ++c;
  }
  return 0;
}

// What comes nearer to a threshold than numbers can tell, and stays there, stays on the side that
// it came from, or else on that to which it goes: no formula of the language rests on a threshold
// that it only approaches. Where neither shows, and numbers are not exactly the threshold, rounding
// would decide.
bool TimeCourse::is_above_beside(const Node& node, std::size_t corner, double level, double blur) {
  const Operation operation = tape_.entries()[tape_.corners()[corner]].operation;
  const bool is_jump = operation == Operation::step || operation == Operation::floor;
  std::optional<bool> sides[2];
  double distances[2] = {0, 0};
  bool is_exact = true;
  for (const int side : {0, 1}) {
    const double room = side == 0 ? node.begin - from_ : to_ - node.end;
    for (double away = 0; !sides[side]; away = std::max(2 * away, node.length())) {
      const double here = std::min(away, room);
      const double g = argument_at(corner, side == 0 ? node.begin - here : node.end + here) - level;
      is_exact = is_exact && g == 0;
      if (std::abs(g) > blur) sides[side] = g > 0;
      distances[side] = here;
      if (away >= room) break;
    }
  }
  const auto refuse = [&] {
    // An argument that is as uncertain as it is large is not at its threshold, but unknown.
    search_->fine.find(tape_, from_, to_, {}, 0);
    if (blur >= search_->fine.corners()[corner].value.magnitude()) refuse_what_accumulates();
    throw InputError(fmt::format(
        "{} in a coefficient: from t = {:.6g} to {:.6g} its argument is {:.6g} but for rounding, "
        "which would decide what it is; shift the argument by a small number",
        operation == Operation::step ? "a step" : "a floor or mod", node.begin, node.end, level));
  };
  const bool is_known = sides[0] || sides[1] || is_exact || !is_jump;
  if (!is_known) refuse();
  if (sides[0] && sides[1] && *sides[0] != *sides[1]) {
    // It crosses somewhere here.
    const double unknown = distances[0] + node.length() + distances[1];
    if (is_jump && unknown > longest_blur * (to_ - from_)) refuse();
    return distances[0] <= distances[1] ? *sides[0] : *sides[1];
  }
  return sides[0].value_or(sides[1].value_or(true));
}

// An argument that is at its threshold all along the node, to rounding; false if it is not. Either
// branch is right then, but for jumps. A closer look takes Taylor polynomials of higher degree.
bool TimeCourse::stay_at_threshold(Node& node, std::size_t corner, bool looks_closer) {
  Search& s = *search_;
  const CornerArgument& x = s.rough.corners()[corner];
  const Interval middle = x.in_the_middle;
  const bool is_floor = tape_.entries()[tape_.corners()[corner]].operation == Operation::floor;
  const double level = is_floor ? std::round(middle.lo + middle.width() / 2) : 0.0;
  const double blur = blur_of(x);
  const auto is_at_threshold = [&](const Interval& value) {
    return (value - Interval(level)).magnitude() <= blur;
  };
  if (!is_at_threshold(middle)) return false;
  if (!is_at_threshold(x.value)) {
    if (!looks_closer) return false;
    s.fine.find(tape_, node.begin, node.end, node.clips, 0);
    if (!is_at_threshold(s.fine.corners()[corner].value)) return false;
  }
  node.clips[corner] = is_above_beside(node, corner, level, blur) ? Interval(level, level)
                                                                  : Interval(level - 0.5, level);
  s.stack.push_back(std::move(node));
  return true;
}

// Divides the node at a corner that can be located, or in halves where corners are left; false if
// there are none.
bool TimeCourse::cut_at_corner(Node& node) {
  Search& s = *search_;
  const auto& corners = s.rough.corners();
  if (node.clips.empty()) node.clips.assign(corners.size(), Interval::everything());
  const auto& entries = tape_.entries();
  bool has_undecided = false;
  double first = std::numeric_limits<double>::infinity();
  std::size_t which = 0;
  bool rises = false;
  for (std::size_t number = 0; number < corners.size(); ++number) {
    const Tape::Entry& e = entries[tape_.corners()[number]];
    if (e.source != nullptr) {
      const auto breaks = e.source->breakpoints(node.begin, node.end);
      if (breaks.empty()) continue;
      divide(node, breaks[breaks.size() / 2]);
      s.stack[s.stack.size() - 2].follows_break = true;
      return true;
    }
    const CornerArgument& x = corners[number];
    if (x.is_decided) continue;
    // What an argument is in the middle says nothing while a corner that it may depend on is open.
    const bool is_open_before = std::exchange(has_undecided, true);
    const bool is_monotone = x.slope.is_finite() && !x.slope.contains(0) && x.value.is_finite();
    if (!is_open_before && stay_at_threshold(node, number, !is_monotone)) return true;
    if (!is_monotone) continue;
    const double level = crossing_of(x.value, e.operation);
    if (x.value.hi > level + 1 && e.operation == Operation::floor) continue;  // several of them
    const double sign = x.slope.lo > 0 ? 1 : -1;
    double low = node.begin;
    double high = node.end;
    double g_low = sign * (argument_at(number, low) - level);
    double g_high = sign * (argument_at(number, high) - level);
    // The level itself belongs to the branch above.
    const auto is_beyond = [&](double g) { return sign > 0 ? g >= 0 : g > 0; };
    // What comes to the level and goes no further has not crossed it; rounding alone may put it
    // there. What begins there has crossed it.
    const double blur = blur_of(x);
    const bool crosses_within = g_low < -blur && g_high > blur;
    if (!crosses_within) {
      const bool is_above = (g_high > blur) == (sign > 0);
      node.clips[number] =
          intersection(node.clips[number], is_above ? Interval(level, Interval::everything().hi)
                                                    : Interval(Interval::everything().lo, level));
      s.stack.push_back(std::move(node));
      return true;
    }
    // The Illinois variant of regula falsi, then neighbours among the numbers.
    int side = 0;
    for (int k = 0; k < 200; ++k) {
      double guess = high - g_high * (high - low) / (g_high - g_low);
      if (k > 60 || !(guess > low && guess < high)) guess = low + (high - low) / 2;
      if (!(guess > low && guess < high)) break;
      const double g = sign * (argument_at(number, guess) - level);
      if (is_beyond(g)) {
        high = guess;
        g_high = g;
        if (side == 1) g_low /= 2;
        side = 1;
      } else {
        low = guess;
        g_low = g;
        if (side == -1) g_high /= 2;
        side = -1;
      }
    }
    // The last time at the level is where it is left.
    if (sign < 0 && low > node.begin && argument_at(number, low) == level) high = low;
    if (high < first) {
      first = high;
      which = number;
      rises = sign > 0;
    }
  }
  if (!has_undecided) return false;
  if (!std::isfinite(first)) {
    divide(node, node.middle());
    return true;
  }
  const double level = crossing_of(corners[which].value, entries[tape_.corners()[which]].operation);
  const Interval below(Interval::everything().lo, level);
  const Interval above(level, Interval::everything().hi);
  const Interval clip = node.clips[which];
  if (first >= node.end) {
    node.clips[which] = intersection(clip, rises ? below : above);
    s.stack.push_back(std::move(node));
    return true;
  }
  divide(node, first);
  s.stack.back().clips[which] = intersection(clip, rises ? below : above);
  s.stack[s.stack.size() - 2].clips[which] = intersection(clip, rises ? above : below);
  return true;
}

}  // namespace lindwurm
