// Enclosures of formulas and of their Taylor coefficients on an interval of time.
#pragma once

#include <array>
#include <vector>

#include "lindwurm/operators/formula.hpp"

namespace lindwurm {

/// f^(k)(t)/k! for k = 0 to N, enclosed for all t of an interval (automatic differentiation, R. E.
/// Moore).
template <int N>
struct Series {
  std::array<Interval, N + 1> c{};

  [[nodiscard]] static Series constant(const Interval& value) {
    Series s;
    s.c[0] = value;
    return s;
  }
  /// A series of which only the value is known.
  [[nodiscard]] static Series rough(const Interval& value) {
    Series s;
    s.c.fill(Interval::everything());
    s.c[0] = value;
    return s;
  }
};

/// The argument of an entry with corners. The corners are at 0, or at the integers for floor.
struct CornerArgument {
  Interval value;
  Interval slope;
  Interval in_the_middle;  ///< its width is only rounding
  bool is_decided = false;
  double branch = 0;  ///< as Tape::frozen expects it
};

/// Enclosures of all entries of a tape on one interval of time.
template <int N>
class Enclosure {
 public:
  /// `clips` holds additional knowledge about the arguments of the corners; empty if there is none.
  /// Sources count as smooth if the interval is no longer than their shortest time. `guess` is used
  /// for sources that do not state it.
  void find(const Tape& tape, double from, double to, const std::vector<Interval>& clips,
            double guess);

  [[nodiscard]] const Series<N>& of(int entry) const { return all_[entry]; }
  [[nodiscard]] const std::vector<CornerArgument>& corners() const { return corners_; }

 private:
  void pass(const Tape& tape, double from, double to, const std::vector<Interval>& clips,
            double guess, bool is_middle);
  Series<N> corner(const Tape::Entry& entry, std::size_t number, const Interval& clip,
                   const Interval& aside, bool is_middle);

  std::vector<Series<N>> all_;
  std::vector<Series<N>> middle_;
  std::vector<char> has_source_;
  std::vector<CornerArgument> corners_;
};

extern template class Enclosure<1>;
extern template class Enclosure<8>;

}  // namespace lindwurm
