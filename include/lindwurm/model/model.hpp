// A model: the sites, the Hamiltonian and the other terms of the master equation.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "lindwurm/model/bath_coupling.hpp"
#include "lindwurm/model/spin_classes.hpp"
#include "lindwurm/operators/evaluate.hpp"

namespace lindwurm {

/// rate * D[A], with D[A] rho = A rho A^dag - {A^dag A, rho}/2. If A names a group, there is one
/// dissipator for each member, or, if collective, a single one for the sum over the members.
struct Dissipator {
  Expression op;
  Expression rate;
  bool collective = false;
};

/// d rho/dt = -i [H, rho] + sum_k rate_k D[A_k] rho + sum_j S_j rho + sum_p K_p rho. The K_p are
/// the terms of the baths (model/bath_equation.hpp). hbar = 1.
struct Model {
  explicit Model(Space sites) : space(std::move(sites)) {}

  Space space;
  Parameters parameters{};
  Expression hamiltonian{0.0};
  std::vector<Dissipator> dissipators{};
  std::vector<Expression> superoperators{};  ///< the S_j: any Hermiticity-preserving maps
  std::vector<BathCoupling> baths{};
  /// For ensembles whose classes replace different spins: the properties of the spins that are
  /// kept, by the name of the ensemble.
  std::map<std::string, SpinClasses> classes{};

  void add(Dissipator dissipator) { dissipators.push_back(std::move(dissipator)); }
  void add(BathCoupling bath) { baths.push_back(std::move(bath)); }
};

/// The same model with each ensemble replaced by a group of spins.
[[nodiscard]] Model with_members(Model model);

/// A dissipator in which every name is bound.
struct Jump {
  Operator op;
  Coefficient rate;
  std::string text;
  /// True if the operator acts on space.with_members(): the spins of an ensemble jump one by one.
  bool is_of_members = false;
};

/// The jumps of a dissipator, one for each member, including the members of ensembles. Throws
/// InputError for a constant rate that is not a real number >= 0.
[[nodiscard]] std::vector<Jump> jumps(const Dissipator& dissipator, const Model& model);

/// sum_k rate_k D[A_k] and sum_k rate_k A_k^dag A_k. Both throw InputError if they distinguish
/// members of an ensemble.
[[nodiscard]] Superoperator dissipation(const std::vector<Jump>& jumps, const Space& space);
[[nodiscard]] Operator decay(const std::vector<Jump>& jumps, const Space& space);

/// True if the model has no terms other than the Hamiltonian.
[[nodiscard]] bool is_unitary(const Model& model);

/// H as one operator. If its constant part is Hermitian except for rounding, the Hermitian part is
/// returned. Rounding means at most 1e-12 of the numbers that were added up, in the same row.
[[nodiscard]] Operator hermitian_hamiltonian(const Model& model);

/// Throws InputError if an element violates H = H^dag at time t by more than 1e-12 of the largest
/// element of its row. The message names the element.
void require_hermitian(const Operator& h, const Space& space, double t);

/// Throws InputError unless the rate is a real number >= 0 at time t.
void require_rate(const Coefficient& rate, const std::string& of, double t);
/// Throws the InputError of require_rate for this time.
[[noreturn]] void refuse_rate(const Coefficient& rate, const std::string& of, double t);

/// The same checks at all times of an interval, not only at samples. Formulas are bounded by
/// interval arithmetic from corner to corner. Where the bounds are not conclusive, they are sampled
/// in steps that miss nothing. The messages name a time. They also throw InputError if a
/// coefficient is infinite or undefined.
void require_hermitian_between(const Operator& h, const Space& space, double from, double to);
void require_rate_between(const Coefficient& rate, const std::string& of, double from, double to);
void require_rates_between(const std::vector<Jump>& jumps, double from, double to);
void require_finite_between(const Operator& a, double from, double to);

/// The dimensions of all sites, in the order of the space.
[[nodiscard]] std::vector<int> site_dimensions(const Space& space);

/// The levels of a state of the product basis as a text, such as "mode=3, bath[0]=0".
[[nodiscard]] std::string state_name(const Space& space, std::int64_t state);

}  // namespace lindwurm
