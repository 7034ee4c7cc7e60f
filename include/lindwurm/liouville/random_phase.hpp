// Mixed product states as random superpositions.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lindwurm/liouville/ket.hpp"

namespace lindwurm {

/// A product of pure sites and of sites that are mixed in the basis they are stored in,
/// rho = |chi><chi| x sum_b p_b |b><b|, as the mean over random phases phi_b of
///
///     psi = chi x sum_b sqrt(p_b) exp(i phi_b) |b>.
///
/// Where states b have different conserved charges, each class of them makes a ket of its own,
/// which stays in its sectors: rho = sum_q P_q rho_q.
class RandomPhaseState {
 public:
  /// Throws InputError for a site whose density matrix is neither pure nor diagonal in the basis
  /// in which it is stored.
  RandomPhaseState(const ProductState& state, const Charges& charges);

  struct Class {
    double weight = 0;  ///< P_q
    double states = 0;  ///< how many b it has
    Sector sector;
    Charge charge;  ///< that its b have
  };
  /// Largest weights first.
  [[nodiscard]] const std::vector<Class>& classes() const { return classes_; }
  /// The first of them that leave out at most this weight.
  [[nodiscard]] std::span<const Class> classes_without(double neglected) const;
  /// The packed, normalised ket of a class; its phases depend on the seed, the sample and b alone.
  /// Collective; the caller owns it.
  [[nodiscard]] VecHandle ket(const Class& of, const KetGenerator& generator, std::uint64_t seed,
                              std::uint64_t sample) const;

 private:
  struct Site {
    Eigen::VectorXcd ket;  // chi of a pure site, sqrt(p) of a mixed one
    bool is_mixed = false;
    std::uint64_t stride = 0;  // in the number of b, of a mixed one
  };
  std::vector<Site> sites_;
  std::vector<Class> classes_;
};

/// The largest sector that a ket of such a mixture may lie in, if this weight is left out; the
/// whole space if one of the mixed sites is not diagonal in the basis it is stored in.
[[nodiscard]] Sector largest_sector_of(const ProductState& state, double neglected,
                                       const Charges& charges);

}  // namespace lindwurm
