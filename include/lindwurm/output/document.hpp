// Results as one tree of names, the same in JSON and HDF5.
#pragma once

#include <Eigen/Core>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "lindwurm/study/plan.hpp"

namespace lindwurm {

using Document = nlohmann::ordered_json;

/// A number of the tree, or of a list of numbers. A null, which stands for a missing value, gives
/// NaN.
[[nodiscard]] double real_of(const Document& value);
[[nodiscard]] std::vector<double> reals_of(const Document& list);

/// The tree of docs/results.md: title, evolve, steady, spectrum, diagnostics. The values of
/// Hermitian observables are numbers. Those of other observables, and eigenvalues, are pairs [Re,
/// Im].
[[nodiscard]] Document to_document(const Study& study, const Results& results, bool strict);

/// Complex numbers of any shape; the last index is the fastest.
struct ComplexArray {
  explicit ComplexArray(const Eigen::MatrixXcd& matrix);
  /// The first index is that of the list.
  explicit ComplexArray(const std::vector<Eigen::MatrixXcd>& matrices);

  std::vector<std::size_t> shape;
  std::vector<Complex> values;
};

/// The path in the HDF5 file of the ensemble of quantum trajectories, for continuation.
inline constexpr const char* ensemble_mean = "evolve/ensemble_mean";
inline constexpr const char* ensemble_scatter = "evolve/ensemble_scatter";

/// The arrays that are stored only in the HDF5 file, by their path in the tree:
/// "evolve/final_state" and "steady/state", if the study stores them, and reduced density matrices.
/// Collective.
[[nodiscard]] std::map<std::string, ComplexArray> states_to_store(const Study& study,
                                                                  const Results& results);

/// Writes to a temporary file beside `file` and then renames it, so that a file that exists is
/// complete. Throws Error if that fails, and leaves nothing behind. Not collective.
void write_json(const std::filesystem::path& file, const Document& document);

/// The same for HDF5. Objects become groups, lists become datasets, pairs become a last axis of
/// length 2, and density matrices are compounds {r, i}. The root has the attributes title, model
/// (the text of the model file), units and lindwurm (the version).
void write_hdf5(const std::filesystem::path& file, const Document& document,
                const std::string& model_text, const std::map<std::string, ComplexArray>& states);

/// The tree of a file that write_hdf5 wrote, without density matrices. Throws InputError if the
/// file cannot be read as such.
[[nodiscard]] Document read_hdf5(const std::filesystem::path& file);

/// The text of the model file in a file of results, with overrides applied.
[[nodiscard]] std::string model_text(const std::filesystem::path& file);

/// The ensemble of quantum trajectories that an earlier run of the same study wrote to its file,
/// for continuation. Throws InputError if there is none, or if the study was a different one.
[[nodiscard]] Ensemble read_ensemble(const Study& study);

/// A short summary as text, with lines that fit a terminal.
[[nodiscard]] std::string summary(const Document& document);

/// The text that `lindwurm check` prints.
[[nodiscard]] std::string summary(const Study& study, const Prediction& prediction);

/// Draws observables against time, correlations and their spectra, and eigenvalues in the complex
/// plane with gnuplot. The extension of `picture` (png or svg) decides the format. Throws
/// InputError for another extension and if there is nothing to draw; throws Error if gnuplot fails.
void plot(const Document& document, const std::filesystem::path& picture);

}  // namespace lindwurm
