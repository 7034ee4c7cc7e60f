#include "lindwurm/solve/spectrum.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

#include "eigensystem.hpp"
#include "lindwurm/backend/error.hpp"

namespace lindwurm {

namespace {

// Rounding of a backward stable dense solver, with room for the growth with n.
constexpr double rounding = 1e-12;

void require_count(int count, std::int64_t n) {
  if (count >= 1 && count <= n) return;
  throw InputError(fmt::format("spectrum.count = {} must lie between 1 and D^2 = {}", count, n));
}

void require_sound(const Liouvillian& liouvillian, const SpectrumOptions& options) {
  const std::int64_t n = liouvillian.basis().size();
  if (!liouvillian.is_constant()) {
    throw InputError("a time-dependent model has no relaxation spectrum");
  }
  require_count(options.count, n);
  if (options.method != SpectrumMethod::slepc && n > options.dense_limit) {
    throw InputError(fmt::format(
        "the spectrum of {} unknowns is refused: all eigenvalues are computed, so that none can be "
        "missing, and that is limited to spectrum.dense_limit = {} unknowns (this one would take "
        "{:.3g} GB); use fewer levels or spins, raise the "
        "limit, or take method = \"slepc\", which cannot show that none is missing",
        n, options.dense_limit, 3.0 * 8.0 * static_cast<double>(n) * static_cast<double>(n) / 1e9));
  }
}

// |L v - lambda v| / |v| for v = re + i im.
double residual(Mat matrix, Vec re, Vec im, Complex lambda) {
  const VecHandle image_re = duplicate(re);
  const VecHandle image_im = duplicate(re);
  LINDWURM_PETSC(MatMult(matrix, re, image_re));
  LINDWURM_PETSC(MatMult(matrix, im, image_im));
  LINDWURM_PETSC(VecAXPY(image_re, -lambda.real(), re));
  LINDWURM_PETSC(VecAXPY(image_re, lambda.imag(), im));
  LINDWURM_PETSC(VecAXPY(image_im, -lambda.real(), im));
  LINDWURM_PETSC(VecAXPY(image_im, -lambda.imag(), re));
  const auto length = [](Vec a, Vec b) { return std::hypot(norm(a), norm(b)); };
  return length(image_re, image_im) / length(re, im);
}

// The order of the result: largest real part first. Real parts that differ by rounding alone count
// as equal; among them small |Im| goes first; a pair stays
// together, Im > 0 first, as LAPACK and SLEPc give it.
std::vector<std::size_t> rightmost_first(const std::vector<Complex>& values, double tolerance) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  const auto by_real = [&](std::size_t a, std::size_t b) {
    return values[a].real() > values[b].real();
  };
  const auto by_imaginary = [&](std::size_t a, std::size_t b) {
    const double x = std::abs(values[a].imag());
    const double y = std::abs(values[b].imag());
    return x != y ? x < y : a < b;
  };
  std::sort(order.begin(), order.end(), by_real);
  for (auto first = order.begin(); first != order.end();) {
    auto last = first + 1;
    while (last != order.end() && values[*(last - 1)].real() - values[*last].real() <= tolerance) {
      ++last;
    }
    std::sort(first, last, by_imaginary);
    first = last;
  }
  return order;
}

// How many of the ordered values make up `asked`, a pair at the end not cut.
std::size_t count_uncut(const std::vector<Complex>& values, const std::vector<std::size_t>& order,
                        int asked) {
  const auto count = std::min<std::size_t>(asked, order.size());
  const bool cuts_pair = count > 0 && count < order.size() && values[order[count - 1]].imag() > 0;
  return cuts_pair ? count + 1 : count;
}

// What counts as zero beside eigenvalues known to `precision`.
double zero_tolerance(double precision, std::size_t n) {
  return precision * std::sqrt(std::sqrt(static_cast<double>(n)));
}

void add_sector(Spectrum& all, const Spectrum& part) {
  const int number = static_cast<int>(all.sector_sizes.size());
  all.method = part.method;
  all.eigenvalues.insert(all.eigenvalues.end(), part.eigenvalues.begin(), part.eigenvalues.end());
  all.residuals.insert(all.residuals.end(), part.residuals.begin(), part.residuals.end());
  all.sectors.insert(all.sectors.end(), part.eigenvalues.size(), number);
  all.sector_sizes.push_back(part.sector_sizes.front());
  all.stationary += part.stationary;
  if (part.gap && (!all.gap || *part.gap < *all.gap)) all.gap = part.gap;
  all.is_found = all.is_found && part.is_found;
  all.is_complete = all.is_complete && part.is_complete;
  all.trace_defect = std::max(all.trace_defect, part.trace_defect);
  all.largest_residual_allowed =
      std::max(all.largest_residual_allowed, part.largest_residual_allowed);
  all.scale = std::max(all.scale, part.scale);
}

template <typename T>
void take(std::vector<T>& values, const std::vector<std::size_t>& order, std::size_t count) {
  std::vector<T> taken;
  for (std::size_t k = 0; k < count; ++k)
    taken.push_back(values[order[k]]);
  values = std::move(taken);
}

}  // namespace

