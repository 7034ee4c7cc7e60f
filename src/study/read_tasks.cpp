#include "read_tasks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace lindwurm {

namespace {

// The table of a task; empty if it is absent or switched off by run = false.
std::optional<TomlValue> task_table(const TomlValue& root, const std::string& name) {
  const auto table = root.find(name);
  if (!table) return std::nullopt;
  const auto run = table->find("run");
  return run && !run->boolean() ? std::nullopt : table;
}

// The largest restart. GMRES keeps this many vectors and a matrix of their scalar products.
constexpr int most_restart = 5000;

std::uint64_t read_seed(const TomlValue& value, const Parameters& parameters) {
  return static_cast<std::uint64_t>(value.integer(parameters, 0));
}

}  // namespace

std::vector<double> spaced(double from, double to, std::int64_t points, bool is_logarithmic) {
  // Uses extended precision, so that each value is rounded once. Whole numbers and decades are then
  // exact.
  const auto n = static_cast<long double>(points - 1);
  std::vector<double> all;
  for (std::int64_t k = 0; k < points; ++k) {
    const auto done = static_cast<long double>(k);
    const long double left = n - done;
    all.push_back(k == 0            ? from
                  : k + 1 == points ? to
                  : is_logarithmic
                      ? static_cast<double>(std::pow(static_cast<long double>(from), left / n) *
                                            std::pow(static_cast<long double>(to), done / n))
                      : static_cast<double>((from * left + to * done) / n));
  }
  return all;
}

std::vector<double> evenly_spaced(double from, double to, std::int64_t points) {
  return spaced(from, to, points, false);
}

namespace {

// Times whose difference is only rounding are not different.
bool is_after(double later, double earlier) {
  const double largest = std::max(std::abs(later), std::abs(earlier));
  return later - earlier > 8 * std::numeric_limits<double>::epsilon() * largest;
}

}  // namespace

std::vector<double> read_increasing(const TomlValue& value, const Parameters& parameters,
                                    const std::string& what) {
  std::vector<double> times;
  if (value.is_table()) {
    value.allow_only({"from", "to", "points"});
    const double from = value.require("from").number(parameters);
    const TomlValue to_key = value.require("to");
    const double to = to_key.number(parameters);
    const TomlValue points_key = value.require("points");
    const std::int64_t points = points_key.integer(parameters, 2);
    if (!(to > from))
      to_key.fail(fmt::format("the {} decrease: from = {}, to = {}", what, from, to));
    if (points > 10'000'000) points_key.fail(fmt::format("more than 10 million {}", what));
    times = evenly_spaced(from, to, points);
    // Relative to their size, neighbouring times are closest at one of the ends.
    if (!is_after(times[1], times[0]) || !is_after(times[points - 1], times[points - 2])) {
      points_key.fail(
          fmt::format("{} {} from {} to {} are too close for double precision to tell them apart",
                      points, what, from, to));
    }
    return times;
  }
  for (const auto& element : value.elements()) {
    times.push_back(element.number(parameters));
    if (times.size() == 1) continue;
    const double before = times[times.size() - 2];
    if (times.back() <= before) {
      element.fail(
          fmt::format("the {} do not increase: {} follows {}", what, times.back(), before));
    }
    if (!is_after(times.back(), before)) {
      element.fail(
          fmt::format("{:.17g} and {:.17g} are the same but for rounding; give one of them", before,
                      times.back()));
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
    const Coefficient index = element.within([&] {
      const Scope scope{.space = &model.space, .parameters = &model.parameters};
      return evaluate_number(*name->index, scope);
    });
    const double member = index.constant().real();
    const bool is_real = index.is_constant() && index.constant().imag() == 0;
    if (!is_real || member != std::floor(member) || member < 0 || member >= group->size() ||
        !group->count) {
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
      {"run", "times", "method", "rtol", "atol", "accuracy", "jacobian", "max_steps", "max_step"});
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
  if (auto key = table->find("rtol")) task.options.rtol = key->tolerance(parameters);
  if (auto key = table->find("atol")) task.options.atol = key->tolerance(parameters);
  if (auto key = table->find("accuracy")) task.options.accuracy = key->tolerance(parameters);
  if (auto key = table->find("max_steps")) {
    task.options.max_steps = static_cast<long>(key->integer(parameters, 1));
  }
  if (auto key = table->find("max_step")) task.options.max_step = key->positive(parameters);
  return task;
}

std::optional<SteadyOptions> read_steady(const TomlValue& root, const Parameters& parameters) {
  const auto table = task_table(root, "steady");
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

std::optional<SpectrumOptions> read_spectrum(const TomlValue& root, const System& system,
                                             bool uses_sectors) {
  const auto table = task_table(root, "spectrum");
  if (!table) return std::nullopt;
  table->allow_only({"run", "count", "method", "dense_limit", "max_products"});
  SpectrumOptions options;
  const Model& model = system.model();
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
  // Checks only what can be refused now, since finding sectors takes time.
  if (options.method == SpectrumMethod::dense || is_unitary(model)) {
    const std::int64_t at_once = uses_sectors ? largest_sector_size(system) : unknowns;
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
  if (auto key = table->find("threshold")) task.threshold = key->positive(model.parameters, 1);
  return task;
}

Thresholds read_thresholds(const TomlValue& root, const Parameters& parameters) {
  Thresholds thresholds;
  const auto table = root.find("diagnostics");
  if (!table) return thresholds;
  table->allow_only({"top_level", "trace", "energy", "positivity"});
  if (auto key = table->find("top_level")) thresholds.top_level = key->positive(parameters, 1);
  if (auto key = table->find("energy")) thresholds.energy = key->positive(parameters);
  if (auto key = table->find("trace")) thresholds.trace = key->positive(parameters, 1);
  if (auto key = table->find("positivity")) thresholds.positivity = key->positive(parameters, 1);
  return thresholds;
}

void read_output(const TomlValue& root, Study& study) {
  const auto table = root.find("output");
  if (!table) return;
  table->allow_only({"file", "states"});
  if (auto key = table->find("file")) {
    study.output_file = key->string();
    require_plain_text(*key, key->string());
    if (study.output_file.empty()) key->fail("the file needs a name");
  }
  if (auto key = table->find("states")) study.output_states = key->boolean();
}

}  // namespace lindwurm
