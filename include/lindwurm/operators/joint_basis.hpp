// Several sites stored as one site, in a basis of their own.
#pragma once

#include <Eigen/Core>

#include "lindwurm/operators/product_sum.hpp"
#include "lindwurm/operators/space.hpp"

namespace lindwurm {

/// D states |k> = sum_m U_mk |m> of all sites of a model, such as the eigenstates of its
/// Hamiltonian. The choice changes sectors, and with them time and memory, but never a model, a
/// state or a result.
struct JointBasis {
  Space sites;
  Eigen::MatrixXcd states;  ///< U, unitary; m numbers the product basis as stored by `sites`
};

/// Converts an operator A on the named sites of a space to the basis in which it is stored there.
/// The result is A itself or, with a joint basis, U^dag A U on the one stored site. Elements below
/// 1e-13 of the largest are left out.
[[nodiscard]] Operator in_joint_basis(const Operator& a, const Space& space);

/// U^dag rho U, where rho is given on the named sites as they are stored. Without a joint basis,
/// rho is returned unchanged.
[[nodiscard]] Eigen::MatrixXcd in_joint_basis(Eigen::MatrixXcd rho, const Space& space);
/// U rho U^dag, the inverse of in_joint_basis.
[[nodiscard]] Eigen::MatrixXcd from_joint_basis(Eigen::MatrixXcd rho, const Space& space);

}  // namespace lindwurm
