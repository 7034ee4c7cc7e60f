// exp(L t) rho as a series of Chebyshev polynomials of L.
#pragma once

#include <functional>
#include <vector>

#include "lindwurm/solve/evolve.hpp"
#include "lindwurm/states/operator_generator.hpp"

namespace lindwurm {

/// The line near which the spectrum of a constant L lies: from centre - focus to centre + focus, or
/// from centre - i focus to centre + i focus.
struct SpectralLine {
  double centre = 0;
  double focus = 1;
  bool is_imaginary = true;
  /// How the terms grow. If A and B are the half-axes of an ellipse around the spectrum, then
  /// |T_k((L - c)/d)| grows like rho^k with rho = (A + B)/|d|, while I_k(d t) falls. The terms grow
  /// up to k = turning * t.
  double turning = 1;
  /// exp(c t) |I_0(d t)| falls like exp(-sinking t), and the growth of the terms must compensate
  /// for it.
  double sinking = 0;
  /// For kets, where L = -iH, and for operators: the line lies around -i energy + centre. The
  /// spectrum of a density operator's L is symmetric about the real axis and needs no such shift.
  double energy = 0;
  long products = 0;  ///< the number of products that finding it took
};

/// Finds the line from the Ritz values of a short Arnoldi process. Collective.
[[nodiscard]] SpectralLine find_line(const Liouvillian& liouvillian);
/// The same with complex arithmetic; the packed real matrix has the complex conjugate spectrum as
/// well. For a Hermitian H, the line has half the width of the spectrum of H, independent of its
/// centre. Collective.
[[nodiscard]] SpectralLine find_line(const KetGenerator& generator);
[[nodiscard]] SpectralLine find_line(const OperatorGenerator& generator);
/// The same for given values of the functions of time.
[[nodiscard]] SpectralLine find_line(const Liouvillian& liouvillian, const Factors& factors);
[[nodiscard]] SpectralLine find_line(const KetGenerator& generator, const Factors& factors);
[[nodiscard]] SpectralLine find_line(const OperatorGenerator& generator, const Factors& factors);

/// The number of products with L that evolve_by_series() will need for this time span.
[[nodiscard]] double forecast_products(const SpectralLine& line, double span);

/// The longest time for which one series is efficient and accurate.
[[nodiscard]] double longest_step(const SpectralLine& line);
/// The number of terms after which the coefficients of a series for the time t are small.
[[nodiscard]] double likely_terms(const SpectralLine& line, double t);

/// The truncation error of a series relative to the state: a share of rtol.
[[nodiscard]] double truncation_error(const EvolveOptions& options);

/// Evolves `initial` through run.times, and fills in the values, the final state and the statistics
/// of `run`. With the spectrum of L near the straight line from c - d to c + d, d real or
/// imaginary,
///
///     exp(L t) = exp(c t) sum_k (2 - delta_k0) I_k(d t) T_k((L - c)/d)
///
/// (H. Tal-Ezer and R. Kosloff, J. Chem. Phys. 81, 3967 (1984), for imaginary d). The series
/// converges for every L. It needs few terms if c and d are chosen well. The size of the terms is
/// monitored. For kets, L is replaced by L + i energy, and the phase exp(-i energy t) is restored
/// at the end. All output times within one series share its products, and differ only in the
/// coefficients. Collective.
void evolve_by_series(const Liouvillian& liouvillian, const SpectralLine& line, Vec initial,
                      const EvolveOptions& options, Observer& observer, StateMonitor& monitor,
                      Evolution& run);
/// The same for kets, whose expectation values are not linear in the ket. A few states at output
/// times are summed in one series, each with its own coefficients. `look` is called with the ket at
/// each time. Returns the last ket.
[[nodiscard]] VecHandle evolve_by_series(const KetGenerator& generator, const SpectralLine& line,
                                         Vec initial, const std::vector<double>& times,
                                         const EvolveOptions& options,
                                         const std::function<void(Vec)>& look,
                                         EvolveStatistics& statistics);

class ChebyshevSeries;
/// Evolves the state of `series` at times[0] through the other times. `look` is called with the
/// state at each of them.
void go_by_series(ChebyshevSeries& series, const std::vector<double>& times,
                  const EvolveOptions& options, const std::function<void(Vec)>& look,
                  EvolveStatistics& statistics);

/// tr(A X(t)) for each functional A at each of the increasing `times`. `initial` is X at times[0].
/// values[k][j] belongs to functional k at times[j]. Collective.
[[nodiscard]] std::vector<std::vector<Complex>> evolve_by_series(
    const OperatorGenerator& generator, const SpectralLine& line, Vec initial,
    const std::vector<double>& times, const EvolveOptions& options,
    const std::vector<Functional>& watched, EvolveStatistics& statistics);

/// Throws InputError if a series is requested explicitly and the model depends on time.
void require_series_fit(const PackedGenerator& generator, const EvolveOptions& options);
/// True for a constant model, unless another method is requested.
[[nodiscard]] bool may_use_series(const PackedGenerator& generator, const EvolveOptions& options);

}  // namespace lindwurm
