#include "modes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "complex_vector.hpp"
#include "dense_spectrum.hpp"
#include "eigenvalue_errors.hpp"
#include "eigenvector_tails.hpp"
#include "lindwurm/backend/agreement.hpp"
#include "lindwurm/backend/dense.hpp"
#include "mode_content.hpp"
#include "real_schur.hpp"

namespace lindwurm {

namespace {

// From this condition number on, eigenvalues move by the square root of a change of L.
constexpr double exceptional = 1e5;
// Orthonormalised eigenvectors are used if their residual is at most this share of the allowed one,
// or no larger than that of the original ones.
constexpr double still_eigenvectors = 0.3;

// The largest span of S, in powers of two, that does not cost digits of small elements.
constexpr int harmless_span = 20;
// The largest number of unknowns for which small elements are computed, by a sparse factorisation
// on rank 0.
constexpr std::int64_t most_unknowns_of_tails = 20'000;
// The largest uncertainty, relative to the state, at which the overlap of a left vector with a
// state counts as known.
constexpr double known_overlap = 1e-6;
// Replacing small elements must not change w^T v by more than this.
constexpr double same_product = 1e-6;

// Makes the eigenvectors of one eigenvalue well conditioned, since they may be nearly parallel. The
// right ones are orthonormalised if they remain eigenvectors. The left ones are made dual to them.
void make_dual(Eigenvectors& of, const std::vector<Eigen::Index>& equal, const Eigen::MatrixXd& t,
               double residual_allowed) {
  Eigen::MatrixXcd right = of.right(Eigen::all, equal);
  Eigen::MatrixXcd left = of.left(Eigen::all, equal);
  if (equal.size() > 1) {
    const Eigen::MatrixXcd q = thin_qr(right).q;
    const auto defect = [&](const Eigen::MatrixXcd& v) {
      return (t * v - v * of.values[equal.front()]).norm();
    };
    if (defect(q) <= std::max(defect(right), still_eigenvectors * residual_allowed)) right = q;
  }
  left *= inverse(Eigen::MatrixXcd(left.transpose() * right)).transpose();
  of.right(Eigen::all, equal) = right;
  of.left(Eigen::all, equal) = left;
  for (Eigen::Index k : equal) {
    if (of.values[k].imag() == 0) continue;
    of.right.col(k + 1) = of.right.col(k).conjugate();
    of.left.col(k + 1) = of.left.col(k).conjugate();
  }
}

// The eigenvectors of T, with w^T v = 1 for those of the same number and 0 otherwise.
Eigenvectors dual_eigenvectors(const Eigen::MatrixXd& t, double cluster, double residual_allowed) {
  Eigenvectors of = eigenvectors(t);
  const auto count = static_cast<Eigen::Index>(of.values.size());
  std::vector<bool> is_done(of.values.size(), false);
  for (Eigen::Index k = 0; k < count; ++k) {
    if (is_done[k] || of.values[k].imag() < 0) continue;
    std::vector<Eigen::Index> equal;
    for (Eigen::Index j = k; j < count; ++j) {
      const Complex value = of.values[j];
      const bool is_alike = value.imag() >= 0 && (value.imag() == 0) == (of.values[k].imag() == 0);
      if (is_done[j] || !is_alike || std::abs(value - of.values[k]) > cluster) continue;
      equal.push_back(j);
      is_done[j] = true;
    }
    make_dual(of, equal, t, residual_allowed);
  }
  return of;
}

// <A> of v for each functional.
std::vector<Complex> expectations_of(const std::vector<Functional>& functionals,
                                     const ComplexVec& v) {
  auto values = expectations(functionals, v.re);
  const auto imaginary = expectations(functionals, v.im);
  for (std::size_t k = 0; k < values.size(); ++k)
    values[k] += Complex(0, 1) * imaginary[k];
  return values;
}

// |M v - lambda v| / |v|
double residual(PetscErrorCode (*multiply)(Mat, Vec, Vec), Mat matrix, const ComplexVec& v,
                Complex lambda) {
  return length(defect(multiply, matrix, v, lambda)) / length(v);
}

// The modes of one sector, from its invariant subspace in the coordinates of the balanced matrix.
class ModesOfSector {
 public:
  ModesOfSector(const Liouvillian& liouvillian, const InvariantSubspace& subspace,
                const ModeContext& context, const SpectrumOptions& options)
      : liouvillian_(liouvillian),
        subspace_(subspace),
        context_(context),
        balancing_(context.balancing),
        small_(dual_eigenvectors(subspace.matrix, context.cluster, context.residual_allowed)),
        observer_(linear_ones(options.observe), liouvillian) {
    if (options.initial) initial_ = pack_part(*options.initial, liouvillian);
    is_graded_ = balancing_.span() > harmless_span;
    has_tails_ = is_graded_ && liouvillian.basis().size() <= most_unknowns_of_tails;
    if (has_tails_) on_rank_0(comm(), [&] { tails_.emplace(balancing_); });
    for (Eigen::Index k = 0; k < subspace.size() && needs_balanced_residuals(); ++k)
      balanced_residuals_.push_back(balanced_residual(k));
    if (!subspace.left.empty()) find_errors();
  }

