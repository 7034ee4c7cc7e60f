// The order of the unknowns. Each element and its mirror are on the same rank.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "lindwurm/backend/petsc.hpp"
#include "lindwurm/sectors/product_numbers.hpp"

namespace lindwurm {

/// In an ElementSpace, each element rho_x has its conjugate at x'. One real number
/// R_x = Re rho_x + Im rho_x is stored for each x, and
///
///     rho_x = (R_x + R_x')/2 + i (R_x - R_x')/2.
///
/// The index x runs over the product of the sites' elements, the first site slowest. For density
/// operators the elements are |m><n|, with the number m*d + n on their site, and |R|_2 is the
/// Frobenius norm.
///
/// Storage splits the sites into outer and inner ones: x = (o, i) with an outer index o and an
/// inner index i. The elements of one o that lie in the sector form a slice, in ascending i. Slices
/// are in ascending order of o, with one exception. If o > o', the slice of o comes directly after
/// that of its mirror o', and its elements are in the order of the mirrored elements:
///
///     slice of o:  R(o, i_1), R(o, i_2), ...      slice of o':  R(o', i_1'), R(o', i_2'), ...
///
/// So the two slices of a pair hold an element and its mirror at the same place. Without inner
/// sites each slice is one element, and every element stands beside its mirror.
///
/// Time and memory depend on the size of the sector, not on that of the whole space. Only slices
/// that are not empty have numbers, in the order of o, and all tables are indexed by these numbers.
class PackedBasis {
 public:
  /// The basis of all density operators, without inner sites.
  explicit PackedBasis(const Space& space);
  /// The elements of a sector. The sector must contain its own mirror, which all functions that
  /// make sectors ensure. `inner_sites` must be ascending. Throws InputError if PETSc's indices
  /// cannot number the elements.
  explicit PackedBasis(const Sector& sector, std::vector<int> inner_sites = {});

  /// The number of unknowns: all elements, or those in the sector.
  [[nodiscard]] std::int64_t size() const { return size_; }
  /// The dimension D of the Hilbert space.
  [[nodiscard]] std::int64_t hilbert_dimension() const { return hilbert_dimension_; }
  [[nodiscard]] const ElementSpace& elements() const { return elements_; }
  [[nodiscard]] const Space& space() const { return elements_.space(); }
  /// The number of elements of each site.
  [[nodiscard]] const std::vector<int>& site_dimensions() const { return elements_.dimensions(); }

  /// True if a packed vector of one basis is also a packed vector of the other: they have the same
  /// elements, of sites in the same bases, in the same order.
  [[nodiscard]] bool agrees_with(const PackedBasis& other) const;
  /// A fingerprint: bases that agree have equal marks, and others almost never do.
  struct Mark {
    std::uint64_t fingerprint = 0;
    std::int64_t size = 0;
  };
  [[nodiscard]] Mark mark() const { return {fingerprint_, size_}; }

  /// True if terms lead out of the sector or into it. These parts are left out.
  [[nodiscard]] bool is_cut_out() const { return is_cut_out_; }

  [[nodiscard]] std::int64_t mirror(std::int64_t x) const;
  /// The packed position of an element; -1 for an element outside the sector.
  [[nodiscard]] std::int64_t position(std::int64_t x) const;
  /// The element at a packed position.
  [[nodiscard]] std::int64_t element(std::int64_t position) const;

  /// For density operators and operators, the element |m><n|, where m and n number product states.
  /// For operators this is never an element of the conjugate. It is -1 between different multiplets
  /// of an ensemble.
  [[nodiscard]] std::int64_t index(std::int64_t m, std::int64_t n) const;
  /// {m, n} of an element |m><n|, or of its conjugate.
  [[nodiscard]] std::pair<std::int64_t, std::int64_t> states(std::int64_t x) const;

  /// The rows [first, last) of `rank` among `ranks`. The shares are nearly equal and split no slice
  /// and no pair. Some are empty if there are more ranks than pairs of slices.
  [[nodiscard]] std::pair<std::int64_t, std::int64_t> share(int rank, int ranks) const;

