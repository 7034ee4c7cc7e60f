#include "lindwurm/solve/spectrum.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "lindwurm/backend/error.hpp"
#include "solve/spectrum/krylov_search.hpp"
#include "solve/spectrum/modes.hpp"
#include "solve/spectrum/sector_modes.hpp"

namespace lindwurm {

namespace {

// A stationary mode does not affect the gap if its error is below this share of the gap.
constexpr double well_known_gap = 0.1;

void require_count(int count, std::int64_t n) {
  if (count >= 1 && count <= n) return;
  throw InputError(fmt::format(
      "spectrum.count = {} must lie between 1 and {}, the number of eigenvalues", count, n));
}

// The knowledge about all sectors: the number of modes and their rates.
struct Known {
  std::vector<double> rates;
  std::optional<double> gap;  // the rate of the slowest mode that is not stationary
  double cluster = 0;

  explicit Known(const std::vector<SectorModes>& sectors) {
    for (const auto& sector : sectors) {
      cluster = std::max(cluster, sector.cluster());
      for (const Complex& value : sector.values()) {
        rates.push_back(-value.real());
        if (std::abs(value) > sector.cluster()) gap = std::min(gap.value_or(1e300), -value.real());
      }
    }
  }
  /// The decay rate of the last of the `count` slowest modes, or of the slowest one that is not
  /// stationary, whichever is faster.
  [[nodiscard]] double rate(int count) {
    if (rates.empty()) return 0;
    const auto last = std::min<std::ptrdiff_t>(count, std::ssize(rates)) - 1;
    std::nth_element(rates.begin(), rates.begin() + last, rates.end());
    return std::max(rates[last], gap.value_or(0)) + cluster;
  }
};

// Searches the sectors in which the slowest modes are expected, until enough modes and a gap are
// known.
void find_enough(std::vector<SectorModes>& sectors, const SpectrumOptions& options) {
  for (;;) {
    SectorModes* next = nullptr;
    for (auto& sector : sectors) {
      const auto frontier = sector.frontier();
      if (frontier && (next == nullptr || *frontier < *next->frontier())) next = &sector;
    }
    const Known known(sectors);
    const bool is_enough = std::ssize(known.rates) >= options.count && known.gap;
    if (is_enough || next == nullptr) return;
    next->find_more(options);
  }
}

// The number of the ordered values that make up `asked` without cutting a pair at the end. Two
// equal real values may appear as a pair within `cluster` of the axis.
std::size_t count_uncut(const std::vector<Complex>& values, std::size_t asked, double cluster) {
  const auto count = std::min(asked, values.size());
  const bool cuts_pair = count > 0 && count < values.size() && values[count - 1].imag() > cluster;
  return cuts_pair ? count + 1 : count;
}

template <typename T>
void take(std::vector<T>& values, const std::vector<std::size_t>& order) {
  std::vector<T> taken;
  for (const std::size_t k : order)
    taken.push_back(std::move(values[k]));
  values = std::move(taken);
}

// Sorts the modes, rightmost first, and keeps as many as requested.
void put_into_order(Spectrum& all, double cluster, int count) {
  auto order = rightmost(all.eigenvalues, static_cast<int>(all.eigenvalues.size()), cluster);
  take(all.eigenvalues, order);
  order.resize(count_uncut(all.eigenvalues, count, cluster));
  all.eigenvalues.resize(order.size());
  take(all.residuals, order);
  take(all.sectors, order);
  take(all.modes, order);
  all.is_found = all.eigenvalues.size() >= static_cast<std::size_t>(count);
  for (std::size_t k = 0; k < all.modes.size(); ++k) {
    all.modes[k].multiplicity = 0;
    for (std::size_t j = 0; j < all.modes.size(); ++j) {
      const double errors = all.modes[j].error + all.modes[k].error;
      const double allowed = cluster + (std::isfinite(errors) ? errors : 0);
      if (std::abs(all.eigenvalues[j] - all.eigenvalues[k]) <= allowed) ++all.modes[k].multiplicity;
    }
  }
}

// Finds the gap from all modes, before those beyond `count` are dropped. They include the slowest
// mode of each sector that is not stationary.
void find_gap(Spectrum& all, const std::vector<SectorModes>& sectors) {
  const auto zero = [&](std::size_t k) { return sectors[all.sectors[k]].zero(); };
  const auto is_stationary = [&](std::size_t k) { return std::abs(all.eigenvalues[k]) <= zero(k); };
  for (std::size_t k = 0; k < all.eigenvalues.size(); ++k) {
    const double rate = -all.eigenvalues[k].real();
    if (is_stationary(k)) {
      ++all.stationary;
    } else if (!all.gap || rate < *all.gap) {
      all.gap = std::abs(rate) <= zero(k) ? 0.0 : rate;
    }
  }
  if (!all.gap) return;
  // Any mode may be slower than its value by its error.
  double slowest = *all.gap;
  for (std::size_t k = 0; k < all.eigenvalues.size(); ++k) {
    const double rate = -all.eigenvalues[k].real();
    const double error = all.modes[k].error;
    if (std::isnan(error)) return;
    if (!is_stationary(k) || error > well_known_gap * *all.gap)
      slowest = std::min(slowest, rate - error);
  }
  all.gap_error = *all.gap - slowest;
}

// Shows for every sector that no mode as slow is missing, and finds those that are. `report` is
// called with each sector that is done.
double complete(std::vector<SectorModes>& sectors, const SpectrumOptions& options,
                const std::function<void()>& report) {
  double rate = Known(sectors).rate(options.count);
  for (bool is_known = false; !is_known;) {
    is_known = true;
    for (auto& sector : sectors) {
      const bool is_complete = sector.complete(rate, options) && !sector.fall_back(options);
      if (!is_complete) find_enough(sectors, options);
      rate = Known(sectors).rate(options.count);
      is_known = is_known && is_complete;
      if (is_complete) report();
    }
  }
  return rate;
}

// Repeats until all sectors' modes are found that decay no faster than the last one requested, or
// than the gap. Returns that rate.
double find_all(std::vector<SectorModes>& sectors, const SpectrumOptions& options,
                const std::function<void()>& report) {
  for (;;) {
    find_enough(sectors, options);
    const double rate = complete(sectors, options, report);
    bool is_settled = true;
    for (auto& sector : sectors)
      is_settled = sector.find_modes(rate, options) && is_settled;
    if (is_settled) return rate;
  }
}

// The number of modes slower than the certificate's rate that are not listed.
int count_unlisted(const Spectrum& all, const std::vector<SectorModes>& sectors) {
  int count = 0;
  for (const auto& sector : sectors)
    count += sector.slower_than(all.certificate.rate);
  for (const Complex& value : all.eigenvalues)
    if (value.real() > -all.certificate.rate) --count;
  return std::max(0, count);
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
  done = 0;
  const double rate =
      find_all(sectors, options, [&] { report(0.4 + 0.3 * std::min(1.0, ++done / parts)); });
  Spectrum all;
  all.certificate.method = "all eigenvalues";
  all.certificate.rate = std::numeric_limits<double>::infinity();
  for (const auto& observable : linear_ones(options.observe))
    all.observables.push_back(observable.name);
  done = 0;
  double cluster = 0;
  for (auto& sector : sectors) {
    sector.add_to(all, rate, options);
    cluster = std::max(cluster, sector.cluster());
    report(0.7 + 0.3 * ++done / parts);
  }
  find_gap(all, sectors);
  const auto is_all = [](const SectorModes& sector) { return sector.is_all_known(); };
  all.is_everything_stationary = !all.gap && std::all_of(sectors.begin(), sectors.end(), is_all);
  put_into_order(all, cluster, options.count);
  all.is_complete = all.certificate.method != "none" && all.certificate.failure.empty();
  all.certificate.unlisted = count_unlisted(all, sectors);
  const bool has_search = std::isfinite(all.certificate.rate) && all.certificate.method != "none";
  all.method = has_search ? "krylov" : all.certificate.method == "none" ? "slepc" : "dense";
  all.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return all;
}

}  // namespace

SpectrumMethod method_for(std::int64_t unknowns, const SpectrumOptions& options) {
  switch (options.method) {
    case SpectrumMethod::automatic:
      return unknowns <= options.small_sector ? SpectrumMethod::dense : SpectrumMethod::krylov;
    case SpectrumMethod::krylov:
      return unknowns < KrylovSearch::least_unknowns ? SpectrumMethod::dense
                                                     : SpectrumMethod::krylov;
    default:
      return options.method;
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
  const bool is_searched = method_for(unknowns, options) == SpectrumMethod::krylov;
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
  require_count(options.count,
                static_cast<std::int64_t>(equation->model().space.elements_estimate()));
  std::vector<std::unique_ptr<Liouvillian>> made;
  std::vector<const Liouvillian*> liouvillians;
  for (Sector& sector : sectors) {
    const std::int64_t unknowns = size(sector);
    require_method(options, equation->model(), unknowns);
    const bool is_searched = method_for(unknowns, options) == SpectrumMethod::krylov;
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
