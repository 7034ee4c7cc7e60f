// Where an evolution starts.
#pragma once

#include <Eigen/Dense>
#include <map>
#include <string>
#include <vector>

#include "lindwurm/model/ensemble_state.hpp"
#include "lindwurm/operators/evaluate.hpp"

namespace lindwurm {

/// rho = rho_0 x rho_1 x ...: one density matrix for each site, in the order of the space.
/// Spins are given along z, whatever the basis that they are stored in.
struct ProductState {
  std::vector<Eigen::MatrixXcd> sites;  ///< empty for an ensemble
  std::map<int, EnsembleState> ensembles{};
  /// The largest weight that a site's cutoff took from coherent(alpha) or thermal(nbar), whose
  /// remaining levels were normalised again.
  double neglected_weight = 0;
};

/// The same state in the bases in which the space stores its spins.
[[nodiscard]] ProductState in_stored_basis(ProductState state, const Space& space);

/// The elements of one site's state, numbered as in Space::element().
[[nodiscard]] Eigen::VectorXcd site_elements(const ProductState& state, int site,
                                             const Space& space);

/// psi = psi_0 x psi_1 x ...: one ket for each site, in the order of the space. Spins are given
/// along z, whatever the basis that they are stored in.
struct ProductKet {
  std::vector<Eigen::VectorXcd> sites;
};

/// The ket of a product of pure states, each site's largest element a positive number. Throws
/// InputError naming a site that is in a mixed state.
[[nodiscard]] ProductKet ket_of(const ProductState& state, const Space& space);
[[nodiscard]] ProductKet in_stored_basis(ProductKet ket, const Space& space);

/// The state of one site from its name:
/// oscillator: fock(n), coherent(alpha), thermal(nbar), maximally_mixed;
/// spin: up, down, up_x, down_x, up_y, down_y, coherent(theta, phi), thermal(p_up),
/// thermal_x(p_up), maximally_mixed;
/// levels: level(k), maximally_mixed.
/// In the argument, arrays without an index run along the members of a group: `member` is which.
/// Adds to `neglected_weight` as in ProductState. Throws InputError for an unknown name, a level
/// beyond the cutoff, a probability outside [0, 1], or an array that is not of the group's length.
[[nodiscard]] Eigen::MatrixXcd site_state(const Expression& text, const Group& site,
                                          const Parameters& parameters, double& neglected_weight,
                                          int member = 0);

/// The state of an ensemble: that of each of its spins, as above, or dicke(J, M), |J,M> spread
/// evenly over all multiplets of this J; or a sum of such with numbers in front that add up to 1,
/// as in "0.3*up + 0.7*dicke(2, 0)".
[[nodiscard]] EnsembleState ensemble_state(const Expression& text, const Group& site,
                                           const Parameters& parameters);

/// From names for each site; a group takes one name for all members or one for each.
/// Throws InputError if a site has no state.
[[nodiscard]] ProductState product_state(
    const Space& space, const std::map<std::string, std::vector<std::string>>& states,
    const Parameters& parameters = {});

}  // namespace lindwurm
