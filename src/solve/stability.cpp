#include "stability.hpp"

#include <algorithm>
#include <cmath>

#include "lindwurm/solve/spectrum.hpp"

namespace lindwurm {

namespace {

// The largest number of unknowns of a sector for which computing all eigenvalues is faster than
// finding the rightmost.
constexpr std::int64_t small_sector = 500;
constexpr long most_products = 200'000;
// An eigenvalue is not 0 if it is more than `errors_from_zero` errors away from 0. Eigenvalues
// closer to 0 than `rounding`, relative to the largest, may be caused by rounding.
constexpr double errors_from_zero = 10;
constexpr double rounding = 1e-12;

}  // namespace

Stability stability(const std::shared_ptr<const MasterEquation>& equation) {
  const auto sectors = all_sectors(equation->charges());
  std::int64_t largest = 0;
  for (const Sector& sector : sectors)
    largest = std::max(largest, size(sector));
  const Spectrum found = spectrum_by_sectors(
      equation, {.count = 1,
                 .method = largest <= small_sector ? SpectrumMethod::dense : SpectrumMethod::krylov,
                 .max_products = most_products});
  Stability result{.is_shown = found.is_complete && found.is_found, .growth = {}};
  for (std::size_t k = 0; k < found.eigenvalues.size(); ++k) {
    const double growth = found.eigenvalues[k].real();
    const double error = std::isfinite(found.modes[k].error) ? found.modes[k].error : 0;
    if (growth > errors_from_zero * error + rounding * found.scale)
      result.growth = std::max(result.growth.value_or(growth), growth);
  }
  return result;
}

}  // namespace lindwurm
