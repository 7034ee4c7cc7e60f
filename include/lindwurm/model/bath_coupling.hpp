// A bath of a model and the approximation for its terms in the master equation.
#pragma once

#include <Eigen/Core>
#include <optional>
#include <string>
#include <string_view>

#include "lindwurm/baths/bath.hpp"
#include "lindwurm/operators/expression.hpp"

namespace lindwurm {

/// The approximations of the Born-Markov equation. It is written in the eigenoperators X(w) of the
/// coupling A, [H, X(w)] = -w X(w):
///   K rho = -i [H_shift, rho] + sum_mn gamma_mn (X_m rho X_n^dag - {X_n^dag X_m, rho}/2),
///   H_shift = sum_mn s_mn X_n^dag X_m.
/// The schemes differ in H and in the pairs (m, n) that they keep; see docs/master-equations.md.
enum class BathScheme {
  local,    ///< secular, using only the terms of H on the sites of A
  secular,  ///< equal frequencies only: gamma_mm = S(w_m)
  /// Pairs within a group of frequencies: gamma_mn = S((w_m + w_n)/2) (Cresser-Facer 55).
  partial_secular,
  coarse_grained,  ///< all pairs, averaged over dt (Cresser-Facer 45)
  redfield,        ///< all pairs: gamma_mn = G(w_m) + G(w_n)^*, G(w) = S(w)/2 + i Lambda(w)
  collective,      ///< one bath for all members of a group, each by its own H (Santos 49, 50)
};

/// "local", "secular", "partial-secular", "coarse-grained", "redfield", "collective".
[[nodiscard]] std::string_view name_of(BathScheme scheme);

/// The coupling H_int = A B of a Hermitian A to a bath operator B. If A names a group, each member
/// has a bath of its own; in the collective scheme all members share one bath.
struct BathCoupling {
  std::string name;
  Expression coupling{0.0};
  Bath bath;
  BathScheme scheme = BathScheme::secular;
  bool lamb_shift = false;
  /// For coarse-grained: the averaging time.
  double dt = 0;
  /// For partial-secular: the width of a group of Bohr frequencies. If not given, it follows from
  /// the gaps between them.
  std::optional<double> grouping{};
  /// For collective: the matrix gamma_ij/sqrt(gamma_ii gamma_jj), real, symmetric and positive
  /// semidefinite. If not given, all its elements are 1: the members are much closer to each other
  /// than the wavelength of the bath.
  std::optional<Eigen::MatrixXd> correlations{};
  /// Bohr frequencies that differ by less than this count as equal. If not given, 1e-9 of the width
  /// of the spectrum.
  std::optional<double> tolerance{};
  /// The order in the coupling: 2, or 4 for a two-level site (Bloch equations to fourth order).
  int order = 2;
  /// For order 4: <Lambda Lambda>/<Lambda Lambda^dag> in [-1, 1], see bloch_rates. 1 is the
  /// coupling as written. 0 is the same strength shared by two independent baths along x and y.
  double anisotropy = 1;
};

}  // namespace lindwurm
