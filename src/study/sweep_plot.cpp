#include "sweep_panels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lindwurm/backend/error.hpp"

namespace lindwurm {

namespace {

// The largest number of curves in a panel, each with its own colour.
constexpr std::size_t most_curves = 6;
// The largest number of maps, each with its own panel.
constexpr std::size_t most_maps = 4;

struct Axis {
  std::string name;
  std::vector<double> values;
  bool is_logarithmic = false;
};

std::vector<Axis> axes_of(const Document& sweep) {
  std::vector<Axis> axes;
  for (const auto& name : sweep["names"]) {
    const auto key = name.get<std::string>();
    axes.push_back({key, reals_of(sweep["axes"][key]), sweep["scales"][axes.size()] == "log"});
  }
  return axes;
}

// A quantity over the grid, with the last axis the fastest.
struct Quantity {
  std::string label;
  std::vector<double> values;  // NaN: a gap
};

// Appends the numbers at a depth equal to the grid's dimension. `part` is 0, or 1 for the imaginary
// part of pairs.
void flatten(const Document& tree, std::size_t depth, int part, std::vector<double>& values) {
  if (depth > 0) {
    for (const auto& each : tree)
      flatten(each, depth - 1, part, values);
    return;
  }
  values.push_back(real_of(tree.is_array() ? tree[part] : tree));
}

bool has_pairs(const Document& tree, std::size_t depth) {
  return depth == 0 ? tree.is_array() : has_pairs(tree[0], depth - 1);
}

double largest(const Quantity& quantity) {
  double most = 0;
  for (const double value : quantity.values)
    if (std::abs(value) > most) most = std::abs(value);
  return most;
}

bool has_values(const Quantity& quantity) {
  return std::any_of(quantity.values.begin(), quantity.values.end(),
                     [](double value) { return std::isfinite(value); });
}

// A range for constant quantities, because gnuplot would not find one.
std::string range_if_flat(const char* direction, const std::vector<Quantity>& all) {
  double least = INFINITY;
  double most = -INFINITY;
  for (const Quantity& quantity : all) {
    for (const double value : quantity.values) {
      if (value < least) least = value;
      if (value > most) most = value;
    }
  }
  if (least < most) return "";
  return fmt::format("set {}range [{}:{}]\n", direction, least - 1, most + 1);
}

// For complex numbers, the parts that are more than rounding; empty if there is no value.
std::vector<Quantity> quantities(const Document& tree, std::size_t axes, const std::string& label) {
  const auto flat = [&](int part) {
    std::vector<double> values;
    flatten(tree, axes, part, values);
    return values;
  };
  std::vector<Quantity> parts{{label, flat(0)}};
  if (has_pairs(tree, axes)) parts = {{"Re " + label, flat(0)}, {"Im " + label, flat(1)}};
  const double most = std::max(largest(parts.front()), largest(parts.back()));
  std::erase_if(parts, [&](const Quantity& part) {
    return !has_values(part) || largest(part) < 1e-9 * most;
  });
  if (most == 0 && parts.size() == 2) parts.pop_back();
  return parts;
}

std::vector<Quantity> steady_observables(const Document& sweep, std::size_t axes) {
  std::vector<Quantity> all;
  const Document::json_pointer place("/steady/observables");
  if (!sweep.contains(place)) return all;
  for (const auto& [name, tree] : sweep[place].items())
    for (auto& part : quantities(tree, axes, fmt::format("<{}>", name)))
      all.push_back(std::move(part));
  return all;
}

std::vector<Quantity> gaps(const Document& sweep, std::size_t axes) {
  const Document::json_pointer place("/spectrum/gap");
  if (!sweep.contains(place)) return {};
  return quantities(sweep[place], axes, "gap");
}

// The rates of a bath's eigenoperators, one curve for each, the largest first.
std::vector<Quantity> bath_rates(const Document& bath, const std::string& name) {
  std::vector<Quantity> all;
  if (!bath.contains("rates")) return all;
  const Document& rates = bath["rates"];
  for (std::size_t k = 0; k < rates[0].size(); ++k) {
    Quantity rate{fmt::format("{}: rate {}", name, k), {}};
    for (const auto& at_point : rates)
      rate.values.push_back(real_of(at_point[k]));
    all.push_back(std::move(rate));
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Quantity& a, const Quantity& b) { return largest(a) > largest(b); });
  return all;
}

std::string scale(const char* direction, bool is_logarithmic) {
  return is_logarithmic ? fmt::format("set logscale {}\n", direction)
                        : fmt::format("unset logscale {}\n", direction);
}

std::string fresh() {
  return "unset title\nunset key\nunset xlabel\nunset ylabel\nset autoscale\nunset offsets\n"
         "unset xzeroaxis\nunset yzeroaxis\n";
}

// Curves against the parameter. Points are marked if they are few.
std::string curves(const std::string& prefix, const Axis& axis, const std::vector<Quantity>& all) {
  std::string data;
  std::string plots;
  for (std::size_t k = 0; k < std::min(all.size(), most_curves); ++k) {
    const std::string name = fmt::format("{}{}", prefix, k);
    data += fmt::format("${} << END\n", name);
    for (std::size_t j = 0; j < axis.values.size(); ++j)
      data += fmt::format("{} {}\n", axis.values[j], all[k].values[j]);
    data += "END\n";
    plots += fmt::format(
        "{}${} using 1:2 with {} lt {} lw 2 pt 7 ps 0.5 title {}", k == 0 ? "" : ", ", name,
        axis.values.size() > 60 ? "lines" : "linespoints", k + 1, quoted(all[k].label));
  }
  return fresh() + data + scale("x", axis.is_logarithmic) + scale("y", false) +
         range_if_flat("y", all) + fmt::format("set xlabel {}\n", quoted(axis.name)) +
         (all.size() > 1 ? "set key outside center top horizontal width 2\n"
                         : fmt::format("set ylabel {}\n", quoted(all[0].label))) +
         "plot " + plots + "\n";
}

// The edges of cells: halfway between the values, or between their logarithms on a logarithmic
// scale.
std::vector<double> edges(const Axis& axis) {
  const auto at = [&](double value) { return axis.is_logarithmic ? std::log(value) : value; };
  const auto back = [&](double value) { return axis.is_logarithmic ? std::exp(value) : value; };
  std::vector<double> found;
  const std::size_t n = axis.values.size();
  for (std::size_t k = 0; k <= n; ++k) {
    const double left = at(axis.values[k == 0 ? 0 : k - 1]);
    const double right = at(axis.values[k == n ? n - 1 : k]);
    const double half = n == 1 ? 0.5 : (at(axis.values[1]) - at(axis.values[0])) / 2;
    const double last = n == 1 ? 0.5 : (at(axis.values[n - 1]) - at(axis.values[n - 2])) / 2;
    found.push_back(back(k == 0 ? right - half : k == n ? left + last : (left + right) / 2));
  }
  return found;
}

// One coloured box for each point. The last parameter is horizontal, the first one vertical.
std::string map(const std::string& name, const Axis& up, const Axis& right,
                const Quantity& quantity) {
  const auto x = edges(right);
  const auto y = edges(up);
  std::string data = fmt::format("${} << END\n", name);
  for (std::size_t k = 0; k < quantity.values.size(); ++k) {
    const std::size_t row = k / right.values.size();
    const std::size_t column = k % right.values.size();
    if (!std::isfinite(quantity.values[k])) continue;
    data +=
        fmt::format("{} {} {} {} {} {} {}\n", right.values[column], up.values[row],
                    std::min(x[column], x[column + 1]), std::max(x[column], x[column + 1]),
                    std::min(y[row], y[row + 1]), std::max(y[row], y[row + 1]), quantity.values[k]);
  }
  const auto range = [](const char* direction, const std::vector<double>& ends) {
    return fmt::format("set {}range [{}:{}]\n", direction, std::min(ends.front(), ends.back()),
                       std::max(ends.front(), ends.back()));
  };
  return fresh() + data + "END\n" + scale("x", right.is_logarithmic) +
         scale("y", up.is_logarithmic) + range("x", x) + range("y", y) +
         fmt::format("set xlabel {}\nset ylabel {}\nset title {} noenhanced\n", quoted(right.name),
                     quoted(up.name), quoted(quantity.label)) +
         "unset cblabel\nset autoscale cb\n" + scale("cb", false) +
         range_if_flat("cb", {quantity}) +
         fmt::format(
             "plot ${} using 1:2:3:4:5:6:7 with boxxyerror fs solid 1 border lw 0.5 lc palette\n",
             name);
}

// Makes the colours represent the values of this parameter.
std::string coloured_by(const Axis& axis) {
  const auto [least, most] = std::minmax_element(axis.values.begin(), axis.values.end());
  return scale("cb", axis.is_logarithmic) + fmt::format("set cblabel {}\n", quoted(axis.name)) +
         (*least < *most ? fmt::format("set cbrange [{}:{}]\n", *least, *most)
                         : "set autoscale cb\n");
}

// The eigenvalues at the points of the grid, coloured by the last parameter.
std::string tracks(const Document& eigenvalues, const std::vector<Axis>& axes) {
  std::string data = "$tracks << END\n";
  std::size_t point = 0;
  const auto add = [&](const auto& self, const Document& tree, std::size_t depth) -> void {
    if (depth > 0) {
      for (const auto& each : tree)
        self(self, each, depth - 1);
      return;
    }
    const double colour = axes.back().values[point++ % axes.back().values.size()];
    for (const auto& value : tree) {
      if (!value[0].is_null())
        data += fmt::format("{} {} {}\n", real_of(value[0]), real_of(value[1]), colour);
    }
  };
  add(add, eigenvalues, axes.size());
  return fresh() + data + "END\n" + scale("x", false) + scale("y", false) +
         coloured_by(axes.back()) +
         "set xlabel 'Re λ'\nset ylabel 'Im λ'\n"
         "set xzeroaxis lc rgb '#999999'\nset yzeroaxis lc rgb '#999999'\n"
         "set offsets graph 0.05, graph 0.05, graph 0.05, graph 0.05\n"
         "plot $tracks using 1:2:3 with points pt 7 ps 0.7 lc palette\n";
}

// A quantity as a function of time, one curve for each value of the parameter, in its colour.
std::string fan(const std::string& name, const Axis& axis, const std::vector<double>& times,
                const Quantity& quantity) {
  const std::size_t length = times.size() / axis.values.size();
  std::string data = fmt::format("${} << END\n", name);
  for (std::size_t k = 0; k < times.size(); ++k) {
    data += fmt::format("{}{} {} {}\n", k % length == 0 ? "\n" : "", times[k], quantity.values[k],
                        axis.values[k / length]);
  }
  return fresh() + data + "END\n" + scale("x", false) + scale("y", false) + coloured_by(axis) +
         range_if_flat("y", {quantity}) +
         fmt::format("set xlabel 't'\nset ylabel {}\n", quoted(quantity.label)) +
         fmt::format("plot ${} using 1:2:3 with lines lw 1.5 lc palette\n", name);
}

// Adds the panels that are drawn only for a single parameter.
void add_curves(std::vector<std::string>& panels, const Document& sweep, const Axis& axis) {
  if (sweep.contains("rates")) {
    for (const auto& [name, bath] : sweep["rates"].items()) {
      const auto rates = bath_rates(bath, name);
      if (rates.empty()) continue;
      panels.push_back(curves(fmt::format("rates{}x", panels.size()), axis, rates));
    }
  }
  if (!sweep.contains("evolve")) return;
  const Document& evolve = sweep["evolve"];
  std::vector<double> times;
  flatten(evolve["times"], 2, 0, times);
  std::size_t drawn = 0;
  for (const auto& [name, series] : evolve["observables"].items()) {
    for (const Quantity& part : quantities(series, 2, fmt::format("<{}>", name))) {
      if (++drawn > most_maps) return;
      panels.push_back(fan(fmt::format("fan{}", drawn), axis, times, part));
    }
  }
}

}  // namespace

Panels sweep_panels(const Document& sweep) {
  const std::vector<Axis> axes = axes_of(sweep);
  if (axes.size() > 2) {
    throw InputError(
        fmt::format("a picture has room for two parameters, and this sweep varies {}; run it with "
                    "some of them fixed by --set",
                    axes.size()));
  }
  std::vector<std::string> panels;
  for (const auto& all : {gaps(sweep, axes.size()), steady_observables(sweep, axes.size())}) {
    if (all.empty()) continue;
    if (axes.size() == 1) {
      panels.push_back(curves(fmt::format("curves{}x", panels.size()), axes[0], all));
      continue;
    }
    for (std::size_t k = 0; k < std::min(all.size(), most_maps); ++k)
      panels.push_back(map(fmt::format("map{}", panels.size()), axes[0], axes[1], all[k]));
  }
  const Document::json_pointer place("/spectrum/eigenvalues");
  if (sweep.contains(place)) panels.push_back(tracks(sweep[place], axes));
  if (axes.size() == 1) add_curves(panels, sweep, axes[0]);
  if (!panels.empty()) panels.front() = viridis + panels.front();
  return panels;
}

}  // namespace lindwurm
