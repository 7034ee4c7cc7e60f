// A bath of a model, and the approximation by which it enters the master equation.
#pragma once

#include <Eigen/Dense>
#include <optional>
#include <string>
#include <string_view>

#include "lindwurm/baths/bath.hpp"
#include "lindwurm/operators/expression.hpp"

namespace lindwurm {

/// The Born-Markov equation in the eigenoperators X(w) of the coupling A, [H, X(w)] = -w X(w):
///   K rho = -i [H_shift, rho] + sum_mn gamma_mn (X_m rho X_n^dag - {X_n^dag X_m, rho}/2),
///   H_shift = sum_mn s_mn X_n^dag X_m.
/// The schemes differ in H and in the pairs that they keep; docs/master-equations.md.
enum class BathScheme {
  local,            ///< secular, with the terms of H that act on the sites of A alone
  secular,          ///< equal frequencies only: gamma_mm = S(w_m)
  partial_secular,  ///< frequencies of one group: gamma_mn = S((w_m + w_n)/2) (Cresser-Facer 55)
  coarse_grained,   ///< all pairs, averaged over dt (Cresser-Facer 45)
  redfield,         ///< all pairs: gamma_mn = G(w_m) + G(w_n)^*, G(w) = S(w)/2 + i Lambda(w)
  collective,       ///< one bath for all members of a group, each by its own H (Santos 49, 50)
};

/// "local", "secular", "partial-secular", "coarse-grained", "redfield", "collective".
[[nodiscard]] std::string_view name_of(BathScheme scheme);

/// H_int = A B with a Hermitian A and a bath operator B. If A names a group, each member has a bath
/// of its own, and the same one for all if the scheme is collective.
struct BathCoupling {
  std::string name;
  Expression coupling{0.0};
  Bath bath;
  BathScheme scheme = BathScheme::secular;
  bool lamb_shift = false;
  /// Coarse-grained: the time that is averaged over.
  double dt = 0;
  /// Partial-secular: the width of a group of Bohr frequencies; none: from the gaps between them.
  std::optional<double> grouping{};
  /// Collective: gamma_ij/sqrt(gamma_ii gamma_jj), real, symmetric, positive semidefinite; none:
  /// all ones, members much closer to each other than the bath's wavelength.
  std::optional<Eigen::MatrixXd> correlations{};
  /// Bohr frequencies that differ by less are one; none: 1e-9 of the width of the spectrum.
  std::optional<double> tolerance{};
  /// 2, or 4 for a two-level site: Bloch equations to fourth order.
  int order = 2;
  /// Of order 4: <Lambda Lambda>/<Lambda Lambda^dag> in [-1, 1], see bloch_rates. 1: the coupling
  /// as it stands; 0: the same strength shared by two independent baths along x and y.
  double anisotropy = 1;
};

}  // namespace lindwurm
