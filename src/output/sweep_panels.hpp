// The panels of a sweep's picture.
#pragma once

#include <string>
#include <vector>

#include "lindwurm/output/document.hpp"

namespace lindwurm {

/// As a literal of gnuplot's, which reads 'single quotes' as they are but for the quote itself.
[[nodiscard]] std::string quoted(const std::string& text);

/// matplotlib's viridis, which grows evenly lighter, as a command of gnuplot.
inline constexpr const char* viridis =
    "set palette defined (0 '#440154', 1 '#46327e', 2 '#365c8d', 3 '#277f8e', 4 '#1fa187', "
    "5 '#4ac16d', 6 '#a0da39', 7 '#fde725')\n";

/// Commands of gnuplot, a plot each: the gap and the steady observables against the parameter, maps
/// of them over two, and the eigenvalues in the complex plane, coloured by the parameter. Throws
/// InputError for more than two parameters.
[[nodiscard]] std::vector<std::string> sweep_panels(const Document& sweep);

}  // namespace lindwurm
