// The parts of a model file that define the model.
#pragma once

#include <optional>

#include "lindwurm/input/toml_reader.hpp"
#include "lindwurm/solve/observables.hpp"

namespace lindwurm {

/// Read [parameters], [sites], [hamiltonian], [[dissipator]] and [[superoperator]]. Each throws
/// InputError with the place of the error.
[[nodiscard]] Parameters read_parameters(const TomlValue& root);
[[nodiscard]] System read_model(const TomlValue& root, Dynamics dynamics);
[[nodiscard]] std::optional<ProductState> read_initial(const TomlValue& root, const Model& model);
[[nodiscard]] Observables read_observables(const TomlValue& root, const Model& model);

}  // namespace lindwurm
