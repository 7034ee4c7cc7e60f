#include <fmt/format.h>

#include <memory>
#include <utility>

#include "evolve_show.hpp"
#include "lindwurm/input/read_values.hpp"
#include "lindwurm/tasks/evolve.hpp"

namespace lindwurm {

namespace {

EvolveTask read_evolve(const TomlValue& table, const Parameters& parameters) {
  table.allow_only(
      {"run", "times", "method", "rtol", "atol", "accuracy", "jacobian", "max_steps", "max_step"});
  EvolveTask task;
  task.times = read_increasing(table.require("times"), parameters, "times");
  if (auto key = table.find("method")) {
    task.options.method =
        static_cast<EvolveMethod>(key->one_of({"auto", "adams", "bdf", "chebyshev"}));
  }
  if (auto key = table.find("jacobian")) {
    task.options.jacobian =
        static_cast<Jacobian>(key->one_of({"auto", "matrix-free", "assembled"}));
  }
  if (auto key = table.find("rtol")) task.options.rtol = key->tolerance(parameters);
  if (auto key = table.find("atol")) task.options.atol = key->tolerance(parameters);
  if (auto key = table.find("accuracy")) task.options.accuracy = key->tolerance(parameters);
  if (auto key = table.find("max_steps")) {
    task.options.max_steps = static_cast<long>(key->integer(parameters, 1));
  }
  if (auto key = table.find("max_step")) task.options.max_step = key->positive(parameters);
  return task;
}

MixtureOptions read_mixture(const TomlValue& root, const Parameters& parameters) {
  MixtureOptions options;
  const auto table = root.find("mixture");
  if (!table) return options;
  table->allow_only({"kind", "neglect", "samples", "error", "seed"});
  if (auto key = table->find("kind")) {
    options.kind =
        static_cast<MixtureKind>(key->one_of({"auto", "product-states", "random-phase"}));
  }
  if (auto key = table->find("neglect")) {
    options.neglect = key->number(parameters);
    if (!(options.neglect >= 0 && options.neglect < 1)) {
      key->fail(fmt::format("{} must be a weight from 0 to below 1", options.neglect));
    }
  }
  if (auto key = table->find("samples")) options.samples = key->integer(parameters, 2);
  if (auto key = table->find("error")) options.error = key->positive(parameters);
  if (auto key = table->find("seed")) options.seed = read_seed(*key, parameters);
  return options;
}

TrajectoriesOptions read_trajectories(const TomlValue& root, const Parameters& parameters) {
  TrajectoriesOptions options;
  const auto table = root.find("trajectories");
  if (!table) return options;
  table->allow_only({"count", "error", "seed"});
  if (auto key = table->find("count")) options.count = key->integer(parameters, 2);
  if (auto key = table->find("error")) options.error = key->positive(parameters);
  if (auto key = table->find("seed")) options.seed = read_seed(*key, parameters);
  return options;
}

void read(const TomlValue& root, Study& study) {
  const Parameters& parameters = study.model().parameters;
  const MixtureOptions mixture = read_mixture(root, parameters);
  const TrajectoriesOptions trajectories = read_trajectories(root, parameters);
  const auto table = table_to_run(root, "evolve");
  if (!table) return;
  auto task = std::make_shared<EvolveTask>(read_evolve(*table, parameters));
  if (!study.initial) root.fail("[evolve] needs an [initial] state");
  if (study.has_kets() && task->options.method == EvolveMethod::bdf) {
    table->require("method").fail(
        "bdf is for density operators; kets take chebyshev, adams or auto");
  }
  task->mixture = mixture;
  task->trajectories = trajectories;
  study.initial_time = task->times.front();
  study.tasks.push_back(std::move(task));
}

}  // namespace

TaskKind evolve_kind() {
  return {{"evolve", "mixture", "trajectories"}, read, evolve_summary, draw_evolution};
}

}  // namespace lindwurm
