#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <limits>
#include <memory>

#include "atomic_file.hpp"
#include "lindwurm/backend/error.hpp"
#include "lindwurm/output/picture.hpp"

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

}  // namespace

std::string curves_panel(const std::string& prefix, const std::vector<Series>& all,
                         const std::string& against) {
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

std::string points_panel(const std::string& prefix, const Series& points, const std::string& across,
                         const std::string& up, const std::string& title) {
  if (!has_points({points})) return empty_panel(across);
  std::string text = data_block(prefix, points);
  text += fmt::format("set xlabel {}\nset ylabel {}\n", quoted(across), quoted(up));
  text += "set xzeroaxis lc rgb '#999999'\nset yzeroaxis lc rgb '#999999'\n";
  text += "set offsets graph 0.1, graph 0.1, graph 0.1, graph 0.1\nset key off\n";
  if (!title.empty()) text += fmt::format("set title {} noenhanced\n", quoted(title));
  return text +
         fmt::format("plot ${} using 1:2 with points pt 7 ps 1.2 lc rgb '#0072b2'\n", prefix);
}

void draw(const Panels& panels, const std::string& title, const std::filesystem::path& picture) {
  const std::string ending = picture.extension().string();
  if (ending != ".png" && ending != ".svg") {
    throw InputError(
        fmt::format("{}: pictures end in .png or .svg, not \"{}\"", picture.string(), ending));
  }
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
