#include "read_tasks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace lindwurm {

namespace {

double positive(const TomlValue& value, const Parameters& parameters) {
  const double number = value.number(parameters);
  if (!(number > 0)) value.fail(fmt::format("{} must be positive", number));
  return number;
}

// The table of a task, unless it is absent or switched off by run = false.
std::optional<TomlValue> task_table(const TomlValue& root, const std::string& name) {
  const auto table = root.find(name);
  if (!table) return std::nullopt;
  const auto run = table->find("run");
  return run && !run->boolean() ? std::nullopt : table;
}

std::uint64_t read_seed(const TomlValue& value, const Parameters& parameters) {
  return static_cast<std::uint64_t>(value.integer(parameters, 0));
}

}  // namespace

std::vector<double> evenly_spaced(double from, double to, std::int64_t points) {
  std::vector<double> all;
  for (std::int64_t k = 0; k < points; ++k) {
    all.push_back(k + 1 == points ? to
                                  : from + (to - from) * static_cast<double>(k) /
                                               static_cast<double>(points - 1));
  }
  return all;
}

std::vector<double> read_increasing(const TomlValue& value, const Parameters& parameters,
                                    const std::string& what) {
  std::vector<double> times;
  if (value.is_table()) {
    value.allow_only({"from", "to", "points"});
    const double from = value.require("from").number(parameters);
    const TomlValue to_key = value.require("to");
    const double to = to_key.number(parameters);
    const std::int64_t points = value.require("points").integer(parameters, 2);
    if (!(to > from))
      to_key.fail(fmt::format("the {} decrease: from = {}, to = {}", what, from, to));
    if (points > 10'000'000)
      value.require("points").fail(fmt::format("more than 10 million {}", what));
    return evenly_spaced(from, to, points);
  }
  for (const auto& element : value.elements()) {
    times.push_back(element.number(parameters));
    if (times.size() > 1 && times.back() <= times[times.size() - 2]) {
      element.fail(fmt::format("the {} do not increase: {} follows {}", what, times.back(),
                               times[times.size() - 2]));
    }
  }
  if (times.empty()) value.fail(fmt::format("there are no {} in it", what));
  return times;
}

std::vector<int> read_sites(const TomlValue& value, const Model& model) {
  std::vector<int> sites;
  for (const auto& element : value.elements()) {
    const Expression expression = element.expression();
    const auto* name = expression.as<Expression::Name>();
    if (const Group* of_class = model.space.find(expression.text())) {
      for (int member = 0; member < of_class->size(); ++member)
        sites.push_back(of_class->first + member);
      continue;
    }
    const auto family =
        name == nullptr ? std::vector<const Group*>{} : model.space.called(name->name);
    if (family.size() > 1 && !name->index) {
      for (const Group* each : family)
        sites.push_back(each->first);
      continue;
    }
    const Group* group = name == nullptr ? nullptr : model.space.find(name->name);
    if (group == nullptr) {
      std::vector<std::string> known;
      for (const Group& each : model.space.groups())
        known.push_back(each.name);
      element.fail(fmt::format("there is no site '{}'{}", expression.text(),
                               suggestion(expression.text(), known)));
    }
    const double member = element.within([&] {
      const Scope scope{.space = &model.space, .parameters = &model.parameters};
      return evaluate_number(*name->index, scope).constant().real();
    });
    if (member != std::floor(member) || member < 0 || member >= group->size() || !group->count) {
      element.fail(fmt::format("'{}' has {}", group->name,
                               group->count ? fmt::format("the members 0 to {}", group->size() - 1)
                                            : std::string("no members; it is a single site")));
    }
    sites.push_back(group->first + static_cast<int>(member));
  }
  return sites;
}

std::optional<EvolveTask> read_evolve(const TomlValue& root, const Parameters& parameters) {
  const auto table = task_table(root, "evolve");
  if (!table) return std::nullopt;
  table->allow_only(
      {"run", "times", "method", "rtol", "atol", "jacobian", "max_steps", "max_step"});
  EvolveTask task;
  task.times = read_increasing(table->require("times"), parameters, "times");
  if (auto key = table->find("method")) {
    task.options.method =
        static_cast<EvolveMethod>(key->one_of({"auto", "adams", "bdf", "chebyshev"}));
  }
  if (auto key = table->find("jacobian")) {
    task.options.jacobian =
        static_cast<Jacobian>(key->one_of({"auto", "matrix-free", "assembled"}));
  }
  if (auto key = table->find("rtol")) task.options.rtol = positive(*key, parameters);
  if (auto key = table->find("atol")) task.options.atol = positive(*key, parameters);
  if (auto key = table->find("max_steps")) {
    task.options.max_steps = static_cast<long>(key->integer(parameters, 1));
  }
  if (auto key = table->find("max_step")) task.options.max_step = positive(*key, parameters);
  return task;
}

std::optional<SteadyOptions> read_steady(const TomlValue& root, const Parameters& parameters) {
  const auto table = task_table(root, "steady");
  if (!table) return std::nullopt;
  table->allow_only({"run", "solver", "tolerance", "max_iterations", "restart"});
  SteadyOptions options;
  if (auto key = table->find("solver")) {
    options.solver = static_cast<SteadySolver>(key->one_of({"auto", "gmres", "mumps"}));
  }
  if (auto key = table->find("tolerance")) options.tolerance = positive(*key, parameters);
  if (auto key = table->find("max_iterations")) {
    options.max_iterations = static_cast<int>(key->integer(parameters, 1));
  }
  if (auto key = table->find("restart")) {
    options.restart = static_cast<int>(key->integer(parameters, 1));
  }
  return options;
}

