// Adaptive quadrature over consecutive pieces of the real line.
#pragma once

#include <functional>
#include <vector>

#include "lindwurm/baths/bath.hpp"

namespace lindwurm {

using Integrand = std::function<double(double)>;

/// int f(x) dx from the first to the last of the ascending `points`. The first may be -infinity,
/// the last +infinity. f must be smooth between the points. At infinity, and at x = 0 if that is
/// one of the points, it may follow any integrable power law. The relative goal is 1e-13 of int
/// |f|; the error states what was reached. Throws InputError if f is not finite or the integral
/// seems to diverge.
[[nodiscard]] Estimate<double> integrate(const Integrand& f, const std::vector<double>& points);

/// P int f(x)/(x - pole) dx over the same range. f must be continuous at the pole, which may be one
/// of the points.
[[nodiscard]] Estimate<double> principal_value(const Integrand& f, double pole,
                                               const std::vector<double>& points);

}  // namespace lindwurm
