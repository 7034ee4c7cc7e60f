#include "steady_observation.hpp"

#include <cmath>

#include "lindwurm/model/thermodynamics.hpp"
#include "lindwurm/states/site_state.hpp"

namespace lindwurm {

namespace {

// Beyond this Hilbert dimension the state is not compared with the Gibbs state.
constexpr std::int64_t most_compared = 512;

// The first law can be checked if only baths exchange energy with the system and H is constant.
bool exchanges_heat_alone(const Model& model) {
  return model.dissipators.empty() && model.superoperators.empty();
}

std::optional<double> common_temperature(const Model& model) {
  const double first = model.baths.front().bath.temperature();
  for (const auto& each : model.baths) {
    if (each.bath.kind() == BathKind::classical || each.bath.temperature() != first)
      return std::nullopt;
  }
  return first;
}

Thermodynamics heat_of(const SteadyState& steady, const Liouvillian& liouvillian) {
  const System& system = liouvillian.equation().system();
  const Model& model = system.model();
  Thermodynamics found;
  std::vector<Functional> currents;
  for (std::size_t k = 0; k < model.baths.size(); ++k)
    currents.emplace_back(system.heat_operator(k), liouvillian.basis(), liouvillian.communicator());
  const auto values = expectations(currents, steady.state);
  double sum = 0;
  double magnitude = 0;
  for (std::size_t k = 0; k < values.size(); ++k) {
    found.heat.emplace_back(model.baths[k].name, values[k].real());
    sum += values[k].real();
    magnitude += std::abs(values[k].real());
  }
  if (exchanges_heat_alone(model) && values.size() > 1 && magnitude > 0)
    found.first_law_defect = std::abs(sum) / magnitude;
  const auto temperature = common_temperature(model);
  // At T = 0, states of equal energy would have to be weighted by their numbers of copies.
  const bool has_gibbs_state = temperature && (*temperature > 0 || !model.space.has_ensembles());
  if (has_gibbs_state && model.space.dimension() <= most_compared) {
    found.gibbs_distance =
        trace_distance(unpack(steady.state, liouvillian.basis()), gibbs_state(model, *temperature));
  }
  return found;
}

// The errors of the observables that follow from the uncertainty of the state.
std::vector<std::optional<double>> errors_of(const Observables& observables,
                                             const SteadyState& steady,
                                             const Liouvillian& liouvillian) {
  std::vector<std::optional<double>> errors(observables.size());
  if (steady.uncertainty.get() == nullptr) return errors;
  Observer observer(observables, liouvillian);
  observer.record(0, steady.uncertainty);
  for (std::size_t k = 0; k < observables.size(); ++k) {
    const auto* function = std::get_if<StateFunction>(&observables[k].content);
    if (function == nullptr) {
      errors[k] = std::abs(observer.values()[k].front());
    } else if (*function == StateFunction::purity && !liouvillian.space().has_ensembles()) {
      errors[k] = 2 * std::abs(dot(steady.state, steady.uncertainty));
    }
  }
  return errors;
}

}  // namespace

void observe(SteadyState& steady, const Liouvillian& liouvillian, const SteadyOptions& options) {
  if (steady.state.get() == nullptr) return;
  Observer observer(options.observe, liouvillian, options.reduced);
  observer.record(0, steady.state);
  for (const auto& values : observer.values())
    steady.values.push_back(values.front());
  steady.is_hermitian = observer.is_real();
  steady.errors = errors_of(options.observe, steady, liouvillian);
  steady.reduced = observer.reduced();
  for (const int site : options.sites) {
    const SiteTrace trace(site, liouvillian.basis(), liouvillian.communicator());
    steady.site_states.push_back(trace.of(steady.state));
  }
  const System& system = liouvillian.equation().system();
  if (!system.model().baths.empty() && system.has_constant_hamiltonian())
    steady.thermodynamics = heat_of(steady, liouvillian);
}

}  // namespace lindwurm
