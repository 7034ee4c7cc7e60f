// The Bloch equations of a two-level system to fourth order in its off-diagonal coupling to a bath.
#pragma once

#include <complex>

#include "lindwurm/baths/bath.hpp"

namespace lindwurm {

/// A number of the Bloch equations, its parts of second and of fourth order in the coupling.
struct BlochTerm {
  Estimate<double> second;
  Estimate<double> fourth;
  [[nodiscard]] Estimate<double> total() const;
};

/// K, the ratio of the populations in equilibrium; each of its orders is two less than that of the
/// rates it belongs to.
struct BlochEquilibrium {
  Estimate<double> zeroth;
  Estimate<double> second;
  [[nodiscard]] Estimate<double> total() const;
};

/// What is in the Bloch equations of B. B. Laird, J. Budimir and J. L. Skinner, J. Chem. Phys. 94,
/// 4391 (1991), Eqs. 2-5, for H = w0 |1><1| + Lambda |1><0| + Lambda^dag |0><1| + H_B (Eqs. 10-14):
///   d rho_11/dt = k10 rho_00 - k01 rho_11 = -d rho_00/dt
///   d rho_10/dt = -[i (w0 + shift) + inverse_t2] rho_10,   rho_01 its conjugate.
/// The upper level is 1, the lower 0; populations and coherences do not mix. hbar = k_B = 1; all
/// but K are frequencies. Below S is Bath::rate, E and O = S(w0) +- S(-w0), P(w) = P int dw'
/// S(w')/(w' - w) = -2 pi Bath::shift(w), D = P(w0) - P(-w0), and <Lambda Lambda> = c <Lambda
/// Lambda^dag>.
struct BlochRates {
  double w0 = 0;
  double c = 1;

  /// Up, 0 -> 1. Second order: S(-w0) (Eq. 69). Fourth (Eq. 91): (1/2 pi) {c^2 S(-w0) D/w0
  /// + S'(-w0) D + P'(-w0) O - 2 S(-w0) P'(w0)}; above 0 even at T = 0, where it is what dresses
  /// the ground state (Eq. 96).
  BlochTerm k10;
  /// Down, 1 -> 0: the same with -w0 for w0, in D and O too (Eqs. 77, 97).
  BlochTerm k01;
  /// 1/T1 = k10 + k01 (Eqs. 79, 98).
  BlochTerm inverse_t1;
  /// 1/T2 = 1/(2 T1) + 1/T2' (Eq. 8).
  BlochTerm inverse_t2;
  /// 1/T2', pure dephasing: 0 in second order. Fourth (Eq. 135, illegible, derived again):
  /// (1/pi) P int dw {w d/dw [S(w) S(-w)] - c^2 S(w) S(-w)}/(w^2 - w0^2). It may be negative, that
  /// is T2 > 2 T1, and is 0 at T = 0.
  BlochTerm pure_dephasing;
  /// Second order: -D/(2 pi) (Eq. 125). The fourth, which the paper leaves open, is its Eq. A6 in
  /// closed form: D (P'(w0) + P'(-w0))/(2 pi)^2 + E E'/4 - O O'/2
  /// + (c^2/w0) [O^2/4 - E^2/8 - (D/2 pi)^2/2], primes d/dw0.
  BlochTerm shift;
  /// K = exp(-w0/T) (Eq. 107) and the second order of the static expansion (Eq. 111). That k10/k01
  /// agrees is the detailed balance of Eqs. 112-115, not used here. 1 for a classical bath.
  BlochEquilibrium K;
  /// R_1001 of Eq. 46, d rho_10/dt = ... + R_1001 rho_01, in second order: c (E/2 + i D/(2 pi)).
  /// The Bloch equations leave it out: it changes eigenvalues only in fourth order, by the part
  /// -|R_1001|^2/(2 w0) of `shift`, and mixes an amplitude |R_1001|/(2 w0) of rho_01 into rho_10.
  Estimate<std::complex<double>> counter_rotating;

  /// The larger of |fourth/second| for 1/T1 and 1/T2. The expansion is not to be trusted unless it
  /// is small; it may be so by accident, where fourth order changes its sign or S(+-w0) = 0.
  [[nodiscard]] double largest_correction() const;
};

/// The rates for a Lambda that is linear in the coordinates of a harmonic bath. With C2 the
/// correlation function of Lambda with itself and C1 that of Lambda with Lambda^dag, C2 = c C1:
/// - c = 1 (default): Lambda = B, a coupling sx B; `bath` has the correlation function of B.
/// - c = -1: Lambda = i B, a coupling -sy B; only `counter_rotating` changes its sign.
/// - between: Lambda = B1 + i B2, a coupling sx B1 - sy B2 to two independent baths with the
///   shares (1 + c)/2 and (1 - c)/2 of `bath`; c = 0 is isotropic in the plane.
/// A coupling in rotating-wave approximation is not among them: there <Lambda^dag Lambda> and
/// <Lambda Lambda^dag> differ, against Eq. 76. A classical bath is the stochastic limit, Sec. V.
/// Throws InputError for w0 <= 0, c outside [-1, 1], a discrete density, a bath of spins (which is
/// not Gaussian, so that fourth order is not fixed by C(t)), a density that is not smooth at w0
/// (S' does not exist) and where an integral diverges: for a bosonic bath at T > 0, J must vanish
/// faster than w^(1/2) at w = 0.
[[nodiscard]] BlochRates bloch_rates(const Bath& bath, double w0, double c = 1);

/// The Bloch equations with the orders added up, see BlochRates.
struct BlochGenerator {
  double up = 0;         ///< k10
  double down = 0;       ///< k01
  double dephasing = 0;  ///< 1/T2
  double frequency = 0;  ///< w0 + shift
  /// Whether this is a generator of Gorini, Kossakowski, Sudarshan and Lindblad, that is completely
  /// positive: up, down >= 0 and dephasing >= (up + down)/2. T2 > 2 T1 is not.
  bool is_gksl = true;
};

/// `order` is 2 or 4, else InputError.
[[nodiscard]] BlochGenerator bloch_generator(const BlochRates& rates, int order = 4);

}  // namespace lindwurm
