// Relaxation spectra: the eigenvalues of L with the largest real parts, and their modes.
#pragma once

#include <complex>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lindwurm/liouville/liouvillian.hpp"
#include "lindwurm/solve/observables.hpp"

namespace lindwurm {

enum class SpectrumMethod {
  automatic,  ///< dense for sectors of up to SpectrumOptions::small_sector unknowns, else krylov
  dense,      ///< all eigenvalues by LAPACK: none can be missing
  krylov,     ///< Krylov-Schur on exp(tau L), and a test that none is missing
  slepc,      ///< an EPS with the options prefix -spectrum_: not shown to be complete
};

struct SpectrumOptions {
  int count = 6;
  SpectrumMethod method = SpectrumMethod::automatic;
  /// Unknowns of one sector up to which `dense` computes all eigenvalues. Beyond, it refuses.
  std::int64_t dense_limit = 6400;
  /// Products with L that `krylov` may take for one sector, those with its transpose left out.
  long max_products = 2'000'000;
  /// Of the Liouvillians that spectrum_by_sectors() makes for `krylov`; none: matrix-free.
  std::optional<Storage> storage{};
  /// What the modes are looked at with.
  Observables observe{};
  std::optional<ProductState> initial{};
  std::function<void(double)> progress{};

  static constexpr std::int64_t small_sector = 2000;
};

/// An eigenoperator v of L, |v| = 1, with its left partner w, tr(w^dag v) = 1.
struct Mode {
  double left_residual = 0;  ///< |L^T w - lambda w| / |w|
  /// |w| |v|: the eigenvalue moves by up to condition * |E| if L changes by E. 1 for a normal L; it
  /// diverges at an exceptional point, and is infinite where no left partner is left. Not a number
  /// if the left modes are not known.
  double condition = 0;
  /// residual * condition, a bound on the eigenvalue's error to first order.
  double error = 0;
  /// How many of the modes listed have this eigenvalue, within their errors.
  int multiplicity = 1;
  /// Its condition is such that it has all but merged with another mode.
  bool is_near_exceptional = false;
  /// tr(A v) for each of SpectrumOptions::observe; empty entries of observables that are not linear
  /// are left out.
  std::vector<Complex> strengths;
  /// Of an initial state rho: |c|, c = tr(w^dag rho), and c tr(A v): what the mode adds to <A> at
  /// time 0. Its phase does not depend on that of v.
  std::optional<double> overlap;
  std::vector<Complex> amplitudes;
  /// Shares of |v|^2 in the elements |m><n| by |q|, q the difference of the numbers of excitations
  /// of m and n (quanta, spins up, numbers of levels; along the axis that spins are stored in).
  std::vector<double> coherence;
  /// For each site, the share of |v|^2 that is not the identity there:
  /// 1 - |tr_s v|^2 / d_s. Empty for a state space too large to trace out.
  std::vector<double> sites;
};

/// Why a spectrum is complete, or not.
struct SpectrumCertificate {
  /// "all eigenvalues", "decay of random operators" or "none".
  std::string method = "none";
  /// Every eigenvalue with Re lambda > -rate was found; infinite if all were.
  double rate = 0;
  /// The chance that this is wrong.
  double chance = 0;
  std::string failure;  ///< why it is not complete
};

struct Spectrum {
  /// Largest real part first; of a conjugate pair the partner with Im > 0 first. A pair is never
  /// cut: there may be one more than asked for.
  std::vector<Complex> eigenvalues;
  std::vector<double> residuals;  ///< |L v - lambda v| / |v|
  std::vector<int> sectors;       ///< number of the sector that each eigenvalue belongs to
  std::vector<Mode> modes;        ///< of each eigenvalue
  std::vector<std::int64_t> sector_sizes;
  std::vector<std::string> observables;  ///< names of those that strengths are of
  /// -Re of the slowest mode that is not stationary; none if every mode is stationary.
  std::optional<double> gap;
  int stationary = 0;        ///< number of eigenvalues 0
  bool is_found = false;     ///< as many as were asked for
  bool is_complete = false;  ///< shown that no eigenvalue further right is missing
  SpectrumCertificate certificate;
  std::string method;
  /// |sum of all eigenvalues - tr L| / (n |L|) of dense sectors: a second formula for their
  /// completeness.
  double trace_defect = 0;
  double largest_residual_allowed = 0;  ///< what rounding explains; above it the result is suspect
  double scale = 0;                     ///< a bound on every |lambda|
  long products = 0;                    ///< with L and its transpose
  double seconds = 0;

  [[nodiscard]] bool is_converged() const;
  /// sum_k c_k tr(A v_k) exp(lambda_k t) over the modes listed, for each observable and each time
  /// since the initial state.
  [[nodiscard]] std::vector<std::vector<Complex>> predicted(const std::vector<double>& times) const;
};

/// The method for a sector of so many unknowns: never `automatic`.
[[nodiscard]] SpectrumMethod method_for(std::int64_t unknowns, SpectrumMethod asked);

/// Throws InputError if sectors of so many unknowns are too large for the method, saying what
/// helps, or if nothing relaxes in a model that is too large for all eigenvalues.
void require_method(const SpectrumOptions& options, const Model& model, std::int64_t unknowns);

/// The rightmost eigenvalues. `dense` computes all of the packed matrix, which stands on rank 0.
/// `krylov` finds them as the largest eigenvalues of exp(tau L) and tests, with random operators,
/// that nothing as slow was missed; the result says whether that was shown. SLEPc's results are
/// given as it reports them, with residuals, and never as complete. Collective. Throws InputError
/// for a time-dependent model, count < 1 or larger than D^2, and as require_method() does.
[[nodiscard]] Spectrum spectrum(const Liouvillian& liouvillian,
                                const SpectrumOptions& options = {});

/// The same sector by sector: the union of the spectra of these sectors, of which the rightmost are
/// given. Each is searched as far as the others make necessary. Collective.
[[nodiscard]] Spectrum spectrum_by_sectors(const std::shared_ptr<const MasterEquation>& equation,
                                           const SpectrumOptions& options,
                                           std::vector<Sector> sectors);
/// Of all sectors.
[[nodiscard]] Spectrum spectrum_by_sectors(const std::shared_ptr<const MasterEquation>& equation,
                                           const SpectrumOptions& options = {});

}  // namespace lindwurm
