#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <utility>

#include "lindwurm/input/read_values.hpp"
#include "lindwurm/tasks/evolve.hpp"
#include "lindwurm/tasks/map.hpp"
#include "lindwurm/tasks/runner.hpp"
#include "tasks/state_report.hpp"

namespace lindwurm {

namespace {

void read(const TomlValue& root, Study& study) {
  const Model& model = study.model();
  const auto table = table_to_run(root, "map");
  if (!table) return;
  table->allow_only({"run", "site", "threshold"});
  const TomlValue site = table->require("site");
  const std::vector<int> sites = read_sites(site, model);
  if (sites.size() != 1 || model.space.group_of(sites[0]).kind != SiteKind::spin) {
    site.fail("the map is that of one qubit: name a site of kind \"spin\"");
  }
  if (study.find<EvolveTask>() == nullptr) table->fail("it needs the times of [evolve]");
  auto task = std::make_shared<MapTask>();
  task->site = sites[0];
  if (auto key = table->find("threshold")) task->threshold = key->positive(model.parameters, 1);
  study.tasks.push_back(std::move(task));
}

Document map_document(const QubitMap& map) {
  Document tree{{"a", map.a},
                {"b", map.b},
                {"D", map.d},
                {"gamma_up", with_gaps(map.gamma_up)},
                {"gamma_down", with_gaps(map.gamma_down)},
                {"reliable", map.is_reliable},
                {"determinant", map.determinant},
                {"choi", map.choi},
                {"mixing", map.mixing}};
  if (!map.error_a.empty()) tree["errors"] = {{"a", map.error_a}, {"b", map.error_b}};
  return tree;
}

std::string map_summary(const Document& results, const Document& /*diagnostics*/) {
  if (!results.contains("map")) return "";
  const Document& part = results["map"];
  const double t = real_of(results["evolve"]["times"].back());
  return fmt::format("map       at t = {}: a = {}, b = {}, D = {}, lowest Choi eigenvalue {:.1e}\n",
                     t, number_text(part["a"].back()), number_text(part["b"].back()),
                     number_text(part["D"].back()), real_of(part["choi"].back()));
}

// A curve of a qubit's map. gnuplot leaves a gap where there is no rate.
Series map_series(const Document& document, const std::string& name) {
  const auto times = reals_of(document["evolve"]["times"]);
  const Document& map = document["map"];
  Series series{name, {}};
  for (std::size_t k = 0; k < times.size(); ++k)
    series.points.emplace_back(times[k], real_of(map[name][k]));
  if (map.contains("errors") && map["errors"].contains(name))
    series.errors = reals_of(map["errors"][name]);
  return series;
}

void draw_map(const Document& results, Panels& panels) {
  if (!results.contains("map")) return;
  const auto of_map = [&](const std::string& name) { return map_series(results, name); };
  panels.push_back(curves_panel("map", {of_map("a"), of_map("b"), of_map("D")}));
  panels.push_back(curves_panel("rate", {of_map("gamma_up"), of_map("gamma_down")}));
}

// Rates that are not reliable are not part of the results.
void require_finite_rates(const QubitMap& map, Verdict& verdict) {
  for (std::size_t k = 0; k < map.times.size(); ++k) {
    if (!map.is_reliable[k] || (std::isfinite(map.gamma_up[k]) && std::isfinite(map.gamma_down[k])))
      continue;
    verdict.problems.push_back(
        fmt::format("map: a rate at t = {} is not a finite number", map.times[k]));
  }
}

}  // namespace

TaskKind map_kind() { return {{"map"}, read, map_summary, draw_map}; }

// From evolutions with different initial states of the qubit.
std::unique_ptr<Outcome> MapTask::run(Runner& runner) const {
  const EvolveTask& evolution = *runner.study().find<EvolveTask>();
  const Model& model = runner.study().model();
  const ReducedSpace qubit(model.space, {site});
  EvolveOptions options = evolution.options;
  options.observe.clear();
  options.sites.clear();
  options.reduced = {qubit};
  options.reduced_changes = true;
  const auto progress = runner.progress("map");
  std::array<ReducedSeries, qubit_starts.size()> from{ReducedSeries(qubit), ReducedSeries(qubit),
                                                      ReducedSeries(qubit), ReducedSeries(qubit)};
  for (std::size_t k = 0; k < from.size(); ++k) {
    ProductState initial = *runner.study().initial;
    initial.sites[site] = site_state(Expression::parse(qubit_starts[k]), model.space.group_of(site),
                                     model.parameters, initial.neglected_weight);
    if (progress) {
      options.progress = [&, k](double fraction) {
        progress((static_cast<double>(k) + fraction) / static_cast<double>(from.size()));
      };
    }
    from[k] = evolved(evolution, initial, options, runner).series().reduced.front();
  }
  auto outcome = std::make_unique<MapOutcome>();
  outcome->map = qubit_map(evolution.times, from, threshold);
  return outcome;
}

void MapOutcome::judge(const Study& /*study*/, Verdict& verdict) const {
  const auto unreliable = std::count(map.is_reliable.begin(), map.is_reliable.end(), false);
  if (unreliable > 0) {
    verdict.warnings.push_back(
        fmt::format("map: |D| is below map.threshold, or its error, at {} of {} times, "
                    "where there are no rates",
                    unreliable, map.times.size()));
  }
  if (map.mixing > 1e-6) {
    verdict.warnings.push_back(
        fmt::format("map: it mixes populations and coherences by up to {:.3g}; gamma_up and "
                    "gamma_down hold for starts without coherences",
                    map.mixing));
  }
  require_finite_rates(map, verdict);
}

void MapOutcome::describe(const Study& /*study*/, Document& results,
                          Document& /*diagnostics*/) const {
  results["map"] = map_document(map);
}

}  // namespace lindwurm
