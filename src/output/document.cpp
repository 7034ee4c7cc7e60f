#include "lindwurm/output/document.hpp"

#include <cmath>
#include <fstream>
#include <limits>

#include "atomic_file.hpp"

namespace lindwurm {

double real_of(const Document& value) {
  return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
}

std::vector<double> reals_of(const Document& list) {
  std::vector<double> all;
  for (const Document& value : list)
    all.push_back(real_of(value));
  return all;
}

Document pair_of(std::complex<double> value) {
  return Document::array({value.real(), value.imag()});
}

Document value_of(std::complex<double> value, bool is_real) {
  return is_real ? Document(value.real()) : pair_of(value);
}

Document with_gaps(const std::vector<double>& numbers) {
  Document list = Document::array();
  for (const double number : numbers)
    list.push_back(std::isfinite(number) ? Document(number) : Document(nullptr));
  return list;
}

namespace {

// Counts the numbers below a list or of a single value.
void count(const Document& value, NotFinite& found) {
  if (value.is_array()) {
    for (const Document& each : value)
      count(each, found);
  } else if (value.is_number()) {
    ++found.of;
    if (!std::isfinite(value.get<double>())) ++found.bad;
  }
}

void look(const Document& tree, const std::string& path, std::vector<NotFinite>& all) {
  const bool has_names =
      tree.is_object() || (tree.is_array() && !tree.empty() && tree.front().is_object());
  if (has_names) {
    for (const auto& [name, value] : tree.items())
      look(value, path.empty() ? name : path + "." + name, all);
    return;
  }
  NotFinite found{path};
  count(tree, found);
  if (found.bad > 0) all.push_back(std::move(found));
}

}  // namespace

std::vector<NotFinite> not_finite(const Document& tree) {
  std::vector<NotFinite> all;
  look(tree, "", all);
  return all;
}

ComplexArray::ComplexArray(const Eigen::MatrixXcd& matrix)
    : shape{static_cast<std::size_t>(matrix.rows()), static_cast<std::size_t>(matrix.cols())} {
  const Eigen::MatrixXcd columns = matrix.transpose();
  values.assign(columns.data(), columns.data() + columns.size());
}

ComplexArray::ComplexArray(const std::vector<Eigen::MatrixXcd>& matrices)
    : shape{matrices.size(), static_cast<std::size_t>(matrices.front().rows()),
            static_cast<std::size_t>(matrices.front().cols())} {
  for (const auto& matrix : matrices) {
    const ComplexArray one(matrix);
    values.insert(values.end(), one.values.begin(), one.values.end());
  }
}

void write_json(const std::filesystem::path& file, const Document& document) {
  write_whole(file, [&](const std::filesystem::path& temporary) {
    std::ofstream stream(temporary);
    stream << document.dump(2) << '\n';
    stream.close();
    if (!stream) throw Error("the disk or the folder does not take it");
  });
}

}  // namespace lindwurm
