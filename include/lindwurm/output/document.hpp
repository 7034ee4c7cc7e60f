// Results as one tree of names, the same in JSON and HDF5.
#pragma once

#include <Eigen/Core>
#include <complex>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace lindwurm {

using Document = nlohmann::ordered_json;

/// A number of the tree, or of a list of numbers. A null, which stands for a missing value, gives
/// NaN.
[[nodiscard]] double real_of(const Document& value);
[[nodiscard]] std::vector<double> reals_of(const Document& list);
/// [Re, Im].
[[nodiscard]] Document pair_of(std::complex<double> value);
/// The real part alone, or the pair.
[[nodiscard]] Document value_of(std::complex<double> value, bool is_real);
/// The numbers, with null for those that are not finite.
[[nodiscard]] Document with_gaps(const std::vector<double>& numbers);

/// The numbers of a tree that are not finite: the path of each list or number, and how many of how
/// many are not.
struct NotFinite {
  std::string path;
  std::size_t bad = 0;
  std::size_t of = 0;
};
[[nodiscard]] std::vector<NotFinite> not_finite(const Document& tree);

/// Complex numbers of any shape; the last index is the fastest.
struct ComplexArray {
  explicit ComplexArray(const Eigen::MatrixXcd& matrix);
  /// The first index is that of the list.
  explicit ComplexArray(const std::vector<Eigen::MatrixXcd>& matrices);

  std::vector<std::size_t> shape;
  std::vector<std::complex<double>> values;
};

/// Arrays that are stored only in the HDF5 file, by their path in the tree.
using Arrays = std::map<std::string, ComplexArray>;

/// Writes to a temporary file beside `file` and then renames it, so that a file that exists is
/// complete. Throws Error if that fails, and leaves nothing behind. Not collective.
void write_json(const std::filesystem::path& file, const Document& document);

/// The same for HDF5. Objects become groups, lists become datasets, pairs become a last axis of
/// length 2, and density matrices are compounds {r, i}. The root has the attributes title, model
/// (the text of the model file), units and lindwurm (the version).
void write_hdf5(const std::filesystem::path& file, const Document& document,
                const std::string& model_text, const Arrays& arrays);

/// The tree of a file that write_hdf5 wrote, without arrays. Throws InputError if the file cannot
/// be read as such.
[[nodiscard]] Document read_hdf5(const std::filesystem::path& file);

/// A matrix that write_hdf5 wrote as an array.
[[nodiscard]] Eigen::MatrixXcd read_matrix(const std::filesystem::path& file,
                                           const std::string& path);

/// The text of the model file in a file of results, with overrides applied.
[[nodiscard]] std::string model_text(const std::filesystem::path& file);

}  // namespace lindwurm
