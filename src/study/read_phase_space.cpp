#include "read_phase_space.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "read_tasks.hpp"

namespace lindwurm {

namespace {

constexpr std::int64_t default_points = 91;
constexpr std::int64_t most_points = 2001;
// The margin of the grid beyond the square root of the highest level. The Husimi function there is
// exp(-2.5^2).
constexpr double margin = 2.5;
// The largest extent of a grid. It is far beyond any level, so the function is 0 there.
constexpr double largest_extent = 1e6;
// Two times that are closer than this share of the time span are the same.
constexpr double same_time = 1e-9;

// The output times that are closest to the requested ones.
std::vector<double> read_at(const TomlValue& value, const Parameters& parameters,
                            const std::vector<double>& times) {
  std::vector<double> at;
  for (const double t : read_increasing(value, parameters, "times")) {
    const auto nearest = *std::min_element(
        times.begin(), times.end(),
        [&](double left, double right) { return std::abs(left - t) < std::abs(right - t); });
    if (std::abs(nearest - t) > same_time * (times.back() - times.front())) {
      value.fail(fmt::format("{} is none of evolve.times, the nearest of which is {}", t, nearest));
    }
    if (!at.empty() && nearest == at.back()) {
      value.fail(
          fmt::format("it names the time {} of evolve.times twice: {} is the same but for "
                      "rounding",
                      nearest, t));
    }
    at.push_back(nearest);
  }
  return at;
}

PhaseSpaceGrid read_grid(const TomlValue& table, const Group& site, const Parameters& parameters) {
  std::int64_t points = default_points;
  if (const auto key = table.find("points")) {
    points = key->integer(parameters, 2);
    if (points > most_points)
      key->fail(fmt::format("{} points along an axis; at most {}", points, most_points));
  }
  const auto extent = table.find("extent");
  if (site.kind != SiteKind::oscillator) {
    if (extent) extent->fail("a sphere has no extent; give the points from theta = 0 to pi");
    return {evenly_spaced(0, std::numbers::pi, points),
            evenly_spaced(-std::numbers::pi, std::numbers::pi, 2 * points - 1)};
  }
  double reach = std::sqrt(site.dimension - 1.0) + margin;
  if (extent) {
    reach = extent->positive(parameters, largest_extent);
  }
  const auto axis = evenly_spaced(-reach, reach, points);
  return {axis, axis};
}

PhaseSpaceTask read_task(const TomlValue& table, const Model& model,
                         const std::vector<double>& times) {
  PhaseSpaceTask task;
  const TomlValue site = table.require("site");
  const std::vector<int> sites = read_sites(site, model);
  if (sites.size() != 1) site.fail("a phase space is that of one site");
  task.site = sites.front();
  const Group& group = model.space.group_of(task.site);
  const auto function = table.find("function");
  if (function)
    task.function = static_cast<QuasiProbability>(function->one_of({"husimi", "wigner"}));
  function.value_or(site).within([&] { require_phase_space(group, task.function); });
  task.grid = read_grid(table, group, model.parameters);
  if (const auto at = table.find("at")) {
    if (times.empty()) at->fail("times need an [evolve]; the steady state is drawn in any case");
    task.times = read_at(*at, model.parameters, times);
  } else if (!times.empty()) {
    task.times = {times.back()};
  }
  task.name = group.count ? fmt::format("{}{}", group.name, task.site - group.first) : group.name;
  if (const auto name = table.find("name")) {
    task.name = name->string();
    require_identifier(*name, task.name);
  }
  return task;
}

}  // namespace

std::vector<PhaseSpaceTask> read_phase_space(const TomlValue& root, const Model& model,
                                             const std::vector<double>& times,
                                             bool has_steady_state) {
  std::vector<PhaseSpaceTask> tasks;
  const auto tables = root.find("phase_space");
  if (!tables) return tasks;
  if (times.empty() && !has_steady_state)
    tables->fail("it draws states of [evolve] and [steady], and there is neither");
  for (const auto& table : tables->elements()) {
    table.allow_only({"run", "name", "site", "function", "at", "extent", "points"});
    PhaseSpaceTask task = read_task(table, model, times);
    const bool is_known = std::any_of(tasks.begin(), tasks.end(),
                                      [&](const auto& other) { return other.name == task.name; });
    if (is_known) {
      table.find("name").value_or(table).fail(fmt::format(
          "there is a phase space '{}' already; give this one another name", task.name));
    }
    const auto run = table.find("run");
    if (!run || run->boolean()) tasks.push_back(std::move(task));
  }
  return tasks;
}

}  // namespace lindwurm
