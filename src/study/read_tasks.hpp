// The tables of a model file that define the tasks.
#pragma once

#include "lindwurm/study/study.hpp"
#include "toml_reader.hpp"

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
[[nodiscard]] std::optional<EvolveTask> read_evolve(const TomlValue& root,
                                                    const Parameters& parameters);
[[nodiscard]] std::optional<SteadyOptions> read_steady(const TomlValue& root,
                                                       const Parameters& parameters);
[[nodiscard]] std::optional<SpectrumOptions> read_spectrum(const TomlValue& root,
                                                           const System& system, bool uses_sectors);
[[nodiscard]] LiouvillianSettings read_liouvillian(const TomlValue& root);
[[nodiscard]] MixtureOptions read_mixture(const TomlValue& root, const Parameters& parameters);
[[nodiscard]] TrajectoriesOptions read_trajectories(const TomlValue& root,
                                                    const Parameters& parameters);
[[nodiscard]] std::vector<ReducedSpace> read_reduced(const TomlValue& root, const Model& model);
[[nodiscard]] std::optional<MapTask> read_map(const TomlValue& root, const Model& model);
[[nodiscard]] Thresholds read_thresholds(const TomlValue& root, const Parameters& parameters);
void read_output(const TomlValue& root, Study& study);

}  // namespace lindwurm
