#include "quadrature.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <limits>

#include "lindwurm/backend/error.hpp"

namespace lindwurm {

namespace {

using Rule = boost::math::quadrature::gauss_kronrod<double, 21>;
using Gauss = boost::math::quadrature::gauss<double, 10>;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double epsilon = std::numeric_limits<double>::epsilon();
constexpr double aim = 1e-13;
// If the error is still above this share of int |f| after this many panels, the integral diverges.
constexpr double hopeless = 1e-3;
constexpr int most_panels = 4000;

// A part of the integral in a variable z in which the integrand is smooth.
struct Panel {
  const Integrand* f = nullptr;
  double left = 0;
  double right = 0;
  double value = 0;
  double magnitude = 0;  // int |f|
  double error = 0;
};

// The error estimate of QUADPACK from the difference between the Kronrod and the Gauss sum. The
// Kronrod sum is the more accurate one.
double expected_error(double difference, double variation) {
  if (variation == 0 || difference == 0) return difference;
  return variation * std::min(1.0, std::pow(200 * difference / variation, 1.5));
}

Panel measured(const Integrand& f, double left, double right) {
  const double centre = (left + right) / 2;
  const double half = (right - left) / 2;
  const auto& x = Rule::abscissa();
  const auto& weights = Rule::weights();
  const auto& gauss_weights = Gauss::weights();
  std::array<double, 21> values{};
  values[0] = f(centre);
  double kronrod = weights[0] * values[0];
  double magnitude = weights[0] * std::abs(values[0]);
  double gauss = 0;
  for (std::size_t k = 1; k < x.size(); ++k) {
    const double below = values[2 * k - 1] = f(centre - half * x[k]);
    const double above = values[2 * k] = f(centre + half * x[k]);
    kronrod += weights[k] * (below + above);
    magnitude += weights[k] * (std::abs(below) + std::abs(above));
    // The nodes of the Gauss rule are the odd ones.
    if (k % 2 == 1) gauss += gauss_weights[k / 2] * (below + above);
  }
  double variation = weights[0] * std::abs(values[0] - kronrod / 2);
  for (std::size_t k = 1; k < x.size(); ++k) {
    variation += weights[k] * (std::abs(values[2 * k - 1] - kronrod / 2) +
                               std::abs(values[2 * k] - kronrod / 2));
  }
  return {.f = &f,
          .left = left,
          .right = right,
          .value = half * kronrod,
          .magnitude = half * magnitude,
          .error = expected_error(half * std::abs(kronrod - gauss), half * variation)};
}

class AdaptiveSum {
 public:
  void add(const Integrand& f, double left, double right) { push(measured(f, left, right)); }

  // Halves the worst panel until the sum is accurate or further halving does not help.
  Estimate<double> refined() {
    while (!panels_.empty() && done_ + static_cast<int>(panels_.size()) < most_panels) {
      if (error() <= aim * magnitude()) break;
      std::pop_heap(panels_.begin(), panels_.end(), is_better);
      const Panel worst = panels_.back();
      panels_.pop_back();
      halve(worst);
    }
    return result();
  }

 private:
  static bool is_better(const Panel& a, const Panel& b) { return a.error < b.error; }

  void push(const Panel& panel) {
    panels_.push_back(panel);
    std::push_heap(panels_.begin(), panels_.end(), is_better);
  }

  void halve(const Panel& panel) {
    const double middle = (panel.left + panel.right) / 2;
    const bool is_at_rounding = panel.error <= 4 * epsilon * panel.magnitude;
    if (is_at_rounding || middle <= panel.left || middle >= panel.right) {
      ++done_;
      value_ += panel.value;
      error_ += panel.error;
      magnitude_ += panel.magnitude;
      return;
    }
    push(measured(*panel.f, panel.left, middle));
    push(measured(*panel.f, middle, panel.right));
  }

  double error() const { return sum(error_, &Panel::error); }
  double magnitude() const { return sum(magnitude_, &Panel::magnitude); }
  double sum(double start, double Panel::*member) const {
    for (const Panel& panel : panels_)
      start += panel.*member;
    return start;
  }

  Estimate<double> result() const {
    const double size = magnitude();
    const double rounding = 4 * epsilon * size;
    if (error() > hopeless * size) {
      throw InputError(
          fmt::format("an integral over frequency does not converge: {} with an error of {}; it "
                      "diverges, or its integrand has corners that no point of division names",
                      sum(value_, &Panel::value), error()));
    }
    return {sum(value_, &Panel::value), error() + rounding};
  }

