// Relaxation spectra: the eigenvalues of L with the largest real parts, and their modes.
#pragma once

#include <complex>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lindwurm/generator/liouvillian.hpp"
#include "lindwurm/solve/observables.hpp"

namespace lindwurm {

/// How the eigenvalues are computed.
enum class SpectrumMethod {
  automatic,  ///< dense for sectors of up to SpectrumOptions::small_sector unknowns, else krylov
  dense,      ///< all eigenvalues by LAPACK: none can be missing
  krylov,     ///< Krylov-Schur on exp(tau L), then a test that no eigenvalue is missing
  slepc,      ///< an EPS with the options prefix -spectrum_; completeness is not shown
};

/// Options of spectrum().
struct SpectrumOptions {
  int count = 6;
  SpectrumMethod method = SpectrumMethod::automatic;
  /// The largest number of unknowns of one sector for which `dense` is allowed. Beyond it throws.
  std::int64_t dense_limit = 6400;
  /// The largest number of unknowns of one sector for which `automatic` chooses `dense`.
  std::int64_t small_sector = 2000;
  /// The largest number of products with L that `krylov` may take in one sector. Products with the
  /// transpose are not counted.
  long max_products = 2'000'000;
  /// The storage of the Liouvillians that spectrum_by_sectors() makes for `krylov`. Matrix-free if
  /// not given.
  std::optional<Storage> storage{};
  /// The observables whose strengths in each mode are computed.
  Observables observe{};
  std::optional<ProductState> initial{};
  std::function<void(double)> progress{};
};

/// An eigenoperator v of L with |v| = 1, and its left partner w with tr(w^dag v) = 1.
struct Mode {
  double left_residual = 0;  ///< |L^T w - lambda w| / |w|
  /// The condition number |w| |v|: the eigenvalue moves by up to condition * |E| if L changes by E.
  /// It is 1 for a normal L and diverges at an exceptional point. It is infinite if no left partner
  /// exists or none was found, and NaN if the left modes were not computed.
  double condition = 0;
  /// The error of the eigenvalue. It is the backward error, from the residual or from rounding,
  /// times the condition number in the norm of the balanced matrix. For eigenvalues too close
  /// together for this, it is a common bound for all of them. NaN if the left modes were not
  /// computed.
  double error = 0;
  /// The number of modes in the list that have this eigenvalue within their errors.
  int multiplicity = 1;
  /// True if the condition number shows that this mode has nearly merged with another one.
  bool is_near_exceptional = false;
  /// tr(A v) for each linear observable of SpectrumOptions::observe; nonlinear ones are skipped.
  std::vector<Complex> strengths;
  /// The overlap |c| of an initial state rho with this mode, c = tr(w^dag rho). `amplitudes` holds
  /// c tr(A v), the contribution of the mode to <A> at time 0; its phase does not depend on that of
  /// v. Absent where rounding makes it meaningless, as near an exceptional point.
  std::optional<double> overlap;
  std::vector<Complex> amplitudes;
  /// Entry k is the share of |v|^2 in the elements |m><n| with |q| = k. q is the difference between
  /// the numbers of excitations of m and n: quanta, spins up along the axis of storage, numbers of
  /// levels.
  std::vector<double> coherence;
  /// For each site, the share of |v|^2 that is not the identity there: 1 - |tr_s v|^2 / d_s. Empty
  /// if the state space is too large for the partial trace.
  std::vector<double> sites;
};

/// Why a spectrum is complete, or why it is not.
struct SpectrumCertificate {
  /// "all eigenvalues", "decay of random operators" or "none".
  std::string method = "none";
  /// Every eigenvalue with Re lambda > -rate was found. Infinite if all eigenvalues were found.
  double rate = 0;
  /// The probability that this statement is wrong.
  double chance = 0;
  /// The number of eigenvalues with Re lambda > -rate that were found but are not in the list.
  int unlisted = 0;
  std::string failure;  ///< why the spectrum is not complete
};

/// The result of spectrum(). Eigenvalues have the unit of a rate.
struct Spectrum {
  /// The eigenvalues, largest real part first. In a conjugate pair, the one with Im > 0 comes
  /// first. A pair is never cut, so there may be one eigenvalue more than requested.
  std::vector<Complex> eigenvalues;
  std::vector<double> residuals;  ///< |L v - lambda v| / |v|
  std::vector<int> sectors;       ///< the number of the sector of each eigenvalue
  std::vector<Mode> modes;        ///< the mode of each eigenvalue
  std::vector<std::int64_t> sector_sizes;
  std::vector<std::string> observables;  ///< the names of the observables that have strengths
  /// The gap: -Re lambda of the slowest mode that is not stationary. Absent if all are.
  std::optional<double> gap;
  /// How much smaller the gap may be, because of the error of its own mode or of another one that
  /// may be slower. Absent if unknown.
  std::optional<double> gap_error;
  int stationary = 0;                     ///< number of eigenvalues 0
  bool is_everything_stationary = false;  ///< all eigenvalues are known, and 0
  bool is_found = false;                  ///< as many modes as requested were found
  /// True if it was shown that no eigenvalue further right is missing.
  bool is_complete = false;
  SpectrumCertificate certificate;
  std::string method;
  /// |sum of all eigenvalues - tr L| / (n |L|) for dense sectors. This checks their completeness
  /// independently.
  double trace_defect = 0;
  /// Residuals above this are not explained by rounding: the result is suspect.
  double largest_residual_allowed = 0;
  double scale = 0;   ///< a bound on every |lambda|
  long products = 0;  ///< products with L and with its transpose
  double seconds = 0;

  [[nodiscard]] bool is_converged() const;
  /// Computes sum_k c_k tr(A v_k) exp(lambda_k t) over the modes in the list, for each observable
  /// and each time since the initial state. Empty if a mode has no amplitudes.
  [[nodiscard]] std::vector<std::vector<Complex>> predicted(const std::vector<double>& times) const;
};

/// The method for a sector of this many unknowns. Never returns `automatic`.
[[nodiscard]] SpectrumMethod method_for(std::int64_t unknowns, const SpectrumOptions& options);

/// Throws InputError with a remedy if sectors of this many unknowns are too large for the method.
/// Also throws if nothing relaxes in a model that is too large for computing all eigenvalues.
void require_method(const SpectrumOptions& options, const Model& model, std::int64_t unknowns);

/// Computes the eigenvalues with the largest real parts. `dense` computes all eigenvalues of the
/// packed matrix on rank 0. `krylov` computes the largest eigenvalues of exp(tau L) and then tests
/// with random operators that no eigenvalue as slow was missed; the result says whether this was
/// shown. SLEPc's results are returned as reported, with residuals, and never as complete.
///
/// Collective. Throws InputError for a time-dependent model, for count < 1 or count > D^2, and as
/// require_method() does.
[[nodiscard]] Spectrum spectrum(const Liouvillian& liouvillian,
                                const SpectrumOptions& options = {});

/// Computes the spectrum of each of these sectors and returns the eigenvalues of their union with
/// the largest real parts. Each sector is searched only as far as the others require. Collective.
[[nodiscard]] Spectrum spectrum_by_sectors(const std::shared_ptr<const MasterEquation>& equation,
                                           const SpectrumOptions& options,
                                           std::vector<Sector> sectors);
/// The same for all sectors.
[[nodiscard]] Spectrum spectrum_by_sectors(const std::shared_ptr<const MasterEquation>& equation,
                                           const SpectrumOptions& options = {});

}  // namespace lindwurm
