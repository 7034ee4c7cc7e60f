#include "slow_space.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "lindwurm/backend/dense.hpp"

namespace lindwurm {

namespace {

// Shares of a random operator of norm 1 among n, times sqrt(n). The probability that the operator
// holds less than this of a given direction is about the same number.
constexpr double certain_share = 1e-5;
constexpr double likely_share = 1e-3;
constexpr double room_for_rounding = 10;
// An eigenvalue that is at least this many errors away from 0 is not 0.
constexpr double errors_from_zero = 10;
// |M v|/|v| in units of tau: below the first of these, v counts as slow; below the second, as good
// as stationary.
constexpr double slow_rate = 1e-3;
constexpr double vanishing_rate = 1e-6;
constexpr double relaxed_rate = 1e-8;
constexpr double relaxation_tolerance = 1e-9;
constexpr int relaxations = 2;
constexpr int most_tries = 4;  // one answer, and what is left after relaxations
constexpr int most_corrections = 5;
constexpr int least_iterations = 500;
// The relative accuracy to which eigenvalues are computed, and the gain of one correction.
constexpr double digits = 1e-4;

// The smallest modulus of an eigenvalue of H; 0 if an eigenvalue may be 0.
double smallest(const Eigen::MatrixXd& h, double accuracy) {
  const double least = general_eigenvalues(h).cwiseAbs().minCoeff();
  return least > accuracy ? least : 0;
}

}  // namespace

SlowSpace::SlowSpace(StationarySystem& system, double accuracy, Side side)
    : system_(system),
      accuracy_(accuracy),
      side_(side),
      random_(side == Side::right ? 22111 : 20081),
      allowed_(std::max(system.max_iterations(), least_iterations)) {
  PetscInt size = 0;
  LINDWURM_PETSC(VecGetSize(system.trace(), &size));
  share_ = 1 / std::sqrt(static_cast<double>(size));
}

void SlowSpace::keep_trace(Vec v) const {
  const double d = dot(system_.trace(), system_.trace());
  if (d == 0) return;  // a sector without diagonal elements
  LINDWURM_PETSC(VecAXPY(v, -dot(system_.trace(), v) / d, system_.trace()));
}

VecHandle SlowSpace::draw() {
  VecHandle v = duplicate(system_.trace());
  fill_randomly(v, random_);
  keep_trace(v);
  system_.project(v);
  LINDWURM_PETSC(VecNormalize(v, nullptr));
  return v;
}

double SlowSpace::rate_of(Vec v) const {
  const VecHandle image = duplicate(v);
  system_.apply_deflated(v, image, side_);
  return norm(image);
}

StationarySystem::Outcome SlowSpace::spend(Vec b, Vec x, double tolerance, int iterations) {
  const int left = std::max(0, allowed_ - iterations_);
  if (left == 0) return {false, 0, "no iterations are left"};
  const auto outcome = system_.solve(b, x, tolerance, std::min(iterations, left), side_);
  iterations_ += outcome.iterations;
  return outcome;
}

// Continues from the answer found so far. Near a stationary operator, GMRES's own residual may fall
// although the true one does not.
bool SlowSpace::answer(int iterations) {
  if (question_.get() == nullptr) {
    question_ = draw();
    answer_ = duplicate(question_);
    LINDWURM_PETSC(VecSet(answer_, 0.0));
  }
  const double tolerance = certain_share * share_;
  const bool seems_solved = spend(question_, answer_, tolerance, iterations).is_converged;
  const double residual = system_.residual(question_, answer_, side_);
  if (!(residual < 1)) question_ = {};  // worse than no answer: start anew
  return seems_solved && residual <= room_for_rounding * tolerance;
}

// The remainder of a random operator x after M x was made small, normalised. M x = 0 has a solution
// for any rank of M, and GMRES does not change the part that M does not change.
VecHandle SlowSpace::relaxed(int iterations, double& rate) {
  VecHandle x = draw();
  const VecHandle zero = duplicate(x);
  LINDWURM_PETSC(VecSet(zero, 0.0));
  for (int pass = 0; pass < relaxations; ++pass) {
    const bool is_small =
        spend(zero, x, relaxation_tolerance * system_.scale(), iterations).is_converged;
    if (side_ == Side::right) keep_trace(x);
    system_.project(x);
    PetscReal left = 0;
    LINDWURM_PETSC(VecNormalize(x, &left));
    // If nothing is left, the remainder is rounding, which may lie along the columns.
    const bool is_left = left > certain_share * share_;
    rate = is_left ? rate_of(x) : std::numeric_limits<double>::infinity();
    // An operator on which the solver makes no progress is slow.
    const double wanted = is_small ? relaxed_rate : slow_rate;
    if (!(rate > wanted * system_.scale()) || !is_left) break;
  }
  return x;
}

void SlowSpace::add(VecHandle candidate) {
  if (side_ == Side::right) keep_trace(candidate);
  system_.project(candidate);
  LINDWURM_PETSC(VecNormalize(candidate, nullptr));
  columns_.push_back(std::move(candidate));
  question_ = {};
}

void SlowSpace::find_all(int limit, int patience, double known) {
  system_.deflate(columns_);
  const bool has_trace = dot(system_.trace(), system_.trace()) > 0;
  PetscInt room = 0;  // the dimension of traceless operators
  LINDWURM_PETSC(VecGetSize(system_.trace(), &room));
  if (has_trace) --room;
  bool expects_more = false;
  for (;;) {
    if (size() == room) {  // nothing is left outside
      answer_ = duplicate(system_.trace());
      LINDWURM_PETSC(VecSet(answer_, 0.0));
      is_complete_ = true;
      break;
    }
    bool is_answered = !expects_more && answer(patience);
    if (!is_answered) {
      if (size() == limit) break;
      if (system_.shift_coarsely()) continue;
      double rate = 0;
      VecHandle x = relaxed(patience, rate);
      if (rate <= (expects_more ? vanishing_rate : slow_rate) * system_.scale()) {
        expects_more = rate <= vanishing_rate * system_.scale();
        add(std::move(x));
        allowed_ += most_tries * patience;
        continue;
      }
      expects_more = false;
      is_answered = answer(system_.max_iterations());
      if (!is_answered) {
        // No number of steps gave an answer. The operator that prevents it may need as many steps
        // to appear.
        allowed_ += relaxations * system_.max_iterations();
        x = relaxed(system_.max_iterations(), rate);
        if (!(rate <= slow_rate * system_.scale())) break;
        add(std::move(x));
        continue;
      }
    }
    if (norm(answer_) * std::max(100 * accuracy_, known) < likely_share * share_) {
      is_complete_ = true;
      break;
    }
    if (size() == limit) break;
    add(std::move(answer_));
  }
  system_.deflate_nothing();
}

void SlowSpace::find(int count, int patience) {
  system_.deflate(columns_);
  allowed_ += most_tries * count * patience;
  while (size() < count) {
    double rate = 0;
    add(answer(patience) ? std::move(answer_) : relaxed(patience, rate));
  }
  system_.deflate_nothing();
}

void SlowSpace::orthonormalise() {
  std::vector<VecHandle> all = std::exchange(columns_, {});
  system_.deflate(columns_);
  for (VecHandle& column : all) {
    if (side_ == Side::right) keep_trace(column);
    system_.project(column);
    LINDWURM_PETSC(VecNormalize(column, nullptr));
    columns_.push_back(std::move(column));
  }
}

// Computes H and the negative residuals of M u - U h.
std::vector<VecHandle> SlowSpace::rests() {
  h_.resize(size(), size());
  residual_ = 0;
  std::vector<VecHandle> all;
  for (int j = 0; j < size(); ++j) {
    VecHandle image = duplicate(columns_[j]);
    system_.apply(columns_[j], image, side_);
    for (int i = 0; i < size(); ++i)
      h_(i, j) = dot(columns_[i], image);
    system_.project(image);
    LINDWURM_PETSC(VecScale(image, -1.0));
    residual_ = std::max(residual_, norm(image));
    all.push_back(std::move(image));
  }
  return all;
}

// Solves (1 - U U^T) M D - D H = -(M U - U H). D H is small compared with the rest, because M is
// much faster outside of U than inside.
void SlowSpace::refine() {
  if (columns_.empty()) return;
  double before = std::numeric_limits<double>::infinity();
  for (int pass = 0;; ++pass) {
    orthonormalise();
    const std::vector<VecHandle> left = rests();
    const bool is_done = residual_ <= std::max(accuracy_, digits * smallest(h_, accuracy_));
    if (is_done || !(residual_ < before / 2) || pass == most_corrections) break;
    before = residual_;
    std::vector<VecHandle> corrections;
    for (const auto& rest : left) {
      corrections.push_back(duplicate(rest));
      LINDWURM_PETSC(VecSet(corrections.back(), 0.0));
      if (norm(rest) <= accuracy_ / 2) continue;
      (void)spend(rest, corrections.back(), std::max(digits * norm(rest), accuracy_ / 10),
                  system_.max_iterations());
    }
    for (int j = 0; j < size(); ++j)
      LINDWURM_PETSC(VecAXPY(columns_[j], 1.0, corrections[j]));
  }
  system_.deflate_nothing();
}

// x + U a, with a such that U^T M (x + U a) = U^T b.
void SlowSpace::add_slow_part(const Eigen::VectorXd& wanted, Vec x) const {
  const VecHandle image = duplicate(x);
  system_.apply(x, image, side_);
  Eigen::VectorXd missing(size());
  for (int i = 0; i < size(); ++i)
    missing(i) = wanted(i) - dot(columns_[i], image);
  const Eigen::VectorXd parts = h_.fullPivLu().solve(missing);
  for (int i = 0; i < size(); ++i)
    LINDWURM_PETSC(VecAXPY(x, parts(i), columns_[i]));
}

VecHandle SlowSpace::response() const {
  VecHandle y = duplicate(answer_);
  LINDWURM_PETSC(VecCopy(answer_, y));
  if (columns_.empty()) return y;
  std::mt19937_64 random(7919);
  std::normal_distribution<double> normal(0, share_);
  Eigen::VectorXd drawn(size());
  for (double& number : drawn)
    number = normal(random);
  add_slow_part(drawn, y);
  return y;
}

StationarySystem::Outcome SlowSpace::solve(Vec b, Vec x, double tolerance) {
  if (columns_.empty()) return system_.solve(b, x, tolerance, 0, side_);
  Eigen::VectorXd wanted(size());
  for (int i = 0; i < size(); ++i)
    wanted(i) = dot(columns_[i], b);
  const VecHandle rest = duplicate(b);
  LINDWURM_PETSC(VecCopy(b, rest));
  system_.deflate(columns_);
  system_.project(rest);
  system_.project(x);
  const auto outcome = system_.solve(rest, x, tolerance, 0, side_);
  system_.deflate_nothing();
  add_slow_part(wanted, x);
  return outcome;
}

std::vector<VecHandle> SlowSpace::slowest(int count) const {
  std::vector<VecHandle> all;
  if (count == 0) return all;
  const Eigen::MatrixXd directions = right_singular_vectors(h_);
  for (int j = 0; j < count; ++j) {
    VecHandle v = duplicate(columns_.front());
    LINDWURM_PETSC(VecSet(v, 0.0));
    for (int i = 0; i < size(); ++i)
      LINDWURM_PETSC(VecAXPY(v, directions(i, size() - 1 - j), columns_[i]));
    all.push_back(std::move(v));
  }
  return all;
}

namespace {

// The condition numbers |w| |v| / |w . v| of the eigenvalues of H, where w and v are the left and
// right eigenvectors of M. With the left slow space W, w = W (U^T W)^-1 l for a left eigenvector l
// of H.
Eigen::VectorXd conditions(const SlowSpace& right, const SlowSpace& left,
                           const Eigen::MatrixXcd& vectors) {
  const int k = right.size();
  Eigen::MatrixXd overlaps(k, k);
  for (int i = 0; i < k; ++i)
    for (int j = 0; j < k; ++j)
      overlaps(i, j) = dot(left.columns()[i], right.columns()[j]);
  const Eigen::MatrixXcd partners =
      inverse(vectors) * inverse(overlaps).cast<std::complex<double>>();
  Eigen::VectorXd all(k);
  for (int j = 0; j < k; ++j) {
    const double condition = partners.row(j).norm() * vectors.col(j).norm();
    all(j) = std::isfinite(condition) ? std::max(1.0, condition)
                                      : std::numeric_limits<double>::infinity();
  }
  return all;
}

}  // namespace

Stationarity stationarity(const SlowSpace& right, const SlowSpace* left, double accuracy) {
  Stationarity found;
  const int k = right.size();
  if (k == 0) return found;
  const auto vanishing =
      static_cast<int>((singular_values(right.matrix()).array() <= accuracy).count());
  // A column that was not found accurately enough proves nothing.
  const bool is_well_known = right.residual() <= errors_from_zero * accuracy;
  found.stationary = is_well_known ? vanishing : 0;
  const GeneralEigen eigen = general_eigen(right.matrix());
  const Eigen::VectorXd moduli = eigen.values.cwiseAbs();
  std::vector<int> order(k);
  for (int j = 0; j < k; ++j)
    order[j] = j;
  std::sort(order.begin(), order.end(), [&](int a, int b) { return moduli(a) < moduli(b); });
  const bool has_partners = left != nullptr && left->size() == k;
  const Eigen::VectorXd condition =
      has_partners ? conditions(right, *left, eigen.vectors) : Eigen::VectorXd::Zero(k).eval();
  for (int j = found.stationary; j < k; ++j) {
    const double lambda = moduli(order[j]);
    const double error = condition(order[j]) * std::max(accuracy, right.residual());
    if (!has_partners || !(lambda > errors_from_zero * error)) {
      ++found.unresolved;
    } else if (!found.gap || lambda < *found.gap) {
      found.gap = lambda;
      found.gap_error = error;
    }
  }
  if (found.unresolved > 0) found.gap.reset();
  return found;
}

}  // namespace lindwurm
