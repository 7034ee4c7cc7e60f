// The charges that a linear equation conserves, found from its terms.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "lindwurm/model/initial_state.hpp"
#include "lindwurm/operators/product_sum.hpp"
#include "lindwurm/sectors/element_space.hpp"
#include "lindwurm/sectors/subdivision.hpp"

namespace lindwurm {

/// One value for each of the conserved charges.
using Charge = std::vector<int>;

/// Charges of the elements of each site, chosen such that every term of a sum of products
/// conserves their sum over the sites. L never connects elements of different total charge. The
/// parity of the oscillator-spin coupling, the excitation number under the rotating-wave
/// approximation and single coherences in secular equations are all found in this way, without
/// being named.
///
/// The charges are the finest ones that are additive over the sites. They form the group generated
/// by all site elements, modulo two kinds of relations: the differences that the factors of the
/// terms make, and the sum rules by which the factors of one term go together. The group is brought
/// to Smith normal form. If the graph of a model separates further for a reason that is not
/// additive, those components stay in one sector.
///
/// The total charge of an element determines that of its mirror. A set of charges together with
/// their mirrors therefore contains each element and its mirror.
class Charges {
 public:
  /// The trivial charges: all elements have the same charge.
  explicit Charges(ElementSpace elements);
  /// `terms` act on these elements. Their coefficients count as nonzero at some time. If the total
  /// charge would take more than `most_values` values, coarser charges are used instead.
  Charges(const std::vector<ProductTerm>& terms, ElementSpace elements,
          std::size_t most_values = Subdivision{}.most_charges);
  /// The same charges for an equation with additional terms that do not conserve them.
  [[nodiscard]] static Charges changed_by_others(Charges charges) {
    charges.are_conserved_ = false;
    return charges;
  }

  /// False if some terms change the charges. Then a sector is the part of the space that a task
  /// needs, and a generator is restricted to it.
  [[nodiscard]] bool are_conserved() const { return are_conserved_; }
  /// True if the finest charges would have too many values, so that coarser ones are used.
  [[nodiscard]] bool are_coarsened() const { return are_coarsened_; }
  [[nodiscard]] const ElementSpace& elements() const { return elements_; }
  [[nodiscard]] const Charge& of(int site, int element) const {
    const Site& here = (*sites_)[site];
    return here.values[here.of_element[element]];
  }
  [[nodiscard]] Charge none() const { return Charge(moduli_.size(), 0); }
  [[nodiscard]] Charge sum(const Charge& a, const Charge& b) const;
  [[nodiscard]] Charge difference(const Charge& a, const Charge& b) const;
  /// For each charge: n if it counts modulo n, 0 if it is an integer.
  [[nodiscard]] const std::vector<int>& moduli() const { return moduli_; }
  /// The values of the total charge, each with the number of its elements.
  [[nodiscard]] const std::map<Charge, double>& totals() const { return *totals_; }

 private:
  // One charge of the elements of every site.
  struct Column {
    int modulus;
    std::vector<std::vector<int>> of_element;
    /// The site whose components this charge labels; -1 if it involves several sites.
    int labelled = -1;
  };
  [[nodiscard]] std::vector<Column> finest(const std::vector<ProductTerm>& terms) const;
  void set(const std::vector<Column>& columns);
  // The number of values of the total charge. Counting stops once it exceeds `most`.
  [[nodiscard]] std::size_t count_values(std::size_t most) const;
  void coarsen(const std::vector<Column>& finest, std::size_t most);
  [[nodiscard]] std::vector<Column> counted_together(const std::vector<Column>& finest) const;
  [[nodiscard]] Column with_largest_components(Column label, std::size_t most) const;

  // The charges of one site, without repetition: it may have many elements, but few charges.
  struct Site {
    std::vector<Charge> values;
    std::vector<int> of_element;
  };

  ElementSpace elements_;
  std::vector<int> moduli_;
  // Shared by all copies, since there are many sectors.
  std::shared_ptr<const std::vector<Site>> sites_;
  std::shared_ptr<const std::map<Charge, double>> totals_;
  bool are_conserved_ = true;
  bool are_coarsened_ = false;
};

/// A set of charge values together with their mirrors. It is a part of the space that L maps to
/// itself, or all that a task needs (sectors/flow.hpp).
struct Sector {
  Charges charges;
  std::set<Charge> values;
};

/// The conserved charges of a sector; empty if some terms change its charges.
[[nodiscard]] std::set<Charge> conserved_values(const Sector& sector);
/// The whole space as one sector.
[[nodiscard]] Sector whole_space(const Charges& charges);
/// The sector in which a product state has its elements, and in which its evolution stays. The
/// state is given in the bases in which the spins are stored. Works for density elements and for
/// operator elements, as does sector_of_diagonal().
[[nodiscard]] Sector sector_of(const ProductState& state, const Charges& charges);
/// The same for a ket and its conjugate.
[[nodiscard]] Sector sector_of(const ProductKet& ket, const Charges& charges);
/// The sector of the diagonal of rho, which contains the trace of every state.
[[nodiscard]] Sector sector_of_diagonal(const Charges& charges);
/// All sectors, each with its mirror. Every element lies in exactly one. Sectors that reach beyond
/// the coherences that an ensemble keeps are left out.
[[nodiscard]] std::vector<Sector> all_sectors(const Charges& charges);
/// The sector with the most elements.
[[nodiscard]] Sector largest_sector(const Charges& charges);
/// Everything outside a sector, as one sector; it has no values if there is nothing outside.
[[nodiscard]] Sector complement(const Sector& sector);
/// The intersection of two sectors of the same charges. It may have no values.
[[nodiscard]] Sector intersection(const Sector& a, const Sector& b);
/// Splits terms that act on the charges' elements into parts, sorted by the change of the charges.
[[nodiscard]] std::map<Charge, std::vector<ProductTerm>> by_change(
    const std::vector<ProductTerm>& terms, const Charges& charges);
/// The sector that the terms may map this sector into, according to the charges of their parts. It
/// has no values if they map all of the sector to 0.
[[nodiscard]] Sector image(const std::vector<ProductTerm>& terms, const Sector& sector);
/// True if the sector contains all of `part`. Both must have the same charges.
[[nodiscard]] bool holds(const Sector& sector, const Sector& part);
/// True if, as far as the charges tell, the sector could contain one more element of this site. The
/// charge of that element is extrapolated from the last two elements. If this is false for a site
/// of ket elements, the site has lost nothing to its cutoff.
[[nodiscard]] bool has_room_above(const Sector& sector, int site);
/// The ensemble whose kept coherences the sector exceeds; null if there is none.
[[nodiscard]] const Group* ensemble_left_by(const Sector& sector);
/// The number of elements in a sector.
[[nodiscard]] std::int64_t size(const Sector& sector);

}  // namespace lindwurm
