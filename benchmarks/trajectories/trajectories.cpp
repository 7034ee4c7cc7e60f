// Quantum trajectories of a model file, one after the other on one rank:
//
//   trajectories MODEL.toml COUNT [adams|chebyshev]
//
// The model's times, tolerances and observables are taken; the means at the last time are printed,
// and microseconds for each trajectory.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <string>

#include "lindwurm/backend/session.hpp"
#include "lindwurm/study/study.hpp"
#include "quantum_jumps.hpp"

int main(int argc, char** argv) {
  const lindwurm::Session session;
  if (argc < 3) throw std::runtime_error("trajectories MODEL.toml COUNT [adams|chebyshev]");
  const auto study = lindwurm::read_study(argv[1]);
  const long count = std::stol(argv[2]);
  const std::string method = argc > 3 ? argv[3] : "";
  auto options = study.evolve->options;
  if (method == "adams") options.method = lindwurm::EvolveMethod::adams;
  if (method == "chebyshev") options.method = lindwurm::EvolveMethod::chebyshev;
  for (const auto& observable : study.observables)
    options.observe.emplace_back(observable.name, observable.content);
  const auto equation = std::make_shared<const lindwurm::JumpEquation>(study.model, MPI_COMM_SELF);
  const lindwurm::KetColumns columns(study.model, options);
  lindwurm::JumpTrajectories trajectories(equation, *study.initial, study.evolve->times, columns,
                                          options, 1);
  const auto start = std::chrono::steady_clock::now();
  Eigen::VectorXcd sum = Eigen::VectorXcd::Zero(columns.size());
  double jumps = 0;
  long products = 0;
  long steps = 0;
  for (long k = 0; k < count; ++k) {
    const auto run = trajectories.run(static_cast<std::uint64_t>(k));
    sum += run.columns.rightCols(1);
    jumps += static_cast<double>(run.jumps.size());
    products += run.statistics.rhs_evaluations;
    steps += run.statistics.steps;
  }
  const double spent =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const auto each = static_cast<double>(std::max(count, 1L));
  std::printf("{");
  for (std::size_t k = 0; k < study.observables.size(); ++k) {
    std::printf("\"%s\": %.10f, ", study.observables[k].name.c_str(),
                sum(*columns.row_of(k)).real() / each);
  }
  std::printf("\"jumps\": %.4f, \"products\": %.1f, \"steps\": %.1f, \"microseconds\": %.1f}\n",
              jumps / each, static_cast<double>(products) / each, static_cast<double>(steps) / each,
              spent / each * 1e6);
  return 0;
}
