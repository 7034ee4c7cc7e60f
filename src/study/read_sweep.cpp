#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "input/read_model.hpp"
#include "lindwurm/input/read_values.hpp"
#include "lindwurm/study/sweep.hpp"

namespace lindwurm {

namespace {

// The bare name of a parameter, however it was written.
std::string bare(const std::string& key) {
  constexpr std::string_view table = "parameters.";
  if (!key.starts_with(table)) return key;
  const std::string rest = key.substr(table.size());
  return rest.find_first_of(".[") == std::string::npos ? rest : key;
}

bool is_path(const std::string& key) { return key.find_first_of(".[") != std::string::npos; }

void require_parameter(const TomlValue& value, const std::string& name,
                       const Parameters& parameters) {
  const auto found = parameters.find(name);
  if (found == parameters.end()) {
    std::vector<std::string> known;
    for (const auto& [each, ignored] : parameters)
      known.push_back(each);
    value.fail(
        fmt::format("there is no parameter '{}'{}; the key of another table is written with its "
                    "path in quotes, as in \"sites.mode.levels\"",
                    name, suggestion(name, known)));
  }
  const auto& numbers = found->second.values;
  if (!std::all_of(numbers.begin(), numbers.end(),
                   [](const Coefficient& each) { return each.is_constant(); })) {
    value.fail(fmt::format(
        "the parameter '{}' depends on t, and one number would take its place; name a number that "
        "it is made of",
        name));
  }
}

void require_key(const TomlValue& value, const std::string& key, const Parameters& parameters) {
  for (const std::string table : {"output", "sweep"}) {
    if (key == table || key.starts_with(table + "."))
      value.fail(fmt::format("[{}] is the same for all points of a sweep", table));
  }
  if (!is_path(key)) require_parameter(value, key, parameters);
}

SweepAxis read_range(const TomlValue& value, const std::string& key, const Parameters& parameters) {
  value.allow_only({"from", "to", "points", "scale"});
  const TomlValue from_key = value.require("from");
  const double from = from_key.number(parameters);
  const TomlValue to_key = value.require("to");
  const double to = to_key.number(parameters);
  if (from == to) {
    to_key.fail(fmt::format("from and to are both {}; a single value is written [{}]", to, to));
  }
  const TomlValue points_key = value.require("points");
  const std::int64_t points = points_key.integer(parameters, 2);
  if (points > static_cast<std::int64_t>(Sweep::most_points))
    points_key.fail(fmt::format("more than {} points", Sweep::most_points));
  SweepAxis axis{.key = key, .values = {}};
  if (auto scale = value.find("scale")) axis.is_logarithmic = scale->one_of({"linear", "log"}) == 1;
  for (const auto& [end, number] : {std::pair{from_key, from}, std::pair{to_key, to}}) {
    if (axis.is_logarithmic && !(number > 0))
      end.fail(fmt::format("{} has no place on a scale = \"log\"; it must be positive", number));
  }
  axis.values = spaced(from, to, points, axis.is_logarithmic);
  return axis;
}

SweepAxis read_axis(const TomlValue& value, const std::string& key, const Parameters& parameters) {
  if (value.is_table()) return read_range(value, key, parameters);
  if (!value.is_array()) {
    value.fail("a list of values or { from, to, points } is expected here");
  }
  SweepAxis axis{.key = key, .values = {}};
  for (const auto& element : value.elements())
    axis.values.push_back(element.number(parameters));
  if (axis.values.empty()) value.fail("a sweep needs at least one value");
  return axis;
}

}  // namespace

std::optional<Sweep> read_sweep(const std::filesystem::path& file,
                                const std::vector<Override>& overrides) {
  const TomlDocument document(file, overrides);
  const TomlValue root = document.root();
  const auto table = root.find("sweep");
  if (!table) return std::nullopt;
  const Parameters parameters = read_parameters(root);
  Sweep sweep{.file = file, .overrides = overrides, .text = document.text(), .axes = {}};
  double points = 1;
  for (const auto& [name, value] : table->entries()) {
    const std::string key = bare(name);
    require_key(value, key, parameters);
    const auto varies_it = [&](const SweepAxis& axis) { return axis.key == key; };
    if (std::any_of(sweep.axes.begin(), sweep.axes.end(), varies_it))
      value.fail(fmt::format("'{}' is varied twice", key));
    SweepAxis axis = read_axis(value, key, parameters);
    const auto sets_it = [&](const Override& each) { return bare(each.key) == key; };
    if (std::any_of(overrides.begin(), overrides.end(), sets_it)) continue;
    points *= static_cast<double>(axis.values.size());
    if (points > static_cast<double>(Sweep::most_points)) {
      value.fail(fmt::format("the grid has more than {} points", Sweep::most_points));
    }
    sweep.axes.push_back(std::move(axis));
  }
  if (sweep.axes.empty()) return std::nullopt;
  return sweep;
}

}  // namespace lindwurm
