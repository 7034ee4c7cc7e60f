// Pictures made of panels, drawn by gnuplot.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace lindwurm {

/// Commands for gnuplot that draw one panel each.
using Panels = std::vector<std::string>;

/// A label as a string for gnuplot that cannot contain a command, whatever the text is. Control
/// characters become spaces.
[[nodiscard]] std::string quoted(const std::string& text);

/// The viridis colours of matplotlib, whose lightness increases uniformly, as a command for
/// gnuplot.
inline constexpr const char* viridis =
    "set palette defined (0 '#440154', 1 '#46327e', 2 '#365c8d', 3 '#277f8e', 4 '#1fa187', "
    "5 '#4ac16d', 6 '#a0da39', 7 '#fde725')\n";

/// A curve. Numbers that are not finite leave gaps.
struct Series {
  std::string label;
  std::vector<std::pair<double, double>> points;
  std::vector<double> errors{};  ///< the error of each point, drawn as a band; or empty
};

/// Curves against time, or against the named quantity. `prefix` names their data and must be
/// different for each panel.
[[nodiscard]] std::string curves_panel(const std::string& prefix, const std::vector<Series>& all,
                                       const std::string& against = "t");
/// Points in a plane.
[[nodiscard]] std::string points_panel(const std::string& prefix, const Series& points,
                                       const std::string& across, const std::string& up,
                                       const std::string& title);

/// Draws the panels, with a title above them. The extension of `picture` (png or svg) decides the
/// format. Throws InputError for another extension and if there is no panel; throws Error if
/// gnuplot fails.
void draw(const Panels& panels, const std::string& title, const std::filesystem::path& picture);

}  // namespace lindwurm
