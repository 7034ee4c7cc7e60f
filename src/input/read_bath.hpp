// The [[bath]] tables of a model file.
#pragma once

#include "lindwurm/input/toml_reader.hpp"
#include "lindwurm/model/system.hpp"

namespace lindwurm {

/// Adds the baths to a model that has its sites, parameters and Hamiltonian.
void read_baths(const TomlValue& root, Model& model);
/// Derives the equation of each bath, so that anything that a scheme cannot do is refused.
void bind_baths(const TomlValue& root, const System& system);

}  // namespace lindwurm
