#include "lindwurm/solve/observables.hpp"

#include <fmt/format.h>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "lindwurm/backend/dense.hpp"
#include "lindwurm/backend/error.hpp"
#include "lindwurm/model/bath_equation.hpp"
#include "lindwurm/model/thermodynamics.hpp"
#include "lindwurm/operators/embedding.hpp"

namespace lindwurm {

double entropy(const Eigen::MatrixXcd& rho, const Eigen::VectorXd& log_copies) {
  double sum = 0;
  // Negative eigenvalues are rounding, or they are reported as the lowest eigenvalue of rho.
  for (const double p : hermitian_eigenvalues(rho))
    sum -= p > 0 ? p * std::log(p) : 0.0;
  if (log_copies.size() > 0) sum += rho.diagonal().real().dot(log_copies);
  return sum;
}

double purity(const Eigen::MatrixXcd& rho, const Eigen::VectorXd& log_copies) {
  if (log_copies.size() == 0) return rho.squaredNorm();
  const Eigen::VectorXd shares = (-log_copies).array().exp();
  return rho.rowwise().squaredNorm().dot(shares);
}

namespace {

// tr rho^2 = sum_x |r_x|^2 / (copies of x)
double purity_of_copies(Vec state, const PackedBasis& basis) {
  const Space& space = basis.space();
  PetscInt first = 0;
  PetscInt last = 0;
  LINDWURM_PETSC(VecGetOwnershipRange(state, &first, &last));
  const PetscScalar* r = nullptr;
  LINDWURM_PETSC(VecGetArrayRead(state, &r));
  double sum = 0;
  for (PetscInt k = first; k < last; ++k) {
    std::int64_t m = basis.states(basis.element(k)).first;
    double log_of_copies = 0;
    for (int s = space.sites(); s-- > 0;) {
      log_of_copies += space.log_copies(s, static_cast<int>(m % space.dimension(s)));
      m /= space.dimension(s);
    }
    sum += r[k - first] * r[k - first] * std::exp(-log_of_copies);
  }
  LINDWURM_PETSC(VecRestoreArrayRead(state, &r));
  MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_DOUBLE, MPI_SUM, communicator_of(state));
  return sum;
}

double evaluate(StateFunction function, Vec state, const PackedBasis& basis) {
  const Space& space = basis.space();
  if (function == StateFunction::entropy) {
    std::vector<int> sites(space.sites());
    std::iota(sites.begin(), sites.end(), 0);
    return entropy(unpack(state, basis), log_copies(space, sites));
  }
  if (space.has_ensembles()) return purity_of_copies(state, basis);
  const double frobenius = norm(state);
  return frobenius * frobenius;
}

// The projector of a MultipletPopulation.
Operator projector(const MultipletPopulation& population, const Space& space) {
  const Group* group = space.find(population.ensemble);
  if (group == nullptr || !group->multiplets) {
    throw InputError(
        fmt::format("'{}' is no ensemble, which alone has multiplets", population.ensemble));
  }
  const auto& all = group->multiplets->all();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Multiplets::Multiplet& each) {
    return each.two_j == population.two_j;
  });
  if (found == all.end()) {
    throw InputError(fmt::format("the ensemble '{}' of {} spins has no multiplet J = {}",
                                 group->name, group->multiplets->spins(), population.two_j / 2.0));
  }
  SiteMatrix matrix(group->dimension, group->dimension);
  for (int k = 0; k < found->size(); ++k)
    matrix.insert(found->first_state + k, found->first_state + k) = 1.0;
  matrix.makeCompressed();
  return Operator(std::vector<ProductTerm>{
      {Coefficient(1.0), {Factor{group->first, std::move(matrix), group->multiplets}}}});
}

// The operator of an observable that is linear in rho.
Operator operator_of(const decltype(Observable::content)& content, const System& system) {
  const Model& model = system.model();
  if (const auto* current = std::get_if<HeatCurrent>(&content))
    return system.heat_operator(system.bath_named(current->bath));
  if (const auto* population = std::get_if<MultipletPopulation>(&content))
    return projector(*population, model.space);
  return observable_operator(std::get<Expression>(content), model.space, model.parameters);
}

}  // namespace

Observer::Observer(const Observables& observables, const Liouvillian& liouvillian,
                   const std::vector<ReducedSpace>& reduced, bool has_changes,
                   std::vector<SiteAt> sites)
    : liouvillian_(liouvillian),
      values_(observables.size()),
      sites_(std::move(sites)),
      site_states_(sites_.size()) {
  const PackedBasis& basis = liouvillian.basis();
  for (const auto& [name, content] : observables) {
    if (const auto* function = std::get_if<StateFunction>(&content)) {
      if (*function == StateFunction::entropy && basis.hilbert_dimension() > entropy_limit) {
        throw InputError(
            fmt::format("'{}': an entropy takes all eigenvalues of rho, for at most {} states, not "
                        "{}; observe the purity",
                        name, entropy_limit, basis.hilbert_dimension()));
      }
      places_.push_back({.function = *function});
      continue;
    }
    const auto* current = std::get_if<HeatCurrent>(&content);
    functionals_.emplace_back(operator_of(content, liouvillian.equation().system()), basis,
                              liouvillian.communicator());
    // A heat current is real, even if rounding makes its operator slightly non-Hermitian.
    places_.push_back({.functional = static_cast<int>(functionals_.size()) - 1,
                       .is_real = current != nullptr || functionals_.back().is_hermitian()});
  }
  for (const ReducedSpace& kept : reduced) {
    traces_.emplace_back(kept, basis, liouvillian.communicator());
    reduced_.emplace_back(kept);
  }
  for (const SiteAt& each : sites_)
    site_traces_.emplace_back(each.site, basis, liouvillian.communicator());
  if (has_changes) change_ = liouvillian.vector();
}

std::vector<bool> Observer::is_real() const {
  std::vector<bool> real;
  for (const Place& place : places_)
    real.push_back(place.is_real);
  return real;
}

void Observer::record(double t, const std::vector<Complex>& linear, Vec state) {
  for (std::size_t k = 0; k < places_.size(); ++k) {
    const Place& place = places_[k];
    values_[k].push_back(place.functional >= 0
                             ? linear[place.functional]
                             : evaluate(place.function, state, liouvillian_.basis()));
  }
  if (change_.get() != nullptr) liouvillian_.apply(t, state, change_);
  for (std::size_t k = 0; k < traces_.size(); ++k) {
    reduced_[k].states.push_back(traces_[k].of(state));
    if (change_.get() != nullptr) reduced_[k].changes.push_back(traces_[k].of(change_));
  }
  for (std::size_t k = 0; k < sites_.size(); ++k) {
    if (std::binary_search(sites_[k].times.begin(), sites_[k].times.end(), t))
      site_states_[k].push_back(site_traces_[k].of(state));
  }
}

void Observer::record(double t, Vec state) { record(t, expectations(functionals_, state), state); }

}  // namespace lindwurm
