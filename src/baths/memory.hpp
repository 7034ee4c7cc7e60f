// How long a bath remembers.
#pragma once

#include "lindwurm/baths/bath.hpp"

namespace lindwurm {

/// The least t with int_t^inf |C| <= 10 % of int_0^inf |C|, to a few per cent, for a continuous
/// density. Infinite where C falls too slowly to be integrated, 0 where it is too singular at t =
/// 0.
[[nodiscard]] double memory_time(const SpectralDensity& density, double temperature, BathKind kind);

}  // namespace lindwurm
