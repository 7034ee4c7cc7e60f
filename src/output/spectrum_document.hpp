// Relaxation spectra in the tree of results.
#pragma once

#include "lindwurm/output/document.hpp"

namespace lindwurm {

/// The tree `spectrum` of docs/results.md.
[[nodiscard]] Document spectrum_document(const Study& study, const Results& results);
/// The tree `diagnostics.spectrum`.
[[nodiscard]] Document spectrum_diagnostics(const Spectrum& spectrum);

}  // namespace lindwurm