  /// The common structure of the slices of all outer indices with the same charge.
  struct SliceKind {
    std::vector<int> elements;  ///< inner indices, ascending
    std::vector<int> place;     ///< place of an inner index in the slice; -1 if it is absent
    int mirror;  ///< the kind of the mirrored slice, if slices of this kind have elements
  };
  [[nodiscard]] const std::vector<int>& inner_sites() const { return inner_sites_; }
  [[nodiscard]] const std::vector<int>& outer_sites() const { return outer_sites_; }
  [[nodiscard]] int inner_size() const { return static_cast<int>(inner_mirrors_.size()); }
  [[nodiscard]] int inner_mirror(int i) const { return inner_mirrors_[i]; }
  [[nodiscard]] const std::vector<SliceKind>& kinds() const { return kinds_; }

  /// The slice of an outer index.
  struct Slice {
    int number;  ///< its number among the slices that are not empty; -1 if it is empty
    int mirror;  ///< the number of the mirrored slice
    int kind;
  };
  [[nodiscard]] Slice slice(std::int64_t outer) const;
  /// The number of slices that are not empty.
  [[nodiscard]] std::int64_t slices() const { return numbers_.size(); }
  /// The outer index of the slice with this number.
  [[nodiscard]] std::int64_t outer(int number) const { return numbers_.product(number).index; }
  /// The position at which the slice with this number starts.
  [[nodiscard]] PetscInt start(int number) const { return start_[number]; }
  /// The numbers of the slices that come first in their pair, or are their own mirrors (leaders),
  /// in ascending order.
  [[nodiscard]] const std::vector<int>& leaders() const { return leaders_; }
  /// The k-th leader.
  struct Leader {
    std::int64_t outer;  ///< its outer index
    int kind;
  };
  [[nodiscard]] Leader leader(int k) const {
    const auto [outer, kind] = numbers_.product(leaders_[k]);
    return {outer, kind};
  }
  /// The position at which the k-th leader's slice, and with it the pair, starts. After the last
  /// leader it is size().
  [[nodiscard]] std::int64_t pair_start(int k) const {
    return k < static_cast<int>(leaders_.size()) ? start_[leaders_[k]] : size_;
  }
  /// The number of leaders whose slices start before a position.
  [[nodiscard]] int leaders_before(std::int64_t position) const;

 private:
  // The place of a site's element in the index x, and in the indices o and i.
  struct Site {
    std::int64_t stride;  // the stride in x
    bool is_outer;
    int place;                    // its number among the outer or the inner sites
    std::int64_t stride_in_part;  // the stride in o or i
  };
  void find_sites();
  void make_kinds(const ProductNumbers& inner, const Sector& sector);
  [[nodiscard]] std::uint64_t found_fingerprint() const;
  void lay_out(int k, ProductNumbers::Place here, ProductNumbers::Place mirrored);
  [[nodiscard]] std::int64_t join(std::int64_t outer, std::int64_t inner) const;

  ElementSpace elements_;
  bool is_cut_out_;
  std::int64_t size_ = 0;
  std::int64_t hilbert_dimension_ = 1;
  std::vector<int> outer_sites_;
  std::vector<int> inner_sites_;
  std::vector<Site> sites_;
  std::vector<int> inner_mirrors_;
  ProductNumbers numbers_;  // numbers the outer indices whose slices are not empty
  std::vector<SliceKind> kinds_;
  std::vector<PetscInt> start_;
  std::vector<int> leaders_;
  std::uint64_t fingerprint_ = 0;
};

/// Marks a vector as packed in this basis. Its duplicates carry the mark as well.
void note_basis(Vec v, const PackedBasis& basis);
/// Throws InputError if a vector carries the mark of another basis or has another length. `what`
/// names the object that was made for the basis with this mark.
void require_basis(Vec v, const PackedBasis::Mark& mark, std::string_view what);

}  // namespace lindwurm
