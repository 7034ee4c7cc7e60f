// The matrices of the named operators of one site.
#pragma once

#include <Eigen/Core>
#include <string>
#include <string_view>
#include <vector>

#include "lindwurm/operators/product_sum.hpp"

namespace lindwurm {

/// The matrix of `name` (a, ad, n, x, p, id, sx, sy, sz, sp, sm, sp_x, sm_x, n_up) on a site of
/// this kind and dimension. The truncated a^dag annihilates the top level. Throws InputError if
/// sites of this kind have no such operator.
[[nodiscard]] SiteMatrix site_operator(std::string_view name, SiteKind kind, int dimension);

/// The same for a site of this group, which may have words of its own. The matrix is that of the
/// basis in which operators are defined, not of the one in which spins are stored.
[[nodiscard]] SiteMatrix site_operator(std::string_view name, const Group& group);

/// |j><k|. Throws InputError unless 0 <= j, k < dimension.
[[nodiscard]] SiteMatrix transition(int j, int k, int dimension);

/// Transforms a spin's matrix from the eigenbasis of sz to that of sx, |+-> = (|up> +-
/// |down>)/sqrt(2), or back. The transformation is its own inverse.
[[nodiscard]] Eigen::Matrix2cd change_spin_axis(const Eigen::Matrix2cd& a);
/// The same for a spin's ket.
[[nodiscard]] Eigen::Vector2cd change_spin_axis(const Eigen::Vector2cd& psi);

/// Transforms a matrix to the basis in which this group is stored.
[[nodiscard]] SiteMatrix in_stored_basis(const SiteMatrix& a, const Group& group);

/// The names that site_operator accepts, and proj and ket.
[[nodiscard]] const std::vector<std::string>& site_operator_names();

}  // namespace lindwurm
