// The meaning of the unknowns: complex numbers, each stored together with its conjugate.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "lindwurm/operators/space.hpp"

namespace lindwurm {

/// The elements of a Hermitian object, or of an object that is stored beside its conjugate. They
/// run over a product of sites. Each site has a mirror, a permutation that is its own inverse. The
/// element x', obtained from x by mirroring all sites, is the complex conjugate of x.
class ElementSpace {
 public:
  /// One mirror for each site. Throws InputError for more than 2^62 elements.
  ElementSpace(Space space, std::vector<std::vector<int>> mirrors);

  /// The space whose states or operators have these elements.
  [[nodiscard]] const Space& space() const { return space_; }
  [[nodiscard]] int sites() const { return static_cast<int>(dimensions_.size()); }
  /// The number of elements of each site. The first site is the slowest index.
  [[nodiscard]] const std::vector<int>& dimensions() const { return dimensions_; }
  /// The mirror of an element of a site.
  [[nodiscard]] int mirror(int site, int element) const { return (*mirrors_)[site][element]; }
  /// True if the mirror of a site moves every element, so that no element is its own conjugate.
  [[nodiscard]] bool moves_all(int site) const;
  [[nodiscard]] std::int64_t size() const { return size_; }

 private:
  Space space_;
  std::shared_ptr<const std::vector<std::vector<int>>> mirrors_;  // shared by all copies
  std::vector<int> dimensions_;
  std::int64_t size_ = 1;
};

/// The elements |m><n| of density operators. On each site, |m><n| has the number m*d + n, and its
/// mirror is |n><m|. Throws InputError for a site with more elements than 32-bit indices can
/// number.
[[nodiscard]] ElementSpace density_elements(const Space& space);

/// The elements psi_m of kets and their conjugates. An extra site of two elements comes first. It
/// distinguishes psi (0) from its conjugate (1), and its mirror exchanges the two. The mirrors of
/// the other sites do nothing. So m stands for psi_m, and D + m for its conjugate.
[[nodiscard]] ElementSpace ket_elements(const Space& space);

/// The elements X_mn of operators that need not be Hermitian, and their conjugates. An extra site
/// of two elements comes before those of the density elements. As for kets, it distinguishes X (0)
/// from its conjugate (1). The element x of density_elements stands for X_x, and D^2 + x for its
/// conjugate.
[[nodiscard]] ElementSpace operator_elements(const Space& space);

}  // namespace lindwurm
