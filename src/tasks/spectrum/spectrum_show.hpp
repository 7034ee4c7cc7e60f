// How a spectrum is described and shown.
#pragma once

#include <string>

#include "lindwurm/solve/evolve.hpp"
#include "lindwurm/solve/spectrum.hpp"
#include "lindwurm/tasks/task.hpp"

namespace lindwurm {

/// The observables as predicted by the modes alone, for comparison with an evolution; null if they
/// predict nothing.
[[nodiscard]] Document prediction(const Spectrum& spectrum, const Evolution& evolution,
                                  const Observables& observables);
/// Of a tree of results and its diagnostics; empty without a spectrum.
[[nodiscard]] std::string spectrum_summary(const Document& results, const Document& diagnostics);
void draw_spectrum(const Document& results, Panels& panels);

}  // namespace lindwurm
