#include "lindwurm/tasks/runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "lindwurm/backend/log.hpp"

namespace lindwurm {

std::function<void(double)> Runner::progress(const std::string& task) const {
  if (!progress_) return {};
  return [this, task](double fraction) { progress_(task, fraction); };
}

template <typename Equation>
void Runner::make(std::shared_ptr<const Equation>& equation) {
  if (equation) return;
  const LoggedStage stage("model");
  const auto [from, to] = study_.time_span();
  equation = std::make_shared<const Equation>(study_.system, comm_, std::vector<double>{from, to},
                                              study_.liouvillian.subdivision);
  results_.charge_moduli = equation->charges().moduli();
  results_.unknowns = equation->charges().elements().size();
}

const std::shared_ptr<const MasterEquation>& Runner::master_equation() {
  make(master_);
  return master_;
}

const std::shared_ptr<const SchroedingerEquation>& Runner::schroedinger_equation() {
  make(schroedinger_);
  return schroedinger_;
}

const std::shared_ptr<const JumpEquation>& Runner::jump_equation() {
  make(jump_);
  return jump_;
}

// Only superoperator terms can lose the trace.
const std::string& Runner::trace_loss() {
  if (trace_loss_) return *trace_loss_;
  trace_loss_.emplace();
  if (study_.model().superoperators.empty()) return *trace_loss_;
  const auto& equation = master_equation();
  const Liouvillian liouvillian(equation,
                                {Storage::matrix_free, sector_of_diagonal(equation->charges())});
  if (const auto loss = liouvillian.trace_loss()) {
    trace_loss_ = fmt::format(
        "the superoperator terms do not keep the trace (tr L rho reaches {:.3g} for unit "
        "elements): states do not stay normalised, and there is no steady state; check the terms",
        *loss);
  }
  return *trace_loss_;
}

bool Study::stores_states() const {
  return output_states.value_or(model().space.dimension() <= states_limit);
}

std::pair<double, double> Study::time_span() const {
  double last = initial_time;
  for (const auto& task : tasks)
    last = std::max(last, task->last_time().value_or(last));
  return {initial_time, last};
}

}  // namespace lindwurm
