#include "sweep_panels.hpp"

#include <fmt/format.h>

#include <cmath>

#include "lindwurm/backend/error.hpp"

namespace lindwurm {

namespace {

// Curves that share a panel; a colour each.
constexpr std::size_t most_curves = 6;
// Maps have a panel each.
constexpr std::size_t most_maps = 4;
// matplotlib's viridis, which grows evenly lighter.
constexpr const char* palette =
    "set palette defined (0 '#440154', 1 '#46327e', 2 '#365c8d', 3 '#277f8e', 4 '#1fa187', "
    "5 '#4ac16d', 6 '#a0da39', 7 '#fde725')\n";

struct Axis {
  std::string name;
  std::vector<double> values;
  bool is_logarithmic = false;
};

std::vector<Axis> axes_of(const Document& sweep) {
  std::vector<Axis> axes;
  for (const auto& name : sweep["names"]) {
    const auto key = name.get<std::string>();
    axes.push_back({key, sweep["axes"][key].get<std::vector<double>>(),
                    sweep["scales"][axes.size()] == "log"});
  }
  return axes;
}

// A quantity over the grid, the last axis the fastest.
struct Quantity {
  std::string label;
  std::vector<double> values;  // NaN: a gap
};

// A number, or a gap, which gnuplot leaves open.
double number(const Document& value) { return value.is_null() ? NAN : value.get<double>(); }

// `part` of the numbers at a depth of the grid's dimension: 0, or 1 for the imaginary one of pairs.
void flatten(const Document& tree, std::size_t depth, int part, std::vector<double>& values) {
  if (depth > 0) {
    for (const auto& each : tree)
      flatten(each, depth - 1, part, values);
    return;
  }
  values.push_back(number(tree.is_array() ? tree[part] : tree));
}

bool has_pairs(const Document& tree, std::size_t depth) {
  return depth == 0 ? tree.is_array() : has_pairs(tree[0], depth - 1);
}

void add_quantity(std::vector<Quantity>& all, const Document& tree, std::size_t axes,
                  const std::string& label) {
  const bool is_complex = has_pairs(tree, axes);
  for (int part = 0; part < (is_complex ? 2 : 1); ++part) {
    Quantity found{is_complex ? fmt::format("{} {}", part == 0 ? "Re" : "Im", label) : label, {}};
    flatten(tree, axes, part, found.values);
    all.push_back(std::move(found));
  }
}

std::vector<Quantity> steady_observables(const Document& sweep, std::size_t axes) {
  std::vector<Quantity> all;
  const Document::json_pointer place("/steady/observables");
  if (!sweep.contains(place)) return all;
  for (const auto& [name, tree] : sweep[place].items())
    add_quantity(all, tree, axes, fmt::format("<{}>", name));
  return all;
}

std::vector<Quantity> gaps(const Document& sweep, std::size_t axes) {
  std::vector<Quantity> all;
  const Document::json_pointer place("/spectrum/gap");
  if (sweep.contains(place)) add_quantity(all, sweep[place], axes, "gap");
  return all;
}

// Whether numbers on that axis need a logarithmic scale to be told apart.
std::string scale(const char* direction, bool is_logarithmic) {
  return is_logarithmic ? fmt::format("set logscale {}\n", direction)
                        : fmt::format("unset logscale {}\n", direction);
}

std::string fresh() {
  return "unset title\nunset key\nunset xlabel\nunset ylabel\nset autoscale\n";
}

// Curves against the parameter; few points are marked.
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
         fmt::format("set xlabel {}\nset key outside center top horizontal width 2\n",
                     quoted(axis.name)) +
         "plot " + plots + "\n";
}

// Where cells end: half-way between the values, in their logarithms on such a scale.
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

// A coloured box for each point: the last parameter to the right, the first upwards.
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
         "unset colorbox\nset colorbox\nunset cblabel\n" +
         fmt::format("plot ${} using 1:2:3:4:5:6:7 with boxxyerror fs solid noborder lc palette\n",
                     name);
}

// The eigenvalues at the points of the grid, each point of the colour of its last parameter.
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
        data += fmt::format("{} {} {}\n", number(value[0]), number(value[1]), colour);
    }
  };
  add(add, eigenvalues, axes.size());
  const bool is_logarithmic = axes.back().is_logarithmic;
  return fresh() + data + "END\n" + scale("x", false) + scale("y", false) +
         scale("cb", is_logarithmic) +
         "set xlabel 'Re λ'\nset ylabel 'Im λ'\n"
         "set xzeroaxis lc rgb '#999999'\nset yzeroaxis lc rgb '#999999'\n"
         "set offsets graph 0.05, graph 0.05, graph 0.05, graph 0.05\n" +
         fmt::format("set cblabel {}\n", quoted(axes.back().name)) +
         "plot $tracks using 1:2:3 with points pt 7 ps 0.7 lc palette\n";
}

}  // namespace

std::vector<std::string> sweep_panels(const Document& sweep) {
  const std::vector<Axis> axes = axes_of(sweep);
  if (axes.size() > 2) {
    throw InputError(
        fmt::format("a picture has room for two parameters, and this sweep varies {}; run it with "
                    "some of them fixed by --set",
                    axes.size()));
  }
  std::vector<std::string> panels;
  for (const auto& quantities :
       {gaps(sweep, axes.size()), steady_observables(sweep, axes.size())}) {
    if (quantities.empty()) continue;
    if (axes.size() == 1) {
      panels.push_back(curves(fmt::format("curves{}x", panels.size()), axes[0], quantities));
      continue;
    }
    for (std::size_t k = 0; k < std::min(quantities.size(), most_maps); ++k)
      panels.push_back(map(fmt::format("map{}", panels.size()), axes[0], axes[1], quantities[k]));
  }
  const Document::json_pointer place("/spectrum/eigenvalues");
  if (sweep.contains(place)) panels.push_back(tracks(sweep[place], axes));
  if (!panels.empty()) panels.front() = palette + panels.front();
  return panels;
}

}  // namespace lindwurm
