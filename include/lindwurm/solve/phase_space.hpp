// Quasi-probability distributions of the state of one site.
#pragma once

#include <string_view>
#include <vector>

#include "lindwurm/states/site_state.hpp"

namespace lindwurm {

/// The quasi-probability distribution.
enum class QuasiProbability {
  husimi,  ///< Q, never negative
  wigner,  ///< W, negative only for nonclassical states; oscillators only
};

/// "husimi" or "wigner", as in the model file.
[[nodiscard]] std::string_view name_of(QuasiProbability function);

/// The points at which the functions are computed: the product of two axes, one for the rows and
/// one for the columns of the values.
///
/// For oscillators the axes are Re alpha and Im alpha, with x = a + a^dag = 2 Re alpha:
///
///     Q(alpha) = <alpha|rho|alpha>/pi,      W(alpha) = (2/pi) tr(D(alpha) (-1)^n D(-alpha) rho)
///
/// (Cahill and Glauber, Phys. Rev. 177, 1882 (1969)). The integral of both over d Re d Im is 1.
///
/// For spins and ensembles the axes are the angles theta from +z and phi from +x of a direction.
/// |J;theta,phi> is the state of M = J along that direction:
///
///     Q(theta, phi) = sum_J (2J+1)/(4 pi) <J;theta,phi|rho_J|J;theta,phi>
///
/// (Arecchi et al., Phys. Rev. A 6, 2211 (1972)). rho_J is traced over the copies of the multiplet.
/// The integral over sin(theta) d theta d phi is 1.
struct PhaseSpaceGrid {
  std::vector<double> rows;
  std::vector<double> columns;
};

/// The largest number of levels of an oscillator for which the functions are computed.
inline constexpr int most_phase_space_levels = 256;

/// Throws InputError for sites of kind levels, for the Wigner function of a site that is no
/// oscillator, and for too many levels.
void require_phase_space(const Group& site, QuasiProbability function);

/// The values on a grid. Throws InputError for what require_phase_space() refuses.
[[nodiscard]] Eigen::MatrixXd quasi_probability(const SiteState& state, QuasiProbability function,
                                                const PhaseSpaceGrid& grid);

/// The integral over the grid by the trapezoidal rule. It is 1 if the grid is wide and fine enough.
[[nodiscard]] double integral(const Eigen::MatrixXd& values, const Group& site,
                              const PhaseSpaceGrid& grid);

}  // namespace lindwurm
