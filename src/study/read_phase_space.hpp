// The tables [[phase_space]] of a model file.
#pragma once

#include "lindwurm/study/study.hpp"
#include "toml_reader.hpp"

namespace lindwurm {

/// `times` are those of the evolution, none without one.
[[nodiscard]] std::vector<PhaseSpaceTask> read_phase_space(const TomlValue& root,
                                                           const Model& model,
                                                           const std::vector<double>& times,
                                                           bool has_steady_state);

}  // namespace lindwurm
