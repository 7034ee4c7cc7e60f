// The [[bath]] tables of a model file.
#pragma once

#include "toml_reader.hpp"

namespace lindwurm {

/// Adds the baths to a model that has its sites, parameters and Hamiltonian. Each equation is
/// derived once, so that anything that a scheme cannot do is refused here.
void read_baths(const TomlValue& root, Model& model);

}  // namespace lindwurm
