#include "ket_observer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/site_operators.hpp"

namespace lindwurm {

KetObserver::KetObserver(const Observables& observables, const KetGenerator& generator)
    : values_(observables.size()), scratch_(generator.vector()) {
  const Model& model = generator.model();
  const auto sum = [&](const Expression& expression) {
    return sum_over_members(expression, model.space, model.parameters);
  };
  for (const auto& [name, content] : observables) {
    if (std::holds_alternative<HeatCurrent>(content)) {
      throw InputError(fmt::format("'{}': kets know of no bath that heat could come from", name));
    }
    Place& place = places_.emplace_back();
    if (const auto* function = std::get_if<StateFunction>(&content)) {
      place.function = *function;
    } else {
      place.expectation.emplace(sum(std::get<Expression>(content)), generator);
    }
  }
  if (generator.is_constant()) energy_.emplace(sum(model.hamiltonian), generator);
  for (const auto& [site, projector] : top_levels(model.space)) {
    tops_.emplace_back(projector, generator);
    worst_.top_levels.emplace_back(site, 0.0);
  }
}

std::vector<bool> KetObserver::is_real() const {
  std::vector<bool> real;
  for (const Place& place : places_)
    real.push_back(!place.expectation || place.expectation->is_hermitian());
  return real;
}

// A pure state of weight psi^dag psi: tr rho^2 is its square, the entropy nothing.
Complex KetObserver::evaluate(const Place& place, Vec ket, double weight) const {
  if (place.expectation) return place.expectation->of(ket, scratch_);
  return place.function == StateFunction::purity ? weight * weight : 0.0;
}

void KetObserver::look(Vec ket) {
  const double length = norm(ket);
  const double weight = length * length / 2;
  for (std::size_t k = 0; k < places_.size(); ++k)
    values_[k].push_back(evaluate(places_[k], ket, weight));
  worst_.norm_error = std::max(worst_.norm_error, std::abs(weight - 1));
  for (std::size_t k = 0; k < tops_.size(); ++k) {
    double& population = worst_.top_levels[k].second;
    population = std::max(population, tops_[k].of(ket, scratch_).real());
  }
  if (!energy_) return;
  const double energy = energy_->of(ket, scratch_).real();
  if (!first_energy_) first_energy_ = energy;
  worst_.energy_drift =
      std::max(worst_.energy_drift.value_or(0), std::abs(energy - *first_energy_));
}

}  // namespace lindwurm
