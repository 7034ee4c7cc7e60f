#include "lindwurm/solve/spectrum.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "krylov_search.hpp"
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
// A sector is searched by so many modes at a time until it is known how many of the rightmost it
// has: a conjugate pair.
constexpr int modes_at_a_time = 2;

void require_count(int count, std::int64_t n) {
  if (count >= 1 && count <= n) return;
  throw InputError(fmt::format("spectrum.count = {} must lie between 1 and D^2 = {}", count, n));
}

bool is_unitary(const Model& model) {
  return model.dissipators.empty() && model.baths.empty() && model.superoperators.empty();
}

// The rightmost modes of one sector, as far as they are known.
class SectorModes {
 public:
  SectorModes(const Liouvillian& liouvillian, int number, const SpectrumOptions& options)
      : liouvillian_(liouvillian),
        number_(number),
        method_(method_for(liouvillian.basis().size(), options.method)),
        scale_(liouvillian.norm_bound()),
        n_(liouvillian.basis().size()) {
    if (!liouvillian.is_constant())
      throw InputError("a time-dependent model has no relaxation spectrum");
    require_method(options, liouvillian.model(), n_);
  }

  [[nodiscard]] const std::vector<Complex>& values() const {
    return search_ ? search_->values() : values_;
  }
  /// Real parts closer than this are not told apart.
  [[nodiscard]] double cluster() const {
    return search_ || method_ == SpectrumMethod::slepc ? resolution * scale_ : zero();
  }
  /// What counts as zero.
  [[nodiscard]] double zero() const {
    const double precision = method_ == SpectrumMethod::slepc ? slepc_tolerance : rounding;
    return precision * scale_ * std::sqrt(std::sqrt(static_cast<double>(n_)));
  }

  void begin(int parts, const SpectrumOptions& options) {
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
        search_.emplace(liouvillian_,
                        KrylovSearch::Limits{resolution * scale_, options.max_products});
        is_stuck_ = !search_->find(limited(parts == 1 ? options.count : modes_at_a_time));
    }
  }

  /// Of the modes that the search has found, the rate of the fastest: likely those to be found next
  /// are faster. None if it goes no further.
  [[nodiscard]] std::optional<double> frontier() const {
    if (!search_ || is_stuck_) return std::nullopt;
    double rate = 0;
    for (const Complex& value : search_->values())
      rate = std::max(rate, -value.real());
    return rate;
  }
  void find_more() { is_stuck_ = !search_->find(modes_at_a_time); }

  /// One step towards knowing all that decays no faster than this; true if that is known, or can
  /// not be.
  bool complete(double rate) {
    if (!search_ || search_->certified_rate() >= rate || !failure().empty()) return true;
    ++tests_;
    return search_->complete(rate) == KrylovSearch::Outcome::complete;
  }

  /// Adds the modes that decay no faster than this.
  void add_to(Spectrum& all, double rate, const SpectrumOptions& options) {
    if (search_) subspace_ = search_->slower_than(rate);
    const std::size_t before = all.eigenvalues.size();
    add_modes(liouvillian_, subspace_, number_, cluster(), options, all);
    subspace_ = {};
    if (all.eigenvalues.size() > before && std::isnan(all.modes.back().condition))
      failure_ = "the left modes did not converge";
    all.sector_sizes.push_back(n_);
    all.trace_defect = std::max(all.trace_defect, trace_defect_);
    all.largest_residual_allowed = std::max(
        all.largest_residual_allowed, precision() * std::sqrt(static_cast<double>(n_)) * scale_);
    all.scale = std::max(all.scale, scale_);
    if (search_) all.products += search_->products();
    add_certificate(all);
  }

 private:
  [[nodiscard]] int limited(int count) const {
    return static_cast<int>(std::min<std::int64_t>(count, n_));
  }
  [[nodiscard]] double precision() const {
    return method_ == SpectrumMethod::dense ? rounding : slepc_tolerance;
  }
  [[nodiscard]] const std::string& failure() const {
    return search_ && failure_.empty() ? search_->failure() : failure_;
  }

  void check_trace() {
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

  void add_certificate(Spectrum& all) const {
    SpectrumCertificate& certificate = all.certificate;
    if (method_ == SpectrumMethod::slepc) {
      certificate.method = "none";
      certificate.failure =
          "SLEPc can report eigenvalues as converged and miss others further right";
      return;
    }
    if (search_) {
      certificate.method = "decay of random operators";
      certificate.rate = std::min(certificate.rate, search_->certified_rate());
      certificate.chance += tests_ * DecayTest::chance;
    }
    if (!failure().empty() && certificate.failure.empty()) certificate.failure = failure();
  }

  const Liouvillian& liouvillian_;
  int number_;
  SpectrumMethod method_;
  double scale_;
  std::int64_t n_;
  InvariantSubspace subspace_;
  std::vector<Complex> values_;
  std::optional<KrylovSearch> search_;
  bool is_stuck_ = false;
  double trace_defect_ = 0;
  int tests_ = 0;
  std::string failure_;
};

