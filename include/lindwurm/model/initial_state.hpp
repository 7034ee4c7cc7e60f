// Initial states of an evolution.
#pragma once

#include <Eigen/Core>
#include <map>
#include <string>
#include <vector>

#include "lindwurm/model/ensemble_state.hpp"
#include "lindwurm/operators/evaluate.hpp"

namespace lindwurm {

/// rho = rho_0 x rho_1 x ...: one density matrix for each site, in the order of the space. Spins
/// are given along z, whatever basis they are stored in.
struct ProductState {
  std::vector<Eigen::MatrixXcd> sites;  ///< empty for an ensemble
  std::map<int, EnsembleState> ensembles{};
  /// The largest weight that the cutoff of a site removed from coherent(alpha) or thermal(nbar).
  /// The remaining levels were normalised again.
  double neglected_weight = 0;
};

/// Throws InputError unless the state fits the space: each site needs a Hermitian matrix of its
/// dimension, or, for an ensemble, an EnsembleState.
void require_fit(const ProductState& state, const Space& space);

/// The same state in the bases in which the space stores its spins.
[[nodiscard]] ProductState in_stored_basis(ProductState state, const Space& space);

/// The elements of one site's state, in the order of Space::element().
[[nodiscard]] Eigen::VectorXcd site_elements(const ProductState& state, int site,
                                             const Space& space);

/// psi = psi_0 x psi_1 x ...: one ket for each site, in the order of the space. Spins are given
/// along z, whatever basis they are stored in.
struct ProductKet {
  std::vector<Eigen::VectorXcd> sites;
};

/// Throws InputError unless the ket has, for each site of the space, a vector of its dimension.
void require_fit(const ProductKet& ket, const Space& space);

/// The ket of a product of pure states. The largest element of each site is a positive number.
/// Throws InputError if a site is in a mixed state, and names it.
[[nodiscard]] ProductKet ket_of(const ProductState& state, const Space& space);
[[nodiscard]] ProductKet in_stored_basis(ProductKet ket, const Space& space);

/// The state of one site from its name:
/// oscillator: fock(n), coherent(alpha), thermal(nbar), maximally_mixed;
/// spin: up, down, up_x, down_x, up_y, down_y, coherent(theta, phi), thermal(p_up),
/// thermal_x(p_up), maximally_mixed;
/// levels: level(k), maximally_mixed.
/// In the argument, an array without an index runs along the members of a group; `member` selects
/// one. Adds to `neglected_weight` as in ProductState. Throws InputError for an unknown name, for a
/// level beyond the cutoff, for a probability outside [0, 1], and for an array that does not have
/// the length of the group.
[[nodiscard]] Eigen::MatrixXcd site_state(const Expression& text, const Group& site,
                                          const Parameters& parameters, double& neglected_weight,
                                          int member = 0);

/// The state of an ensemble. It is one of
/// - the state of each of its spins, named as above;
/// - dicke(J, M), which is |J,M> spread evenly over all multiplets of this J;
/// - a sum of such states with weights that add up to 1, as in "0.3*up + 0.7*dicke(2, 0)".
///
/// `family` lists the classes of one bath, and the result is the state of class `number`. A single
/// ensemble is a family of one. Arrays with one value for each class run along the classes. Arrays
/// with one value for each spin need equal values within a class.
[[nodiscard]] EnsembleState ensemble_state(const Expression& text,
                                           const std::vector<const Group*>& family, int number,
                                           const Parameters& parameters);

/// The product state from names for each site. A group takes one name for all members or one for
/// each member. Throws InputError if a site has no state.
[[nodiscard]] ProductState product_state(
    const Space& space, const std::map<std::string, std::vector<std::string>>& states,
    const Parameters& parameters = {});

}  // namespace lindwurm
