// States of an ensemble of equal spins.
#pragma once

#include <Eigen/Core>
#include <vector>

#include "lindwurm/operators/multiplets.hpp"

namespace lindwurm {

/// A mixture sum_k p_k rho_k. In each rho_k, either all spins are in one state (sigma x sigma x
/// ...), or the weight is spread evenly over the copies of one state |J,M>.
struct EnsembleState {
  struct Part {
    double weight = 1;
    Eigen::Matrix2cd spin = Eigen::Matrix2cd::Zero();  ///< sigma; not used if two_j >= 0
    int two_j = -1;                                    ///< 2J
    int two_m = 0;                                     ///< 2M
    /// True if |J,M> is along z and its elements are wanted along x, or the other way round.
    bool is_turned = false;
  };
  std::vector<Part> parts;
};

/// The same state with its spins along x instead of z, or the other way round.
[[nodiscard]] EnsembleState change_spin_axis(EnsembleState state);

/// The numbers r of Multiplets. With n = 2J, the state sigma x sigma x ... has
///     r_J = d_J det(sigma)^(N/2-J) Sym^n(sigma),
/// where Sym^n(sigma) is the action of n factors sigma on the symmetric states of n spins.
[[nodiscard]] Eigen::VectorXcd elements(const EnsembleState& state, const Multiplets& multiplets);

}  // namespace lindwurm