// Searches where the slowest modes are to be expected until enough are known.
void find_enough(std::vector<SectorModes>& sectors, int count) {
  for (;;) {
    std::size_t known = 0;
    SectorModes* next = nullptr;
    for (auto& sector : sectors) {
      known += sector.values().size();
      const auto frontier = sector.frontier();
      if (frontier && (next == nullptr || *frontier < *next->frontier())) next = &sector;
    }
    if (known >= static_cast<std::size_t>(count) || next == nullptr) return;
    next->find_more();
  }
}

// The decay rate of the last of the `count` slowest modes known so far.
double rate_of(const std::vector<SectorModes>& sectors, int count) {
  std::vector<double> rates;
  double cluster = 0;
  for (const auto& sector : sectors) {
    cluster = std::max(cluster, sector.cluster());
    for (const Complex& value : sector.values())
      rates.push_back(-value.real());
  }
  if (rates.empty()) return 0;
  const auto last = std::min<std::ptrdiff_t>(count, std::ssize(rates)) - 1;
  std::nth_element(rates.begin(), rates.begin() + last, rates.end());
  return rates[last] + cluster;
}

// How many of the ordered values make up `asked`, a pair at the end not cut.
std::size_t count_uncut(const std::vector<Complex>& values, std::size_t asked) {
  const auto count = std::min(asked, values.size());
  const bool cuts_pair = count > 0 && count < values.size() && values[count - 1].imag() > 0;
  return cuts_pair ? count + 1 : count;
}

template <typename T>
void take(std::vector<T>& values, const std::vector<std::size_t>& order) {
  std::vector<T> taken;
  for (const std::size_t k : order)
    taken.push_back(std::move(values[k]));
  values = std::move(taken);
}

// Rightmost first, as many as were asked for.
void put_into_order(Spectrum& all, double cluster, int count) {
  auto order = rightmost(all.eigenvalues, static_cast<int>(all.eigenvalues.size()), cluster);
  take(all.eigenvalues, order);
  order.resize(count_uncut(all.eigenvalues, count));
  all.eigenvalues.resize(order.size());
  take(all.residuals, order);
  take(all.sectors, order);
  take(all.modes, order);
  all.is_found = all.eigenvalues.size() >= static_cast<std::size_t>(count);
  for (std::size_t k = 0; k < all.modes.size(); ++k) {
    all.modes[k].multiplicity = 0;
    for (std::size_t j = 0; j < all.modes.size(); ++j) {
      const double allowed = cluster + all.modes[j].error + all.modes[k].error;
      if (std::abs(all.eigenvalues[j] - all.eigenvalues[k]) <= allowed) ++all.modes[k].multiplicity;
    }
  }
}

void find_gap(Spectrum& all, const std::vector<SectorModes>& sectors) {
  for (const auto& sector : sectors) {
    for (const Complex& value : sector.values()) {
      if (std::abs(value) <= sector.zero()) {
        ++all.stationary;
      } else if (!all.gap || -value.real() < *all.gap) {
        all.gap = std::abs(value.real()) <= sector.zero() ? 0.0 : -value.real();
      }
    }
  }
}

Spectrum spectrum_of(const std::vector<const Liouvillian*>& liouvillians,
                     const SpectrumOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const auto report = [&](double part) {
    if (options.progress) options.progress(part);
  };
  const double parts = static_cast<double>(liouvillians.size());
  std::vector<SectorModes> sectors;
  sectors.reserve(liouvillians.size());
  for (const Liouvillian* liouvillian : liouvillians)
    sectors.emplace_back(*liouvillian, static_cast<int>(sectors.size()), options);
  double done = 0;
  for (auto& sector : sectors) {
    sector.begin(static_cast<int>(sectors.size()), options);
    report(0.4 * ++done / parts);
  }
  find_enough(sectors, options.count);
  done = 0;
  double rate = rate_of(sectors, options.count);
  for (bool is_known = false; !is_known;) {
    is_known = true;
    for (auto& sector : sectors) {
      const bool is_complete = sector.complete(rate);
      rate = rate_of(sectors, options.count);
      is_known = is_known && is_complete;
      if (is_complete) report(0.4 + 0.3 * std::min(1.0, ++done / parts));
    }
  }
  Spectrum all;
  all.certificate = {"all eigenvalues", std::numeric_limits<double>::infinity(), 0, ""};
  for (const auto& observable : linear_ones(options.observe))
    all.observables.push_back(observable.name);
  done = 0;
  double cluster = 0;
  for (auto& sector : sectors) {
    sector.add_to(all, rate, options);
    cluster = std::max(cluster, sector.cluster());
    report(0.7 + 0.3 * ++done / parts);
  }
  put_into_order(all, cluster, options.count);
  find_gap(all, sectors);
  all.is_complete = all.certificate.method != "none" && all.certificate.failure.empty();
  all.method = all.products > 0 ? "krylov" : all.certificate.method == "none" ? "slepc" : "dense";
  all.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return all;
}

}  // namespace

