// What unknowns stand for: complex numbers of which each has its conjugate among them.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "lindwurm/operators/space.hpp"

namespace lindwurm {

/// The elements of something Hermitian, or of something that is stored beside its conjugate: they
/// run over a product of sites, and each site has a mirror, a permutation that is its own inverse.
/// The element x', all of whose sites are mirrored, is the complex conjugate of the element x.
class ElementSpace {
 public:
  /// One mirror for each site. Throws InputError for more than 2^62 elements.
  ElementSpace(Space space, std::vector<std::vector<int>> mirrors);

  /// The Hilbert space of which these are states.
  [[nodiscard]] const Space& space() const { return space_; }
  [[nodiscard]] int sites() const { return static_cast<int>(dimensions_.size()); }
  /// The number of elements of each site, the first of which is the slowest index.
  [[nodiscard]] const std::vector<int>& dimensions() const { return dimensions_; }
  [[nodiscard]] int mirror(int site, int element) const { return (*mirrors_)[site][element]; }
  /// True if a site's mirror moves every element: nothing is its own conjugate.
  [[nodiscard]] bool moves_all(int site) const;
  [[nodiscard]] std::int64_t size() const { return size_; }

 private:
  Space space_;
  std::shared_ptr<const std::vector<std::vector<int>>> mirrors_;  // shared by copies
  std::vector<int> dimensions_;
  std::int64_t size_ = 1;
};

/// Throws InputError if 32-bit indices cannot number the D^2 elements of density matrices, naming
/// the size and what would help.
void require_density_matrices(const Space& space);

/// The elements |m><n| of density operators: m*d + n of each site, the mirror of which is |n><m|.
[[nodiscard]] ElementSpace density_elements(const Space& space);

/// The elements psi_m of kets, and their conjugates: a site of two elements comes before the others
/// and tells psi (0) from its conjugate (1). Its mirror exchanges the two, those of the others do
/// nothing: m stands for psi_m, D + m for its conjugate.
[[nodiscard]] ElementSpace ket_elements(const Space& space);

/// The elements X_mn of operators that need not be Hermitian, and their conjugates: a site of two
/// elements comes before those of the density elements and tells X (0) from its conjugate (1), as
/// for kets. The element x of density_elements stands for X_x, D^2 + x for its conjugate.
[[nodiscard]] ElementSpace operator_elements(const Space& space);

}  // namespace lindwurm
