#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <memory>

#include "atomic_file.hpp"
#include "lindwurm/output/document.hpp"
#include "phase_space.hpp"
#include "sweep_panels.hpp"

namespace lindwurm {

std::string quoted(const std::string& text) {
  std::string result = "'";
  for (char c : text)
    result += c == '\'' ? std::string("''") : std::string(1, c);
  return result + "'";
}

namespace {

// With an empty line below, for the keys of the panels.
std::string heading(const std::string& title) {
  std::string result = "\"";
  for (char c : title)
    result += c == '"' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
  return result + "\\n\"";
}

struct Series {
  std::string label;
  std::vector<std::pair<double, double>> points;
  std::vector<double> errors{};  // of each point, or none
};

std::vector<Series> observable_series(const Document& evolve) {
  std::vector<Series> all;
  const auto times = evolve["times"].get<std::vector<double>>();
  for (const auto& [name, values] : evolve["observables"].items()) {
    const bool is_pair = !values.empty() && values[0].is_array();
    for (std::size_t part = 0; part < (is_pair ? 2 : 1); ++part) {
      Series series{is_pair ? fmt::format("{} <{}>", part == 0 ? "Re" : "Im", name)
                            : fmt::format("<{}>", name),
                    {}};
      for (std::size_t k = 0; k < times.size(); ++k) {
        const auto& value = is_pair ? values[k][part] : values[k];
        series.points.emplace_back(times[k], value.get<double>());
      }
      if (evolve.contains("errors"))
        series.errors = evolve["errors"][name].get<std::vector<double>>();
      all.push_back(std::move(series));
    }
  }
  return all;
}

std::string data_block(const std::string& name, const Series& series) {
  std::string text = fmt::format("${} << END\n", name);
  for (std::size_t k = 0; k < series.points.size(); ++k) {
    const auto& [x, y] = series.points[k];
    text += fmt::format("{} {} {}\n", x, y, series.errors.empty() ? 0.0 : series.errors[k]);
  }
  return text + "END\n";
}

// Curves against time, or what is named, those with errors in bands of that width.
std::string curves_panel(const std::string& prefix, const std::vector<Series>& all,
                         const std::string& against = "t") {
  std::string data;
  std::string bands;
  std::string curves;
  int k = 0;
  for (const Series& series : all) {
    const std::string name = fmt::format("{}{}", prefix, k++);
    data += data_block(name, series);
    if (!series.errors.empty()) {
      bands +=
          fmt::format("${} using 1:($2-$3):($2+$3) with filledcurves lt {} notitle, ", name, k);
    }
    curves += fmt::format("{}${} using 1:2 with lines lt {} lw 2 title {}",
                          curves.empty() ? "" : ", ", name, k, quoted(series.label));
  }
  return fmt::format(
      "{}set xlabel {}\nset ylabel ''\nset key outside center top horizontal width 2\n"
      "set style fill transparent solid 0.25 noborder\nplot {}{}\n",
      data, quoted(against), bands, curves);
}

// Of a map; gnuplot leaves a gap where there is no rate.
Series map_series(const Document& document, const std::string& name) {
  const auto times = document["evolve"]["times"].get<std::vector<double>>();
  const Document& map = document["map"];
  Series series{name, {}};
  for (std::size_t k = 0; k < times.size(); ++k) {
    const double value = map[name][k].is_null() ? std::numeric_limits<double>::quiet_NaN()
                                                : map[name][k].get<double>();
    series.points.emplace_back(times[k], value);
  }
  if (map.contains("errors") && map["errors"].contains(name))
    series.errors = map["errors"][name].get<std::vector<double>>();
  return series;
}

bool has_values(const Series& series) {
  return std::any_of(series.points.begin(), series.points.end(),
                     [](const auto& point) { return std::abs(point.second) > 1e-12; });
}

// Re and, where there is one, Im of a correlation function, at one time of several if `at` tells
// which.
void add_correlation(const std::string& name, const Document& delays, const Document& values,
                     const std::string& at, std::vector<Series>& all) {
  for (const std::size_t part : {0, 1}) {
    Series series{fmt::format("{} {}{}", part == 0 ? "Re" : "Im", name, at), {}};
    for (std::size_t k = 0; k < delays.size(); ++k)
      series.points.emplace_back(delays[k].get<double>(), values[k][part].get<double>());
    if (part == 0 || has_values(series)) all.push_back(std::move(series));
  }
}

std::vector<Series> correlation_series(const Document& correlations) {
  std::vector<Series> all;
  for (const auto& [name, found] : correlations.items()) {
    if (!found.contains("delays")) continue;
    if (!found.contains("times")) {
      add_correlation(name, found["delays"], found["values"], "", all);
      continue;
    }
    for (std::size_t k = 0; k < found["times"].size(); ++k) {
      add_correlation(name, found["delays"], found["values"][k],
                      fmt::format("({:.4g})", found["times"][k].get<double>()), all);
    }
  }
  return all;
}

std::vector<Series> emission_series(const Document& correlations) {
  std::vector<Series> all;
  for (const auto& [name, found] : correlations.items()) {
    if (!found.contains("spectrum")) continue;
    Series series{"S " + name, {}};
    for (std::size_t k = 0; k < found["spectrum"].size(); ++k) {
      series.points.emplace_back(found["frequencies"][k].get<double>(),
                                 found["spectrum"][k].get<double>());
    }
    all.push_back(std::move(series));
  }
  return all;
}

void add_correlation_panels(const Document& correlations, std::vector<std::string>& panels) {
  if (const auto all = correlation_series(correlations); !all.empty())
    panels.push_back(curves_panel("correlation", all, "τ"));
  if (const auto all = emission_series(correlations); !all.empty())
    panels.push_back(curves_panel("emission", all, "ω"));
}

std::string spectrum_panel(const Document& spectrum) {
  Series series{"eigenvalues", {}};
  for (const auto& value : spectrum["eigenvalues"]) {
    series.points.emplace_back(value[0].get<double>(), value[1].get<double>());
  }
  std::string text = data_block("eigenvalues", series);
  text += "set xlabel 'Re λ'\nset ylabel 'Im λ'\n";
  text += "set xzeroaxis lc rgb '#999999'\nset yzeroaxis lc rgb '#999999'\n";
  text += "set offsets graph 0.1, graph 0.1, graph 0.1, graph 0.1\nset key off\n";
  if (spectrum.contains("gap")) {
    text += fmt::format("set title {} noenhanced\n",
                        quoted(fmt::format("gap {:.6g}", spectrum["gap"].get<double>())));
  }
  return text + "plot $eigenvalues using 1:2 with points pt 7 ps 1.2 lc rgb '#0072b2'\n";
}

std::vector<std::string> run_panels(const Document& document) {
  std::vector<std::string> panels;
  if (document.contains("evolve") && !document["evolve"]["observables"].empty()) {
    panels.push_back(curves_panel("series", observable_series(document["evolve"])));
  }
  if (document.contains("map")) {
    const auto of_map = [&](const std::string& name) { return map_series(document, name); };
    panels.push_back(curves_panel("map", {of_map("a"), of_map("b"), of_map("D")}));
    panels.push_back(curves_panel("rate", {of_map("gamma_up"), of_map("gamma_down")}));
  }
  if (document.contains("correlations")) add_correlation_panels(document["correlations"], panels);
  if (document.contains("spectrum")) panels.push_back(spectrum_panel(document["spectrum"]));
  if (document.contains("phase_space")) {
    for (auto& panel : phase_space_panels(document["phase_space"]))
      panels.push_back(std::move(panel));
  }
  return panels;
}

}  // namespace

void plot(const Document& document, const std::filesystem::path& picture) {
  const std::string ending = picture.extension().string();
  if (ending != ".png" && ending != ".svg") {
    throw InputError(
        fmt::format("{}: pictures end in .png or .svg, not \"{}\"", picture.string(), ending));
  }
  const auto panels =
      document.contains("sweep") ? sweep_panels(document["sweep"]) : run_panels(document);
  if (panels.empty()) {
    throw InputError(
        "there is nothing to draw: the result has neither observables in time, or in the steady "
        "states of a sweep, nor eigenvalues, correlations or, of a single run, phase spaces");
  }
  write_whole(picture, [&](const std::filesystem::path& temporary) {
    const std::size_t columns = panels.size() == 4 ? 2 : std::min<std::size_t>(panels.size(), 3);
    const std::size_t rows = (panels.size() + columns - 1) / columns;
    std::string script = fmt::format(
        "set encoding utf8\nset terminal {} size {},{} {}\nset output {}\n",
        ending == ".png" ? "pngcairo" : "svg", columns == 1 ? 760 : 640 * columns, 480 * rows,
        ending == ".png" ? "font ',11'" : "background 'white'", quoted(temporary.string()));
    script +=
        "set linetype 1 lc rgb '#0072b2'\nset linetype 2 lc rgb '#d55e00'\n"
        "set linetype 3 lc rgb '#009e73'\nset linetype 4 lc rgb '#cc79a7'\n"
        "set linetype 5 lc rgb '#e69f00'\nset linetype 6 lc rgb '#56b4e9'\n"
        "set grid lc rgb '#dddddd'\nset border 3\nset tics nomirror\n";
    const std::string title = document.value("title", "");
    script += fmt::format("set multiplot layout {},{}{}\n", rows, columns,
                          title.empty() ? "" : " title " + heading(title) + " noenhanced");
    script += "set termoption noenhanced\n";
    for (const auto& panel : panels)
      script += panel;
    script += "unset multiplot\n";
    FILE* gnuplot = popen("gnuplot", "w");
    if (gnuplot == nullptr) throw Error("gnuplot cannot be started; is it installed?");
    std::fputs(script.c_str(), gnuplot);
    if (pclose(gnuplot) != 0) throw Error("gnuplot failed; is gnuplot-nox installed?");
  });
}

}  // namespace lindwurm
