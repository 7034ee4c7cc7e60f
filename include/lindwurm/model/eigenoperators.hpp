// Eigenoperators of a Hamiltonian: the part of a coupling at one Bohr frequency.
#pragma once

#include <Eigen/Core>
#include <Eigen/SparseCore>
#include <memory>
#include <vector>

#include "lindwurm/operators/product_sum.hpp"

namespace lindwurm {

/// The eigenstates of a Hamiltonian that acts on some of the sites.
struct EnergyBasis {
  std::vector<int> sites;    ///< ascending; the first is the slowest index of their product
  Eigen::VectorXd energies;  ///< ascending
  Eigen::MatrixXcd states;   ///< columns, in the product basis as stored
};

/// The largest number of states of a Hamiltonian that is diagonalised.
inline constexpr int most_diagonalised_states = 4096;

/// Diagonalises H. Throws InputError if H acts on other sites, depends on time, or has more than
/// most_diagonalised_states states there.
[[nodiscard]] EnergyBasis energy_basis(const Operator& h, const std::vector<int>& sites,
                                       const Space& space);

/// X(w), the sum over E_b - E_a = w of |a><a|A|b><b|. Then A = sum_w X(w), [H, X(w)] = -w X(w) and
/// X(-w) = X(w)^dag (Breuer and Petruccione 2002, Eq. 3.120).
struct Eigenoperator {
  std::shared_ptr<const EnergyBasis> basis;
  double frequency = 0;
  std::vector<Eigen::Triplet<Complex>> elements{};  ///< in the energy basis
};

/// The nonzero eigenoperators of a Hermitian A, by ascending frequency. A chain of Bohr frequencies
/// of one sign with distances <= tolerance counts as one frequency, their mean weighted by
/// |<a|A|b>|^2. A chain that contains both signs has frequency 0. Elements below 1e-12 of the
/// largest count as rounding and are dropped. Each other element belongs to exactly one X(w), and
/// X(-w) = X(w)^dag holds exactly.
[[nodiscard]] std::vector<Eigenoperator> eigenoperators(
    const std::shared_ptr<const EnergyBasis>& basis, const Operator& a, const Space& space,
    double tolerance);

/// tr X^dag X.
[[nodiscard]] double squared_norm(const Eigenoperator& x);

/// Converts a sparse matrix in the energy basis to a dense one in the product basis.
[[nodiscard]] Eigen::MatrixXcd in_product_basis(const Eigen::MatrixXcd& matrix,
                                                const EnergyBasis& basis);
[[nodiscard]] Eigen::MatrixXcd in_product_basis(const Eigenoperator& x);

/// A text such as "0.707 |up, 0><down, 1| + ..." of a matrix in the product basis of these sites.
/// It shows at most `most` elements, the largest first.
[[nodiscard]] std::string text_of(const Eigen::MatrixXcd& matrix, const std::vector<int>& sites,
                                  const Space& space, int most = 8);

}  // namespace lindwurm