SpectrumMethod method_for(std::int64_t unknowns, SpectrumMethod asked) {
  switch (asked) {
    case SpectrumMethod::automatic:
      return unknowns <= SpectrumOptions::small_sector ? SpectrumMethod::dense
                                                       : SpectrumMethod::krylov;
    case SpectrumMethod::krylov:
      return unknowns < KrylovSearch::least_unknowns ? SpectrumMethod::dense
                                                     : SpectrumMethod::krylov;
    default:
      return asked;
  }
}

void require_method(const SpectrumOptions& options, const Model& model, std::int64_t unknowns) {
  const auto n = static_cast<double>(unknowns);
  if (options.method == SpectrumMethod::dense && unknowns > options.dense_limit) {
    throw InputError(fmt::format(
        "the spectrum of {} unknowns in one sector is refused: method = \"dense\" computes all of "
        "their eigenvalues, and is limited to spectrum.dense_limit = {} unknowns (these would take "
        "{:.3g} GB); take method = \"auto\" or \"krylov\", or leave it out with run = false",
        unknowns, options.dense_limit, 4.0 * 8.0 * n * n / 1e9));
  }
  const bool is_searched = method_for(unknowns, options.method) == SpectrumMethod::krylov;
  if (is_searched && is_unitary(model)) {
    throw InputError(fmt::format(
        "the model has no dissipator and no bath: nothing relaxes, every eigenvalue of L is "
        "imaginary and there is no gap; leave the spectrum out with run = false (a sector has {} "
        "unknowns, too many for all eigenvalues)",
        unknowns));
  }
}

bool Spectrum::is_converged() const {
  return is_found && std::all_of(residuals.begin(), residuals.end(),
                                 [&](double r) { return r <= largest_residual_allowed; });
}

std::vector<std::vector<Complex>> Spectrum::predicted(const std::vector<double>& times) const {
  std::vector<std::vector<Complex>> all(observables.size(), std::vector<Complex>(times.size()));
  for (std::size_t k = 0; k < modes.size(); ++k) {
    if (!modes[k].overlap) return {};
    for (std::size_t t = 0; t < times.size(); ++t) {
      const Complex factor = std::exp(eigenvalues[k] * (times[t] - times.front()));
      for (std::size_t a = 0; a < all.size(); ++a)
        all[a][t] += factor * modes[k].amplitudes[a];
    }
  }
  return all;
}

Spectrum spectrum(const Liouvillian& liouvillian, const SpectrumOptions& options) {
  require_count(options.count, liouvillian.basis().size());
  return spectrum_of({&liouvillian}, options);
}

Spectrum spectrum_by_sectors(const std::shared_ptr<const MasterEquation>& equation,
                             const SpectrumOptions& options, std::vector<Sector> sectors) {
  const std::int64_t d = equation->model().space.dimension();
  require_count(options.count, d * d);
  std::vector<std::unique_ptr<Liouvillian>> made;
  std::vector<const Liouvillian*> liouvillians;
  for (Sector& sector : sectors) {
    const std::int64_t unknowns = size(sector);
    require_method(options, equation->model(), unknowns);
    const bool is_searched = method_for(unknowns, options.method) == SpectrumMethod::krylov;
    const Storage storage =
        is_searched ? options.storage.value_or(Storage::matrix_free) : Storage::assembled;
    made.push_back(
        std::make_unique<Liouvillian>(equation, GeneratorOptions{storage, std::move(sector)}));
    liouvillians.push_back(made.back().get());
  }
  return spectrum_of(liouvillians, options);
}

Spectrum spectrum_by_sectors(const std::shared_ptr<const MasterEquation>& equation,
                             const SpectrumOptions& options) {
  return spectrum_by_sectors(equation, options, all_sectors(equation->charges()));
}

}  // namespace lindwurm
