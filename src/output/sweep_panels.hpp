// The panels of a sweep's picture.
#pragma once

#include <string>
#include <vector>

#include "lindwurm/output/document.hpp"

namespace lindwurm {

/// As a literal of gnuplot's, which reads 'single quotes' as they are but for the quote itself.
[[nodiscard]] std::string quoted(const std::string& text);

/// Commands of gnuplot, a plot each: the gap and the steady observables against the parameter, maps
/// of them over two, and the eigenvalues in the complex plane, coloured by the parameter. Throws
/// InputError for more than two parameters.
[[nodiscard]] std::vector<std::string> sweep_panels(const Document& sweep);

}  // namespace lindwurm
