// The elements that the terms of an equation lead to, charge by charge.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "lindwurm/sectors/charges.hpp"

namespace lindwurm {

/// A directed graph of charges. There is an edge from the charge q to q' if a term has an entry
/// from an element of charge q to one of charge q'. The edges are not listed. Terms on equal sites
/// share their data.
class ChargeGraph {
 public:
  ChargeGraph(const std::vector<ProductTerm>& terms, const Charges& charges);

  /// The charges that one step from `charge` leads to, except those in `known`.
  [[nodiscard]] std::vector<Charge> after(const Charge& charge,
                                          const std::set<Charge>& known = {}) const;
  /// The charges from which one step leads to `charge`, except those in `known`.
  [[nodiscard]] std::vector<Charge> before(const Charge& charge,
                                           const std::set<Charge>& known = {}) const;

 private:
  // The factors read elements whose charges add up to a value in `read`. The other sites have the
  // rest.
  struct Source {
    std::shared_ptr<const std::set<Charge>> rest;
    std::set<Charge> read;
  };
  [[nodiscard]] bool leads_on(const Charge& from, const std::vector<Source>& sources) const;
  void add(const ProductTerm& product, const Charge& change);
  std::shared_ptr<const std::set<Charge>> sums_without(const std::vector<int>& sites);

  Charges charges_;
  // A number for each site; sites with the same charges have the same number.
  std::vector<int> kinds_;
  // Sorted by the kinds of the sites that are left out.
  std::map<std::vector<int>, std::shared_ptr<const std::set<Charge>>> rests_;
  std::map<Charge, std::vector<Source>> sources_;  // sorted by the change of the charge
};

/// The conserved charges of an equation, and where its terms lead.
///
/// Terms that act in both directions, like a Hamiltonian, may conserve finer charges than all terms
/// together. For example, H may conserve the excitations of ket and bra separately, while loss
/// lowers both. Elements of one finer charge belong together, and L leads from one finer charge to
/// another in one direction only. An evolution needs everything that its initial state leads to. A
/// steady state needs the part that cannot be left.
class Flow {
 public:
  /// `terms` as for Charges.
  Flow(const std::vector<ProductTerm>& terms, const ElementSpace& elements,
       const Subdivision& subdivision = {});

  /// The charges that all terms conserve.
  [[nodiscard]] const Charges& charges() const { return conserved_; }
  /// The finer charges, or the conserved ones if there are no finer ones.
  [[nodiscard]] const Charges& finer() const { return finer_ ? finer_->charges : conserved_; }

  /// A part of the space, as a function of the charges that describe it.
  using Region = std::function<Sector(const Charges&)>;
  /// The region as a sector of the conserved charges or of the finer ones, whichever has fewer
  /// elements.
  [[nodiscard]] Sector smallest(const Region& region) const;

  /// Everything that a sector leads to, including the sector itself.
  [[nodiscard]] Sector reached_from(Sector sector) const;
  /// Everything that leads to a sector, including the sector itself.
  [[nodiscard]] Sector leading_to(Sector sector) const;

  /// The sector of a stationary state if everything outside decays. It consists of what the
  /// diagonal of rho leads to and cannot be left.
  [[nodiscard]] Sector recurrent() const;
  /// The same for given charges, conserved or finer.
  [[nodiscard]] Sector recurrent_in(const Charges& charges) const;
  /// The sectors that must be shown to decay before recurrent() is the whole answer. Each has at
  /// most roughly this many unknowns. If none of them contains a stationary operator, L has no
  /// stationary operator with elements outside `recurrent`. With `is_gksl`, coherences decay
  /// together with their populations.
  [[nodiscard]] std::vector<Sector> outside(const Sector& recurrent, bool is_gksl,
                                            std::int64_t part_size) const;

 private:
  struct Finer {
    Charges charges;
    ChargeGraph graph;
  };
  [[nodiscard]] std::vector<std::set<Charge>> components(const std::set<Charge>& values) const;

  Charges conserved_;
  std::optional<Finer> finer_;
};

}  // namespace lindwurm
