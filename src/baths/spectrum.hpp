// The spectrum S(w) of a bath in equilibrium. It is resolved once, on intervals that are short
// enough for Legendre series. All integrals over it are then sums of closed forms.
#pragma once

#include <functional>
#include <vector>

#include "lindwurm/baths/bath.hpp"
#include "panel.hpp"

namespace lindwurm {

/// S(w)/2 pi = difference(w) + absorption(w) and S(-w)/2 pi = absorption(w) for w > 0, so that
///   C(t) = int_0^inf dv [difference e^{-ivt} + 2 absorption cos vt].
/// For bosons the difference is J at any temperature.
struct Parts {
  double difference = 0;
  double absorption = 0;
};

/// The parts for J = 1 and w > 0.
[[nodiscard]] Parts thermal_parts(BathKind kind, double w, double temperature);

/// Both parts on one interval.
struct Panel {
  Interval interval;
  Piece difference;
  Piece absorption;

  [[nodiscard]] bool has_absorption() const { return absorption.magnitude > 0; }
};

/// int f dv and int f/v dv over the range beyond the panels at one end, extrapolated by the power
/// law.
struct Beyond {
  Estimate<double> plain;
  Estimate<double> over_v;
};

/// The behaviour at one end of the frequencies: f ~ v^power.
struct End {
  double power = 0;
  Beyond beyond;
};

/// The accuracy with which series follow the spectrum.
enum class Resolution {
  fine,   ///< to rounding
  rough,  ///< to 1e-5, with only a few of the landmarks if there are many: for estimates
};

class Spectrum {
 public:
  /// The spectrum of a continuous density.
  Spectrum(const SpectralDensity& density, double temperature, BathKind kind,
           Resolution resolution = Resolution::fine);

  [[nodiscard]] const std::vector<Panel>& panels() const { return panels_; }
  /// The upper end of the panels. Beyond the last landmark they follow a smooth decay up to it.
  [[nodiscard]] double top() const { return panels_.back().interval.right; }
  [[nodiscard]] double last_landmark() const { return last_landmark_; }
  /// The behaviour as v -> 0. A power of infinity means that nothing is there.
  [[nodiscard]] const End& low_difference() const { return low_difference_; }
  [[nodiscard]] const End& low_absorption() const { return low_absorption_; }
  /// The behaviour as v -> infinity. A power of -infinity means a decay faster than any power law.
  [[nodiscard]] const End& high_difference() const { return high_difference_; }
  [[nodiscard]] const End& high_absorption() const { return high_absorption_; }

 private:
  void resolve(const Interval& interval, int depth);
  void resolve_down_to_zero(double right);
  void climb(double from);
  [[nodiscard]] Panel sampled(const Interval& interval) const;
  [[nodiscard]] bool is_resolved(const Piece& f) const;
  [[nodiscard]] bool is_good(const Panel& panel) const;
  [[nodiscard]] Beyond below(Piece Panel::*part, double lowest) const;
  [[nodiscard]] End above(Piece Panel::*part, double highest) const;

  std::function<Parts(double)> parts_;
  // The size of an accurate series' last coefficients, relative to the largest value.
  double smallness_;
  double last_landmark_ = 0;
  double difference_scale_ = 0;  // an estimate of int |f|
  double absorption_scale_ = 0;
  std::vector<Panel> panels_;
  End low_difference_;
  End low_absorption_;
  End high_difference_;
  End high_absorption_;
};

}  // namespace lindwurm
