// A model whose words are bound, once.
#pragma once

#include <memory>
#include <vector>

#include "lindwurm/model/bath_equation.hpp"
#include "lindwurm/model/model.hpp"
#include "lindwurm/model/unravelling.hpp"

namespace lindwurm {

/// A model in which every word is bound: H, the jumps, the equations of the baths, and what they
/// add up to. Each of them is derived when it is first asked for, and once: copies of a System
/// share what one of them has found. The model itself cannot be changed.
///
/// A function that takes a System also takes a Model. Not collective. Every member throws the
/// InputError of what it derives.
class System {
 public:
  System(Model model);  // NOLINT(google-explicit-constructor)

  [[nodiscard]] const Model& model() const;
  [[nodiscard]] const Space& space() const { return model().space; }

  /// hermitian_hamiltonian(model).
  [[nodiscard]] const Operator& hamiltonian() const;
  /// True if H does not depend on time.
  [[nodiscard]] bool has_constant_hamiltonian() const;
  /// The jumps of the model's dissipator k.
  [[nodiscard]] const std::vector<Jump>& jumps(std::size_t k) const;
  /// The equations of the model's bath k, without their validity reports.
  [[nodiscard]] const std::vector<BathEquation>& bath_equations(std::size_t k) const;
  /// The same with the reports, which take longer than the equations.
  [[nodiscard]] const std::vector<BathEquation>& reported_bath_equations(std::size_t k) const;
  /// The position of the bath of this name. Throws InputError with the nearest name.
  [[nodiscard]] std::size_t bath_named(const std::string& name) const;
  /// True if all terms are of GKSL form. Superoperator terms are not looked into; they count as of
  /// another form.
  [[nodiscard]] bool is_gksl() const;

  /// The right-hand side L of the master equation, d rho/dt = L rho.
  [[nodiscard]] const Superoperator& generator() const;
  /// Hands L over, without a copy kept here: it may be large. The next request derives it again.
  [[nodiscard]] Superoperator take_generator() const;
  /// L as quantum jumps and the evolution between them.
  [[nodiscard]] const Unravelling& unravelling() const;
  /// The operator of the heat current from bath k (model/thermodynamics.hpp).
  [[nodiscard]] const Operator& heat_operator(std::size_t k) const;

  /// Throws InputError if H is not Hermitian, or a rate of a dissipator is not a real number >= 0,
  /// at some time between the first and the last of `times`. Does nothing if `times` is empty.
  void require_valid(const std::vector<double>& times) const;

  /// The same system stored in another way: spins along other axes, or all sites in a joint basis
  /// of the same sites. The equation of a bath is kept if the matrices of its sites stay the same.
  /// Otherwise it is derived again, because eigenstates that were turned have rounding errors where
  /// those of the turned H have zeros, and a symmetry would be lost.
  [[nodiscard]] System stored_in(Space space) const;

 private:
  struct Bound;
  std::shared_ptr<Bound> bound_;
};

}  // namespace lindwurm
