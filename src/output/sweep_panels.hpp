// The panels in the picture of a sweep.
#pragma once

#include <string>
#include <vector>

#include "lindwurm/output/document.hpp"

namespace lindwurm {

/// A label as a string for gnuplot that cannot contain a command, whatever the text is. Control
/// characters become spaces.
[[nodiscard]] std::string quoted(const std::string& text);

/// The viridis colours of matplotlib, whose lightness increases uniformly, as a command for
/// gnuplot.
inline constexpr const char* viridis =
    "set palette defined (0 '#440154', 1 '#46327e', 2 '#365c8d', 3 '#277f8e', 4 '#1fa187', "
    "5 '#4ac16d', 6 '#a0da39', 7 '#fde725')\n";

/// Commands for gnuplot, one for each plot: the gap and the steady observables against one
/// parameter, maps of them over two parameters, and the eigenvalues in the complex plane, coloured
/// by the parameter. Throws InputError for more than two parameters.
[[nodiscard]] std::vector<std::string> sweep_panels(const Document& sweep);

}  // namespace lindwurm