  void add_to(Spectrum& all) {
    for (int k = 0; k < subspace_.size(); ++k) {
      Mode mode = make(k);
      all.eigenvalues.push_back(small_.values[k]);
      all.residuals.push_back(residual_);
      all.sectors.push_back(context_.sector);
      all.modes.push_back(std::move(mode));
    }
  }

 private:
  [[nodiscard]] MPI_Comm comm() const { return liouvillian_.communicator(); }
  [[nodiscard]] Mat l() const { return liouvillian_.constant_part(); }

  // Computes the errors in the norm of the balanced matrix. There |Q s| = |s|. With P = Q + N R,
  // where N is orthogonal to Q and R^T R = P^T P - 1, |P u| = |(u, R u)|.
  void find_errors() {
    const auto m = static_cast<Eigen::Index>(subspace_.size());
    const Eigen::MatrixXd squares = overlaps(subspace_.left, subspace_.left);
    const Eigen::MatrixXd beyond = squares - Eigen::MatrixXd::Identity(m, m);
    // Values below the rounding of |P| are raised to it.
    const Eigen::VectorXd sizes =
        beyond.diagonal().cwiseMax(1e-14 * squares.diagonal()).cwiseSqrt();
    const Eigen::MatrixXd correlation =
        sizes.cwiseInverse().asDiagonal() * beyond * sizes.cwiseInverse().asDiagonal();
    Eigen::MatrixXd r = Eigen::MatrixXd::Zero(m, m);
    if (correlation.allFinite()) {
      const SymmetricEigen eigen = symmetric_eigen(correlation);
      r = eigen.values.cwiseMax(0).cwiseSqrt().asDiagonal() * eigen.vectors.transpose() *
          sizes.asDiagonal();
    }
    const auto right = [&](std::size_t k) {
      Eigen::VectorXcd v = Eigen::VectorXcd::Zero(2 * m);
      v.head(m) = small_.right.col(static_cast<Eigen::Index>(k));
      return v;
    };
    const auto left = [&](std::size_t k) {
      Eigen::VectorXcd w(2 * m);
      w.head(m) = small_.left.col(static_cast<Eigen::Index>(k));
      w.tail(m) = r * w.head(m);
      return w;
    };
    double backward = backward_error(context_.size);
    for (double each : balanced_residuals_)
      backward = std::max(backward, each);
    errors_ = eigenvalue_errors(small_.values, right, left, backward, context_.size);
  }

  [[nodiscard]] bool needs_balanced_residuals() const {
    return !subspace_.left.empty() || !balancing_.is_trivial();
  }

  [[nodiscard]] double balanced_residual(Eigen::Index k) const {
    ComplexVec v = combined(subspace_.right, small_.right.col(k));
    const double size = length(v);
    to_right(v);
    ComplexVec rest = defect(MatMult, l(), v, small_.values[k]);
    to_left(rest);
    return length(rest) / size;
  }

  void to_right(ComplexVec& v) const {
    balancing_.to_right(v.re);
    balancing_.to_right(v.im);
  }
  void to_left(ComplexVec& w) const {
    balancing_.to_left(w.re);
    balancing_.to_left(w.im);
  }

  // Returns true if the small elements are accurate afterwards.
  [[nodiscard]] bool refine(Complex value, ComplexVec& v, bool left) const {
    const Eigen::VectorXd re = gathered(v.re);
    const Eigen::VectorXd im = gathered(v.im);
    bool is_refined = false;
    Eigen::MatrixXd columns;
    on_rank_0(comm(), [&] {
      Eigen::VectorXcd all = re + Complex(0, 1) * im.cast<Complex>();
      is_refined = tails_->refine(value, all, left);
      columns.resize(all.size(), 2);
      columns << all.real(), all.imag();
    });
    MPI_Bcast(&is_refined, 1, MPI_CXX_BOOL, 0, comm());
    if (!is_refined) return false;
    auto parts = scattered(columns, 2, liouvillian_);
    v = {std::move(parts[0]), std::move(parts[1])};
    return true;
  }

