// Values that several tables of a model file hold: times, sites, tables that can be switched off.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lindwurm/input/toml_reader.hpp"
#include "lindwurm/model/model.hpp"

namespace lindwurm {

/// `points` values from `from` to `to`, both included, with equal differences or equal ratios. Each
/// value is rounded once.
[[nodiscard]] std::vector<double> spaced(double from, double to, std::int64_t points,
                                         bool is_logarithmic);
[[nodiscard]] std::vector<double> evenly_spaced(double from, double to, std::int64_t points);
/// Reads { from, to, points }, or a list whose values increase by more than rounding. `what` names
/// them in messages, in the plural.
[[nodiscard]] std::vector<double> read_increasing(const TomlValue& value,
                                                  const Parameters& parameters,
                                                  const std::string& what);
/// The sites that a name stands for: "mode", "bath" (all members) or "bath[2]".
[[nodiscard]] std::vector<int> read_sites(const TomlValue& value, const Model& model);
/// The table of a task; empty if it is absent or switched off by run = false.
[[nodiscard]] std::optional<TomlValue> table_to_run(const TomlValue& root, const std::string& name);
[[nodiscard]] std::uint64_t read_seed(const TomlValue& value, const Parameters& parameters);

}  // namespace lindwurm
