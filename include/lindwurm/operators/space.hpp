// The sites of a model and their tensor product.
#pragma once

#include <complex>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lindwurm {

using Complex = std::complex<double>;

enum class SiteKind {
  oscillator,  ///< Fock states |0>, ..., |d-1>
  spin,        ///< |up> (sz = +1) first, then |down>
  levels,      ///< |0>, ..., |d-1> with no structure assumed
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

/// "oscillator", "spin" or "levels", as in the model file.
[[nodiscard]] std::string_view name_of(SiteKind kind);

/// One name in the model file: a single site, or several equal ones, its members.
struct Group {
  std::string name;
  SiteKind kind = SiteKind::oscillator;
  int dimension = 2;               ///< Hilbert dimension of each member
  std::optional<int> count{};      ///< number of members; none for a single site without an index
  int first = 0;                   ///< ordinal of its first site; set by Space
  SpinBasis basis = SpinBasis::z;  ///< of a group of spins

  [[nodiscard]] int size() const { return count.value_or(1); }
};

[[nodiscard]] Group oscillator(std::string name, int levels);
[[nodiscard]] Group oscillators(std::string name, int count, int levels);
[[nodiscard]] Group spin(std::string name);
[[nodiscard]] Group spins(std::string name, int count);
[[nodiscard]] Group level_site(std::string name, int levels);

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

  [[nodiscard]] int sites() const { return static_cast<int>(dimensions_.size()); }
  [[nodiscard]] int dimension(int site) const { return dimensions_[site]; }
  [[nodiscard]] const Group& group_of(int site) const { return groups_[group_of_site_[site]]; }
  /// True for a spin that is stored in the eigenbasis of sx.
  [[nodiscard]] bool is_along_x(int site) const { return group_of(site).basis == SpinBasis::x; }
  /// "mode" or "bath[2]".
  [[nodiscard]] std::string site_name(int site) const;

  /// Hilbert dimension D as a floating-point number, which a product of many sites cannot overflow.
  [[nodiscard]] double dimension_estimate() const;
  /// Hilbert dimension D. Throws InputError beyond 2^62.
  [[nodiscard]] std::int64_t dimension() const;

 private:
  std::vector<Group> groups_;
  std::vector<int> dimensions_;
  std::vector<int> group_of_site_;
};

}  // namespace lindwurm
