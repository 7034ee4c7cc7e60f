#include "series.hpp"

#include <cmath>
#include <numbers>

namespace lindwurm {

namespace {

using Operation = Formula::Operation;

template <int N>
Series<N> operator+(const Series<N>& a, const Series<N>& b) {
  Series<N> s;
  for (int k = 0; k <= N; ++k)
    s.c[k] = a.c[k] + b.c[k];
  return s;
}

template <int N>
Series<N> operator-(const Series<N>& a) {
  Series<N> s;
  for (int k = 0; k <= N; ++k)
    s.c[k] = -a.c[k];
  return s;
}

template <int N>
Series<N> operator*(const Series<N>& a, const Series<N>& b) {
  Series<N> s;
  for (int k = 0; k <= N; ++k) {
    for (int j = 0; j <= k; ++j)
      s.c[k] = s.c[k] + a.c[j] * b.c[k - j];
  }
  return s;
}

template <int N>
Series<N> squared(const Series<N>& a) {
  Series<N> s = a * a;
  s.c[0] = square(a.c[0]);
  return s;
}

template <int N>
Series<N> operator/(const Series<N>& a, const Series<N>& b) {
  Series<N> q;
  for (int k = 0; k <= N; ++k) {
    Interval rest = a.c[k];
    for (int j = 1; j <= k; ++j)
      rest = rest - b.c[j] * q.c[k - j];
    q.c[k] = rest / b.c[0];
  }
  return q;
}

// Solves y' = f a' for a known f: y_k = 1/k sum_j j a_j f_(k-j).
template <int N>
Series<N> integrated(const Interval& value, const Series<N>& f, const Series<N>& a) {
  Series<N> y = Series<N>::constant(value);
  for (int k = 1; k <= N; ++k) {
    for (int j = 1; j <= k; ++j)
      y.c[k] = y.c[k] + Interval(j) * a.c[j] * f.c[k - j];
    y.c[k] = y.c[k] / Interval(k);
  }
  return y;
}

template <int N>
Series<N> square_root(const Series<N>& a) {
  Series<N> s = Series<N>::constant(sqrt(a.c[0]));
  for (int k = 1; k <= N; ++k) {
    Interval rest = a.c[k];
    for (int j = 1; j < k; ++j)
      rest = rest - s.c[j] * s.c[k - j];
    s.c[k] = rest / (Interval(2) * s.c[0]);
  }
  return s;
}

// Solve y' = y a', and the pairs y' = z a', z' = sign y a'.
template <int N>
Series<N> exponential(const Series<N>& a) {
  Series<N> y = Series<N>::constant(exp(a.c[0]));
  for (int k = 1; k <= N; ++k) {
    for (int j = 1; j <= k; ++j)
      y.c[k] = y.c[k] + Interval(j) * a.c[j] * y.c[k - j];
    y.c[k] = y.c[k] / Interval(k);
  }
  return y;
}

template <int N>
struct Pair {
  Series<N> sine;
  Series<N> cosine;
};

template <int N>
Pair<N> sine_and_cosine(const Series<N>& a, bool is_hyperbolic) {
  Pair<N> p;
  p.sine.c[0] = is_hyperbolic ? sinh(a.c[0]) : sin(a.c[0]);
  p.cosine.c[0] = is_hyperbolic ? cosh(a.c[0]) : cos(a.c[0]);
  for (int k = 1; k <= N; ++k) {
    for (int j = 1; j <= k; ++j) {
      const Interval slope = Interval(j) * a.c[j];
      p.sine.c[k] = p.sine.c[k] + slope * p.cosine.c[k - j];
      const Interval of_cosine = slope * p.sine.c[k - j];
      p.cosine.c[k] = p.cosine.c[k] + (is_hyperbolic ? of_cosine : -of_cosine);
    }
    p.sine.c[k] = p.sine.c[k] / Interval(k);
    p.cosine.c[k] = p.cosine.c[k] / Interval(k);
  }
  return p;
}

// x^y for a constant y that is an integer, or for x > 0: k x_0 p_k = sum_j (y j - (k - j)) x_j
// p_(k-j).
template <int N>
Series<N> constant_power(const Series<N>& x, double y) {
  const bool is_whole = y == std::floor(y);
  if (is_whole && y >= 0 && y <= N) {
    Series<N> p = Series<N>::constant(1);
    for (int k = 0; k < static_cast<int>(y); ++k)
      p = p * x;
    p.c[0] = whole_power(x.c[0], y);
    return p;
  }
  if (is_whole && y > 0) {
    // Uses repeated squaring, because x may pass through 0.
    const Series<N> root = constant_power(x, std::floor(y / 2));
    Series<N> p = squared(root);
    if (std::fmod(y, 2) == 1) p = p * x;
    p.c[0] = whole_power(x.c[0], y);
    return p;
  }
  Series<N> p = Series<N>::constant(is_whole ? whole_power(x.c[0], y) : power(x.c[0], y));
  for (int k = 1; k <= N; ++k) {
    for (int j = 1; j <= k; ++j)
      p.c[k] = p.c[k] + Interval(y * j - (k - j)) * x.c[j] * p.c[k - j];
    p.c[k] = p.c[k] / (Interval(k) * x.c[0]);
  }
  return p;
}

// Computed from exp(-2 |x|), which does not overflow and is accurate where the function is flat.
template <int N>
Series<N> hyperbolic_tangent(const Series<N>& a) {
  const auto one = Series<N>::constant(1);
  const bool is_positive = a.c[0].lo >= 0;
  if (!is_positive && a.c[0].hi > 0) {
    const Pair<N> p = sine_and_cosine(a, true);
    Series<N> t = p.sine / p.cosine;
    t.c[0] = tanh(a.c[0]);
    return t;
  }
  const Series<N> e = exponential(Series<N>::constant(is_positive ? -2 : 2) * a);
  Series<N> t = (one + -e) / (one + e);
  t.c[0] = tanh(is_positive ? a.c[0] : -a.c[0]);
  return is_positive ? t : -t;
}

template <int N>
Series<N> logarithm(const Series<N>& a) {
  return integrated(log(a.c[0]), Series<N>::constant(1) / a, a);
}

template <int N>
Series<N> arc_tangent(const Interval& value, const Series<N>& a) {
  return integrated(value, Series<N>::constant(1) / (Series<N>::constant(1) + squared(a)), a);
}

// The angle between -pi and pi. Around the negative real axis, where it jumps, it is unknown.
template <int N>
Series<N> angle(const Series<N>& y, const Series<N>& x) {
  if (x.c[0].lo > 0) {
    const Series<N> slope = y / x;
    return arc_tangent(atan(slope.c[0]), slope);
  }
  if (y.c[0].lo > 0 || y.c[0].hi < 0) {
    const Series<N> slope = -(x / y);
    const Interval quarter(y.c[0].lo > 0 ? std::numbers::pi / 2 : -std::numbers::pi / 2);
    return arc_tangent(directed::outwards(quarter.lo, quarter.hi) + atan(slope.c[0]), slope);
  }
  return Series<N>::rough({-3.2, 3.2});
}

template <int N>
Series<N> half_turns(const Series<N>& a) {
  return Series<N>::constant(directed::outwards(std::numbers::pi, std::numbers::pi)) * a;
}

template <int N>
Series<N> smooth(Operation operation, const Series<N>& a, const Series<N>* b) {
  const auto one = Series<N>::constant(1);
  switch (operation) {
    case Operation::add:
      return a + *b;
    case Operation::multiply:
      return &a == b ? squared(a) : a * *b;
    case Operation::divide:
      return a / *b;
    case Operation::square_root:
      return square_root(a);
    case Operation::exp:
      return exponential(a);
    case Operation::log:
      return logarithm(a);
    case Operation::sin:
      return sine_and_cosine(a, false).sine;
    case Operation::cos:
      return sine_and_cosine(a, false).cosine;
    case Operation::sin_pi:
      return sine_and_cosine(half_turns(a), false).sine;
    case Operation::cos_pi:
      return sine_and_cosine(half_turns(a), false).cosine;
    case Operation::tan: {
      const Pair<N> p = sine_and_cosine(a, false);
      return p.sine / p.cosine;
    }
    case Operation::asin:
      return integrated(asin(a.c[0]), one / square_root(one + -squared(a)), a);
    case Operation::atan:
      return arc_tangent(atan(a.c[0]), a);
    case Operation::atan2:
      return angle(a, *b);
    case Operation::sinh:
      return sine_and_cosine(a, true).sine;
    case Operation::cosh:
      return sine_and_cosine(a, true).cosine;
    case Operation::tanh:
      return hyperbolic_tangent(a);
    case Operation::acosh:
      return integrated(acosh(a.c[0]), one / square_root(squared(a) + -one), a);
    default:
      return Series<N>::rough(Interval::everything());
  }
}

// Decides on which side of a corner the argument lies. A corner itself belongs to the upper side,
// unless the clip shows that it is reached only at one instant.
void decide(Operation operation, const Interval& clip, CornerArgument& x) {
  if (operation == Operation::floor) {
    x.branch = std::floor(x.value.lo);
    const double next = x.branch + 1;
    x.is_decided = x.value.is_finite() && (x.value.hi < next || clip.hi <= next);
    return;
  }
  const bool is_above = x.value.lo >= 0;
  const bool is_continuous = operation != Operation::step;
  x.is_decided = is_above || x.value.hi < 0 || clip.hi <= 0 || (is_continuous && x.value.hi <= 0);
  switch (operation) {
    case Operation::abs:
      x.branch = is_above ? 1 : -1;
      break;
    case Operation::step:
      x.branch = is_above ? 1 : 0;
      break;
    case Operation::min:  // of a and b; decided by a - b >= 0
      x.branch = is_above ? 1 : 0;
      break;
    default:
      x.branch = is_above ? 0 : 1;
  }
}

}  // namespace

// Taylor's theorem: the range of f on an interval of time whose points have the distance `aside`
// from its middle.
template <int N>
Interval taylor(const Series<N>& in_the_middle, const Series<N>& f, const Interval& aside) {
  Interval sum = f.c[N];
  for (int k = N; k-- > 0;)
    sum = in_the_middle.c[k] + sum * aside;
  return sum;
}

// `aside` is infinite if derivatives are unknown.
template <int N>
Series<N> Enclosure<N>::corner(const Tape::Entry& entry, std::size_t number, const Interval& clip,
                               const Interval& aside, bool is_middle) {
  const auto& all = is_middle ? middle_ : all_;
  const Series<N>& a = all[entry.a];
  const bool is_of_two = entry.operation == Operation::min || entry.operation == Operation::max;
  const Series<N> argument = is_of_two ? a + -all[entry.b] : a;
  CornerArgument& x = corners_[number];
  if (is_middle) x.in_the_middle = argument.c[0];
  x.value = intersection(argument.c[0], clip);
  if (!is_middle && aside.is_finite() && argument.c[N].is_finite()) {
    const Series<N> middle =
        is_of_two ? middle_[entry.a] + -middle_[entry.b] : Series<N>(middle_[entry.a]);
    x.value = intersection(x.value, taylor(middle, argument, aside));
  }
  x.slope = argument.c[1];
  decide(entry.operation, clip, x);
  if (x.is_decided) {
    if (is_of_two) return x.branch == 0 ? a : all[entry.b];
    if (entry.operation != Operation::abs) return Series<N>::constant(x.branch);
    return x.branch > 0 ? a : -a;
  }
  switch (entry.operation) {
    case Operation::floor:
      return Series<N>::rough({std::floor(x.value.lo), std::floor(x.value.hi)});
    case Operation::step:
      return Series<N>::rough({0, 1});
    case Operation::abs: {
      Series<N> s = Series<N>::rough(abs(a.c[0]));
      s.c[1] = a.c[1] * Interval(-1, 1);
      return s;
    }
    default: {
      const Series<N>& b = all[entry.b];
      const auto pick = [&](double p, double q) {
        return entry.operation == Operation::min ? std::min(p, q) : std::max(p, q);
      };
      Series<N> s = Series<N>::rough({pick(a.c[0].lo, b.c[0].lo), pick(a.c[0].hi, b.c[0].hi)});
      s.c[1] = hull(a.c[1], b.c[1]);
      return s;
    }
  }
}

template <int N>
void Enclosure<N>::pass(const Tape& tape, double from, double to,
                        const std::vector<Interval>& clips, double guess, bool is_middle) {
  auto& all = is_middle ? middle_ : all_;
  const auto& entries = tape.entries();
  const Interval aside = Interval(-0.5, 0.5) * Interval(directed::up(to - from));
  std::size_t corner_number = 0;
  const TimeSource* last_source = nullptr;
  std::pair<Interval, Interval> bounds;
  for (std::size_t k = 0; k < entries.size(); ++k) {
    const Tape::Entry& entry = entries[k];
    bool has_source = entry.source != nullptr;
    if (entry.a >= 0) has_source = has_source || has_source_[entry.a] != 0;
    if (entry.b >= 0) has_source = has_source || has_source_[entry.b] != 0;
    has_source_[k] = has_source ? 1 : 0;
    const bool is_corner = corner_number < tape.corners().size() &&
                           tape.corners()[corner_number] == static_cast<int>(k);
    if (entry.operation == Operation::constant) {
      all[k] = Series<N>::constant(entry.value);
    } else if (entry.operation == Operation::time) {
      all[k] = Series<N>::constant({from, to});
      all[k].c[1] = 1;
    } else if (entry.source != nullptr) {
      if (entry.source != last_source) {
        const auto here = is_middle ? entry.source->value(from) : std::complex<double>();
        bounds = is_middle ? std::pair<Interval, Interval>(here.real(), here.imag())
                           : entry.source->bounds(from, to);
        last_source = entry.source;
      }
      const Interval value =
          entry.operation == Operation::source_real ? bounds.first : bounds.second;
      const double shortest = entry.source->shortest_time(from, to);
      const bool is_resolved = N > 1 && to - from <= (shortest > 0 ? shortest : guess);
      all[k] = is_resolved ? Series<N>::constant(value) : Series<N>::rough(value);
      CornerArgument& x = corners_[corner_number];
      x.is_decided = true;
      x.branch = 0;
    } else if (is_corner) {
      const Interval clip =
          clips.empty() || is_middle ? Interval::everything() : clips[corner_number];
      all[k] = corner(entry, corner_number, clip, has_source ? Interval::everything() : aside,
                      is_middle);
    } else if (entry.operation == Operation::power) {
      const Series<N>& exponent = all[entry.b];
      const bool is_constant = entries[entry.b].operation == Operation::constant;
      all[k] = is_constant ? constant_power(all[entry.a], exponent.c[0].lo)
                           : exponential(exponent * logarithm(all[entry.a]));
    } else {
      all[k] = smooth<N>(entry.operation, all[entry.a], entry.b < 0 ? nullptr : &all[entry.b]);
    }
    if (is_corner) ++corner_number;
    // Uses the mean value theorem.
    if (!is_middle && !has_source && all[k].c[1].is_finite())
      all[k].c[0] = intersection(all[k].c[0], middle_[k].c[0] + all[k].c[1] * aside);
  }
}

template <int N>
void Enclosure<N>::find(const Tape& tape, double from, double to,
                        const std::vector<Interval>& clips, double guess) {
  const std::size_t size = tape.entries().size();
  all_.resize(size);
  middle_.resize(size);
  has_source_.resize(size);
  corners_.assign(tape.corners().size(), {});
  const double middle = from + (to - from) / 2;
  pass(tape, middle, middle, clips, guess, true);
  pass(tape, from, to, clips, guess, false);
}

template class Enclosure<1>;
template class Enclosure<8>;

}  // namespace lindwurm