bool Spectrum::is_converged() const {
  return is_found && std::all_of(residuals.begin(), residuals.end(),
                                 [&](double r) { return r <= largest_residual_allowed; });
}

Spectrum spectrum(const Liouvillian& liouvillian, const SpectrumOptions& options) {
  require_sound(liouvillian, options);
  const auto start = std::chrono::steady_clock::now();
  const AssembledPart matrix(liouvillian);
  const bool is_dense = options.method != SpectrumMethod::slepc;
  const auto system =
      is_dense ? dense_eigensystem(matrix) : slepc_eigensystem(matrix, options.count);
  const auto n = static_cast<std::size_t>(liouvillian.basis().size());
  const double norm = liouvillian.norm_bound();
  // SLEPc's values are as good as its own tolerance, dense ones as rounding.
  const double precision = is_dense ? rounding : slepc_tolerance;
  const double zero = zero_tolerance(precision * norm, n);
  const auto order = rightmost_first(system->values(), zero);
  Spectrum result;
  result.method = is_dense ? "dense" : "slepc";
  result.scale = norm;
  result.largest_residual_allowed = precision * std::sqrt(static_cast<double>(n)) * norm;

  Complex sum = 0;
  for (const Complex& value : system->values()) {
    sum += value;
    if (std::abs(value) <= zero) {
      ++result.stationary;
    } else if (!result.gap || -value.real() < *result.gap) {
      result.gap = std::abs(value.real()) <= zero ? 0.0 : -value.real();
    }
  }
  PetscScalar trace = 0;
  LINDWURM_PETSC(MatGetTrace(matrix, &trace));
  if (is_dense && norm > 0) {
    result.trace_defect = std::abs(sum - trace) / (static_cast<double>(n) * norm);
  }
  result.is_complete = is_dense && result.trace_defect <= rounding;

  const std::size_t count = count_uncut(system->values(), order, options.count);
  const VecHandle re = liouvillian.vector();
  const VecHandle im = liouvillian.vector();
  for (std::size_t k = 0; k < count; ++k) {
    const Complex value = system->values()[order[k]];
    system->vector(order[k], re, im);
    result.eigenvalues.push_back(value);
    result.residuals.push_back(residual(matrix, re, im, value));
  }
  result.is_found = count >= static_cast<std::size_t>(options.count);
  result.sectors.assign(result.eigenvalues.size(), 0);
  result.sector_sizes = {liouvillian.basis().size()};
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

Spectrum spectrum_by_sectors(const std::shared_ptr<const MasterEquation>& equation,
                             const SpectrumOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  Spectrum all;
  all.is_found = true;
  all.is_complete = true;
  const std::int64_t d = equation->model().space.dimension();
  const std::int64_t n = d * d;
  require_count(options.count, n);
  for (Sector& sector : all_sectors(equation->charges())) {
    SpectrumOptions of_sector = options;
    const std::int64_t unknowns = size(sector);
    of_sector.count = static_cast<int>(std::min<std::int64_t>(options.count, unknowns));
    const Liouvillian liouvillian(equation, {Storage::assembled, std::move(sector)});
    add_sector(all, spectrum(liouvillian, of_sector));
  }
  const double precision = all.method == "dense" ? rounding : slepc_tolerance;
  const auto order = rightmost_first(all.eigenvalues, zero_tolerance(precision * all.scale, n));
  const std::size_t count = count_uncut(all.eigenvalues, order, options.count);
  all.is_found = all.is_found && count >= static_cast<std::size_t>(options.count);
  take(all.eigenvalues, order, count);
  take(all.residuals, order, count);
  take(all.sectors, order, count);
  all.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return all;
}

}  // namespace lindwurm
