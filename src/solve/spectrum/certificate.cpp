#include "certificate.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "lindwurm/backend/random.hpp"
#include "real_schur.hpp"

namespace lindwurm {

namespace {

// A unit vector's component along a random normal vector is smaller than this with the probability
// DecayTest::chance. The normal density at 0 is sqrt(2/pi); for the larger part of a complex vector
// it is larger by a factor sqrt(2).
constexpr double least_share = 1e-6;
// The largest truncation error of the series, relative to the quantity it is compared with.
constexpr double share_of_radius = 1e-3;
constexpr int angles = 720;
// A Ritz value outside the circle indicates a missing mode if its residual is below this share of
// it.
constexpr double found_share = 1e-3;
constexpr std::uint64_t seed = 22838;

// The smallest log |prod_j (z - z_j)| on the circle |z| = radius, with all zeros inside it.
double least_log_on_circle(const std::vector<Complex>& zeros, double radius) {
  std::vector<double> looked_at;
  for (int k = 0; k <= angles; ++k)
    looked_at.push_back(std::numbers::pi * k / angles);
  // Between these angles, |p| can have a minimum only near a zero.
  for (const Complex& zero : zeros)
    looked_at.push_back(std::abs(std::arg(zero)));
  double least = 1e300;
  for (double angle : looked_at) {
    const Complex z = std::polar(radius, angle);
    double sum = 0;
    for (const Complex& zero : zeros)
      sum += std::log(std::abs(z - zero));
    least = std::min(least, sum);
  }
  return least;
}

class RandomDecay {
 public:
  RandomDecay(ExponentialFilter& filter, const std::vector<VecHandle>& known, Vec like,
              std::uint64_t draw, int vectors)
      : filter_(filter), known_(known), h_(Eigen::MatrixXd::Zero(vectors + 1, vectors)) {
    for (int k = 0; k <= vectors; ++k)
      basis_.push_back(duplicate(like));
    fill_normally(basis_[0], Draws(seed, draw, DrawPurpose::certificate));
    remove_components(basis_[0], known);
    first_length_ = norm(basis_[0]);
    log_size_ = std::log(first_length_);
    is_exhausted_ = !(first_length_ > 0);
    if (!is_exhausted_) LINDWURM_PETSC(VecScale(basis_[0], 1 / first_length_));
  }

  [[nodiscard]] bool is_exhausted() const { return is_exhausted_; }
  [[nodiscard]] bool is_full() const { return steps_ == h_.cols(); }

  void step() {
    const Vec next = basis_[steps_ + 1];
    filter_.apply(basis_[steps_], next);
    remove_components(next, known_);
    for (int pass = 0; pass < 2; ++pass) {
      for (int k = 0; k <= steps_; ++k) {
        const double c = dot(basis_[k], next);
        LINDWURM_PETSC(VecAXPY(next, -c, basis_[k]));
        h_(k, steps_) += c;
      }
    }
    const double left = norm(next);
    h_(steps_ + 1, steps_) = left;
    // The remainder is only rounding: the Krylov space contains everything that x can reach.
    is_exhausted_ = left <= 1e-14 * h_.cwiseAbs().maxCoeff();
    if (!is_exhausted_) LINDWURM_PETSC(VecScale(next, 1 / left));
    ++steps_;
    log_size_ += std::log(std::max(left, 1e-300));
    ritz_ = eigenvectors(h_.topLeftCorner(steps_, steps_));
  }

  // Checks the region; call it after the first step. If an eigenvalue lies so far outside the
  // ellipse that the series is inaccurate there, its last term T_K shows it: |c_K T_K(lambda)|
  // |w^dag x| <= |c_K T_K(L) x|.
  void require_region(double radius) const {
    const double largest = filter_.last_term() * first_length_ / least_share;
    if (largest > share_of_radius * radius)
      throw SpectrumOutside("L has eigenvalues outside the region that its Ritz values show");
  }

