#include "exponential_filter.hpp"

#include <algorithm>
#include <cmath>

#include "lindwurm/backend/callback.hpp"
#include "solve/evolve/chebyshev_recurrence.hpp"

namespace lindwurm {

namespace {

// The largest term relative to the vector. Larger terms mean that L has eigenvalues outside the
// ellipse, and they cost digits.
constexpr double largest_term = 1e3;
constexpr int longest_series = 20000;

// On the ellipse, |T_k| is at most cosh(k growth).
double growth(const SpectralLine& line) {
  const double ratio = line.turning / line.focus;
  return line.is_imaginary ? std::acosh(std::max(1.0, ratio)) : std::asinh(ratio);
}

// The coefficients up to the point where all further terms add less than the truncation error
// anywhere in the ellipse.
std::vector<double> sufficient_coefficients(const SpectralLine& line, double t) {
  const int most = static_cast<int>(1.5 * likely_terms(line, t)) + 60;
  auto c = coefficients(line, std::min(most, longest_series), t);
  const double rate = growth(line);
  double rest = 0;
  while (c.size() > 2) {
    const double size = std::log(std::abs(c.back())) + rate * static_cast<double>(c.size() - 1);
    rest += std::exp(size);
    if (!(rest <= ExponentialFilter::truncation())) break;
    c.pop_back();
  }
  return c;
}

// The time for which the series has this degree.
double time_of_degree(const SpectralLine& line, int degree, double longest) {
  const auto is_too_long = [&](double t) {
    return likely_terms(line, t) > 4 * degree ||
           sufficient_coefficients(line, t).size() > static_cast<std::size_t>(degree) + 1;
  };
  if (!is_too_long(longest)) return longest;
  double below = 0;
  double above = longest;
  while (above - below > 1e-2 * above) {
    const double middle = (below + above) / 2;
    (is_too_long(middle) ? above : below) = middle;
  }
  return below > 0 ? below : above;
}

}  // namespace

PetscErrorCode apply_filter(Mat shell, Vec in, Vec out) {
  void* context = nullptr;
  if (const auto code = MatShellGetContext(shell, &context); code != 0) return code;
  auto& filter = *static_cast<ExponentialFilter*>(context);
  return petsc_callback(filter.failure_, [&] { filter.apply(in, out); });
}

ExponentialFilter::ExponentialFilter(const Liouvillian& liouvillian, const SpectralLine& line,
                                     Side side, int degree, double longest_time)
    : liouvillian_(liouvillian),
      line_(line),
      side_(side),
      time_(time_of_degree(line, degree, longest_time)),
      coefficients_(sufficient_coefficients(line, time_)),
      here_(liouvillian.vector()),
      next_(liouvillian.vector()),
      image_(liouvillian.vector()) {}

void ExponentialFilter::multiply(Vec in, Vec out) const {
  const Mat l = liouvillian_.constant_part();
  LINDWURM_PETSC(side_ == Side::right ? MatMult(l, in, out) : MatMultTranspose(l, in, out));
}

void ExponentialFilter::apply(Vec in, Vec out) {
  const double scale = norm(in);
  LINDWURM_PETSC(VecCopy(in, here_));
  LINDWURM_PETSC(VecCopy(in, out));
  LINDWURM_PETSC(VecScale(out, coefficients_[0]));
  LINDWURM_PETSC(VecSet(next_, 0.0));
  const double sign = line_.is_imaginary ? 1 : -1;
  for (std::size_t k = 1; k < coefficients_.size(); ++k) {
    const double size = next_term(k == 1 ? 1 : 2, k == 1 ? 0 : sign, coefficients_[k], out);
    last_term_ = scale > 0 ? std::abs(coefficients_[k]) * size / scale : 0;
    if (!(last_term_ <= largest_term)) {
      throw SpectrumOutside("L has eigenvalues far outside the region that its Ritz values show");
    }
  }
}

// Computes T_k+1 from T_k and T_k-1, and adds it to the sum with its coefficient. Returns its norm.
double ExponentialFilter::next_term(double times, double sign, double c, Vec sum) {
  multiply(here_, image_);
  ++products_;
  PetscInt n = 0;
  LINDWURM_PETSC(VecGetLocalSize(here_, &n));
  const double a = times / line_.focus;
  const double size =
      recur_on_vectors(image_, here_, next_, sum, liouvillian_.communicator(),
                       [&](const double* image, const double* here, double* next, double* total) {
                         return recur(image, here, next, total, n, a, -a * line_.centre, sign, c);
                       });
  std::swap(here_, next_);
  return size;
}

MatHandle ExponentialFilter::matrix() {
  PetscInt local = 0;
  LINDWURM_PETSC(VecGetLocalSize(here_, &local));
  MatHandle shell;
  LINDWURM_PETSC(MatCreateShell(liouvillian_.communicator(), local, local, PETSC_DETERMINE,
                                PETSC_DETERMINE, this, shell.put()));
  LINDWURM_PETSC(
      MatShellSetOperation(shell, MATOP_MULT, reinterpret_cast<void (*)()>(apply_filter)));
  return shell;
}

void ExponentialFilter::rethrow() const {
  if (failure_) std::rethrow_exception(failure_);
}

}  // namespace lindwurm
