// The spectrum S(w) of a bath in equilibrium, resolved once on intervals short enough for Legendre
// series. All integrals over it are then sums of closed forms.
#pragma once

#include <functional>
#include <vector>

#include "lindwurm/baths/bath.hpp"
#include "panel.hpp"

namespace lindwurm {

/// S(w)/2 pi = difference(w) + absorption(w) and S(-w)/2 pi = absorption(w) for w > 0:
///   C(t) = int_0^inf dv [difference e^{-ivt} + 2 absorption cos vt].
/// The difference is J for bosons, whatever the temperature.
struct Parts {
  double difference = 0;
  double absorption = 0;
};

/// The parts for J = 1, w > 0.
[[nodiscard]] Parts thermal_parts(BathKind kind, double w, double temperature);

/// Both parts on one interval.
struct Panel {
  Interval interval;
  Piece difference;
  Piece absorption;

  [[nodiscard]] bool has_absorption() const { return absorption.magnitude > 0; }
};

/// int f dv and int f/v dv over what lies beyond the panels at one end, continued by its power law.
struct Beyond {
  Estimate<double> plain;
  Estimate<double> over_v;
};

/// One end of the frequencies: f ~ v^power.
struct End {
  double power = 0;
  Beyond beyond;
};

/// How well series follow the spectrum.
enum class Resolution {
  fine,   ///< to rounding
  rough,  ///< to a share of 1e-5, with few of the landmarks if there are many: for estimates
};

class Spectrum {
 public:
  /// Of a continuous density.
  Spectrum(const SpectralDensity& density, double temperature, BathKind kind,
           Resolution resolution = Resolution::fine);

  [[nodiscard]] const std::vector<Panel>& panels() const { return panels_; }
  /// Where the panels end; beyond the last landmark they follow a smooth fall to it.
  [[nodiscard]] double top() const { return panels_.back().interval.right; }
  [[nodiscard]] double last_landmark() const { return last_landmark_; }
  /// Behaviour as v -> 0; a power of infinity means that nothing is there.
  [[nodiscard]] const End& low_difference() const { return low_difference_; }
  [[nodiscard]] const End& low_absorption() const { return low_absorption_; }
  /// Behaviour as v -> infinity; a power of -infinity means that it falls faster than any.
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
  double smallness_;  // of a good series' last coefficients, relative to the largest value
  double last_landmark_ = 0;
  double difference_scale_ = 0;  // int |f|, roughly
  double absorption_scale_ = 0;
  std::vector<Panel> panels_;
  End low_difference_;
  End low_absorption_;
  End high_difference_;
  End high_absorption_;
};

}  // namespace lindwurm
