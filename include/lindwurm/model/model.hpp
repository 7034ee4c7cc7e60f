// A model: what evolves, and by which master equation.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "lindwurm/model/bath_coupling.hpp"
#include "lindwurm/model/spin_classes.hpp"
#include "lindwurm/operators/evaluate.hpp"

namespace lindwurm {

/// rate * D[A], D[A] rho = A rho A^dag - {A^dag A, rho}/2. If A names a group there is one for each
/// member, or, if collective, one for the sum over the members.
struct Dissipator {
  Expression op;
  Expression rate;
  bool collective = false;
};

/// d rho/dt = -i [H, rho] + sum_k rate_k D[A_k] rho + sum_j S_j rho + sum_p K_p rho, the K_p those
/// of the baths (model/bath_equation.hpp).
struct Model {
  explicit Model(Space sites) : space(std::move(sites)) {}

  Space space;
  Parameters parameters{};
  Expression hamiltonian{0.0};
  std::vector<Dissipator> dissipators{};
  std::vector<Expression> superoperators{};  ///< the S_j: any Hermiticity-preserving maps
  std::vector<BathCoupling> baths{};
  /// Of ensembles whose classes stand for spins that differ: what they keep of them, by their name.
  std::map<std::string, SpinClasses> classes{};

  void add(Dissipator dissipator) { dissipators.push_back(std::move(dissipator)); }
  void add(BathCoupling bath) { baths.push_back(std::move(bath)); }
};

/// The same model with each ensemble as a group of spins.
[[nodiscard]] Model with_members(Model model);

/// A dissipator of which every name is bound.
struct Jump {
  Operator op;
  Coefficient rate;
  std::string text;
  /// The operator acts on space.with_members(): an ensemble's spins jump one by one.
  bool is_of_members = false;
};

/// The jumps that a dissipator stands for, one for each member, those of ensembles as well. Throws
/// InputError for a constant rate that is not a real number >= 0.
[[nodiscard]] std::vector<Jump> jumps(const Dissipator& dissipator, const Model& model);

/// sum_k rate_k D[A_k] and sum_k rate_k A_k^dag A_k. Throw InputError if they tell members of an
/// ensemble apart.
[[nodiscard]] Superoperator dissipation(const std::vector<Jump>& jumps, const Space& space);
[[nodiscard]] Operator decay(const std::vector<Jump>& jumps, const Space& space);

/// True if nothing acts but the Hamiltonian.
[[nodiscard]] bool is_unitary(const Model& model);

/// The right-hand side of the master equation. Throws InputError for anything that `jumps` refuses
/// and for a Hamiltonian that is not Hermitian at one of the given times.
[[nodiscard]] Superoperator generator(const Model& model, const std::vector<double>& times = {0.0});

/// Throws InputError naming an element that breaks H = H^dag at time t, relative to 1e-12 of the
/// largest element of its row.
void require_hermitian(const Operator& h, const Space& space, double t);

/// Throws InputError unless the rate is a real number >= 0 at time t.
void require_rate(const Coefficient& rate, const std::string& of, double t);

/// The dimensions of all sites, in order.
[[nodiscard]] std::vector<int> site_dimensions(const Space& space);

/// "mode=3, bath[0]=0": the levels of a state of the product basis.
[[nodiscard]] std::string state_name(const Space& space, std::int64_t state);

}  // namespace lindwurm
