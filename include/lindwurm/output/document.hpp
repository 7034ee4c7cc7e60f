// Results as one tree of names, the same in JSON and HDF5.
#pragma once

#include <Eigen/Dense>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "lindwurm/study/plan.hpp"

namespace lindwurm {

using Document = nlohmann::ordered_json;

/// The tree of docs/results.md: title, evolve, steady, spectrum, diagnostics. Values of Hermitian
/// observables are numbers, those of others pairs [Re, Im], as are eigenvalues.
[[nodiscard]] Document to_document(const Study& study, const Results& results, bool strict);

/// Complex numbers with the last index the fastest.
struct ComplexArray {
  explicit ComplexArray(const Eigen::MatrixXcd& matrix);
  /// The first index is that of the list.
  explicit ComplexArray(const std::vector<Eigen::MatrixXcd>& matrices);

  std::vector<std::size_t> shape;
  std::vector<Complex> values;
};

/// Where the ensemble of quantum trajectories stands, to go on from.
inline constexpr const char* ensemble_mean = "evolve/ensemble_mean";
inline constexpr const char* ensemble_scatter = "evolve/ensemble_scatter";

/// What is in the HDF5 file alone, by its place in the tree: "evolve/final_state", "steady/state",
/// as far as the study wants them stored, and reduced density matrices. Collective.
[[nodiscard]] std::map<std::string, ComplexArray> states_to_store(const Study& study,
                                                                  const Results& results);

/// Writes to a temporary name beside `file`, then renames: a file that exists is whole.
/// Throws Error if that fails, leaving nothing behind. Not collective.
void write_json(const std::filesystem::path& file, const Document& document);

/// The same for HDF5: objects are groups, lists are datasets, pairs a last axis of length 2,
/// density matrices compound {r, i}. Attributes of the root: title, model (the model file's text),
/// units, lindwurm (the version).
void write_hdf5(const std::filesystem::path& file, const Document& document,
                const std::string& model_text, const std::map<std::string, ComplexArray>& states);

/// The tree of a file that write_hdf5 wrote, density matrices left out. Throws InputError if the
/// file cannot be read as such.
[[nodiscard]] Document read_hdf5(const std::filesystem::path& file);

/// The model file's text that a file of results holds, overrides applied.
[[nodiscard]] std::string model_text(const std::filesystem::path& file);

/// The ensemble of quantum trajectories that a run of the same study wrote to its file, to go on
/// from. Throws InputError if there is none, or if the study was another.
[[nodiscard]] Ensemble read_ensemble(const Study& study);

/// A short account for people, a line of a terminal wide.
[[nodiscard]] std::string summary(const Document& document);

/// What `lindwurm check` prints.
[[nodiscard]] std::string summary(const Study& study, const Prediction& prediction);

/// Observables against time, correlations and their spectra, eigenvalues in the complex plane,
/// drawn by gnuplot; the ending of `picture` (png or svg) decides the format. Throws InputError for
/// another ending or if there is nothing to draw, Error if gnuplot fails.
void plot(const Document& document, const std::filesystem::path& picture);

}  // namespace lindwurm
