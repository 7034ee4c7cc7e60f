#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>
#include <utility>

#include "lindwurm/input/read_values.hpp"
#include "lindwurm/tasks/evolve.hpp"
#include "lindwurm/tasks/phase_space.hpp"
#include "lindwurm/tasks/steady.hpp"
#include "phase_space_show.hpp"

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

PhaseSpaceRequest read_request(const TomlValue& table, const Model& model,
                               const std::vector<double>& times) {
  PhaseSpaceRequest request;
  const TomlValue site = table.require("site");
  const std::vector<int> sites = read_sites(site, model);
  if (sites.size() != 1) site.fail("a phase space is that of one site");
  request.site = sites.front();
  const Group& group = model.space.group_of(request.site);
  const auto function = table.find("function");
  if (function)
    request.function = static_cast<QuasiProbability>(function->one_of({"husimi", "wigner"}));
  function.value_or(site).within([&] { require_phase_space(group, request.function); });
  request.grid = read_grid(table, group, model.parameters);
  if (const auto at = table.find("at")) {
    if (times.empty()) at->fail("times need an [evolve]; the steady state is drawn in any case");
    request.times = read_at(*at, model.parameters, times);
  } else if (!times.empty()) {
    request.times = {times.back()};
  }
  request.name =
      group.count ? fmt::format("{}{}", group.name, request.site - group.first) : group.name;
  if (const auto name = table.find("name")) {
    request.name = name->string();
    require_identifier(*name, request.name);
  }
  return request;
}

void read(const TomlValue& root, Study& study) {
  const auto tables = root.find("phase_space");
  if (!tables) return;
  const auto* evolution = study.find<EvolveTask>();
  const auto times = evolution != nullptr ? evolution->times : std::vector<double>{};
  if (times.empty() && study.find<SteadyTask>() == nullptr)
    tables->fail("it draws states of [evolve] and [steady], and there is neither");
  auto task = std::make_shared<PhaseSpaceTask>();
  std::vector<std::string> names;
  for (const auto& table : tables->elements()) {
    table.allow_only({"run", "name", "site", "function", "at", "extent", "points"});
    PhaseSpaceRequest request = read_request(table, study.model(), times);
    if (std::find(names.begin(), names.end(), request.name) != names.end()) {
      table.find("name").value_or(table).fail(fmt::format(
          "there is a phase space '{}' already; give this one another name", request.name));
    }
    names.push_back(request.name);
    const auto run = table.find("run");
    if (!run || run->boolean()) task->requests.push_back(std::move(request));
  }
  if (!task->requests.empty()) study.tasks.push_back(std::move(task));
}

}  // namespace

TaskKind phase_space_kind() {
  return {{"phase_space"}, read, phase_space_summary, draw_phase_space};
}

}  // namespace lindwurm
