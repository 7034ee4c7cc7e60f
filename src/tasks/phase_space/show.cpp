#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "lindwurm/tasks/phase_space.hpp"
#include "phase_space_show.hpp"

namespace lindwurm {

namespace {

// The largest number of maps of one function. The times are chosen evenly from those available.
constexpr std::size_t most_maps = 6;

Document rows_of(const Eigen::MatrixXd& values) {
  Document rows = Document::array();
  for (Eigen::Index row = 0; row < values.rows(); ++row) {
    const Eigen::VectorXd line = values.row(row);
    rows.push_back(std::vector<double>(line.begin(), line.end()));
  }
  return rows;
}

Document one_document(const PhaseSpaceResult& found, const Group& site,
                      const std::string& site_name) {
  const PhaseSpaceRequest& task = found.request;
  Document tree{{"site", site_name}, {"function", name_of(task.function)}};
  const bool is_plane = site.kind == SiteKind::oscillator;
  tree[is_plane ? "re_alpha" : "theta"] = task.grid.rows;
  tree[is_plane ? "im_alpha" : "phi"] = task.grid.columns;
  if (!found.at.empty()) {
    tree["times"] = task.times;
    for (const Eigen::MatrixXd& values : found.at) {
      tree["values"].push_back(rows_of(values));
      tree["integrals"].push_back(integral(values, site, task.grid));
    }
  }
  if (found.steady) {
    tree["steady"] = rows_of(*found.steady);
    tree["steady_integral"] = integral(*found.steady, site, task.grid);
  }
  return tree;
}

// Re alpha or phi points to the right; theta points downwards, so that spins up are at the top.
std::string map(const std::string& name, const std::string& title, const Document& found,
                const Document& values) {
  const bool is_plane = found.contains("re_alpha");
  const auto rows = reals_of(found[is_plane ? "re_alpha" : "theta"]);
  const auto columns = reals_of(found[is_plane ? "im_alpha" : "phi"]);
  const auto& right = is_plane ? rows : columns;
  const auto& up = is_plane ? columns : rows;
  std::string text = fmt::format("${} << END\n", name);
  double most = 0;
  for (std::size_t y = 0; y < up.size(); ++y) {
    for (std::size_t x = 0; x < right.size(); ++x) {
      const double value = real_of(is_plane ? values[x][y] : values[y][x]);
      if (std::isfinite(value)) most = std::max(most, std::abs(value));
      text += fmt::format("{} {} {:.6g}\n", right[x], up[y], value);
    }
    text += '\n';
  }
  if (most == 0) most = 1;  // gnuplot would not find a range for zeros
  text += "END\nunset key\nset autoscale\nset offsets\nset style fill solid 1\n";
  text += fmt::format("set title {} noenhanced\n", quoted(title));
  if (found["function"] == "wigner") {
    text += fmt::format(
        "set palette defined (-1 '#2166ac', 0 '#f7f7f7', 1 '#b2182b')\nset cbrange [{}:{}]\n",
        -most, most);
  } else {
    text += fmt::format("{}set cbrange [0:{}]\n", viridis, most);
  }
  text += fmt::format("set xrange [{}:{}]\n", right.front(), right.back());
  text += is_plane ? fmt::format(
                         "set yrange [{}:{}]\nset size ratio -1\nset xlabel 'Re α'\n"
                         "set ylabel 'Im α'\n",
                         up.front(), up.back())
                   : fmt::format("set yrange [{}:{}]\nset xlabel 'φ'\nset ylabel 'θ'\n", up.back(),
                                 up.front());
  return text + fmt::format(
                    "plot ${} using 1:2:3 with image\nset size noratio\nunset title\n"
                    "set autoscale\n",
                    name);
}

}  // namespace

void PhaseSpaceOutcome::describe(const Study& study, Document& tree,
                                 Document& /*diagnostics*/) const {
  const Space& space = study.model().space;
  Document& all = tree["phase_space"] = Document::object();
  for (const PhaseSpaceResult& found : results) {
    const int site = found.request.site;
    all[found.request.name] = one_document(found, space.group_of(site), space.site_name(site));
  }
}

std::string phase_space_summary(const Document& results, const Document& /*diagnostics*/) {
  if (!results.contains("phase_space")) return "";
  const Document& phase_space = results["phase_space"];
  std::string text;
  for (const auto& [name, found] : phase_space.items()) {
    const bool is_plane = found.contains("re_alpha");
    const std::size_t times = found.contains("times") ? found["times"].size() : 0;
    text += fmt::format("phase space {}: {} function of {}, {} x {} points", name,
                        found["function"].get<std::string>(), found["site"].get<std::string>(),
                        found[is_plane ? "re_alpha" : "theta"].size(),
                        found[is_plane ? "im_alpha" : "phi"].size());
    if (times > 0) text += fmt::format(", {} time{}", times, times == 1 ? "" : "s");
    if (found.contains("steady")) text += ", steady state";
    text += '\n';
  }
  return text;
}

void draw_phase_space(const Document& results, Panels& panels) {
  if (!results.contains("phase_space")) return;
  const Document& phase_space = results["phase_space"];
  for (const auto& [name, found] : phase_space.items()) {
    const char* letter = found["function"] == "wigner" ? "W" : "Q";
    const auto add = [&](const std::string& when, const Document& values) {
      panels.push_back(map(fmt::format("phase{}", panels.size()),
                           fmt::format("{} of {}{}", letter, name, when), found, values));
    };
    const std::size_t times = found.contains("times") ? found["times"].size() : 0;
    const std::size_t shown = std::min(times, most_maps);
    for (std::size_t k = 0; k < shown; ++k) {
      const std::size_t at = shown == 1 ? 0 : k * (times - 1) / (shown - 1);
      add(fmt::format(", t = {:.4g}", real_of(found["times"][at])), found["values"][at]);
    }
    if (found.contains("steady")) add(", steady state", found["steady"]);
  }
}

}  // namespace lindwurm
