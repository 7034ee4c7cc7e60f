// The content of a spectral density, which the factories fill in.
#pragma once

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "lindwurm/baths/spectral_density.hpp"

namespace lindwurm {

/// A spin's contribution to the constant part of C(t): weight [1 - tanh^2(splitting/2T)].
struct StaticSpin {
  double splitting = 0;
  double weight = 0;
};

struct SpectralDensity::Content {
  std::string text;
  std::function<double(double)> j = nullptr;  // for w > 0; empty for a discrete density
  LowFrequencyLaw low = {};
  double reach = std::numeric_limits<double>::infinity();
  std::vector<double> landmarks = {};
  std::vector<DiscreteMode> modes = {};
  std::vector<StaticSpin> static_spins = {};
};

/// Throw InputError that names the parameter `name` of the density `what`.
void require_positive(const char* what, const char* name, double value);
void require_not_negative(const char* what, const char* name, double value);

/// Brings landmarks into order: ascending, positive, without repetitions.
[[nodiscard]] std::vector<double> sorted_landmarks(std::vector<double> frequencies);

}  // namespace lindwurm
