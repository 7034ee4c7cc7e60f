// Eigenoperators of a Hamiltonian: what a coupling does at one Bohr frequency.
#pragma once

#include <Eigen/Dense>
#include <Eigen/SparseCore>
#include <memory>
#include <vector>

#include "lindwurm/operators/product_sum.hpp"

namespace lindwurm {

/// The eigenstates of a Hamiltonian that acts on some of the sites.
struct EnergyBasis {
  std::vector<int> sites;    ///< ascending; the first is the slowest index of their product
  Eigen::VectorXd energies;  ///< ascending
  Eigen::MatrixXcd states;   ///< columns, in the product basis as it is stored
};

/// Throws InputError if H acts on other sites, depends on time, or has more than 4096 states there.
[[nodiscard]] EnergyBasis energy_basis(const Operator& h, const std::vector<int>& sites,
                                       const Space& space);

/// X(w) = sum over E_b - E_a = w of |a><a|A|b><b|, so that A = sum_w X(w), [H, X(w)] = -w X(w) and
/// X(-w) = X(w)^dag (Breuer and Petruccione 2002, Eq. 3.120).
struct Eigenoperator {
  std::shared_ptr<const EnergyBasis> basis;
  double frequency = 0;
  std::vector<Eigen::Triplet<Complex>> elements{};  ///< in the energy basis
};

/// The eigenoperators of A that do not vanish, by ascending frequency. Bohr frequencies in a chain
/// of distances <= tolerance count as one, the mean weighted by |<a|A|b>|^2; elements below 1e-12
/// of the largest are rounding.
[[nodiscard]] std::vector<Eigenoperator> eigenoperators(
    const std::shared_ptr<const EnergyBasis>& basis, const Operator& a, const Space& space,
    double tolerance);

/// tr X^dag X.
[[nodiscard]] double squared_norm(const Eigenoperator& x);

/// A sparse matrix in the energy basis as a dense one in the product basis.
[[nodiscard]] Eigen::MatrixXcd in_product_basis(const Eigen::MatrixXcd& matrix,
                                                const EnergyBasis& basis);
[[nodiscard]] Eigen::MatrixXcd in_product_basis(const Eigenoperator& x);

/// "0.707 |up, 0><down, 1| + ...": at most `most` elements, the largest first, of a matrix in the
/// product basis of these sites.
[[nodiscard]] std::string text_of(const Eigen::MatrixXcd& matrix, const std::vector<int>& sites,
                                  const Space& space, int most = 8);

}  // namespace lindwurm
