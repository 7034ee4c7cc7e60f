// The [[phase_space]] tables of a model file.
#pragma once

#include "lindwurm/study/study.hpp"
#include "toml_reader.hpp"

namespace lindwurm {

/// `times` are those of the evolution; empty without one.
[[nodiscard]] std::vector<PhaseSpaceTask> read_phase_space(const TomlValue& root,
                                                           const Model& model,
                                                           const std::vector<double>& times,
                                                           bool has_steady_state);

}  // namespace lindwurm
