#include "lindwurm/operators/site_operators.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <numbers>

#include "lindwurm/backend/error.hpp"

namespace lindwurm {

namespace {

SiteMatrix from_rows(const std::vector<std::vector<Complex>>& rows) {
  const int d = static_cast<int>(rows.size());
  std::vector<Eigen::Triplet<Complex>> entries;
  for (int m = 0; m < d; ++m) {
    for (int n = 0; n < d; ++n) {
      if (rows[m][n] != 0.0) entries.emplace_back(m, n, rows[m][n]);
    }
  }
  SiteMatrix matrix(d, d);
  matrix.setFromTriplets(entries.begin(), entries.end());
  return matrix;
}

SiteMatrix annihilation(int d) {
  SiteMatrix a(d, d);
  for (int n = 1; n < d; ++n)
    a.insert(n - 1, n) = std::sqrt(n);
  a.makeCompressed();
  return a;
}

SiteMatrix identity(int d) {
  SiteMatrix id(d, d);
  id.setIdentity();
  return id;
}

SiteMatrix number_operator(int d) {
  SiteMatrix n(d, d);
  for (int k = 1; k < d; ++k)
    n.insert(k, k) = k;
  n.makeCompressed();
  return n;
}

SiteMatrix oscillator_operator(std::string_view name, int d) {
  const Complex i(0, 1);
  const SiteMatrix a = annihilation(d);
  const SiteMatrix ad = a.adjoint();
  if (name == "a") return a;
  if (name == "ad") return ad;
  if (name == "n") return number_operator(d);
  if (name == "x") return a + ad;
  return -i * SiteMatrix(a - ad);  // p
}

SiteMatrix spin_operator(std::string_view name) {
  const Complex i(0, 1);
  if (name == "sx") return from_rows({{0, 1}, {1, 0}});
  if (name == "sy") return from_rows({{0, -i}, {i, 0}});
  if (name == "sz") return from_rows({{1, 0}, {0, -1}});
  if (name == "sp") return from_rows({{0, 1}, {0, 0}});
  if (name == "sm") return from_rows({{0, 0}, {1, 0}});
  if (name == "n_up") return from_rows({{1, 0}, {0, 0}});
  // |+-> = (|up> +- |down>)/sqrt(2): sp_x = |+><-|, sm_x = |-><+|
  if (name == "sp_x") return from_rows({{0.5, -0.5}, {0.5, -0.5}});
  return from_rows({{0.5, 0.5}, {-0.5, -0.5}});  // sm_x
}

const std::vector<std::string> oscillator_names{"a", "ad", "n", "x", "p"};
const std::vector<std::string> spin_names{"sx", "sy", "sz", "sp", "sm", "sp_x", "sm_x", "n_up"};

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

SiteMatrix site_operator(std::string_view name, SiteKind kind, int dimension) {
  if (name == "id") return identity(dimension);
  if (kind == SiteKind::oscillator && contains(oscillator_names, name)) {
    return oscillator_operator(name, dimension);
  }
  if (kind == SiteKind::spin && contains(spin_names, name)) return spin_operator(name);
  std::vector<std::string> known;
  if (kind == SiteKind::oscillator) known = oscillator_names;
  if (kind == SiteKind::spin) known = spin_names;
  for (const char* general : {"id", "proj", "ket"})
    known.emplace_back(general);
  throw InputError(fmt::format("a site of kind \"{}\" has no operator '{}'; it has {}",
                               name_of(kind), name, fmt::join(known, ", ")));
}

SiteMatrix site_operator(std::string_view name, const Group& group) {
  if (!group.words || name == "id") return site_operator(name, group.kind, group.dimension);
  const auto& operators = group.words->operators;
  if (const auto found = operators.find(name); found != operators.end()) {
    SiteMatrix matrix = found->second;
    matrix.prune([](auto, auto, const Complex& value) { return value != 0.0; });
    return matrix;
  }
  std::vector<std::string> known;
  for (const auto& [word, matrix] : operators)
    known.push_back(word);
  for (const char* general : {"id", "proj", "ket"})
    known.emplace_back(general);
  throw InputError(fmt::format("the site '{}' ({}) has no operator '{}'; it has {}", group.name,
                               group.words->kind, name, fmt::join(known, ", ")));
}

SiteMatrix transition(int j, int k, int dimension) {
  if (j < 0 || k < 0 || j >= dimension || k >= dimension) {
    throw InputError(fmt::format("|{}><{}| does not fit a site of {} levels, numbered 0 to {}", j,
                                 k, dimension, dimension - 1));
  }
  SiteMatrix matrix(dimension, dimension);
  matrix.insert(j, k) = 1.0;
  matrix.makeCompressed();
  return matrix;
}

Eigen::Matrix2cd change_spin_axis(const Eigen::Matrix2cd& a) {
  // The transformed matrix is computed from sums and differences, so that cancellation gives exact
  // zeros.
  const Complex trace = a(0, 0) + a(1, 1);
  const Complex x = a(0, 1) + a(1, 0);
  const Complex z = a(0, 0) - a(1, 1);
  const Complex y = a(1, 0) - a(0, 1);
  Eigen::Matrix2cd changed;
  changed << trace + x, z + y, z - y, trace - x;
  return changed / 2.0;
}

Eigen::Vector2cd change_spin_axis(const Eigen::Vector2cd& psi) {
  return Eigen::Vector2cd(psi(0) + psi(1), psi(0) - psi(1)) / std::numbers::sqrt2;
}

SiteMatrix in_stored_basis(const SiteMatrix& a, const Group& group) {
  if (group.basis != SpinBasis::x) return a;
  return SiteMatrix(change_spin_axis(Eigen::Matrix2cd(a)).sparseView());
}

const std::vector<std::string>& site_operator_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all = oscillator_names;
    all.insert(all.end(), spin_names.begin(), spin_names.end());
    for (const char* general : {"id", "proj", "ket"})
      all.emplace_back(general);
    return all;
  }();
  return names;
}

}  // namespace lindwurm
