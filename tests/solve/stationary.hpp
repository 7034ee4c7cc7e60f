// Correlations in the stationary state of a model that is held as the environment asks.
#pragma once

#include <memory>
#include <string>

#include "lindwurm/solve/correlation.hpp"
#include "lindwurm/solve/steady_state.hpp"
#include "oracle/storage.hpp"

inline lindwurm::Operator operator_of(const std::string& text, const lindwurm::Space& space) {
  return sum_over_members(lindwurm::Expression::parse(text), space);
}

class Stationary {
 public:
  explicit Stationary(const lindwurm::Model& model)
      : liouvillian_(oracle::hold_trace(model)),
        steady_(steady_state(liouvillian_, {.tolerance = 1e-13})),
        equation_(
            std::make_shared<const lindwurm::OperatorEquation>(liouvillian_.master_equation())) {}

  [[nodiscard]] bool is_unique() const { return steady_.is_unique; }
  [[nodiscard]] const lindwurm::Space& space() const { return liouvillian_.space(); }

  /// Held as the environment asks, unless the options say how.
  lindwurm::Correlation correlate(const lindwurm::TwoTimeOperators& operators,
                                  lindwurm::CorrelationOptions options) const {
    options.storage = options.storage.value_or(oracle::storage_asked_for());
    options.uses_sectors = oracle::sectors_are_asked_for();
    const lindwurm::Flow& flow = equation_->flow();
    return lindwurm::correlate(
        equation_, operators,
        {steady_.state, liouvillian_.basis(),
         [&](const lindwurm::Charges& charges) { return flow.recurrent_in(charges); }, 0, true},
        options);
  }
  lindwurm::Correlation correlate(const std::string& a, const std::string& b,
                                  const lindwurm::CorrelationOptions& options) const {
    return correlate({operator_of(a, space()), operator_of(b, space())}, options);
  }
  lindwurm::Correlation correlate(const std::string& c, const std::string& a, const std::string& b,
                                  const lindwurm::CorrelationOptions& options) const {
    return correlate({operator_of(a, space()), operator_of(b, space()), operator_of(c, space())},
                     options);
  }

 private:
  lindwurm::Liouvillian liouvillian_;
  lindwurm::SteadyState steady_;
  std::shared_ptr<const lindwurm::OperatorEquation> equation_;
};
