// Relaxation spectra: the eigenvalues of L with the largest real parts.
#pragma once

#include <complex>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lindwurm/liouville/liouvillian.hpp"

namespace lindwurm {

enum class SpectrumMethod {
  automatic,  ///< dense, or a refusal beyond dense_limit
  dense,      ///< all eigenvalues by LAPACK: none can be missing
  slepc,      ///< an EPS with the options prefix -spectrum_: not shown to be complete
};

struct SpectrumOptions {
  int count = 6;
  SpectrumMethod method = SpectrumMethod::automatic;
  /// Unknowns of one sector up to which all eigenvalues are computed. Beyond, spectrum() refuses.
  std::int64_t dense_limit = 6400;
};

struct Spectrum {
  /// Largest real part first; of a conjugate pair the partner with Im > 0 first. A pair is never
  /// cut: there may be one more than asked for.
  std::vector<Complex> eigenvalues;
  std::vector<double> residuals;  ///< |L v - lambda v| / |v|
  std::vector<int> sectors;       ///< number of the sector that each eigenvalue belongs to
  std::vector<std::int64_t> sector_sizes;
  /// -Re of the slowest mode that is not stationary; none if every mode is stationary.
  std::optional<double> gap;
  int stationary = 0;        ///< number of eigenvalues 0
  bool is_found = false;     ///< as many as were asked for
  bool is_complete = false;  ///< shown that no eigenvalue further right is missing
  std::string method;
  /// |sum of all eigenvalues - tr L| / (n |L|): a second formula for the completeness.
  double trace_defect = 0;
  double largest_residual_allowed = 0;  ///< what rounding explains; above it the result is suspect
  double scale = 0;                     ///< a bound on every |lambda|
  double seconds = 0;

  [[nodiscard]] bool is_converged() const;
};

/// The dense method computes all eigenvalues of the packed matrix, of which the rightmost are
/// given: none can be missing. The dense matrix stands on rank 0. SLEPc's results are given as it
/// reports them, with residuals, and never as complete: Krylov methods that look for the largest
/// real part can miss eigenvalues and report others as converged. Collective. Throws InputError for
/// a time-dependent model, count < 1 or larger than D^2, and for a model beyond dense_limit, saying
/// what helps.
[[nodiscard]] Spectrum spectrum(const Liouvillian& liouvillian,
                                const SpectrumOptions& options = {});

/// The same for the whole space, sector by sector: the union of the sectors' spectra, of which the
/// rightmost are given. The sectors' matrices stand in memory one at a time. Collective.
[[nodiscard]] Spectrum spectrum_by_sectors(const std::shared_ptr<const MasterEquation>& equation,
                                           const SpectrumOptions& options = {});

}  // namespace lindwurm
