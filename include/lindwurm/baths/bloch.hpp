// The Bloch equations of a two-level system to fourth order in its off-diagonal coupling to a bath.
#pragma once

#include <complex>

#include "lindwurm/baths/bath.hpp"

namespace lindwurm {

/// A quantity in the Bloch equations, split into second and fourth order in the coupling.
struct BlochTerm {
  Estimate<double> second;
  Estimate<double> fourth;
  [[nodiscard]] Estimate<double> total() const;
};

/// K, the ratio of the populations in equilibrium. Its orders are lower by two than those of the
/// rates that they belong to.
struct BlochEquilibrium {
  Estimate<double> zeroth;
  Estimate<double> second;
  [[nodiscard]] Estimate<double> total() const;
};

/// The quantities in the Bloch equations of B. B. Laird, J. Budimir and J. L. Skinner, J. Chem.
/// Phys. 94, 4391 (1991), Eqs. 2-5, for H = w0 |1><1| + Lambda |1><0| + Lambda^dag |0><1| + H_B
/// (Eqs. 10-14):
///   d rho_11/dt = k10 rho_00 - k01 rho_11 = -d rho_00/dt
///   d rho_10/dt = -[i (w0 + shift) + inverse_t2] rho_10,   rho_01 its conjugate.
/// 1 is the upper level, 0 the lower one. Populations and coherences do not mix. hbar = k_B = 1.
/// All quantities are frequencies, except K.
///
/// Notation, with S = Bath::rate:
///   E = S(w0) + S(-w0),   O = S(w0) - S(-w0),   D = P(w0) - P(-w0),
///   P(w) = P int dw' S(w')/(w' - w) = -2 pi Bath::shift(w),
///   <Lambda Lambda> = c <Lambda Lambda^dag>.
struct BlochRates {
  double w0 = 0;
  double c = 1;

  /// The rate up, 0 -> 1. Second order: S(-w0) (Eq. 69). Fourth order (Eq. 91):
  ///   (1/2 pi) {c^2 S(-w0) D/w0 + S'(-w0) D + P'(-w0) O - 2 S(-w0) P'(w0)}.
  /// It is positive even at T = 0, because the coupling dresses the ground state (Eq. 96).
  BlochTerm k10;
  /// The rate down, 1 -> 0: the same with w0 replaced by -w0, also in D and O (Eqs. 77, 97).
  BlochTerm k01;
  /// 1/T1 = k10 + k01 (Eqs. 79, 98).
  BlochTerm inverse_t1;
  /// 1/T2 = 1/(2 T1) + 1/T2' (Eq. 8).
  BlochTerm inverse_t2;
  /// 1/T2', pure dephasing. It is 0 in second order. Fourth order (Eq. 135, illegible, derived
  /// again):
  ///   (1/pi) P int dw {w d/dw [S(w) S(-w)] - c^2 S(w) S(-w)}/(w^2 - w0^2).
  /// It is 0 at T = 0. It may be negative, and then T2 > 2 T1.
  BlochTerm pure_dephasing;
  /// The shift of the frequency. Second order: -D/(2 pi) (Eq. 125). The paper leaves the fourth
  /// order open; here it is Eq. A6 in closed form, where primes mean d/dw0:
  ///   D (P'(w0) + P'(-w0))/(2 pi)^2 + E E'/4 - O O'/2
  ///     + (c^2/w0) [O^2/4 - E^2/8 - (D/2 pi)^2/2].
  BlochTerm shift;
  /// K = exp(-w0/T) (Eq. 107) and the second order of the static expansion (Eq. 111). k10/k01
  /// agrees with K by the detailed balance of Eqs. 112-115, which is not used here. K = 1 for a
  /// classical bath.
  BlochEquilibrium K;
  /// R_1001 of Eq. 46, defined by d rho_10/dt = ... + R_1001 rho_01, in second order:
  ///   R_1001 = c (E/2 + i D/(2 pi)).
  /// The Bloch equations leave it out. It changes eigenvalues only in fourth order, by the part
  /// -|R_1001|^2/(2 w0) of `shift`. It mixes an amplitude |R_1001|/(2 w0) of rho_01 into rho_10.
  Estimate<std::complex<double>> counter_rotating;

  /// The larger |fourth order/second order| of 1/T1 and 1/T2. Do not trust the expansion unless
  /// this is small. It may also be small by accident, where the fourth order changes sign or
  /// S(+-w0) = 0.
  [[nodiscard]] double largest_correction() const;
};

/// The rates for a Lambda that is linear in the coordinates of a harmonic bath. With C2 the
/// correlation function of Lambda with itself, C1 that of Lambda with Lambda^dag, and C2 = c C1,
/// there are three cases:
/// - c = 1 (default): Lambda = B, a coupling sx B. `bath` has the correlation function of B.
/// - c = -1: Lambda = i B, a coupling -sy B. Only `counter_rotating` changes its sign.
/// - c in between: Lambda = B1 + i B2, a coupling sx B1 - sy B2 to two independent baths with the
///   shares (1 + c)/2 and (1 - c)/2 of `bath`. c = 0 is isotropic in the plane.
///
/// A coupling in the rotating-wave approximation is not among them: there <Lambda^dag Lambda> and
/// <Lambda Lambda^dag> differ, in contradiction to Eq. 76. A classical bath is the stochastic limit
/// of Sec. V.
///
/// Throws InputError for w0 <= 0, for c outside [-1, 1], for a discrete density, for a bath of
/// spins (which is not Gaussian, so that C(t) does not determine the fourth order), for a density
/// that is not smooth at w0 (S' does not exist) and where an integral diverges. For a bosonic bath
/// at T > 0, J must vanish faster than w^(1/2) at w = 0.
[[nodiscard]] BlochRates bloch_rates(const Bath& bath, double w0, double c = 1);

/// The coefficients of the Bloch equations with the orders added up; see BlochRates.
struct BlochGenerator {
  double up = 0;         ///< k10
  double down = 0;       ///< k01
  double dephasing = 0;  ///< 1/T2
  double frequency = 0;  ///< w0 + shift
  /// True if the equation is of GKSL form, that is completely positive:
  ///   up, down >= 0   and   dephasing >= (up + down)/2.
  /// It is false if T2 > 2 T1.
  bool is_gksl = true;
};

/// `order` must be 2 or 4; throws InputError otherwise.
[[nodiscard]] BlochGenerator bloch_generator(const BlochRates& rates, int order = 4);

}  // namespace lindwurm
