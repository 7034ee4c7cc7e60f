#include "sector_modes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "lindwurm/backend/error.hpp"
#include "modes.hpp"
#include "real_schur.hpp"
#include "slepc_subspace.hpp"

namespace lindwurm {

namespace {

// Rounding of a backward stable dense solver, with room for the growth with n.
constexpr double rounding = 1e-12;
// Real parts closer than this, relative to |L|, are not told apart by an iterative search.
constexpr double resolution = 1e-9;
// Its residuals, relative to |L|, at most: the errors of its eigenvalues go with their square.
constexpr double searched = 1e-8;
// A sector is searched by so many modes at a time until it is known how many of the rightmost it
// has: a conjugate pair.
constexpr int modes_at_a_time = 2;
// Of populations in the scalings that are tried.
constexpr std::array floors{1e-8, 1e-14, 1e-20};

}  // namespace

SectorModes::SectorModes(const Liouvillian& liouvillian, int number, StationaryScaling& scaling,
                         const SpectrumOptions& options)
    : liouvillian_(liouvillian),
      number_(number),
      method_(method_for(liouvillian.basis().size(), options.method)),
      scale_(liouvillian.norm_bound()),
      n_(liouvillian.basis().size()),
      scaling_(scaling) {
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

// Where L is too far from normal for a search, it goes on in the norm of the stationary state,
// whose small populations count the less the sooner they will do.
template <typename Work>
auto SectorModes::with_scaling(const SpectrumOptions& options, Work work) {
  std::size_t known = 0;
  double certified = 0;
  for (bool is_first = true;; is_first = false) {
    try {
      if (!is_first) search_again(known, certified);
      return work();
    } catch (const SpectrumOutside&) {
      known = std::max(known, search_->values().size());
      certified = std::max(certified, search_->certified_rate());
      if (!scale_further()) throw;
      restart(options);
    }
  }
}

void SectorModes::begin(int parts, const SpectrumOptions& options) {
  switch (method_) {
    case SpectrumMethod::dense:
      subspace_ = dense_subspace(liouvillian_, limited(options.count), zero(), values_);
      check_trace();
      break;
    case SpectrumMethod::slepc:
      subspace_ = slepc_subspace(liouvillian_, limited(options.count));
      values_ = eigenvectors(subspace_.matrix).values;
      break;
    default:
      restart(options);
      with_scaling(options, [&] {
        is_stuck_ = !search_->find(limited(parts == 1 ? options.count : modes_at_a_time));
        return true;
      });
  }
}

void SectorModes::restart(const SpectrumOptions& options) {
  if (search_) products_ += search_->products();
  search_.emplace(liouvillian_, KrylovSearch::Limits{resolution * scale_, options.max_products});
}

// As far as before.
void SectorModes::search_again(std::size_t known, double certified) {
  if (known > 0) is_stuck_ = !search_->find(static_cast<int>(known));
  while (search_->certified_rate() < certified && search_->failure().empty())
    (void)search_->complete(certified);
}

bool SectorModes::scale_further() {
  if (scalings_ == static_cast<int>(floors.size())) return false;
  VecHandle next = scaling_.on(liouvillian_, floors[scalings_++]);
  if (next.get() == nullptr) return false;
  if (s_.get() != nullptr) scale(liouvillian_, reciprocal(s_));
  s_ = std::move(next);
  scale(liouvillian_, s_);
  return true;
}

// From S^-1 L S to L.
InvariantSubspace SectorModes::unscaled(InvariantSubspace found) {
  if (s_.get() == nullptr) return found;
  scale(liouvillian_, reciprocal(s_));
  for (VecHandle& right : found.right)
    LINDWURM_PETSC(VecPointwiseMult(right, right, s_));
  for (VecHandle& left : found.left)
    LINDWURM_PETSC(VecPointwiseDivide(left, left, s_));
  s_ = {};
  return found;
}

bool SectorModes::fall_back(const SpectrumOptions& options) {
  const bool is_open = options.method == SpectrumMethod::automatic && n_ <= options.dense_limit;
  if (!search_ || search_->failure().empty() || !is_open) return false;
  products_ += search_->products();
  search_.reset();
  (void)unscaled({});
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
  with_scaling(options, [&] {
    is_stuck_ = !search_->find(modes_at_a_time);
    return true;
  });
}

bool SectorModes::complete(double rate, const SpectrumOptions& options) {
  if (!search_ || search_->certified_rate() >= rate || !failure().empty()) return true;
  return with_scaling(options,
                      [&] { return search_->complete(rate) == KrylovSearch::Outcome::complete; });
}

void SectorModes::add_to(Spectrum& all, double rate, const SpectrumOptions& options) {
  if (search_)
    subspace_ = unscaled(with_scaling(options, [&] { return search_->slower_than(rate); }));
  const std::size_t before = all.eigenvalues.size();
  add_modes(liouvillian_, subspace_, number_, cluster(), options, all);
  subspace_ = {};
  const bool lacks_left = all.eigenvalues.size() > before && std::isnan(all.modes.back().condition);
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
