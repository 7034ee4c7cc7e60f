// exp(L t) rho as a series of Chebyshev polynomials of L.
#pragma once

#include <functional>
#include <vector>

#include "lindwurm/liouville/operator_generator.hpp"
#include "lindwurm/solve/evolve.hpp"

namespace lindwurm {

/// The line from centre - focus to centre + focus, or centre -+ i focus, that
/// the spectrum of a constant L is near.
struct SpectralLine {
  double centre = 0;
  double focus = 1;
  bool is_imaginary = true;
  /// With half-axes A, B of an ellipse around the spectrum, |T_k((L - c)/d)|
  /// grows like rho^k, rho = (A + B)/|d|, while I_k(d t) falls: terms grow up
  /// to k = turning * t.
  double turning = 1;
  /// exp(c t) |I_0(d t)| falls like exp(-sinking t), and the terms grow against
  /// it.
  double sinking = 0;
  /// Of kets, for which L = -iH, and of operators: the line lies around -i energy + centre. A
  /// density operator's spectrum is its own mirror.
  double energy = 0;
  long products = 0;  ///< that it took to find
};

/// From the Ritz values of a short Arnoldi process. Collective.
[[nodiscard]] SpectralLine find_line(const Liouvillian& liouvillian);
/// The same with complex numbers, of which the packed real matrix has the conjugates as well: the
/// line of a Hermitian H is half the width of its spectrum, wherever its energies lie. Collective.
[[nodiscard]] SpectralLine find_line(const KetGenerator& generator);
[[nodiscard]] SpectralLine find_line(const OperatorGenerator& generator);

/// The products with L that evolve_by_series() will take for this time span.
[[nodiscard]] double forecast_products(const SpectralLine& line, double span);

/// A series for this time is as long as is wise.
[[nodiscard]] double longest_step(const SpectralLine& line);
/// Where the coefficients of a series for the time t have become small.
[[nodiscard]] double likely_terms(const SpectralLine& line, double t);

/// The truncation error of a series relative to the state: a share of rtol.
[[nodiscard]] double truncation_error(const EvolveOptions& options);

/// Evolves `initial` through run.times and fills in the values, the final state
/// and the statistics of `run`. With the spectrum of L near the straight line
/// from c - d to c + d, d real or imaginary,
///
///     exp(L t) = exp(c t) sum_k (2 - delta_k0) I_k(d t) T_k((L - c)/d)
///
/// (H. Tal-Ezer and R. Kosloff, J. Chem. Phys. 81, 3967 (1984), for imaginary
/// d). The series converges for every L, in few terms if c and d are chosen
/// well; the terms' size is watched. Kets have L + i energy in the place of L
/// and the phase exp(-i energy t) put back. All output times within one series share
/// its products: they differ in the coefficients alone. Collective.
void evolve_by_series(const Liouvillian& liouvillian, const SpectralLine& line, Vec initial,
                      const EvolveOptions& options, Observer& observer, StateMonitor& monitor,
                      Evolution& run);
/// The same for kets, whose expectation values are not linear: a few states at output times are
/// summed up in one series, each with coefficients of its own. `look` sees the ket at each time.
/// Returns the last.
[[nodiscard]] VecHandle evolve_by_series(const KetGenerator& generator, const SpectralLine& line,
                                         Vec initial, const std::vector<double>& times,
                                         const EvolveOptions& options,
                                         const std::function<void(Vec)>& look,
                                         EvolveStatistics& statistics);

/// tr(A X(t)) for each functional A at each of the increasing `times`, the first of which is that
/// of `initial`; values[k][j] of functional k at times[j]. Collective.
[[nodiscard]] std::vector<std::vector<Complex>> evolve_by_series(
    const OperatorGenerator& generator, const SpectralLine& line, Vec initial,
    const std::vector<double>& times, const EvolveOptions& options,
    const std::vector<Functional>& watched, EvolveStatistics& statistics);

/// Throws InputError where a series is asked for and the model depends on time.
void require_series_fit(const PackedGenerator& generator, const EvolveOptions& options);
/// True for a constant model, unless another method is asked for.
[[nodiscard]] bool may_use_series(const PackedGenerator& generator, const EvolveOptions& options);

}  // namespace lindwurm
