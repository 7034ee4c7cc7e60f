#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <limits>
#include <memory>

#include "atomic_file.hpp"
#include "lindwurm/output/document.hpp"
#include "phase_space.hpp"
#include "sweep_panels.hpp"

namespace lindwurm {

namespace {

// Escapes text from outside. gnuplot gets the number of every byte that is not a letter or a space,
// so no text can end the string. No backtick can start a command either, which gnuplot would look
// for even in strings. (A digit after such a number would be read as part of it.)
std::string escaped(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_plain = byte < 0x80 && (std::isalpha(byte) != 0 || c == ' ');
    result += is_plain ? std::string(1, c) : fmt::format("\\{:03o}", byte);
  }
  return result + "\"";
}

}  // namespace

std::string quoted(const std::string& text) {
  std::string label = text;
  std::replace_if(
      label.begin(), label.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return escaped(label);
}

namespace {

// A number for gnuplot. A number that is not finite leaves a gap.
std::string number(double value) { return std::isfinite(value) ? fmt::format("{}", value) : "NaN"; }

struct Series {
  std::string label;
  std::vector<std::pair<double, double>> points;
  std::vector<double> errors{};  // the error of each point, or empty
};

std::vector<Series> observable_series(const Document& evolve) {
  std::vector<Series> all;
  const auto times = reals_of(evolve["times"]);
  for (const auto& [name, values] : evolve["observables"].items()) {
    const bool is_pair = !values.empty() && values[0].is_array();
    for (std::size_t part = 0; part < (is_pair ? 2 : 1); ++part) {
      Series series{is_pair ? fmt::format("{} <{}>", part == 0 ? "Re" : "Im", name)
                            : fmt::format("<{}>", name),
                    {}};
      for (std::size_t k = 0; k < times.size(); ++k) {
        const auto& value = is_pair ? values[k][part] : values[k];
        series.points.emplace_back(times[k], real_of(value));
      }
      if (evolve.contains("errors")) series.errors = reals_of(evolve["errors"][name]);
      all.push_back(std::move(series));
    }
  }
  return all;
}

std::string data_block(const std::string& name, const Series& series) {
  std::string text = fmt::format("${} << END\n", name);
  for (std::size_t k = 0; k < series.points.size(); ++k) {
    const auto& [x, y] = series.points[k];
    text += fmt::format("{} {} {}\n", number(x), number(y),
                        number(series.errors.empty() ? 0.0 : series.errors[k]));
  }
  return text + "END\n";
}

bool has_points(const std::vector<Series>& all) {
  return std::any_of(all.begin(), all.end(), [](const Series& series) {
    return std::any_of(series.points.begin(), series.points.end(), [](const auto& point) {
      return std::isfinite(point.first) && std::isfinite(point.second);
    });
  });
}

// The panel if there is no finite number, because gnuplot would not find a range.
std::string empty_panel(const std::string& against) {
  return fmt::format(
      "set xlabel {}\nset ylabel 'no finite values'\nset key off\nplot [0:1] [0:1] NaN notitle\n",
      quoted(against));
}

// Curves against time, or against the named quantity. Curves with errors are drawn with bands of
// that width.
std::string curves_panel(const std::string& prefix, const std::vector<Series>& all,
                         const std::string& against = "t") {
  if (!has_points(all)) return empty_panel(against);
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

bool has_values(const Series& series) {
  return std::any_of(series.points.begin(), series.points.end(),
                     [](const auto& point) { return std::abs(point.second) > 1e-12; });
}

// Adds Re and, if present, Im of a correlation function. `at` names the time if there are several.
void add_correlation(const std::string& name, const Document& delays, const Document& values,
                     const std::string& at, std::vector<Series>& all) {
  for (const std::size_t part : {0, 1}) {
    Series series{fmt::format("{} {}{}", part == 0 ? "Re" : "Im", name, at), {}};
    for (std::size_t k = 0; k < delays.size(); ++k)
      series.points.emplace_back(real_of(delays[k]), real_of(values[k][part]));
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
                      fmt::format("({:.4g})", real_of(found["times"][k])), all);
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
      series.points.emplace_back(real_of(found["frequencies"][k]), real_of(found["spectrum"][k]));
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
    series.points.emplace_back(real_of(value[0]), real_of(value[1]));
  }
  if (!has_points({series})) return empty_panel("Re λ");
  std::string text = data_block("eigenvalues", series);
  text += "set xlabel 'Re λ'\nset ylabel 'Im λ'\n";
  text += "set xzeroaxis lc rgb '#999999'\nset yzeroaxis lc rgb '#999999'\n";
  text += "set offsets graph 0.1, graph 0.1, graph 0.1, graph 0.1\nset key off\n";
  if (spectrum.contains("gap")) {
    text += fmt::format("set title {} noenhanced\n",
                        quoted(fmt::format("gap {:.6g}", real_of(spectrum["gap"]))));
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
    std::string script =
        fmt::format("set encoding utf8\nset terminal {} size {},{} {}\nset output {}\n",
                    ending == ".png" ? "pngcairo" : "svg", columns == 1 ? 760 : 640 * columns,
                    480 * rows, ending == ".png" ? "font ',11'" : "background 'white'",
                    // A name that begins with | would be read as a command.
                    escaped(std::filesystem::absolute(temporary).string()));
    script +=
        "set linetype 1 lc rgb '#0072b2'\nset linetype 2 lc rgb '#d55e00'\n"
        "set linetype 3 lc rgb '#009e73'\nset linetype 4 lc rgb '#cc79a7'\n"
        "set linetype 5 lc rgb '#e69f00'\nset linetype 6 lc rgb '#56b4e9'\n"
        "set grid lc rgb '#dddddd'\nset border 3\nset tics nomirror\n";
    const std::string title = document.value("title", "");
    script += fmt::format("set multiplot layout {},{}{}\n", rows, columns,
                          title.empty() ? "" : " title " + quoted(title) + ".\"\\n\" noenhanced");
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
