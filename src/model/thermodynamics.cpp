#include "lindwurm/model/thermodynamics.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <numeric>

#include "lindwurm/backend/dense.hpp"
#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/joint_basis.hpp"
#include "lindwurm/operators/symmetrised.hpp"

namespace lindwurm {

namespace {

constexpr double degenerate = 1e-12;

Operator hamiltonian(const Model& model) {
  return sum_over_members(model.hamiltonian, model.space, model.parameters).simplified();
}

Operator constant_hamiltonian(const Model& model) {
  if (!has_constant_hamiltonian(model)) {
    throw InputError(
        "energy and heat need a Hamiltonian that does not depend on time; observe its terms "
        "instead");
  }
  return hamiltonian(model);
}

Space along_z(const Space& space) {
  std::vector<Group> groups = space.groups();
  for (auto& group : groups)
    group.basis = SpinBasis::z;
  return Space(groups);
}

// sum_J ln(copies of J) on each ensemble. A state of energy E with d copies has the weight d
// exp(-E/T), like a single state of energy E - T ln d.
Operator log_of_copies(const Space& space) {
  Operator sum;
  for (int s = 0; s < space.sites(); ++s) {
    const auto& multiplets = space.group_of(s).multiplets;
    if (!multiplets) continue;
    SiteMatrix matrix(space.dimension(s), space.dimension(s));
    for (int m = 0; m < space.dimension(s); ++m)
      matrix.insert(m, m) = space.log_copies(s, m);
    matrix.makeCompressed();
    sum += Operator(
        std::vector<ProductTerm>{{Coefficient(1.0), {Factor{s, std::move(matrix), multiplets}}}});
  }
  return sum;
}

}  // namespace

bool has_constant_hamiltonian(const Model& model) { return hamiltonian(model).is_constant(); }

namespace {

// True if the equation uses the eigenstates of all terms of H on its sites.
bool is_of_whole_hamiltonian(const BathCoupling& bath) {
  return bath.scheme != BathScheme::local && bath.scheme != BathScheme::collective;
}

}  // namespace

Operator heat_operator(const std::vector<BathEquation>& equations, const BathCoupling& bath,
                       const Model& model) {
  const Operator h = constant_hamiltonian(model);
  if (!is_of_whole_hamiltonian(bath) || bath.scheme == BathScheme::redfield)
    return apply(adjoint(superoperator_of_members(equations, model.space)), h);
  const Space members = model.space.with_members();
  Operator sum;
  for (const BathEquation& equation : equations) {
    if (!equation.operators.empty()) sum += energy_change(equation, members);
  }
  if (model.space.joint()) return in_joint_basis(sum.simplified(), model.space);
  return symmetrised(sum.simplified(), model.space);
}

Eigen::MatrixXcd gibbs_state(Model model, double temperature) {
  model.space = along_z(model.space.named());
  std::vector<int> sites(model.space.sites());
  std::iota(sites.begin(), sites.end(), 0);
  const Operator free_energy =
      constant_hamiltonian(model) - Coefficient(temperature) * log_of_copies(model.space);
  const EnergyBasis basis = energy_basis(free_energy.simplified(), sites, model.space);
  const Eigen::VectorXd above = basis.energies.array() - basis.energies.minCoeff();
  const double width = above.maxCoeff();
  Eigen::VectorXd weights = temperature > 0
                                ? (-above / temperature).array().exp().matrix().eval()
                                : (above.array() <= degenerate * width).cast<double>().matrix();
  weights /= weights.sum();
  return basis.states * weights.asDiagonal() * basis.states.adjoint();
}

double trace_distance(const Eigen::MatrixXcd& rho, const Eigen::MatrixXcd& sigma) {
  return hermitian_eigenvalues(rho - sigma).cwiseAbs().sum() / 2;
}

}  // namespace lindwurm
