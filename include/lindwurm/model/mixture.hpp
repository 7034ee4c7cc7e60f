// Mixed product states as mixtures of kets.
#pragma once

#include <cstddef>
#include <vector>

#include "lindwurm/model/initial_state.hpp"

namespace lindwurm {

/// The eigenvectors of each site's density matrix, largest eigenvalue first. Eigenvalues that are
/// only rounding are left out. The eigenvectors of a diagonal density matrix are basis states.
struct SiteMixtures {
  explicit SiteMixtures(const ProductState& state);

  struct Site {
    std::vector<double> weights;
    Eigen::MatrixXcd kets;  ///< one column for each weight
  };
  std::vector<Site> sites;

  [[nodiscard]] bool is_pure() const;
  /// The number of product kets, as a floating-point number.
  [[nodiscard]] double count() const;
  /// tr rho^2 and -tr rho ln rho of the product state.
  [[nodiscard]] double purity() const;
  [[nodiscard]] double entropy() const;
};

/// A product ket and its weight in a mixture.
struct WeightedKet {
  double weight = 0;
  ProductKet ket;
};

/// rho = sum_k p_k |psi_k><psi_k| over product kets, largest weights first. The list ends when the
/// remaining weight is at most `neglect`, or when it has `most` entries.
[[nodiscard]] std::vector<WeightedKet> product_kets(const SiteMixtures& mixtures, double neglect,
                                                    std::size_t most);

}  // namespace lindwurm