std::optional<SpectrumOptions> read_spectrum(const TomlValue& root, const Model& model,
                                             bool uses_sectors) {
  const auto table = task_table(root, "spectrum");
  if (!table) return std::nullopt;
  table->allow_only({"run", "count", "method", "dense_limit", "max_products"});
  SpectrumOptions options;
  const auto unknowns = static_cast<std::int64_t>(model.space.elements_estimate());
  if (auto key = table->find("method")) {
    options.method = static_cast<SpectrumMethod>(key->one_of({"auto", "dense", "krylov", "slepc"}));
  }
  if (auto key = table->find("dense_limit"))
    options.dense_limit = key->integer(model.parameters, 1);
  if (auto key = table->find("max_products"))
    options.max_products = static_cast<long>(key->integer(model.parameters, 1));
  if (auto key = table->find("count")) {
    const std::int64_t count = key->integer(model.parameters, 1);
    if (count > unknowns) {
      key->fail(fmt::format("{} eigenvalues are asked for, but L has {}{}", count,
                            model.space.has_ensembles() ? "" : "D^2 = ", unknowns));
    }
    options.count = static_cast<int>(count);
  } else {
    options.count = static_cast<int>(std::min<std::int64_t>(options.count, unknowns));
  }
  // What can be refused; sectors take time to find.
  if (options.method == SpectrumMethod::dense || is_unitary(model)) {
    const std::int64_t at_once = uses_sectors ? largest_sector_size(model) : unknowns;
    table->within([&] { require_method(options, model, at_once); });
  }
  return options;
}

LiouvillianSettings read_liouvillian(const TomlValue& root) {
  LiouvillianSettings settings;
  const auto table = root.find("liouvillian");
  if (!table) return settings;
  table->allow_only({"storage", "sectors", "preconditioner"});
  if (auto key = table->find("preconditioner")) {
    settings.preconditioner = static_cast<PreconditionerChoice>(
        key->one_of({"auto", "none", "dilu", "ilu", "one-site", "no-jump"}));
  }
  if (auto key = table->find("storage")) {
    const std::size_t choice = key->one_of({"auto", "assembled", "matrix-free"});
    if (choice == 1) settings.storage = Storage::assembled;
    if (choice == 2) settings.storage = Storage::matrix_free;
  }
  if (auto key = table->find("sectors")) settings.uses_sectors = key->boolean();
  return settings;
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
  if (auto key = table->find("error")) options.error = positive(*key, parameters);
  if (auto key = table->find("seed")) options.seed = read_seed(*key, parameters);
  return options;
}

TrajectoriesOptions read_trajectories(const TomlValue& root, const Parameters& parameters) {
  TrajectoriesOptions options;
  const auto table = root.find("trajectories");
  if (!table) return options;
  table->allow_only({"count", "error", "seed"});
  if (auto key = table->find("count")) options.count = key->integer(parameters, 2);
  if (auto key = table->find("error")) options.error = positive(*key, parameters);
  if (auto key = table->find("seed")) options.seed = read_seed(*key, parameters);
  return options;
}

std::vector<ReducedSpace> read_reduced(const TomlValue& root, const Model& model) {
  std::vector<ReducedSpace> reduced;
  const auto tables = root.find("reduced");
  if (!tables) return reduced;
  for (const auto& table : tables->elements()) {
    table.allow_only({"sites"});
    const TomlValue sites = table.require("sites");
    sites.within([&] { reduced.emplace_back(model.space, read_sites(sites, model)); });
  }
  return reduced;
}

std::optional<MapTask> read_map(const TomlValue& root, const Model& model) {
  const auto table = task_table(root, "map");
  if (!table) return std::nullopt;
  table->allow_only({"run", "site", "threshold"});
  const TomlValue site = table->require("site");
  const std::vector<int> sites = read_sites(site, model);
  if (sites.size() != 1 || model.space.group_of(sites[0]).kind != SiteKind::spin) {
    site.fail("the map is that of one qubit: name a site of kind \"spin\"");
  }
  MapTask task{.site = sites[0]};
  if (auto key = table->find("threshold")) task.threshold = positive(*key, model.parameters);
  return task;
}

Thresholds read_thresholds(const TomlValue& root, const Parameters& parameters) {
  Thresholds thresholds;
  const auto table = root.find("diagnostics");
  if (!table) return thresholds;
  table->allow_only({"top_level", "trace", "energy", "positivity"});
  if (auto key = table->find("top_level")) thresholds.top_level = positive(*key, parameters);
  if (auto key = table->find("energy")) thresholds.energy = positive(*key, parameters);
  if (auto key = table->find("trace")) thresholds.trace = positive(*key, parameters);
  if (auto key = table->find("positivity")) thresholds.positivity = positive(*key, parameters);
  return thresholds;
}

void read_output(const TomlValue& root, Study& study) {
  const auto table = root.find("output");
  if (!table) return;
  table->allow_only({"file", "states"});
  if (auto key = table->find("file")) {
    study.output_file = key->string();
    if (study.output_file.empty()) key->fail("the file needs a name");
  }
  if (auto key = table->find("states")) study.output_states = key->boolean();
}

}  // namespace lindwurm
