#include "lindwurm/tasks/runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "lindwurm/backend/log.hpp"
#include "lindwurm/model/cutoff.hpp"

namespace lindwurm {

namespace {

// Up to these, the errors of cutoffs are estimated without being asked for: unknowns of the larger
// system, and multiplications of an evolution, which take some tenths of a second.
constexpr double cheap_unknowns = 20000;
// The same if the equation of a bath has to be derived from the eigenstates of a larger H.
constexpr double cheap_unknowns_with_baths = 600;
constexpr double cheap_multiplications = 3e7;

}  // namespace

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

bool Runner::is_worth(double multiplications) const {
  return study_.estimates_cutoffs.value_or(multiplications <= cheap_multiplications);
}

const std::optional<Runner::Enlarged>& Runner::enlarged() {
  if (enlarged_) return *enlarged_;
  enlarged_.emplace();
  if (study_.estimates_cutoffs == false || study_.dynamics == Dynamics::trajectories)
    return *enlarged_;
  auto system = beyond_cutoffs(study_.system);
  if (!system) return *enlarged_;
  const double d = system->space().dimension_estimate();
  const double unknowns = study_.has_kets() ? 2 * d : system->space().elements_estimate();
  const double cheap = study_.model().baths.empty() ? cheap_unknowns : cheap_unknowns_with_baths;
  if (!study_.estimates_cutoffs && unknowns > cheap) return *enlarged_;
  const auto [from, to] = study_.time_span();
  const std::vector<double> times{from, to};
  const Subdivision& subdivision = study_.liouvillian.subdivision;
  Enlarged found{*system, nullptr, nullptr};
  if (study_.has_kets()) {
    found.schroedinger =
        std::make_shared<const SchroedingerEquation>(*system, comm_, times, subdivision);
  } else {
    found.master = std::make_shared<const MasterEquation>(*system, comm_, times, subdivision);
  }
  *enlarged_ = std::move(found);
  return *enlarged_;
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
