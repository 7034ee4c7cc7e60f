// The [[correlation]] tables of a model file.
#pragma once

#include "lindwurm/study/study.hpp"
#include "toml_reader.hpp"

namespace lindwurm {

/// `start` is the time of [initial].
[[nodiscard]] std::vector<CorrelationTask> read_correlations(const TomlValue& root,
                                                             const Model& model, double start);

}  // namespace lindwurm
