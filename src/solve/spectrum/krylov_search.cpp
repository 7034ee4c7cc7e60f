#include "krylov_search.hpp"

#include <fmt/format.h>
#include <slepceps.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "lindwurm/backend/dense.hpp"
#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/random.hpp"
#include "real_schur.hpp"

namespace lindwurm {

namespace {

using EpsHandle = Handle<EPS, EPSDestroy>;

// The smallest degree of the filter, that is the number of products with L in one application. At
// this degree the orthogonalisation costs little in comparison. If it does not separate slow modes,
// the degree is raised step by step.
constexpr int least_degree = 150;
constexpr int most_degree = 9600;
constexpr int degree_step = 4;
// The number of restarts, and the number of applications in a test, before a longer filter is
// tried.
constexpr int patience = 6;
constexpr int patience_of_test = 300;
// The filter separates modes whose factors are at least exp(-deepest).
constexpr double deepest = 6;
// The tolerances of the right and of the left vectors. The eigenvalues are computed from both, and
// their errors are of the order of the product.
constexpr double right_tolerance = 1e-11;
constexpr double left_tolerance = 1e-9;
constexpr int krylov_vectors = 48;
constexpr int most_left_rounds = 20;
// The left subspace must have the same eigenvalues as the right one. They count as the same if they
// differ by at most this many times the accuracy, and if no direction of the right subspace is
// almost orthogonal to the left one.
constexpr double near_enough = 1e4;
// Modes whose rates differ by less than this many times the accuracy are kept together.
constexpr double indistinct = 1e3;
constexpr double least_overlap = 1e-10;
constexpr int most_widenings = 6;
constexpr double widening = 1.3;
constexpr std::uint64_t seed = 20577;

VecHandle random_start(const Liouvillian& liouvillian, std::uint64_t stream) {
  VecHandle start = liouvillian.vector();
  fill_normally(start, Draws(seed, stream, DrawPurpose::search));
  return start;
}

// Adds orthonormal vectors of the dominant modes of the filter, orthogonal to the known ones. They
// are `wanted` vectors, or more if more converge.
void add_dominant(ExponentialFilter& filter, int wanted, Vec start, double tolerance, long restarts,
                  std::vector<VecHandle>& known) {
  PetscInt n = 0;
  LINDWURM_PETSC(VecGetSize(start, &n));
  const PetscInt room = n - static_cast<PetscInt>(known.size());
  const PetscInt nev = std::min<PetscInt>(wanted, room);
  if (nev <= 0 || restarts <= 0) return;
  const PetscInt ncv = std::min<PetscInt>(room, std::max<PetscInt>(2 * nev + 20, krylov_vectors));
  const MatHandle matrix = filter.matrix();
  EpsHandle eps;
  LINDWURM_PETSC(EPSCreate(filter.communicator(), eps.put()));
  LINDWURM_PETSC(EPSSetOptionsPrefix(eps, "spectrum_"));
  LINDWURM_PETSC(EPSSetOperators(eps, matrix, nullptr));
  LINDWURM_PETSC(EPSSetProblemType(eps, EPS_NHEP));
  LINDWURM_PETSC(EPSSetType(eps, EPSKRYLOVSCHUR));
  LINDWURM_PETSC(EPSSetWhichEigenpairs(eps, EPS_LARGEST_MAGNITUDE));
  LINDWURM_PETSC(EPSSetTolerances(eps, tolerance, static_cast<PetscInt>(restarts)));
  LINDWURM_PETSC(EPSSetDimensions(eps, nev, ncv, PETSC_DEFAULT));
  LINDWURM_PETSC(EPSSetInitialSpace(eps, 1, &start));
  std::vector<Vec> deflated(known.begin(), known.end());
  if (!deflated.empty()) {
    LINDWURM_PETSC(
        EPSSetDeflationSpace(eps, static_cast<PetscInt>(deflated.size()), deflated.data()));
  }
  LINDWURM_PETSC(EPSSetFromOptions(eps));
  const PetscErrorCode code = EPSSolve(eps);
  filter.rethrow();
  LINDWURM_PETSC(code);
  PetscInt converged = 0;
  LINDWURM_PETSC(EPSGetConverged(eps, &converged));
  std::vector<VecHandle> found;
  for (PetscInt k = 0; k < converged; ++k)
    found.push_back(duplicate(start));
  std::vector<Vec> borrowed(found.begin(), found.end());
  if (converged > 0) LINDWURM_PETSC(EPSGetInvariantSubspace(eps, borrowed.data()));
  for (auto& vector : found) {
    remove_components(vector, known);
    LINDWURM_PETSC(VecNormalize(vector, nullptr));
    known.push_back(std::move(vector));
  }
}

// The rate at which this vector decays, less its components along the known ones, which span an
// invariant subspace. The vector is overwritten.
double decay_rate(ExponentialFilter& filter, Vec vector, const std::vector<VecHandle>& known) {
  remove_components(vector, known);
  const double before = norm(vector);
  if (!(before > 0)) return 0;
  const VecHandle image = duplicate(vector);
  filter.apply(vector, image);
  remove_components(image, known);
  const double share = std::max(norm(image) / before, std::numeric_limits<double>::min());
  return -std::log(share) / filter.time();
}

// The matrix a^T L b, or a^T L^T b.
Eigen::MatrixXd between(const std::vector<VecHandle>& a, const Liouvillian& liouvillian,
                        const std::vector<VecHandle>& b,
                        ExponentialFilter::Side side = ExponentialFilter::Side::right) {
  const Mat l = liouvillian.constant_part();
  const VecHandle image = liouvillian.vector();
  Eigen::MatrixXd all(a.size(), b.size());
  for (std::size_t k = 0; k < b.size(); ++k) {
    LINDWURM_PETSC(side == ExponentialFilter::Side::right ? MatMult(l, b[k], image)
                                                          : MatMultTranspose(l, b[k], image));
    all.col(static_cast<Eigen::Index>(k)) = components(a, image);
  }
  return all;
}

Eigen::MatrixXd projected(const Liouvillian& liouvillian, ExponentialFilter::Side side,
                          const std::vector<VecHandle>& vectors) {
  return between(vectors, liouvillian, vectors, side);
}

// For each value, the nearest partner among the others. Each partner is used once. Empty if a
// partner is further away than `distance`.
std::vector<std::size_t> partners(const std::vector<Complex>& values,
                                  const std::vector<Complex>& others, double distance) {
  std::vector<bool> is_taken(others.size(), false);
  std::vector<std::size_t> found;
  for (const Complex& value : values) {
    std::size_t best = others.size();
    for (std::size_t k = 0; k < others.size(); ++k) {
      const double far = std::abs(others[k] - value);
      if (is_taken[k] || far > distance) continue;
      if (best == others.size() || far < std::abs(others[best] - value)) best = k;
    }
    if (best == others.size()) return {};
    is_taken[best] = true;
    found.push_back(best);
  }
  return found;
}

// Reorders the Schur form so that these eigenvalues come first.
RealSchur reordered(RealSchur schur, const std::vector<std::size_t>& chosen) {
  std::vector<bool> is_chosen(schur.values().size(), false);
  for (std::size_t k : chosen)
    is_chosen[k] = true;
  schur.bring_forward(is_chosen);
  return schur;
}

SpectralLine widened(SpectralLine line) {
  line.centre *= widening;
  line.focus *= widening;
  line.turning *= widening;
  line.sinking *= widening;
  return line;
}

}  // namespace

KrylovSearch::KrylovSearch(const Liouvillian& liouvillian, const Limits& limits)
    : liouvillian_(liouvillian),
      limits_(limits),
      line_(find_line(liouvillian)),
      longest_time_(std::numeric_limits<double>::max()),
      degree_(least_degree) {}

// If L turns out to have eigenvalues outside the region of its Ritz values, the region is enlarged.
template <typename Work>
auto KrylovSearch::with_filter(Side side, Work work) {
  for (int attempt = 0;; ++attempt) {
    ExponentialFilter filter(liouvillian_, line_, side, degree_, longest_time_);
    try {
      auto result = work(filter);
      products_ += filter.products();
      return result;
    } catch (const SpectrumOutside&) {
      products_ += filter.products();
      if (attempt == most_widenings) throw;
      line_ = widened(line_);
    }
  }
}

// Limits tau so that exp(tau L) does not suppress modes of this rate too much.
void KrylovSearch::make_milder(double rate) {
  if (rate > 0) longest_time_ = std::min(longest_time_, deepest / rate);
}

// Makes a longer filter, which separates more modes. It does not if the rate of the modes sets the
// length, or if there are no products left for it.
bool KrylovSearch::make_longer(double time) {
  if (degree_ * degree_step > most_degree || time >= longest_time_ || products_left() == 0)
    return false;
  degree_ *= degree_step;
  return true;
}

// How often so many applications of the filter can be afforded.
long KrylovSearch::affordable(const ExponentialFilter& filter, long applications, long used) const {
  const long left = std::max(0L, limits_.products - used);
  return left / std::max(1, filter.degree()) / std::max(1L, applications);
}

bool KrylovSearch::find(int count, Vec start) {
  const std::size_t before = vectors_.size();
  const std::size_t wanted = before + static_cast<std::size_t>(count);
  for (;;) {
    const VecHandle random = random_start(liouvillian_, draws_++);
    double rate_of_rest = 0;
    const double time = with_filter(Side::right, [&](ExponentialFilter& filter) {
      const long restarts =
          std::clamp<long>(affordable(filter, krylov_vectors / 2, products_), 1, patience);
      add_dominant(filter, static_cast<int>(wanted - vectors_.size()),
                   start == nullptr ? random : start, right_tolerance, restarts, vectors_);
      if (vectors_.size() < wanted) rate_of_rest = decay_rate(filter, random, vectors_);
      return filter.time();
    });
    start = nullptr;
    // The filter removes what is left down to rounding errors, which no longer filter would change.
    if (rate_of_rest * time > 2 * deepest) {
      make_milder(rate_of_rest);
      continue;
    }
    values_ = RealSchur(projected(liouvillian_, Side::right, vectors_)).values();
    double rate = 0;
    for (const Complex& value : values_)
      rate = std::max(rate, -value.real());
    // The filter nearly removes these modes, so their order is not reliable.
    if (rate * time > 2 * deepest && vectors_.size() > before) {
      make_milder(rate);
      vectors_.resize(before);
      continue;
    }
    if (vectors_.size() >= wanted) return true;
    if (!make_longer(time)) return false;
  }
}

KrylovSearch::Outcome KrylovSearch::complete(double rate) {
  make_milder(rate);
  DecayTest test;
  for (bool is_settled = false; !is_settled;) {
    double time = 0;
    test = with_filter(Side::right, [&](ExponentialFilter& filter) {
      time = filter.time();
      const long applications = std::min<long>(affordable(filter, 1, products_), patience_of_test);
      return test_decay(filter, vectors_, rate, draws_++, krylov_vectors,
                        static_cast<int>(applications));
    });
    ++tests_;
    is_settled = test.is_passed || !test.suspects.empty() || !make_longer(time);
  }
  if (test.is_passed) {
    certified_rate_ = std::max(rate, test.rate);
    return Outcome::complete;
  }
  if (test.suspects.empty() || products_left() == 0) {
    failure_ = fmt::format(
        "{} products with L did not show that no mode with Re lambda >= {:.6g} is missing",
        products_, -rate);
    return Outcome::failed;
  }
  VecHandle start = duplicate(test.suspects.front());
  combine(test.suspects, Eigen::VectorXd::Ones(static_cast<Eigen::Index>(test.suspects.size())),
          start);
  const std::size_t before = vectors_.size();
  (void)find(static_cast<int>(test.suspects.size()), start);
  if (vectors_.size() > before) return Outcome::found_more;
  failure_ = fmt::format("a mode with Re lambda >= {:.6g} stood out that did not converge", -rate);
  return Outcome::failed;
}

InvariantSubspace KrylovSearch::slower_than(double rate) {
  InvariantSubspace found;
  std::vector<std::size_t> order(values_.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return values_[a].real() > values_[b].real();
  });
  // The cut is placed in a gap between rates. Otherwise left and right vectors of modes of nearly
  // the same rate would mix.
  double last = -rate;
  std::vector<std::size_t> chosen;
  for (std::size_t k : order) {
    const double here = values_[k].real();
    if (here < -rate && here < last - indistinct * limits_.cluster) break;
    last = std::min(last, here);
    chosen.push_back(k);
  }
  const auto m = static_cast<Eigen::Index>(chosen.size());
  if (m == 0) return found;
  const RealSchur schur =
      reordered(RealSchur(projected(liouvillian_, Side::right, vectors_)), chosen);
  found.right = combinations(vectors_, schur.right_space(m));
  found.matrix = schur.triangle().topLeftCorner(m, m);
  found.left = left_of(found);
  // With both left and right vectors, the error is of second order in the errors of the vectors.
  if (!found.left.empty()) found.matrix = between(found.left, liouvillian_, found.right);
  return found;
}

