// Mixed product states as mixtures of kets.
#pragma once

#include <cstddef>
#include <vector>

#include "lindwurm/model/initial_state.hpp"

namespace lindwurm {

/// The eigenvectors of each site's density matrix with eigenvalues that are not rounding, largest
/// eigenvalue first. A site's density matrix that is diagonal has basis states as eigenvectors.
struct SiteMixtures {
  explicit SiteMixtures(const ProductState& state);

  struct Site {
    std::vector<double> weights;
    Eigen::MatrixXcd kets;  ///< a column for each weight
  };
  std::vector<Site> sites;

  [[nodiscard]] bool is_pure() const;
  /// The number of product kets, in floating point.
  [[nodiscard]] double count() const;
  /// tr rho^2 and -tr rho ln rho of the product.
  [[nodiscard]] double purity() const;
  [[nodiscard]] double entropy() const;
};

struct WeightedKet {
  double weight = 0;
  ProductKet ket;
};

/// rho = sum_k p_k |psi_k><psi_k| over product kets, largest weights first, until the weight that
/// is left is at most `neglect`, or there are `most` of them.
[[nodiscard]] std::vector<WeightedKet> product_kets(const SiteMixtures& mixtures, double neglect,
                                                    std::size_t most);

}  // namespace lindwurm
