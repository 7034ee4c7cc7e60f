// The coefficients of exp(L t) in Chebyshev polynomials, and the step from one to the next.
#pragma once

#include <vector>

#include "chebyshev.hpp"

namespace lindwurm {

/// c_0, ..., c_count-1 of exp(L t) = sum_k c_k T_k((L - centre)/d), d the focus of the line or i
/// times it; of an imaginary d the factors i^k stand in the recurrence: its sign.
[[nodiscard]] std::vector<double> coefficients(const SpectralLine& line, int count, double t);

/// next = a image + b here + sign next;  sum += c next. Returns |next|^2 of this rank's n numbers.
double recur(const double* image, const double* here, double* next, double* sum, PetscInt n,
             double a, double b, double sign, double c);

}  // namespace lindwurm
