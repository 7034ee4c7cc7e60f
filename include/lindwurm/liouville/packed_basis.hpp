// The order of the unknowns: every element of rho beside its mirror.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "lindwurm/operators/space.hpp"

namespace lindwurm {

/// Density operators are Hermitian, so one real number R_x = Re rho_x + Im rho_x is stored for each
/// Liouville index x. With x' the mirror of x (the index of the transposed element),
///
///     rho_x = (R_x + R_x')/2 + i (R_x - R_x')/2.
///
/// The Liouville index x runs over the product of the site bases |m><n| (element m*d + n of its
/// site), the first site slowest. The packed position keeps that order, except that x' follows
/// directly on x: at the first site whose element is not its own mirror, the element with the
/// smaller number leads, and the pairs of all the following sites' elements interleave.
/// |R|_2 is the Frobenius norm of rho. No table is stored: positions are computed.
class PackedBasis {
 public:
  /// Throws InputError if the D^2 unknowns exceed 32-bit indices.
  explicit PackedBasis(const Space& space);

  /// D^2, the number of unknowns.
  [[nodiscard]] std::int64_t size() const { return size_; }
  [[nodiscard]] std::int64_t hilbert_dimension() const { return hilbert_dimension_; }
  /// Dimensions d_s^2 of the sites' Liouville bases.
  [[nodiscard]] const std::vector<int>& site_dimensions() const { return dimensions_; }

  [[nodiscard]] std::int64_t mirror(std::int64_t x) const;
  [[nodiscard]] std::int64_t position(std::int64_t x) const;
  /// The Liouville index at a packed position.
  [[nodiscard]] std::int64_t element(std::int64_t position) const;

  /// The Liouville index of |m><n|, with m, n numbers of product states.
  [[nodiscard]] std::int64_t index(std::int64_t m, std::int64_t n) const;
  /// The inverse of index: {m, n}.
  [[nodiscard]] std::pair<std::int64_t, std::int64_t> states(std::int64_t x) const;

  /// The rows [first, last) of `rank` among `ranks`: equal shares that split no pair.
  [[nodiscard]] std::pair<std::int64_t, std::int64_t> share(int rank, int ranks) const;

 private:
  struct Site {
    int levels;
    std::int64_t stride;               // elements of all later sites
    std::vector<int> mirror;           // element -> transposed element
    std::vector<std::int64_t> before;  // positions taken by smaller elements
  };
  std::vector<Site> sites_;
  std::vector<int> dimensions_;
  std::int64_t size_ = 1;
  std::int64_t hilbert_dimension_ = 1;
};

}  // namespace lindwurm
