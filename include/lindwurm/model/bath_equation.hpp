// From a bath and an approximation to the terms of the master equation.
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

/// One pair (m, n) of eigenoperators. It contributes gamma_mn (X_m rho X_n^dag - {X_n^dag X_m,
/// rho}/2) and -i [s_mn X_n^dag X_m, rho].
struct BathPair {
  int m = 0;
  int n = 0;
  Complex rate = 0.0;
  Complex shift = 0.0;
};

/// The terms that a bath adds to d rho/dt, and the numbers behind them.
struct BathEquation {
  std::string name;      ///< the name of the bath
  std::string coupling;  ///< the operator A as text
  std::vector<Eigenoperator> operators{};
  /// The pairs, ordered by m, then n; both (m, n) and (n, m) are listed. Empty for a Redfield
  /// equation, whose coefficients follow from `half_sided`.
  std::vector<BathPair> pairs{};
  /// For partial-secular and collective: a group number for each operator. Operators of one group
  /// form pairs.
  std::vector<int> groups{};
  /// For Redfield only: S(w_m)/2 + i Lambda(w_m) of each operator. The term i Lambda is left out
  /// unless the Lamb shift is requested.
  std::vector<Complex> half_sided{};
  /// For order 4: the rates behind the pairs, which are those of the Bloch equations.
  std::optional<BlochRates> bloch{};
  /// The lowest eigenvalue of the matrix gamma_mn. If it is negative, the equation is not of GKSL
  /// form.
  double lowest_rate = 0;
  bool is_gksl = true;
  /// A bound on the relative error of rates and shifts.
  double error = 0;
  Validity validity{};
};

/// Derives the equations of a bath on the sites of with_members(model). If the coupling names a
/// group, there is one equation for each member, or one for all if the scheme is collective. Throws
/// InputError for a coupling that is not a Hermitian operator, for a Hamiltonian that depends on
/// time, for a scheme that does not apply to the bath, and for rates that diverge.
[[nodiscard]] std::vector<BathEquation> bath_equations(const BathCoupling& bath,
                                                       const Model& model);

/// Throws InputError if the model has no such bath, with the nearest name.
[[nodiscard]] const BathCoupling& bath_named(const std::string& name, const Model& model);

/// The diagonal rates gamma_mm, one for each operator.
[[nodiscard]] std::vector<double> own_rates(const BathEquation& equation);

/// The sites that a bath's equation acts on, in ascending order.
[[nodiscard]] std::vector<int> sites_of(const BathEquation& equation);

/// An oscillator H = w0 n that couples by A = X = x/sqrt(2 M w0).
struct PositionCoupling {
  double w0 = 0;
  double mass = 0;
};
/// Empty if the equation's coupling is not of this kind.
[[nodiscard]] std::optional<PositionCoupling> position_coupling(const BathEquation& equation,
                                                                const Model& model);

/// The dissipators rate_k D[L_k] of an equation, from the eigenvalues and eigenvectors of the
/// matrix gamma_mn: rate_k is an eigenvalue, and L_k = sum_m v_mk X_m with its eigenvector v_k.
/// Rates below 1e-12 of the largest are left out. Throws InputError for an equation that is not of
/// GKSL form.
[[nodiscard]] std::vector<Jump> jumps(const BathEquation& equation, const Model& model);

/// The Hamiltonian sum_mn s_mn X_n^dag X_m of the Lamb shift. It is 0 for a Redfield equation,
/// which has no pairs.
[[nodiscard]] Operator lamb_shift(const BathEquation& equation, const Model& model);

/// The sum of the maps K of these equations on `space`, or on the space of which it is a joint
/// basis. Throws InputError if a map is too large to be written out.
[[nodiscard]] Superoperator superoperator(const std::vector<BathEquation>& equations,
                                          const Space& space);
/// The same on a space whose ensembles the equations see as their members.
[[nodiscard]] Superoperator superoperator_of_members(const std::vector<BathEquation>& equations,
                                                     const Space& space);

/// True if the map K is written out as one matrix on the elements of all its sites. This is done if
/// it has too many eigenoperators for a sum of products.
[[nodiscard]] bool is_map_written_out(const BathEquation& equation);
/// True if the map K is sparse in the eigenstates that the equation is written in. This is so if it
/// consists of pairs in one basis.
[[nodiscard]] bool has_sparse_map(const BathEquation& equation);

/// K^dag(H), the energy that flows in from the bath. The equation must consist of pairs in one
/// basis, that of the eigenstates of all terms of H on its sites.
[[nodiscard]] Operator energy_change(const BathEquation& equation, const Space& space);

}  // namespace lindwurm
