#include <fmt/format.h>

#include <memory>

#include "lindwurm/input/read_values.hpp"
#include "lindwurm/tasks/steady.hpp"
#include "steady_show.hpp"

namespace lindwurm {

namespace {

// The largest restart. GMRES keeps this many vectors and a matrix of their scalar products.
constexpr int most_restart = 5000;

std::optional<SteadyOptions> read_steady(const TomlValue& root, const Parameters& parameters) {
  const auto table = table_to_run(root, "steady");
  if (!table) return std::nullopt;
  table->allow_only({"run", "solver", "tolerance", "resolution", "max_iterations", "restart"});
  SteadyOptions options;
  if (auto key = table->find("solver")) {
    options.solver = static_cast<SteadySolver>(key->one_of({"auto", "gmres", "mumps"}));
  }
  if (auto key = table->find("tolerance")) options.tolerance = key->tolerance(parameters);
  if (auto key = table->find("resolution")) {
    options.resolution = key->tolerance(parameters);
    if (options.resolution > 1e-3)
      key->fail(fmt::format("{} must be at most 0.001: it is how exactly L is known",
                            options.resolution));
  }
  if (auto key = table->find("max_iterations"))
    options.max_iterations = key->small_integer(parameters, 1);
  if (auto key = table->find("restart"))
    options.restart = key->small_integer(parameters, 1, most_restart);
  return options;
}

void read(const TomlValue& root, Study& study) {
  const auto options = read_steady(root, study.model().parameters);
  if (!options) return;
  auto task = std::make_shared<SteadyTask>();
  task->options = *options;
  study.tasks.push_back(std::move(task));
}

}  // namespace

TaskKind steady_kind() { return {{"steady"}, read, steady_summary, {}}; }

}  // namespace lindwurm
