// The panels in the picture of a sweep.
#pragma once

#include "lindwurm/output/document.hpp"
#include "lindwurm/output/picture.hpp"

namespace lindwurm {

/// Commands for gnuplot, one for each plot: the gap and the steady observables against one
/// parameter, maps of them over two parameters, and the eigenvalues in the complex plane, coloured
/// by the parameter. Throws InputError for more than two parameters.
[[nodiscard]] Panels sweep_panels(const Document& sweep);

}  // namespace lindwurm
