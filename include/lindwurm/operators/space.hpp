// The sites of a model and their tensor product.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lindwurm/operators/site_elements.hpp"

namespace lindwurm {

enum class SiteKind {
  oscillator,  ///< Fock states |0>, ..., |d-1>
  spin,        ///< |up> (sz = +1) first, then |down>
  levels,      ///< |0>, ..., |d-1> with no structure assumed
  ensemble,    ///< equal spins in permutation-symmetric states |J,M>, one site (Multiplets)
};

/// The basis in which a spin's matrices and density operators are stored: up, down along this axis.
/// Models, states and results do not depend on it; sectors do, and with them speed and memory.
enum class SpinBasis {
  z,
  x,
  automatic,  ///< to be resolved by choose_bases(); z until then
};

/// "z", "x" or "auto", as in the model file.
[[nodiscard]] std::string_view name_of(SpinBasis basis);

/// "oscillator", "spin", "levels" or "ensemble", as in the model file.
[[nodiscard]] std::string_view name_of(SiteKind kind);

/// One name in the model file: a single site, or several equal ones, its members.
struct Group {
  std::string name;
  SiteKind kind = SiteKind::oscillator;
  int dimension = 2;               ///< number of states of each member
  std::optional<int> count{};      ///< number of members; none for a single site without an index
  int first = 0;                   ///< ordinal of its first site; set by Space
  SpinBasis basis = SpinBasis::z;  ///< of spins and ensembles
  std::shared_ptr<const Multiplets> multiplets{};  ///< of an ensemble; null for all others

  /// Of one of several ensembles that are the classes of one bath: the name that expressions have
  /// for all of them, one after the other.
  std::string family{};
  /// Of a group of spins that stands for classes: how many spins each has. Arrays of as many
  /// numbers as there are classes run along them.
  std::vector<int> classes{};

  [[nodiscard]] int size() const { return count.value_or(1); }
  /// The name in expressions.
  [[nodiscard]] const std::string& word() const { return family.empty() ? name : family; }
  /// The class of a member.
  [[nodiscard]] int class_of(int member) const;
};

[[nodiscard]] Group oscillator(std::string name, int levels);
[[nodiscard]] Group oscillators(std::string name, int count, int levels);
[[nodiscard]] Group spin(std::string name);
[[nodiscard]] Group spins(std::string name, int count);
[[nodiscard]] Group level_site(std::string name, int levels);
/// N spins that start equal and stay so. Operators of an ensemble are written for one spin and mean
/// the sum over all of them, as for a group of spins.
/// `coherence` as in Multiplets.
[[nodiscard]] Group ensemble(std::string name, int spins, int coherence = Multiplets::most_spins);
/// Classes of so many equal spins, NAME[0], NAME[1], ...
[[nodiscard]] std::vector<Group> ensembles(const std::string& name, const std::vector<int>& spins,
                                           int coherence = Multiplets::most_spins);

/// The tensor product of sites in the order in which they are declared: the first site is the
/// slowest index, as in kron(first, second, ...).
class Space {
 public:
  Space() = default;
  /// Throws InputError on a repeated name, levels < 1 or count < 1.
  explicit Space(std::vector<Group> groups);
  Space(std::initializer_list<Group> groups) : Space(std::vector<Group>(groups)) {}

  [[nodiscard]] const std::vector<Group>& groups() const { return groups_; }
  /// None if no group has this name.
  [[nodiscard]] const Group* find(std::string_view name) const;
  /// The groups that expressions call by this name: one, several classes of a bath, or none.
  [[nodiscard]] std::vector<const Group*> called(std::string_view word) const;

  [[nodiscard]] int sites() const { return static_cast<int>(dimensions_.size()); }
  /// The number of a site's states.
  [[nodiscard]] int dimension(int site) const { return dimensions_[site]; }
  /// The number of a site's elements |m><n|: d^2, or those of an ensemble's Multiplets.
  [[nodiscard]] int elements(int site) const;
  /// The number of |m><n|, m d + n or that of the Multiplets; -1 if a site has no such element.
  [[nodiscard]] int element(int site, int m, int n) const;
  /// {m, n} of an element.
  [[nodiscard]] std::pair<int, int> states(int site, int element) const;
  [[nodiscard]] const Group& group_of(int site) const { return groups_[group_of_site_[site]]; }
  /// ln of how many copies of a site's state there are, those of |J,M> of an ensemble; else 0.
  [[nodiscard]] double log_copies(int site, int state) const;
  /// True for spins that are stored in the eigenbasis of sx.
  [[nodiscard]] bool is_along_x(int site) const { return group_of(site).basis == SpinBasis::x; }
  /// "mode" or "bath[2]".
  [[nodiscard]] std::string site_name(int site) const;

  [[nodiscard]] bool has_ensembles() const;
  /// The same sites with each ensemble as a group of spins, classes of one bath as one group.
  [[nodiscard]] Space with_members() const;

  /// The number of product states D as a floating-point number, which many sites cannot overflow.
  /// Ensembles count their states |J,M> once.
  [[nodiscard]] double dimension_estimate() const;
  /// The same as a whole number. Throws InputError beyond 2^62.
  [[nodiscard]] std::int64_t dimension() const;
  /// The number of elements |m><n| of density operators, D^2 without ensembles.
  [[nodiscard]] double elements_estimate() const;

 private:
  [[nodiscard]] SiteElements elements_of(int site) const;
  std::vector<Group> groups_;
  std::vector<int> dimensions_;
  std::vector<int> group_of_site_;
};

}  // namespace lindwurm
