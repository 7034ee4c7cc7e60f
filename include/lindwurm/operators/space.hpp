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
#include "lindwurm/operators/site_words.hpp"

namespace lindwurm {

/// The kind of a site.
enum class SiteKind {
  oscillator,  ///< Fock states |0>, ..., |d-1>
  spin,        ///< |up> (sz = +1) first, then |down>
  levels,      ///< |0>, ..., |d-1> with no structure assumed
  ensemble,    ///< equal spins in permutation-symmetric states |J,M>, one site (Multiplets)
};

/// The axis along which spins are stored: their basis states are up and down along this axis. The
/// choice changes sectors, and with them time and memory, but never a model, a state or a result.
enum class SpinBasis {
  z,
  x,
  automatic,  ///< resolved by with_chosen_bases(); counts as z until then
};

/// "z", "x" or "auto", as in the model file.
[[nodiscard]] std::string_view name_of(SpinBasis basis);

/// "oscillator", "spin", "levels" or "ensemble", as in the model file.
[[nodiscard]] std::string_view name_of(SiteKind kind);

/// A name in the model file. It stands for a single site or for several equal ones, its members.
struct Group {
  std::string name;
  SiteKind kind = SiteKind::oscillator;
  int dimension = 2;               ///< number of states of each member
  std::optional<int> count{};      ///< number of members; none for a single site without an index
  int first = 0;                   ///< ordinal of its first site; set by Space
  SpinBasis basis = SpinBasis::z;  ///< of spins and ensembles
  std::shared_ptr<const Multiplets> multiplets{};  ///< of an ensemble; null for all others

  /// The operators and states of a kind of site from outside the library, for kind = levels; null
  /// for all others.
  std::shared_ptr<const SiteWords> words{};

  /// For one of several ensembles that are the classes of one bath: the common name of all of them
  /// in expressions.
  std::string family{};
  /// For a group of spins that stands for classes: the number of spins in each class. An array with
  /// one number for each class runs along the classes.
  std::vector<int> classes{};
  /// For a class, or for a group of spins that stands for classes: the original numbers of the
  /// spins that are its members. An array with one number for each spin runs along these. If empty,
  /// the spins are in order.
  std::vector<int> spins{};

  [[nodiscard]] int size() const { return count.value_or(1); }
  /// The name that expressions use.
  [[nodiscard]] const std::string& word() const { return family.empty() ? name : family; }
  /// The class that a member belongs to.
  [[nodiscard]] int class_of(int member) const;
  /// The original number of the spin that is this member.
  [[nodiscard]] int spin_of(int member) const { return spins.empty() ? member : spins[member]; }
  /// The member that is the spin of this number. Throws InputError if there is none.
  [[nodiscard]] int member_of(int spin) const;
};

/// An oscillator with the Fock states |0>, ..., |levels - 1>.
[[nodiscard]] Group oscillator(std::string name, int levels);
/// A group of `count` such oscillators, named NAME[0], NAME[1], ...
[[nodiscard]] Group oscillators(std::string name, int count, int levels);
/// A spin 1/2.
[[nodiscard]] Group spin(std::string name);
/// A group of `count` spins 1/2, named NAME[0], NAME[1], ...
[[nodiscard]] Group spins(std::string name, int count);
/// A site with the states |0>, ..., |levels - 1> and no further structure.
[[nodiscard]] Group level_site(std::string name, int levels);
/// A site with operators and states of its own, which expressions and initial states call by their
/// names. Throws InputError as require_sound(SiteWords) does.
[[nodiscard]] Group custom_site(std::string name, std::shared_ptr<const SiteWords> words);
/// A group of `count` such sites, named NAME[0], NAME[1], ...
[[nodiscard]] Group custom_sites(std::string name, int count,
                                 std::shared_ptr<const SiteWords> words);
/// N equal spins whose state stays invariant under permutations. An operator of an ensemble is
/// written for one spin and means the sum over all spins, as for a group of spins. `coherence` is
/// explained in Multiplets.
[[nodiscard]] Group ensemble(std::string name, int spins, int coherence = Multiplets::most_spins);
/// Classes of equal spins, named NAME[0], NAME[1], ... `spins` holds the size of each class.
[[nodiscard]] std::vector<Group> ensembles(const std::string& name, const std::vector<int>& spins,
                                           int coherence = Multiplets::most_spins);

struct JointBasis;  // operators/joint_basis.hpp

/// The tensor product of the sites in the order of their declaration. The first site is the slowest
/// index, as in kron(first, second, ...).
class Space {
 public:
  Space() = default;
  /// Throws InputError on a repeated name, levels < 1 or count < 1.
  explicit Space(std::vector<Group> groups);
  Space(std::initializer_list<Group> groups) : Space(std::vector<Group>(groups)) {}
  /// One stored site, whose states are those of a joint basis of several sites.
  explicit Space(std::shared_ptr<const JointBasis> joint);

