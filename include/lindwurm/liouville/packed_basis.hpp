// The order of the unknowns: every element on one rank with its mirror.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "lindwurm/liouville/charges.hpp"

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
class PackedBasis {
 public:
  /// All density operators, without inner sites.
  explicit PackedBasis(const Space& space);
  /// The elements of a sector, which must hold its own mirror, as Sector's makers see to.
  /// `inner_sites` ascending.
  explicit PackedBasis(const Sector& sector, std::vector<int> inner_sites = {});

  /// The number of unknowns: all elements, or what the sector has of them.
  [[nodiscard]] std::int64_t size() const { return size_; }
  [[nodiscard]] std::int64_t hilbert_dimension() const { return hilbert_dimension_; }
  [[nodiscard]] const ElementSpace& elements() const { return elements_; }
  [[nodiscard]] const Space& space() const { return elements_.space(); }
  /// The number of elements of each site.
  [[nodiscard]] const std::vector<int>& site_dimensions() const { return elements_.dimensions(); }

  [[nodiscard]] std::int64_t mirror(std::int64_t x) const;
  /// -1 for an element outside the sector.
  [[nodiscard]] std::int64_t position(std::int64_t x) const;
  /// The element at a packed position.
  [[nodiscard]] std::int64_t element(std::int64_t position) const;

  /// Of density operators, the element |m><n|, with m, n numbers of product states.
  [[nodiscard]] std::int64_t index(std::int64_t m, std::int64_t n) const;
  /// The inverse of index: {m, n}.
  [[nodiscard]] std::pair<std::int64_t, std::int64_t> states(std::int64_t x) const;

  /// The rows [first, last) of `rank` among `ranks`: nearly equal shares that split no slice and no
  /// pair. Some are empty if there are more ranks than pairs of slices.
  [[nodiscard]] std::pair<std::int64_t, std::int64_t> share(int rank, int ranks) const;

  /// Outer indices with one charge have slices of one kind.
  struct SliceKind {
    std::vector<int> elements;  ///< inner indices, ascending
    std::vector<int> place;     ///< inner index -> place in the slice, -1 if it is not there
    int mirror;                 ///< kind of the mirrored slice
  };
  [[nodiscard]] const std::vector<int>& inner_sites() const { return inner_.sites; }
  [[nodiscard]] const std::vector<int>& outer_sites() const { return outer_.sites; }
  [[nodiscard]] int inner_size() const { return inner_.size; }
  [[nodiscard]] int inner_mirror(int i) const { return mirror_of(inner_, i); }
  [[nodiscard]] int outer_mirror(int o) const { return mirror_of(outer_, o); }
  [[nodiscard]] const std::vector<SliceKind>& kinds() const { return kinds_; }
  [[nodiscard]] const SliceKind& kind(int outer) const { return kinds_[kind_[outer]]; }
  [[nodiscard]] int kind_number(int outer) const { return kind_[outer]; }
  /// Outer indices o <= o' whose slices are not empty, ascending.
  [[nodiscard]] const std::vector<std::int32_t>& leaders() const { return leaders_; }
  /// The number of leaders whose slices start before a position.
  [[nodiscard]] int leaders_before(std::int64_t position) const;
  /// Where the slice of an outer index starts, -1 if it is empty.
  [[nodiscard]] std::int32_t start(int outer) const { return start_[outer]; }

 private:
  // Some of the sites, their product basis numbered with the first site slowest.
  struct Part {
    std::vector<int> sites;
    std::vector<int> strides;
    int size = 1;
  };
  [[nodiscard]] Part part(std::vector<int> sites) const;
  [[nodiscard]] int mirror_of(const Part& part, int element) const;
  [[nodiscard]] static std::vector<int> charge_numbers(const Part& part, const Charges& charges,
                                                       std::vector<Charge>& found);
  [[nodiscard]] std::int64_t join(int outer, int inner) const;
  [[nodiscard]] std::pair<int, int> split(std::int64_t x) const;
  void make_kinds(const std::vector<Charge>& outer, const std::vector<Charge>& inner,
                  const std::vector<int>& inner_charge, const Sector& sector);
  void lay_out();

  ElementSpace elements_;
  std::vector<std::int64_t> strides_;  // of the elements' index
  std::int64_t size_ = 0;
  std::int64_t hilbert_dimension_ = 1;
  Part outer_;
  Part inner_;
  std::vector<SliceKind> kinds_;
  std::vector<std::int32_t> kind_;   // outer index -> kind of slice
  std::vector<std::int32_t> start_;  // outer index -> position
  std::vector<std::int32_t> leaders_;
};

}  // namespace lindwurm
