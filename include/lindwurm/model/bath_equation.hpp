// From a bath and an approximation to the terms of a master equation.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lindwurm/baths/bloch.hpp"
#include "lindwurm/model/eigenoperators.hpp"
#include "lindwurm/model/model.hpp"
#include "lindwurm/model/validity.hpp"
#include "lindwurm/operators/superoperator.hpp"

namespace lindwurm {

/// gamma_mn (X_m rho X_n^dag - {X_n^dag X_m, rho}/2) and -i [s_mn X_n^dag X_m, rho].
struct BathPair {
  int m = 0;
  int n = 0;
  Complex rate = 0.0;
  Complex shift = 0.0;
};

/// What a bath adds to d rho/dt, and where that comes from.
struct BathEquation {
  std::string name;      ///< of the bath
  std::string coupling;  ///< the operator A as text
  std::vector<Eigenoperator> operators{};
  /// By m, then n; both (m, n) and (n, m). A Redfield equation has none: its coefficients follow
  /// from `half_sided`.
  std::vector<BathPair> pairs{};
  /// Partial-secular and collective: a number for each operator, equal where they form pairs.
  std::vector<int> groups{};
  /// S(w_m)/2 + i Lambda(w_m) of each operator, without i Lambda unless the Lamb shift is asked
  /// for; only for Redfield.
  std::vector<Complex> half_sided{};
  /// Of order 4: the numbers behind the pairs, which are then those of the Bloch equations.
  std::optional<BlochRates> bloch{};
  /// Lowest eigenvalue of the matrix gamma_mn: below zero the equation is not of GKSL form.
  double lowest_rate = 0;
  bool is_gksl = true;
  /// Bound on the relative error of rates and shifts.
  double error = 0;
  Validity validity{};
};

/// The equations of a bath, one for each member if the coupling names a group (one for all if
/// collective), on the sites of with_members(model). Throws InputError for a coupling that is not
/// Hermitian or is no operator, a Hamiltonian that depends on time, a scheme that makes no sense
/// for the bath, and for rates that diverge.
[[nodiscard]] std::vector<BathEquation> bath_equations(const BathCoupling& bath,
                                                       const Model& model);

/// Throws InputError with the nearest name if the model has no such bath.
[[nodiscard]] const BathCoupling& bath_named(const std::string& name, const Model& model);

/// gamma_mm of each operator.
[[nodiscard]] std::vector<double> own_rates(const BathEquation& equation);

/// The sites that a bath's equation acts on, ascending.
[[nodiscard]] std::vector<int> sites_of(const BathEquation& equation);

/// An oscillator H = w0 n that couples by A = X = x/sqrt(2 M w0).
struct PositionCoupling {
  double w0 = 0;
  double mass = 0;
};
/// None if the equation's coupling is not of this kind.
[[nodiscard]] std::optional<PositionCoupling> position_coupling(const BathEquation& equation,
                                                                const Model& model);

/// The dissipators that the matrix gamma_mn is the sum of, rate_k D[L_k] with rate_k its
/// eigenvalues and L_k = sum_m v_mk X_m of its eigenvectors; rates below 1e-12 of the largest are
/// left out. Throws InputError for an equation that is not of GKSL form.
[[nodiscard]] std::vector<Jump> jumps(const BathEquation& equation, const Model& model);

/// sum_mn s_mn X_n^dag X_m, which the Lamb shift adds to H; 0 for a Redfield equation, which has no
/// pairs.
[[nodiscard]] Operator lamb_shift(const BathEquation& equation, const Model& model);

/// The map K. Throws InputError if it is too large to be written out.
[[nodiscard]] Superoperator superoperator(const BathEquation& equation, const Model& model);
/// The sum over all equations of a bath.
[[nodiscard]] Superoperator superoperator(const BathCoupling& bath, const Model& model);

}  // namespace lindwurm