  /// How several sites are stored as one; null if they are not.
  [[nodiscard]] const std::shared_ptr<const JointBasis>& joint() const { return joint_; }
  /// The sites that expressions, initial states and results refer to. They are this space, or the
  /// sites that a joint basis stores as one.
  [[nodiscard]] const Space& named() const;

  [[nodiscard]] const std::vector<Group>& groups() const { return groups_; }
  /// The group of this name; null if there is none.
  [[nodiscard]] const Group* find(std::string_view name) const;
  /// The groups that this name stands for in expressions: one, several classes of a bath, or none.
  [[nodiscard]] std::vector<const Group*> called(std::string_view word) const;

  /// True if some site has an operator of this name by its SiteWords.
  [[nodiscard]] bool has_word(std::string_view name) const;
  /// All such names, once each.
  [[nodiscard]] std::vector<std::string> words() const;

  /// The number of sites.
  [[nodiscard]] int sites() const { return static_cast<int>(dimensions_.size()); }
  /// The number of states of a site.
  [[nodiscard]] int dimension(int site) const { return dimensions_[site]; }
  /// The number of elements |m><n| of a site: d^2, or the number in an ensemble's Multiplets.
  [[nodiscard]] int elements(int site) const;
  /// The number of the element |m><n| of a site: m d + n, or that of the Multiplets. It is -1 if
  /// the site has no such element.
  [[nodiscard]] int element(int site, int m, int n) const;
  /// The states {m, n} of an element.
  [[nodiscard]] std::pair<int, int> states(int site, int element) const;
  [[nodiscard]] const Group& group_of(int site) const { return groups_[group_of_site_[site]]; }
  /// ln of the number of copies of a site's state. It is nonzero only for the states |J,M> of an
  /// ensemble.
  [[nodiscard]] double log_copies(int site, int state) const;
  /// True for spins that are stored in the eigenbasis of sx.
  [[nodiscard]] bool is_along_x(int site) const { return group_of(site).basis == SpinBasis::x; }
  /// The name of a site, such as "mode" or "bath[2]".
  [[nodiscard]] std::string site_name(int site) const;

  [[nodiscard]] bool has_ensembles() const;
  /// The named sites with each ensemble replaced by a group of spins. The classes of one bath
  /// become one group.
  [[nodiscard]] Space with_members() const;

  /// The dimension D of the Hilbert space, as a floating-point number that cannot overflow. Each
  /// state |J,M> of an ensemble counts once.
  [[nodiscard]] double dimension_estimate() const;
  /// The same as an integer. Throws InputError beyond 2^62.
  [[nodiscard]] std::int64_t dimension() const;
  /// The number of elements |m><n| of density operators; D^2 without ensembles.
  [[nodiscard]] double elements_estimate() const;

 private:
  [[nodiscard]] SiteElements elements_of(int site) const;
  std::vector<Group> groups_;
  std::vector<int> dimensions_;
  std::vector<int> group_of_site_;
  std::shared_ptr<const JointBasis> joint_;
};

}  // namespace lindwurm
