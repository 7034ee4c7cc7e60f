#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "atomic_file.hpp"
#include "lindwurm/output/document.hpp"

namespace lindwurm {

namespace {

// gnuplot reads 'single quotes' literally but for the quote itself.
std::string quoted(const std::string& text) {
  std::string result = "'";
  for (char c : text)
    result += c == '\'' ? std::string("''") : std::string(1, c);
  return result + "'";
}

struct Series {
  std::string label;
  std::vector<std::pair<double, double>> points;
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
      all.push_back(std::move(series));
    }
  }
  return all;
}

std::string data_block(const std::string& name, const Series& series) {
  std::string text = fmt::format("${} << END\n", name);
  for (const auto& [x, y] : series.points)
    text += fmt::format("{} {}\n", x, y);
  return text + "END\n";
}

std::string time_panel(const Document& evolve) {
  std::string data;
  std::string curves;
  int k = 0;
  for (const Series& series : observable_series(evolve)) {
    const std::string name = fmt::format("series{}", k++);
    data += data_block(name, series);
    curves += fmt::format("{}${} using 1:2 with lines lw 2 title {}", curves.empty() ? "" : ", ",
                          name, quoted(series.label));
  }
  return fmt::format("{}set xlabel 't'\nset ylabel ''\nset key outside right top\nplot {}\n", data,
                     curves);
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

}  // namespace

void plot(const Document& document, const std::filesystem::path& picture) {
  const std::string ending = picture.extension().string();
  if (ending != ".png" && ending != ".svg") {
    throw InputError(
        fmt::format("{}: pictures end in .png or .svg, not \"{}\"", picture.string(), ending));
  }
  std::vector<std::string> panels;
  if (document.contains("evolve") && !document["evolve"]["observables"].empty()) {
    panels.push_back(time_panel(document["evolve"]));
  }
  if (document.contains("spectrum")) panels.push_back(spectrum_panel(document["spectrum"]));
  if (panels.empty()) {
    throw InputError(
        "there is nothing to draw: the result has neither observables in time nor a "
        "spectrum");
  }
  write_whole(picture, [&](const std::filesystem::path& temporary) {
    std::string script = fmt::format(
        "set encoding utf8\nset terminal {} size {},480 {}\nset output {}\n",
        ending == ".png" ? "pngcairo" : "svg", panels.size() == 2 ? 1280 : 760,
        ending == ".png" ? "font ',11'" : "background 'white'", quoted(temporary.string()));
    script +=
        "set linetype 1 lc rgb '#0072b2'\nset linetype 2 lc rgb '#d55e00'\n"
        "set linetype 3 lc rgb '#009e73'\nset linetype 4 lc rgb '#cc79a7'\n"
        "set linetype 5 lc rgb '#e69f00'\nset linetype 6 lc rgb '#56b4e9'\n"
        "set grid lc rgb '#dddddd'\nset border 3\nset tics nomirror\n";
    const std::string title = document.value("title", "");
    script += fmt::format("set multiplot layout 1,{}{}\n", panels.size(),
                          title.empty() ? "" : " title " + quoted(title) + " noenhanced");
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
