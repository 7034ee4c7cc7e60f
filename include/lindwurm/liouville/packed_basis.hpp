// The order of the unknowns: every element on one rank with its mirror.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "lindwurm/liouville/product_numbers.hpp"

namespace lindwurm {

/// Every element rho_x of an ElementSpace has its conjugate there, at x', so one real number
/// R_x = Re rho_x + Im rho_x is stored for each x, and
///
///     rho_x = (R_x + R_x')/2 + i (R_x - R_x')/2.
///
/// The index x runs over the product of the sites' elements, the first site slowest. For density
/// operators these are the |m><n| (element m*d + n of its site), and |R|_2 is the Frobenius norm.
///
/// Storage splits the sites: x = (o, i) with an outer index o and an inner index i. The elements of
/// one o that lie in the sector form a slice, in ascending i. Slices follow in the order of o, but
/// for an o > o', whose slice follows that of o' directly, in the order of the mirrored elements:
///
///     slice of o:  R(o, i_1), R(o, i_2), ...      slice of o':  R(o', i_1'), R(o', i_2'), ...
///
/// so that a pair of slices holds elements and mirrors in the same places. Without inner sites each
/// slice is one element: every element stands beside its mirror.
///
/// Time and memory follow the sector, however large the space is: slices that are not empty have
/// numbers, in the order of o, and what is stored is stored by number.
class PackedBasis {
 public:
  /// All density operators, without inner sites.
  explicit PackedBasis(const Space& space);
  /// The elements of a sector, which must hold its own mirror, as Sector's makers see to.
  /// `inner_sites` ascending. Throws InputError if 32-bit indices cannot number them.
  explicit PackedBasis(const Sector& sector, std::vector<int> inner_sites = {});

  /// The number of unknowns: all elements, or what the sector has of them.
  [[nodiscard]] std::int64_t size() const { return size_; }
  [[nodiscard]] std::int64_t hilbert_dimension() const { return hilbert_dimension_; }
  [[nodiscard]] const ElementSpace& elements() const { return elements_; }
  [[nodiscard]] const Space& space() const { return elements_.space(); }
  /// The number of elements of each site.
  [[nodiscard]] const std::vector<int>& site_dimensions() const { return elements_.dimensions(); }

  /// True if a packed vector of the one is a packed vector of the other: the same elements, of
  /// sites in the same bases, in the same order.
  [[nodiscard]] bool agrees_with(const PackedBasis& other) const;

  [[nodiscard]] std::int64_t mirror(std::int64_t x) const;
  /// -1 for an element outside the sector.
  [[nodiscard]] std::int64_t position(std::int64_t x) const;
  /// The element at a packed position.
  [[nodiscard]] std::int64_t element(std::int64_t position) const;

  /// Of density operators and of operators, the element |m><n|, with m, n numbers of product
  /// states; of operators not its conjugate. -1 between different multiplets of an ensemble.
  [[nodiscard]] std::int64_t index(std::int64_t m, std::int64_t n) const;
  /// {m, n} of an element |m><n|, or of its conjugate.
  [[nodiscard]] std::pair<std::int64_t, std::int64_t> states(std::int64_t x) const;

  /// The rows [first, last) of `rank` among `ranks`: nearly equal shares that split no slice and no
  /// pair. Some are empty if there are more ranks than pairs of slices.
  [[nodiscard]] std::pair<std::int64_t, std::int64_t> share(int rank, int ranks) const;

  /// Outer indices with one charge have slices of one kind.
  struct SliceKind {
    std::vector<int> elements;  ///< inner indices, ascending
    std::vector<int> place;     ///< inner index -> place in the slice, -1 if it is not there
    int mirror;  ///< kind of the mirrored slice, if slices of this kind have elements
  };
  [[nodiscard]] const std::vector<int>& inner_sites() const { return inner_sites_; }
  [[nodiscard]] const std::vector<int>& outer_sites() const { return outer_sites_; }
  [[nodiscard]] int inner_size() const { return static_cast<int>(inner_mirrors_.size()); }
  [[nodiscard]] int inner_mirror(int i) const { return inner_mirrors_[i]; }
  [[nodiscard]] const std::vector<SliceKind>& kinds() const { return kinds_; }

  /// The slice of an outer index.
  struct Slice {
    int number;  ///< among those that are not empty; -1 if it is
    int mirror;  ///< number of the mirrored slice
    int kind;
  };
  [[nodiscard]] Slice slice(std::int64_t outer) const;
  /// The number of slices that are not empty.
  [[nodiscard]] std::int64_t slices() const { return numbers_.size(); }
  /// The outer index of the slice with a number.
  [[nodiscard]] std::int64_t outer(int number) const { return numbers_.product(number).index; }
  /// Where the slice with a number starts.
  [[nodiscard]] std::int32_t start(int number) const { return start_[number]; }
  /// Numbers of the slices that lead a pair, or are their own mirrors, ascending.
  [[nodiscard]] const std::vector<std::int32_t>& leaders() const { return leaders_; }
  /// The k-th leader.
  struct Leader {
    std::int64_t outer;  ///< its outer index
    int kind;
  };
  [[nodiscard]] Leader leader(int k) const {
    const auto [outer, kind] = numbers_.product(leaders_[k]);
    return {outer, kind};
  }
  /// Where the k-th leader's slice starts, and with it the pair; behind the last, size().
  [[nodiscard]] std::int64_t pair_start(int k) const {
    return k < static_cast<int>(leaders_.size()) ? start_[leaders_[k]] : size_;
  }
  /// The number of leaders whose slices start before a position.
  [[nodiscard]] int leaders_before(std::int64_t position) const;

 private:
  // Where an element's index x and the indices o and i hold a site's element.
  struct Site {
    std::int64_t stride;  // in x
    bool is_outer;
    int place;                    // among the outer or the inner sites
    std::int64_t stride_in_part;  // in o or i
  };
  void find_sites();
  void make_kinds(const ProductNumbers& inner, const Sector& sector);
  void lay_out(int k, ProductNumbers::Place here, ProductNumbers::Place mirrored);
  [[nodiscard]] std::int64_t join(std::int64_t outer, std::int64_t inner) const;

  ElementSpace elements_;
  std::int64_t size_ = 0;
  std::int64_t hilbert_dimension_ = 1;
  std::vector<int> outer_sites_;
  std::vector<int> inner_sites_;
  std::vector<Site> sites_;
  std::vector<int> inner_mirrors_;
  ProductNumbers numbers_;  // of the outer indices whose slices are not empty
  std::vector<SliceKind> kinds_;
  std::vector<std::int32_t> start_;
  std::vector<std::int32_t> leaders_;
};

}  // namespace lindwurm
