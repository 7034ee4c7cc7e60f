#include "sector_modes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "dense_spectrum.hpp"
#include "lindwurm/backend/agreement.hpp"
#include "lindwurm/backend/error.hpp"
#include "modes.hpp"
#include "real_schur.hpp"
#include "slepc_subspace.hpp"

namespace lindwurm {

namespace {

// The rounding error of a backward stable dense solver, with a margin for its growth with n.
constexpr double rounding = 1e-12;
// Real parts closer than this, relative to |L|, are not distinguished by an iterative search.
constexpr double resolution = 1e-9;
// The largest residual of the search, relative to |L|. The errors of eigenvalues are of the order
// of its square.
constexpr double searched = 1e-8;
// The number of modes by which the search in a sector proceeds, until it is known how many of the
// rightmost ones the sector has. 2 is a conjugate pair.
constexpr int modes_at_a_time = 2;
// L is far from normal if the projection on the modes found, along the rest, has a larger norm than
// this.
constexpr double far_from_normal = 1e4;
// An eigenvalue that was left out is harmless if its error is below this share of the listed rates.
constexpr double well_known = 0.1;

}  // namespace

SectorModes::SectorModes(const Liouvillian& liouvillian, int number, const SpectrumOptions& options)
    : liouvillian_(liouvillian),
      number_(number),
      method_(method_for(liouvillian.basis().size(), options)),
      scale_(liouvillian.norm_bound()),
      n_(liouvillian.basis().size()) {
  if (!liouvillian.is_constant())
    throw InputError("a time-dependent model has no relaxation spectrum");
  require_method(options, liouvillian.model(), n_);
}

double SectorModes::cluster() const {
  return search_ || method_ == SpectrumMethod::slepc ? resolution * scale_ : zero();
}
double SectorModes::zero() const {
  const double precision = method_ == SpectrumMethod::slepc ? slepc_tolerance : rounding;
  return precision * scale_ * std::sqrt(std::sqrt(static_cast<double>(n_)));
}

// If L is too far from normal for the search, it continues with the balanced matrix, or gives up.
template <typename Work>
bool SectorModes::with_balance(const SpectrumOptions& options, Work work) {
  std::size_t known = 0;
  double certified = 0;
  for (bool is_first = true;; is_first = false) {
    try {
      if (!is_first) search_again(known, certified);
      return work();
    } catch (const SpectrumOutside& outside) {
      known = std::max(known, search_->values().size());
      certified = std::max(certified, search_->certified_rate());
      if (balance(options)) continue;
      failure_ = outside.what();
      is_stuck_ = true;
      return false;
    }
  }
}

void SectorModes::begin(int parts, const SpectrumOptions& options) {
  switch (method_) {
    case SpectrumMethod::dense:
      compute_all(options);
      break;
    case SpectrumMethod::slepc:
      subspace_ = slepc_subspace(liouvillian_, limited(options.count));
      values_ = eigenvectors(subspace_.matrix).values;
      break;
    default:
      restart(options);
      search_for(limited(parts == 1 ? options.count : modes_at_a_time), options);
  }
}

void SectorModes::restart(const SpectrumOptions& options) {
  if (search_) products_ += search_->products();
  search_.emplace(liouvillian_, KrylovSearch::Limits{resolution * scale_, options.max_products});
}

// Repeats the search up to what was known before.
void SectorModes::search_again(std::size_t known, double certified) {
  if (known > 0) is_stuck_ = !search_->find(static_cast<int>(known));
  while (search_->certified_rate() < certified && search_->failure().empty())
    (void)search_->complete(certified);
}

// Changes to the balanced matrix. Returns true if that is a gain and had not been done before; the
// search then begins anew.
bool SectorModes::balance(const SpectrumOptions& options) {
  if (is_balanced_) return false;
  is_balanced_ = true;
  try {
    balancing_ = Balancing(liouvillian_);
  } catch (const InputError&) {
    return false;  // L is too large to be stored
  }
  if (balancing_.is_trivial()) return false;
  scaled_ = std::make_unique<ScaledLiouvillian>(liouvillian_, balancing_);
  subspace_rate_ = -1;
  restart(options);
  return true;
}

void SectorModes::compute_all(const SpectrumOptions& options) {
  if (!is_balanced_) balancing_ = Balancing(liouvillian_);
  is_balanced_ = true;
  DenseSpectrum found = dense_spectrum(liouvillian_, balancing_, limited(options.count), zero());
  subspace_ = std::move(found.rightmost);
  values_ = std::move(found.values);
  errors_ = std::move(found.errors);
  schur_ = std::move(found.schur);
  is_chosen_.assign(values_.size(), false);
  for (std::size_t k : found.chosen)
    is_chosen_[k] = true;
  check_trace();
}

bool SectorModes::fall_back(const SpectrumOptions& options) {
  const bool is_open = options.method == SpectrumMethod::automatic && n_ <= options.dense_limit;
  if (!search_ || failure().empty() || !is_open) return false;
  failure_.clear();
  products_ += search_->products();
  search_.reset();
  scaled_.reset();
  method_ = SpectrumMethod::dense;
  begin(1, options);
  return true;
}

std::optional<double> SectorModes::frontier() const {
  if (!search_ || is_stuck_) return std::nullopt;
  double rate = 0;
  for (const Complex& value : search_->values())
    rate = std::max(rate, -value.real());
  return rate;
}
void SectorModes::find_more(const SpectrumOptions& options) {
  search_for(modes_at_a_time, options);
}

// Searches for this many more modes. If they do not converge, the norm may be the cause.
void SectorModes::search_for(int count, const SpectrumOptions& options) {
  do {
    is_stuck_ = !with_balance(options, [&] { return search_->find(count); });
  } while (is_stuck_ && !is_all_known() && balance(options));
}

bool SectorModes::complete(double rate, const SpectrumOptions& options) {
  if (!search_ || search_->certified_rate() >= rate || !failure().empty()) return true;
  const bool is_complete = with_balance(
      options, [&] { return search_->complete(rate) == KrylovSearch::Outcome::complete; });
  if (!failure().empty() && balance(options)) search_for(limited(options.count), options);
  return is_complete;
}

bool SectorModes::find_modes(double rate, const SpectrumOptions& options) {
  if (!search_ || rate == subspace_rate_) return true;
  try {
    subspace_ = search_->slower_than(rate);
    subspace_rate_ = rate;
    if (!is_far_from_normal() || !balance(options)) return true;
  } catch (const SpectrumOutside& outside) {
    if (!balance(options)) {
      failure_ = outside.what();
      return true;
    }
  }
  search_for(limited(options.count), options);
  return false;
}

bool SectorModes::is_far_from_normal() const {
  if (subspace_.size() == 0) return false;
  if (subspace_.left.empty()) return true;
  const Eigen::MatrixXd squares = overlaps(subspace_.left, subspace_.left);
  return !(squares.diagonal().maxCoeff() < far_from_normal * far_from_normal);
}

int SectorModes::slower_than(double rate) const {
  const auto is_slower = [&](Complex value) { return value.real() > -rate; };
  return static_cast<int>(std::count_if(values().begin(), values().end(), is_slower));
}

// True if no eigenvalue that was left out can decay as slowly as this rate or slower. Collective.
bool SectorModes::is_rest_faster(double rate) {
  bool is_faster = false;
  on_rank_0(liouvillian_.communicator(), [&] {
    is_faster = schur_ && rest_is_faster(*schur_, rate, well_known, balancing_.balanced_norm());
  });
  MPI_Bcast(&is_faster, 1, MPI_CXX_BOOL, 0, liouvillian_.communicator());
  schur_.reset();
  return is_faster;
}

// Requires that the eigenvalues left out are known well enough to decay faster than this rate.
void SectorModes::require_known(double rate) {
  for (std::size_t k = 0; k < errors_.size(); ++k) {
    const bool may_be_slower = values_[k].real() + errors_[k] > -rate;
    if (is_chosen_[k] || !may_be_slower || errors_[k] <= well_known * rate + zero()) continue;
    if (is_rest_faster(rate)) return;
    failure_ = fmt::format(
        "the matrix is so far from normal that the eigenvalue {:.6g}{:+.6g}i may be wrong by "
        "{:.3g}, "
        "and slower than those given",
        values_[k].real(), values_[k].imag(), errors_[k]);
    return;
  }
}

void SectorModes::add_to(Spectrum& all, double rate, const SpectrumOptions& options) {
  scaled_.reset();
  if (!search_) require_known(rate);
  const std::size_t before = all.eigenvalues.size();
  const double size = balancing_.balanced_norm() > 0 ? balancing_.balanced_norm() : scale_;
  add_modes(liouvillian_, subspace_, {number_, cluster(), residual_allowed(), size, balancing_},
            options, all);
  subspace_ = {};
  const bool lacks_left = all.eigenvalues.size() > before && std::isnan(all.modes.back().error);
  if (lacks_left && failure().empty()) failure_ = "the left modes did not converge";
  all.sector_sizes.push_back(n_);
  all.trace_defect = std::max(all.trace_defect, trace_defect_);
  all.largest_residual_allowed = std::max(all.largest_residual_allowed, residual_allowed());
  all.scale = std::max(all.scale, scale_);
  all.products += products_ + (search_ ? search_->products() : 0);
  SectorModes::add_certificate(all);
}

int SectorModes::limited(int count) const {
  return static_cast<int>(std::min<std::int64_t>(count, n_));
}
double SectorModes::residual_allowed() const {
  if (method_ == SpectrumMethod::krylov) return searched * scale_;
  const double precision = method_ == SpectrumMethod::dense ? rounding : slepc_tolerance;
  return precision * std::sqrt(static_cast<double>(n_)) * scale_;
}
const std::string& SectorModes::failure() const {
  return search_ && failure_.empty() ? search_->failure() : failure_;
}

void SectorModes::check_trace() {
  if (!(scale_ > 0)) return;
  Complex sum = 0;
  for (const Complex& value : values_)
    sum += value;
  const AssembledPart matrix(liouvillian_);
  PetscScalar trace = 0;
  LINDWURM_PETSC(MatGetTrace(matrix, &trace));
  trace_defect_ = std::abs(sum - trace) / (static_cast<double>(n_) * scale_);
  if (trace_defect_ > rounding)
    failure_ = fmt::format("the eigenvalues' sum misses tr L by {:.3g}", trace_defect_);
}

void SectorModes::add_certificate(Spectrum& all) const {
  SpectrumCertificate& certificate = all.certificate;
  if (method_ == SpectrumMethod::slepc) {
    certificate.method = "none";
    certificate.failure = "SLEPc can report eigenvalues as converged and miss others further right";
    return;
  }
  if (search_) {
    certificate.method = "decay of random operators";
    certificate.rate = std::min(certificate.rate, search_->certified_rate());
    certificate.chance += search_->tests() * DecayTest::chance;
  }
  if (!failure().empty() && certificate.failure.empty()) certificate.failure = failure();
}

}  // namespace lindwurm
