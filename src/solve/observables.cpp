#include "lindwurm/solve/observables.hpp"

#include <fmt/format.h>

#include <Eigen/Eigenvalues>
#include <cmath>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/model/bath_equation.hpp"
#include "lindwurm/model/thermodynamics.hpp"

namespace lindwurm {

double entropy(const Eigen::MatrixXcd& rho) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXcd> solver(rho, Eigen::EigenvaluesOnly);
  double sum = 0;
  // Eigenvalues below zero are rounding, or reported as the lowest eigenvalue of rho.
  for (const double p : solver.eigenvalues())
    sum -= p > 0 ? p * std::log(p) : 0.0;
  return sum;
}

namespace {

double evaluate(StateFunction function, Vec state, const PackedBasis& basis) {
  if (function == StateFunction::entropy) return entropy(unpack(state, basis));
  const double frobenius = norm(state);
  return frobenius * frobenius;
}

}  // namespace

Observer::Observer(const Observables& observables, const Liouvillian& liouvillian,
                   const std::vector<ReducedSpace>& reduced, bool has_changes)
    : liouvillian_(liouvillian), values_(observables.size()) {
  const Model& model = liouvillian.model();
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
    const Operator a = current != nullptr ? heat_operator(bath_named(current->bath, model), model)
                                          : sum_over_members(std::get<Expression>(content),
                                                             model.space, model.parameters);
    functionals_.emplace_back(a, basis, liouvillian.communicator());
    // A heat is real, whatever rounding makes of its operator.
    places_.push_back({.functional = static_cast<int>(functionals_.size()) - 1,
                       .is_real = current != nullptr || functionals_.back().is_hermitian()});
  }
  for (const ReducedSpace& kept : reduced) {
    traces_.emplace_back(kept, basis, liouvillian.communicator());
    reduced_.emplace_back(kept);
  }
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
}

void Observer::record(double t, Vec state) { record(t, expectations(functionals_, state), state); }

}  // namespace lindwurm
