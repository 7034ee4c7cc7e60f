#include "sweep_summary.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

namespace lindwurm {

namespace {

// The smallest and the largest value of a quantity, and where they are.
struct Extremes {
  double least = INFINITY;
  double greatest = -INFINITY;
  std::vector<std::size_t> at_least;
  std::vector<std::size_t> at_greatest;
};

// Goes through nested lists of numbers with one level for each axis. Complex numbers count by their
// magnitude.
void look(const Document& tree, std::size_t depth, std::vector<std::size_t>& place,
          Extremes& found) {
  if (depth > 0) {
    for (std::size_t k = 0; k < tree.size(); ++k) {
      place.push_back(k);
      look(tree[k], depth - 1, place, found);
      place.pop_back();
    }
    return;
  }
  if (tree.is_null() || (tree.is_array() && tree[0].is_null())) return;
  const double value =
      tree.is_array() ? std::hypot(real_of(tree[0]), real_of(tree[1])) : real_of(tree);
  if (value < found.least) {
    found.least = value;
    found.at_least = place;
  }
  if (value > found.greatest) {
    found.greatest = value;
    found.at_greatest = place;
  }
}

std::string where(const Document& sweep, const std::vector<std::size_t>& place) {
  std::vector<std::string> parts;
  for (std::size_t k = 0; k < place.size(); ++k) {
    const auto name = sweep["names"][k].get<std::string>();
    parts.push_back(fmt::format("{} = {:.6g}", name, real_of(sweep["axes"][name][place[k]])));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

bool has_pairs(const Document& tree, std::size_t depth) {
  return depth == 0 ? tree.is_array() : has_pairs(tree[0], depth - 1);
}

std::string range(const Document& sweep, const std::string& name, const Document& tree) {
  const std::string label =
      has_pairs(tree, sweep["names"].size()) ? fmt::format("|{}|", name) : name;
  Extremes found;
  std::vector<std::size_t> place;
  look(tree, sweep["names"].size(), place, found);
  if (found.at_least.empty()) return "";
  return fmt::format("  {} from {:.10g} ({}) to {:.10g} ({})\n", label, found.least,
                     where(sweep, found.at_least), found.greatest, where(sweep, found.at_greatest));
}

}  // namespace

std::string sweep_summary(const Document& document) {
  const Document& sweep = document["sweep"];
  const Document& diagnostics = document["diagnostics"];
  std::string text;
  for (const auto& each : sweep["names"]) {
    const auto name = each.get<std::string>();
    const Document& values = sweep["axes"][name];
    text += fmt::format("sweep     {}: {} values from {:.6g} to {:.6g}\n", name, values.size(),
                        real_of(values.front()), real_of(values.back()));
  }
  const auto count = [&](const char* name) { return diagnostics[name].get<std::int64_t>(); };
  text += fmt::format("{} of {} points computed{}; {} rank{} in {} group{}, {:.2f} s, {}\n",
                      count("computed"), count("points"),
                      count("failed") > 0 ? fmt::format(", {} failed", count("failed")) : "",
                      count("ranks"), count("ranks") == 1 ? "" : "s", count("groups"),
                      count("groups") == 1 ? "" : "s", real_of(diagnostics["seconds"]),
                      bytes_text(real_of(diagnostics["peak_memory_bytes"])));
  const Document::json_pointer steady("/steady/observables");
  if (sweep.contains(steady)) {
    text += "steady\n";
    for (const auto& [name, tree] : sweep[steady].items())
      text += range(sweep, fmt::format("<{}>", name), tree);
  }
  const Document::json_pointer gap("/spectrum/gap");
  if (sweep.contains(gap)) text += "spectrum\n" + range(sweep, "gap", sweep[gap]);
  return text;
}

}  // namespace lindwurm