  // Restarts from p(F) x. The zeros of p are kept.
  void begin_anew() {
    zeros_.insert(zeros_.end(), ritz_.values.begin(), ritz_.values.end());
    std::swap(basis_[0], basis_[steps_]);
    h_.setZero();
    steps_ = 0;
  }

  [[nodiscard]] bool has_outside(double radius) const {
    return std::any_of(ritz_.values.begin(), ritz_.values.end(),
                       [&](Complex z) { return std::abs(z) >= radius; });
  }

  [[nodiscard]] bool excludes(double radius) const {
    if (has_outside(radius)) return false;
    if (is_exhausted_) return true;
    std::vector<Complex> zeros = zeros_;
    zeros.insert(zeros.end(), ritz_.values.begin(), ritz_.values.end());
    if (std::any_of(zeros.begin(), zeros.end(), [&](Complex z) { return std::abs(z) >= radius; }))
      return false;
    return least_log_on_circle(zeros, radius) + std::log(least_share) > log_size_;
  }

  // The Ritz vectors of Ritz values outside the circle. The real and imaginary parts are added up.
  [[nodiscard]] std::vector<VecHandle> outside(double radius, double share) const {
    std::vector<VecHandle> suspects;
    const double left = h_(steps_, steps_ - 1);
    for (Eigen::Index k = 0; k < steps_; ++k) {
      const Complex z = ritz_.values[k];
      const Eigen::VectorXcd s = ritz_.right.col(k);
      const double residual = is_exhausted_ ? 0 : left * std::abs(s(steps_ - 1));
      if (z.imag() < 0 || std::abs(z) < radius || residual > share * std::abs(z)) continue;
      VecHandle suspect = duplicate(basis_[0]);
      LINDWURM_PETSC(VecSet(suspect, 0.0));
      for (Eigen::Index j = 0; j < steps_; ++j)
        LINDWURM_PETSC(VecAXPY(suspect, s(j).real() + s(j).imag(), basis_[j]));
      suspects.push_back(std::move(suspect));
    }
    return suspects;
  }

 private:
  ExponentialFilter& filter_;
  const std::vector<VecHandle>& known_;
  std::vector<VecHandle> basis_;
  Eigen::MatrixXd h_;
  Eigenvectors ritz_;
  std::vector<Complex> zeros_;  // the zeros of the earlier polynomials
  double first_length_ = 0;     // |x|
  double log_size_ = 0;         // log |p(F) x| for the monic p
  int steps_ = 0;
  bool is_exhausted_ = false;
};

// A lower bound on |F(lambda)| for every lambda with Re lambda >= -rate, including the truncation
// error of the series.
double radius_of(double rate, const ExponentialFilter& filter) {
  return (1 - share_of_radius) * std::exp(-rate * filter.time());
}

}  // namespace

DecayTest test_decay(ExponentialFilter& filter, const std::vector<VecHandle>& known, double rate,
                     std::uint64_t draw, int vectors, int applications) {
  DecayTest test;
  const double radius = radius_of(rate, filter);
  RandomDecay decay(filter, known, filter.like(), draw, vectors);
  while (test.applications < applications) {
    if (decay.is_exhausted() && test.applications == 0) break;
    decay.step();
    ++test.applications;
    if (test.applications == 1) decay.require_region(radius);
    test.is_passed = decay.excludes(radius);
    if (test.is_passed || decay.is_exhausted()) break;
    test.suspects = decay.outside(radius, found_share);
    if (!test.suspects.empty()) return test;
    if (decay.is_full()) {
      test.suspects = decay.outside(radius, 1.0);
      if (!test.suspects.empty()) return test;
      decay.begin_anew();
    }
  }
  if (decay.is_exhausted() && !test.is_passed) {
    test.suspects = decay.outside(radius, 1.0);
    test.is_passed = test.suspects.empty();
  }
  if (!test.is_passed) return test;
  double below = rate;
  double above = 10 * rate + 1 / filter.time();
  while (above - below > 1e-3 * above) {
    const double middle = (below + above) / 2;
    (decay.excludes(radius_of(middle, filter)) ? below : above) = middle;
  }
  test.rate = below;
  return test;
}

}  // namespace lindwurm
