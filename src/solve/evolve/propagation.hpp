// Solutions of dv/dt = L(t) v.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "chebyshev.hpp"
#include "newton_system.hpp"

namespace lindwurm {

/// The methods that propagate a vector.
struct Propagation {
  /// Set for BDF; null for Adams.
  std::unique_ptr<NewtonSystem> newton{};
  /// Finds the line of the spectrum of L for given values of the functions of time. If set, times
  /// in which L is constant are passed by Chebyshev series.
  std::function<SpectralLine(const Factors&)> line_at{};
};

/// Solves dv/dt = L(t) v from `initial` at times[0] through the increasing `times`. Uses CVODE from
/// corner to corner of the coefficients, and Chebyshev series where L is constant for long. `look`
/// is called with v at each of the times. Returns the last v. The cost is added to `statistics`.
/// Collective. Throws as Integrator and the series do.
[[nodiscard]] VecHandle propagate(const PackedGenerator& generator, Vec initial,
                                  const std::vector<double>& times, const EvolveOptions& options,
                                  Propagation how, const std::function<void(Vec)>& look,
                                  EvolveStatistics& statistics);

/// Warnings about C++ coefficients that do not state how fast they change; empty if there are none.
[[nodiscard]] std::vector<std::string> doubts_about_steps(const LinearEquation& equation,
                                                          double from, double to);

}  // namespace lindwurm
