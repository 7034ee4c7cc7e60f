// Mixed product states as random superpositions.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lindwurm/states/ket.hpp"

namespace lindwurm {

/// A product of pure sites and of mixed sites that are diagonal in the basis they are stored in,
/// rho = |chi><chi| x sum_b p_b |b><b|. It is the mean over random phases phi_b of |psi><psi| with
///
///     psi = chi x sum_b sqrt(p_b) exp(i phi_b) |b>.
///
/// If the states b have different conserved charges, each class of them gets a ket of its own,
/// which stays in its sectors: rho = sum_q P_q rho_q.
class RandomPhaseState {
 public:
  /// Throws InputError for a site whose density matrix is neither pure nor diagonal in the basis
  /// in which it is stored.
  RandomPhaseState(const ProductState& state, const Charges& charges);

  struct Class {
    double weight = 0;  ///< P_q
    double states = 0;  ///< the number of states b of the class
    Sector sector;
    Charge charge;  ///< the common charge of its states b
  };
  /// The classes, largest weights first.
  [[nodiscard]] const std::vector<Class>& classes() const { return classes_; }
  /// The shortest list of first classes that leaves out at most this weight.
  [[nodiscard]] std::span<const Class> classes_without(double neglected) const;
  /// The packed, normalised ket of a class. Its phases depend only on the seed, the sample and b.
  /// Collective; the caller owns it.
  [[nodiscard]] VecHandle ket(const Class& of, const KetGenerator& generator, std::uint64_t seed,
                              std::uint64_t sample) const;

 private:
  struct Site {
    Eigen::VectorXcd ket;  // chi for a pure site, sqrt(p) for a mixed one
    bool is_mixed = false;
    std::uint64_t stride = 0;  // for a mixed site, the stride in the number of b
  };
  std::vector<Site> sites_;
  std::vector<Class> classes_;
};

/// The largest sector that a ket of such a mixture may lie in if this weight is left out. It is the
/// whole space if a mixed site is not diagonal in the basis it is stored in.
[[nodiscard]] Sector largest_sector_of(const ProductState& state, double neglected,
                                       const Charges& charges);

}  // namespace lindwurm
