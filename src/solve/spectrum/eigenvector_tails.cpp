#include "eigenvector_tails.hpp"

#include <Eigen/SparseLU>
#include <algorithm>
#include <cmath>

namespace lindwurm {

namespace {

// Elements larger than this share of the largest one are accurate and are kept.
constexpr double large_share = 1e-4;
// The largest residual of an element's equation, as a share of its terms, that counts as solved.
constexpr double solved = 1e-8;
// Elements below this are close to the subnormal numbers and have fewer digits.
constexpr double least_normal = 1e-290;

enum class Part : char { apart, large, follows };

// Classifies each unknown: it is large, or it follows from large ones, or it is neither and then
// zero.
std::vector<Part> parts_of(const Eigen::VectorXcd& v, const std::vector<int>& exponents, int sign,
                           const SparseRows& influences) {
  const auto n = static_cast<int>(v.size());
  Eigen::VectorXd sizes(n);
  for (int k = 0; k < n; ++k)
    sizes(k) = std::ldexp(std::abs(v(k)), -sign * exponents[k]);
  const double least = large_share * sizes.maxCoeff();
  std::vector<Part> parts(n, Part::apart);
  std::vector<int> open;
  for (int k = 0; k < n; ++k) {
    if (!(sizes(k) >= least)) continue;
    parts[k] = Part::large;
    open.push_back(k);
  }
  while (!open.empty()) {
    const int from = open.back();
    open.pop_back();
    for (SparseRows::InnerIterator to(influences, from); to; ++to) {
      if (parts[to.col()] != Part::apart) continue;
      parts[to.col()] = Part::follows;
      open.push_back(static_cast<int>(to.col()));
    }
  }
  return parts;
}

// The largest |((A - lambda) v)_k| over all rows, as a share of the terms of the row.
double worst_share(const SparseRows& a, Complex lambda, const Eigen::VectorXcd& v) {
  double worst = 0;
  for (int k = 0; k < a.outerSize(); ++k) {
    Complex sum = -lambda * v(k);
    double terms = std::abs(sum);
    for (SparseRows::InnerIterator entry(a, k); entry; ++entry) {
      const Complex term = entry.value() * v(entry.col());
      sum += term;
      terms += std::abs(term);
    }
    if (terms > least_normal) worst = std::max(worst, std::abs(sum) / terms);
  }
  return worst;
}

template <typename Number>
Number number(Complex z) {
  if constexpr (std::is_same_v<Number, double>)
    return z.real();
  else
    return z;
}

template <typename Number>
bool solve(const SparseRows& a, Number lambda, const std::vector<Part>& parts,
           Eigen::VectorXcd& v) {
  using Columns = Eigen::SparseMatrix<Number, Eigen::ColMajor, int>;
  using Vector = Eigen::Matrix<Number, Eigen::Dynamic, 1>;
  std::vector<int> place(parts.size(), -1);
  int count = 0;
  for (std::size_t k = 0; k < parts.size(); ++k)
    if (parts[k] == Part::follows) place[k] = count++;
  std::vector<Eigen::Triplet<Number, int>> entries;
  Vector b = Vector::Zero(count);
  for (int row = 0; row < a.outerSize(); ++row) {
    if (parts[row] != Part::follows) continue;
    entries.emplace_back(place[row], place[row], -lambda);
    for (SparseRows::InnerIterator entry(a, row); entry; ++entry) {
      if (parts[entry.col()] == Part::follows)
        entries.emplace_back(place[row], place[entry.col()], Number(entry.value()));
      if (parts[entry.col()] == Part::large)
        b(place[row]) -= entry.value() * number<Number>(v(entry.col()));
    }
  }
  Vector x(count);
  if (count > 0) {
    Columns matrix(count, count);
    matrix.setFromTriplets(entries.begin(), entries.end());
    Eigen::SparseLU<Columns> lu;
    // Pivots off the diagonal only where necessary, because elements of very different size must
    // not be mixed.
    lu.setPivotThreshold(0.01);
    lu.compute(matrix);
    if (lu.info() != Eigen::Success) return false;
    x = lu.solve(b);
    if (lu.info() != Eigen::Success || !x.allFinite()) return false;
  }
  for (std::size_t k = 0; k < parts.size(); ++k) {
    if (parts[k] == Part::follows) v(k) = x(place[k]);
    if (parts[k] == Part::apart) v(k) = 0;
  }
  return true;
}

}  // namespace

EigenvectorTails::EigenvectorTails(const Balancing& balancing)
    : balancing_(balancing), transposed_(balancing.rows().transpose()) {}

bool EigenvectorTails::refine(Complex lambda, Eigen::VectorXcd& v, bool left) const {
  const SparseRows& a = left ? transposed_ : balancing_.rows();
  const SparseRows& influences = left ? balancing_.rows() : transposed_;
  const double size = v.cwiseAbs().maxCoeff();
  if (!std::isfinite(size) || !(size > 0)) return false;
  Eigen::VectorXcd refined = v / size;
  const auto parts = parts_of(refined, balancing_.exponents(), left ? -1 : 1, influences);
  const bool is_real = lambda.imag() == 0 && refined.imag().cwiseAbs().maxCoeff() == 0;
  const bool is_solved = is_real ? solve<double>(a, lambda.real(), parts, refined)
                                 : solve<Complex>(a, lambda, parts, refined);
  if (!is_solved || !(worst_share(a, lambda, refined) <= solved)) return false;
  v = refined * size;
  return v.allFinite();
}

}  // namespace lindwurm
