#include "lindwurm/input/read_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace lindwurm {

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

std::optional<TomlValue> table_to_run(const TomlValue& root, const std::string& name) {
  const auto table = root.find(name);
  if (!table) return std::nullopt;
  const auto run = table->find("run");
  return run && !run->boolean() ? std::nullopt : table;
}

std::uint64_t read_seed(const TomlValue& value, const Parameters& parameters) {
  return static_cast<std::uint64_t>(value.integer(parameters, 0));
}

}  // namespace lindwurm
