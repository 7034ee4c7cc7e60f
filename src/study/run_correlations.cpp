#include "run_correlations.hpp"

#include "judge.hpp"
#include "lindwurm/study/plan.hpp"

namespace lindwurm {

namespace {

// At each time of the task, to which the initial state is evolved.
void correlate_on_the_way(const Study& study, const CorrelationTask& task,
                          const TwoTimeOperators& operators,
                          const std::shared_ptr<const OperatorEquation>& equation,
                          CorrelationResult& result) {
  const auto& master = equation->master_equation();
  TaskPlan plan = plan_evolution(study, *study.initial, master->flow());
  const Liouvillian liouvillian(master, {plan.storage, std::move(plan.sector)});
  const Flow::Region region = correlated_state(study, task, equation->flow());
  VecHandle rho = pack(*study.initial, liouvillian);
  double t = study.initial_time();
  for (const double next : task.times) {
    if (next > t) rho = evolve(liouvillian, rho, {t, next}, task.options.evolution).final_state;
    t = next;
    result.at.push_back(
        correlate(equation, operators, {rho, liouvillian.basis(), region, t}, task.options));
  }
}

}  // namespace

TwoTimeOperators CorrelationTask::operators(const Model& model) const {
  const auto sum = [&](const Expression& words) {
    return sum_over_members(words, model.space, model.parameters).simplified();
  };
  return {sum(a), sum(b), sum(c)};
}

void run_correlations(const Study& study, const std::shared_ptr<const MasterEquation>& equation,
                      const std::function<void(double)>& progress, Results& results) {
  const auto operators = std::make_shared<const OperatorEquation>(equation);
  for (std::size_t k = 0; k < study.correlations.size(); ++k) {
    if (progress) progress(static_cast<double>(k) / static_cast<double>(study.correlations.size()));
    const CorrelationTask& task = study.correlations[k];
    CorrelationResult result{.name = task.name, .times = task.times, .at = {}};
    const TwoTimeOperators correlated = task.operators(study.model());
    if (!task.is_steady()) {
      correlate_on_the_way(study, task, correlated, operators, result);
    } else if (results.steady->state.get() != nullptr && results.steady->is_unique) {
      const SteadyState& steady = *results.steady;
      result.at.push_back(correlate(
          operators, correlated,
          {steady.state, *steady.basis, correlated_state(study, task, operators->flow()), 0, true},
          task.options));
    }
    judge(task, result, results);
    results.correlations.push_back(std::move(result));
  }
}

}  // namespace lindwurm