  std::vector<Panel> panels_;
  int done_ = 0;  // panels that are as accurate as rounding allows
  double value_ = 0;
  double error_ = 0;
  double magnitude_ = 0;
};

double checked(const Integrand& f, double x) {
  const double value = f(x);
  if (!std::isfinite(value)) {
    throw InputError(fmt::format("an integrand is {} at the frequency {}", value, x));
  }
  return value;
}

// The map x = origin + span e^(-+u) with u = z/(1 - z), z in [0, 1). Towards the origin it turns
// any power law into an exponential. In the other direction it goes to infinity. dx = jacobian dz.
struct Mapped {
  double distance;
  double jacobian;
};

Mapped towards_origin(double span, double z) {
  const double rest = 1 - z;
  const double distance = span * std::exp(-z / rest);
  return {distance, distance / (rest * rest)};
}

Mapped away_from_origin(double span, double z) {
  const double rest = 1 - z;
  const double grown = span * std::exp(z / rest);
  return {grown, grown / (rest * rest)};
}

// The piece [left, right] on the positive side, or its mirror image, with x = sign * distance.
Integrand piece_at_zero(const Integrand& f, double sign, double span) {
  return [&f, sign, span](double z) {
    const Mapped x = towards_origin(span, z);
    return x.distance < std::numeric_limits<double>::min()
               ? 0.0
               : x.jacobian * checked(f, sign * x.distance);
  };
}

// From sign * start to sign * infinity. The exponential grows from `span` on.
Integrand piece_at_infinity(const Integrand& f, double sign, double start, double span) {
  return [&f, sign, start, span](double z) {
    const Mapped x = away_from_origin(span, z);
    if (!(x.distance < 1e150)) return 0.0;
    const double value = checked(f, sign * (start + (x.distance - span)));
    return value == 0 ? 0.0 : x.jacobian * value;
  };
}

// The pieces of one integral: each is an integrand over an interval of its own variable.
struct Piece {
  Integrand f;
  double left = 0;
  double right = 1;
};

// Requires that x f(x) falls towards the end beyond `near` and `far`, so that int f dx exists.
void require_falling(const Integrand& f, double near, double far) {
  const double before = std::abs(near * checked(f, near));
  const double after = std::abs(far * checked(f, far));
  if (after > 0.8 * before) {
    throw InputError(fmt::format("an integral diverges at {} frequency: its integrand is {} at {}",
                                 std::abs(far) > 1 ? "high" : "low", after / std::abs(far), far));
  }
}

void add_side(std::vector<Piece>& pieces, const Integrand& f, double sign, double left,
              double right) {
  if (left == 0 && right == infinity) {
    add_side(pieces, f, sign, 0, 1);
    add_side(pieces, f, sign, 1, infinity);
  } else if (left == 0) {
    require_falling(f, sign * right * 1e-30, sign * right * 1e-40);
    pieces.push_back({.f = piece_at_zero(f, sign, right)});
  } else if (right == infinity) {
    require_falling(f, sign * left * 1e30, sign * left * 1e40);
    pieces.push_back({.f = piece_at_infinity(f, sign, left, std::abs(left))});
  } else {
    pieces.push_back(
        {.f = [&f, sign](double x) { return checked(f, sign * x); }, .left = left, .right = right});
  }
}

void add_pieces(std::vector<Piece>& pieces, const Integrand& f, double left, double right) {
  if (left < 0 && right > 0 && (left == -infinity || right == infinity)) {
    add_side(pieces, f, -1, 0, -left);
    add_side(pieces, f, 1, 0, right);
  } else if (right <= 0) {
    add_side(pieces, f, -1, -right, -left);
  } else {
    add_side(pieces, f, 1, left, right);
  }
}

Estimate<double> summed(const std::vector<Piece>& pieces) {
  AdaptiveSum sum;
  for (const Piece& piece : pieces)
    sum.add(piece.f, piece.left, piece.right);
  return sum.refined();
}

// The distance from the pole to the nearest other point.
double distance_to_points(double pole, const std::vector<double>& points) {
  double distance = infinity;
  for (double point : points) {
    if (point != pole) distance = std::min(distance, std::abs(point - pole));
  }
  return distance == infinity ? std::max(1.0, std::abs(pole)) : distance;
}

void require_ascending(const std::vector<double>& points) {
  if (points.size() < 2 || !std::is_sorted(points.begin(), points.end())) {
    throw InputError(fmt::format("an integral needs two or more ascending points, not {} points",
                                 points.size()));
  }
}

}  // namespace

Estimate<double> integrate(const Integrand& f, const std::vector<double>& points) {
  require_ascending(points);
  std::vector<Piece> pieces;
  for (std::size_t k = 0; k + 1 < points.size(); ++k) {
    if (points[k] < points[k + 1]) add_pieces(pieces, f, points[k], points[k + 1]);
  }
  return summed(pieces);
}

Estimate<double> principal_value(const Integrand& f, double pole,
                                 const std::vector<double>& points) {
  require_ascending(points);
  const Integrand quotient = [&](double x) { return f(x) / (x - pole); };
  if (pole < points.front() || pole > points.back()) return integrate(quotient, points);
  if (pole == points.front() || pole == points.back()) {
    throw InputError(fmt::format("a principal value at the end {} of its range", pole));
  }
  // Half the distance, so that a singularity at a point lies at the end of another piece.
  const double window = distance_to_points(pole, points) / 2;
  const Integrand difference = [&](double u) {
    return (checked(f, pole + u) - checked(f, pole - u)) / u;
  };
  std::vector<Piece> pieces{{.f = difference, .left = 0, .right = window}};
  for (std::size_t k = 0; k + 1 < points.size(); ++k) {
    const double left = points[k];
    const double right = points[k + 1];
    if (left < pole && pole < right) {
      add_pieces(pieces, quotient, left, pole - window);
      add_pieces(pieces, quotient, pole + window, right);
    } else if (right == pole) {
      add_pieces(pieces, quotient, left, pole - window);
    } else if (left == pole) {
      add_pieces(pieces, quotient, pole + window, right);
    } else if (left < right) {
      add_pieces(pieces, quotient, left, right);
    }
  }
  return summed(pieces);
}

}  // namespace lindwurm