  Mode make(int k) {
    const Complex value = small_.values[k];
    ComplexVec right = combined(subspace_.right, small_.right.col(k));
    to_right(right);
    const double size = length(right);
    scale(right, 1 / size);
    Mode mode;
    mode.condition = std::numeric_limits<double>::quiet_NaN();
    mode.error = mode.condition;
    if (!subspace_.left.empty()) {
      ComplexVec left = combined(subspace_.left, small_.left.col(k));
      to_left(left);
      scale(left, size);
      const bool is_known = !is_graded_ || refine_both(value, right, left);
      describe_left(left, value, is_known, mode);
      mode.error = errors_.errors[k];
      mode.is_near_exceptional = errors_.conditions[k] > exceptional;
      // The relative error of c tr(A v) is rounding times the square of the condition number.
      if (mode.is_near_exceptional) mode.overlap.reset();
    }
    residual_ = residual(MatMult, l(), right, value);
    // The effect of rounding on a balanced matrix is small in its own norm, but may be large in L's
    // norm.
    if (!balancing_.is_trivial()) residual_ = std::min(residual_, balanced_residuals_[k]);
    mode.strengths = expectations_of(observer_.functionals(), right);
    if (mode.overlap) {
      for (const Complex& strength : mode.strengths)
        mode.amplitudes.push_back(overlap_ * strength);
    }
    auto content = content_of(right.re, right.im, liouvillian_.basis(), comm());
    mode.coherence = std::move(content.coherence);
    mode.sites = std::move(content.sites);
    return mode;
  }

  // Replaces the small elements of both vectors, or of neither.
  [[nodiscard]] bool refine_both(Complex value, ComplexVec& right, ComplexVec& left) const {
    if (!has_tails_) return false;
    ComplexVec v = copy(right);
    ComplexVec w = copy(left);
    if (!refine(value, v, false) || !refine(value, w, true)) return false;
    if (!(std::abs(product(w, v) - 1.0) <= same_product)) return false;
    scale(v, 1 / length(v));
    scale(w, 1.0 / product(w, v));
    right = std::move(v);
    left = std::move(w);
    return true;
  }

  // `is_known`: including the small elements.
  void describe_left(const ComplexVec& left, Complex value, bool is_known, Mode& mode) {
    mode.condition = length(left);
    mode.left_residual = residual(MatMultTranspose, l(), left, value);
    const bool is_left = is_known || mode.left_residual <= context_.residual_allowed;
    if (!std::isfinite(mode.condition) || !is_left)
      mode.condition = std::numeric_limits<double>::infinity();
    if (initial_.get() == nullptr || !std::isfinite(mode.condition)) return;
    if (!is_known && !(unknown_overlap(left, value) <= known_overlap * norm(initial_))) return;
    overlap_ = Complex(dot(left.re, initial_), dot(left.im, initial_));
    mode.overlap = std::abs(overlap_);
  }

  // The error of tr(w^dag rho) if w is known only in the norm of the balanced matrix.
  [[nodiscard]] double unknown_overlap(const ComplexVec& left, Complex value) const {
    ComplexVec w = copy(left);
    to_right(w);  // from the coordinates of L
    const double size = length(w);
    ComplexVec rest = defect(MatMultTranspose, l(), left, value);
    to_right(rest);
    const double noise = length(rest) / size / context_.size + 1e-13;
    const VecHandle state = duplicate(initial_);
    LINDWURM_PETSC(VecCopy(initial_, state));
    balancing_.to_left(state);
    return noise * size * norm(state);
  }

  const Liouvillian& liouvillian_;
  const InvariantSubspace& subspace_;
  const ModeContext& context_;
  const Balancing& balancing_;
  Eigenvectors small_;
  Observer observer_;
  VecHandle initial_;
  bool is_graded_ = false;                 // small elements are lost in rounding
  bool has_tails_ = false;                 // and can be computed separately
  std::optional<EigenvectorTails> tails_;  // on rank 0
  std::vector<double> balanced_residuals_;
  EigenvalueErrors errors_;
  double residual_ = 0;
  Complex overlap_ = 0;
};

}  // namespace

Observables linear_ones(const Observables& observables) {
  Observables linear;
  for (const auto& each : observables)
    if (!std::holds_alternative<StateFunction>(each.content)) linear.push_back(each);
  return linear;
}

void add_modes(const Liouvillian& liouvillian, const InvariantSubspace& subspace,
               const ModeContext& context, const SpectrumOptions& options, Spectrum& all) {
  if (subspace.size() == 0) return;
  ModesOfSector(liouvillian, subspace, context, options).add_to(all);
}

}  // namespace lindwurm