std::vector<VecHandle> KrylovSearch::left_of(const InvariantSubspace& right) {
  const auto values = eigenvectors(right.matrix).values;
  const auto m = static_cast<Eigen::Index>(values.size());
  // All left vectors have a component along the sum of the right ones.
  VecHandle start = duplicate(right.right.front());
  combine(right.right, Eigen::VectorXd::Ones(m), start);
  std::vector<VecHandle> vectors;
  return with_filter(Side::left, [&](ExponentialFilter& filter) -> std::vector<VecHandle> {
    for (int round = 0; round < most_left_rounds; ++round) {
      const std::size_t before = vectors.size();
      const long restarts = affordable(filter, krylov_vectors / 2, filter.products());
      add_dominant(filter, round == 0 ? static_cast<int>(m) : 1, start, left_tolerance, restarts,
                   vectors);
      if (vectors.size() == before) break;
      RealSchur schur(projected(liouvillian_, Side::left, vectors));
      // At an exceptional point, eigenvalues are known only to the square root of the tolerance.
      // The overlaps show whether the right ones were chosen.
      const auto chosen = partners(values, schur.values(), near_enough * limits_.cluster);
      if (!chosen.empty()) {
        const auto left = combinations(vectors, reordered(std::move(schur), chosen).right_space(m));
        const Eigen::MatrixXd overlap = overlaps(left, right.right);
        if (singular_values(overlap).tail(1)(0) > least_overlap)
          return combinations(left, inverse(Eigen::MatrixXd(overlap.transpose())));
      }
      start = random_start(liouvillian_, draws_++);
    }
    return {};
  });
}

}  // namespace lindwurm
