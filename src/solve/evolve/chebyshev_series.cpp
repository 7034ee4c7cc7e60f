#include "chebyshev_series.hpp"

#include <algorithm>
#include <cmath>

#include "chebyshev_recurrence.hpp"
#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/widest_vectors.hpp"

namespace lindwurm {

namespace {

// The largest d t of one series. A larger value saves products, but makes a badly chosen d more
// expensive.
constexpr double longest_oscillating = 100;
constexpr double longest_decaying = 2e4;
// The terms of a series may start from a factor as small as exp(-deepest) and grow from there.
constexpr double deepest = 20;
// The largest term relative to the state. A term that is larger by a factor of 10^n costs n digits.
constexpr double largest_term = 1e4;
constexpr int most_attempts = 40;

// The contribution to an output within the step that may be neglected, as a share of the tolerance.
constexpr double share_of_tolerance = 1e-3;
// The block length of the sums for several outputs, so that the numbers stay in the cache.
constexpr PetscInt block = 2048;

int enough_terms(const SpectralLine& line, double t) {
  return static_cast<int>(1.5 * likely_terms(line, t)) + 60;
}

// recur() for kets, with the additional term turn i here, over a range of pairs of slices. A slice
// comes before that of its conjugates. i psi has in each of the two what psi has in the other one,
// with a minus sign in the second.
LINDWURM_WIDEST_VECTORS
double recur_turned(const PackedBasis& basis, int from, int to, const double* __restrict image,
                    const double* __restrict here, double* __restrict next, double* __restrict sum,
                    double a, double b, double turn, double sign, double c) {
  double square = 0;
  const std::int64_t first = basis.pair_start(from);
  for (int pair = from; pair < to; ++pair) {
    const std::int64_t start = basis.pair_start(pair) - first;
    const std::int64_t length = (basis.pair_start(pair + 1) - first - start) / 2;
#pragma GCC ivdep
    for (std::int64_t k = start; k < start + length; ++k) {
      const std::int64_t m = k + length;
      const double value = a * image[k] + b * here[k] + turn * here[m] + sign * next[k];
      const double mirrored = a * image[m] + b * here[m] - turn * here[k] + sign * next[m];
      next[k] = value;
      next[m] = mirrored;
      sum[k] += c * value;
      sum[m] += c * mirrored;
      square += value * value + mirrored * mirrored;
    }
  }
  return square;
}

LINDWURM_WIDEST_VECTORS
void add_scaled(const double* __restrict values, double c, double* __restrict to, PetscInt n) {
#pragma GCC ivdep
  for (PetscInt k = 0; k < n; ++k)
    to[k] += c * values[k];
}

}  // namespace

double longest_step(const SpectralLine& line) {
  const double step = (line.is_imaginary ? longest_oscillating : longest_decaying) / line.focus;
  return line.sinking * step > deepest ? deepest / line.sinking : step;
}

// The number of terms after which the coefficients are small: somewhat more than d t, or, for a
// decay, of the order of its square root.
double likely_terms(const SpectralLine& line, double t) {
  const double x = line.focus * t;
  const double falling = line.is_imaginary ? x : std::min(x, 8 * std::sqrt(x));
  const double turning = std::max(falling, line.turning * t);
  return turning + 6 * std::cbrt(x) + 15;
}

ChebyshevSeries::ChebyshevSeries(const PackedGenerator& generator, const SpectralLine& line,
                                 Vec initial, double tolerance,
                                 std::vector<const Functional*> watched, Outputs outputs,
                                 Factors factors)
    : generator_(generator),
      line_(line),
      factors_(std::move(factors)),
      tolerance_(tolerance),
      watched_(std::move(watched)),
      kind_(outputs),
      state_(duplicate(initial)),
      sum_(duplicate(initial)),
      here_(duplicate(initial)),
      next_(duplicate(initial)),
      image_(duplicate(initial)) {
  LINDWURM_PETSC(VecCopy(initial, state_));
  PetscInt first = 0;
  PetscInt last = 0;
  LINDWURM_PETSC(VecGetOwnershipRange(initial, &first, &last));
  first_pair_ = generator.basis().leaders_before(first);
  last_pair_ = generator.basis().leaders_before(last);
}

void ChebyshevSeries::begin(Vec initial) {
  LINDWURM_PETSC(VecCopy(initial, state_));
  shortened_ = 1;
  failures_ = 0;
}

void ChebyshevSeries::begin(Vec initial, const SpectralLine& line, Factors factors) {
  line_ = line;
  factors_ = std::move(factors);
  begin(initial);
}

double ChebyshevSeries::reach() const { return longest_step(line_) * shortened_; }

void ChebyshevSeries::start(double step, const std::vector<double>& since) {
  values_.clear();
  since_ = since;
  inner_.clear();
  if (kind_ == Outputs::values) return;
  for (double t : since) {
    if (t >= step) break;
    inner_.push_back(coefficients(line_, enough_terms(line_, step), t));
    if (outputs_.size() < inner_.size()) outputs_.push_back(duplicate(state_));
    LINDWURM_PETSC(VecSet(outputs_[inner_.size() - 1], 0.0));
  }
}

bool ChebyshevSeries::advance(double step, const std::vector<double>& since,
                              const std::function<void(double)>& progress) {
  const auto c = coefficients(line_, enough_terms(line_, step), step);
  const double scale = norm(state_);
  start(step, since);
  negligible_ = share_of_tolerance * tolerance_ * scale;
  LINDWURM_PETSC(VecCopy(state_, here_));
  LINDWURM_PETSC(VecCopy(state_, sum_));
  LINDWURM_PETSC(VecScale(sum_, c[0]));
  look(here_);
  add_to_outputs(0, scale);
  // T_1 = (L - c)/d
  LINDWURM_PETSC(VecSet(next_, 0.0));
  double size = term(1, 0, c[1]);
  const double sign = line_.is_imaginary ? 1 : -1;
  add_to_outputs(1, size);
  int settled = 0;
  double previous = scale;
  double one_before = scale;
  for (std::size_t k = 1;; ++k) {
    if (progress) progress(std::min(1.0, static_cast<double>(k) / likely_terms(line_, step)));
    const double contribution = std::abs(c[k]) * size;
    if (!(contribution <= largest_term * scale)) return fail();  // also true for a state that is 0
    // Small terms may also come before the large ones. The series ends only where the terms
    // decrease. For a state at the centre of the spectrum, every other term is 0.
    const bool is_falling = contribution < std::max(previous, one_before) || contribution == 0;
    one_before = previous;
    previous = contribution;
    settled = contribution <= tolerance_ * scale && is_falling ? settled + 1 : 0;
    const bool is_past_turning = static_cast<double>(k) > line_.turning * step;
    if (settled == 3 && is_past_turning) break;
    if (k + 1 == c.size()) return fail();
    size = term(2, sign, c[k + 1]);
    add_to_outputs(k + 1, size);
  }
  std::swap(state_, sum_);
  turn(state_, step);
  for (std::size_t k = 0; k < inner_.size(); ++k)
    turn(outputs_[k], since[k]);
  return true;
}

// Applies the phase exp(-i energy t), which the series left out.
void ChebyshevSeries::turn(Vec ket, double t) const {
  if (line_.energy != 0) multiply(ket, std::polar(1.0, -line_.energy * t), generator_.basis());
}

std::vector<std::vector<Complex>> ChebyshevSeries::values() {
  MPI_Allreduce(MPI_IN_PLACE, values_.data(), static_cast<int>(values_.size()),
                MPI_CXX_DOUBLE_COMPLEX, MPI_SUM, generator_.communicator());
  const std::size_t terms = watched_.empty() ? 0 : values_.size() / watched_.size();
  std::vector<std::vector<Complex>> all;
  for (double t : since_) {
    const auto c = coefficients(line_, static_cast<int>(terms), t);
    auto& at_t = all.emplace_back(watched_.size(), 0.0);
    for (std::size_t k = 0; k < terms; ++k) {
      for (std::size_t j = 0; j < watched_.size(); ++j)
        at_t[j] += c[k] * values_[k * watched_.size() + j];
    }
    for (Complex& value : at_t)
      value *= std::polar(1.0, -line_.energy * t);
  }
  return all;
}

bool ChebyshevSeries::fail() {
  ++failures_;
  shortened_ /= 2;
  if (failures_ > most_attempts) {
    throw Error(
        "the Chebyshev series does not converge: L has eigenvalues far "
        "outside the region that "
        "its Ritz values show, or is not stable; use method = "
        "\"adams\" or \"bdf\"");
  }
  return false;
}

// Computes the next polynomial, times (L + i energy - centre)/d here + sign next, and adds it with
// its coefficient. Returns its norm.
double ChebyshevSeries::term(double times, double sign, double c) {
  generator_.apply(factors_, here_, image_);
  ++products_;
  PetscInt n = 0;
  LINDWURM_PETSC(VecGetLocalSize(here_, &n));
  const double a = times / line_.focus;
  const double b = -a * line_.centre;
  const auto recur_here = [&](const double* image, const double* here, double* next, double* sum) {
    if (line_.energy == 0) return recur(image, here, next, sum, n, a, b, sign, c);
    return recur_turned(generator_.basis(), first_pair_, last_pair_, image, here, next, sum, a, b,
                        a * line_.energy, sign, c);
  };
  const double size =
      recur_on_vectors(image_, here_, next_, sum_, generator_.communicator(), recur_here);
  std::swap(here_, next_);
  look(here_);
  return size;
}

// Stores this rank's contributions to the watched functionals.
void ChebyshevSeries::look(Vec v) {
  const PetscScalar* packed = nullptr;
  LINDWURM_PETSC(VecGetArrayRead(v, &packed));
  for (const Functional* functional : watched_)
    values_.push_back(functional->local(packed));
  LINDWURM_PETSC(VecRestoreArrayRead(v, &packed));
}

// Adds the polynomial just computed to the states at output times within the step.
void ChebyshevSeries::add_to_outputs(std::size_t k, double size) {
  PetscInt n = 0;
  LINDWURM_PETSC(VecGetLocalSize(here_, &n));
  const PetscScalar* here = nullptr;
  LINDWURM_PETSC(VecGetArrayRead(here_, &here));
  std::vector<std::pair<double, PetscScalar*>> wanted;
  for (std::size_t j = 0; j < inner_.size(); ++j) {
    const double c = inner_[j][k];
    if (std::abs(c) * size <= negligible_) continue;
    wanted.emplace_back(c, nullptr);
    LINDWURM_PETSC(VecGetArray(outputs_[j], &wanted.back().second));
  }
  for (PetscInt first = 0; first < n; first += block) {
    for (const auto& [c, to] : wanted)
      add_scaled(here + first, c, to + first, std::min(block, n - first));
  }
  std::size_t restored = 0;
  for (std::size_t j = 0; j < inner_.size(); ++j) {
    if (std::abs(inner_[j][k]) * size <= negligible_) continue;
    LINDWURM_PETSC(VecRestoreArray(outputs_[j], &wanted[restored++].second));
  }
  LINDWURM_PETSC(VecRestoreArrayRead(here_, &here));
}

}  // namespace lindwurm
