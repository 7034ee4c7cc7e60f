// Quasi-probabilities: pictures of the state of one site in its phase space.
#pragma once

#include <string_view>
#include <vector>

#include "lindwurm/liouville/site_state.hpp"

namespace lindwurm {

enum class QuasiProbability {
  husimi,  ///< Q, never negative
  wigner,  ///< W, negative where a state is not classical; of oscillators
};

/// "husimi" or "wigner", as in the model file.
[[nodiscard]] std::string_view name_of(QuasiProbability function);

/// Where the functions are wanted: the product of two axes, rows and columns of their values.
///
/// Of oscillators Re alpha and Im alpha, x = a + a^dag = 2 Re alpha:
///
///     Q(alpha) = <alpha|rho|alpha>/pi,      W(alpha) = (2/pi) tr(D(alpha) (-1)^n D(-alpha) rho)
///
/// (Cahill and Glauber, Phys. Rev. 177, 1882 (1969)), both of integral 1 over d Re d Im.
///
/// Of spins and ensembles the angles theta from +z and phi from +x of a direction, along which
/// |J;theta,phi> is the state of M = J:
///
///     Q(theta, phi) = sum_J (2J+1)/(4 pi) <J;theta,phi|rho_J|J;theta,phi>
///
/// (Arecchi et al., Phys. Rev. A 6, 2211 (1972)), rho_J traced over the copies of the multiplet, of
/// integral 1 over sin(theta) d theta d phi.
struct PhaseSpaceGrid {
  std::vector<double> rows;
  std::vector<double> columns;
};

/// The largest number of levels that an oscillator's functions are computed for.
inline constexpr int most_phase_space_levels = 256;

/// Throws InputError for sites of kind levels, for wigner of what is no oscillator, and for too
/// many levels.
void require_phase_space(const Group& site, QuasiProbability function);

/// The values on a grid. What require_phase_space() refuses is refused.
[[nodiscard]] Eigen::MatrixXd quasi_probability(const SiteState& state, QuasiProbability function,
                                                const PhaseSpaceGrid& grid);

/// The integral over the grid by the trapezoidal rule: 1 if the grid is wide and fine enough.
[[nodiscard]] double integral(const Eigen::MatrixXd& values, const Group& site,
                              const PhaseSpaceGrid& grid);

}  // namespace lindwurm
