// The memory time of a bath.
#pragma once

#include "lindwurm/baths/bath.hpp"

namespace lindwurm {

/// The smallest t with int_t^inf |C| <= 10 % of int_0^inf |C|, to a few per cent, for a continuous
/// density. It is infinite if C falls too slowly to be integrated, and 0 if C is too singular at t
/// = 0.
[[nodiscard]] double memory_time(const SpectralDensity& density, double temperature, BathKind kind);

}  // namespace lindwurm
