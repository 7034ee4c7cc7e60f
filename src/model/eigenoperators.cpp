#include "lindwurm/model/eigenoperators.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "lindwurm/backend/dense.hpp"
#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/embedding.hpp"

namespace lindwurm {

namespace {

constexpr double rounding = 1e-12;

struct Transition {
  double frequency;
  Eigen::Triplet<Complex> element;
};

// The transitions with E_b >= E_a, by frequency. The others are their mirrors. Between degenerate
// states, both are listed.
std::vector<Transition> transitions(const EnergyBasis& basis, const Eigen::MatrixXcd& a) {
  const double least = rounding * a.cwiseAbs().maxCoeff();
  std::vector<Transition> all;
  for (int row = 0; row < a.rows(); ++row) {
    for (int column = 0; column < a.cols(); ++column) {
      const double frequency = basis.energies[column] - basis.energies[row];
      if (std::abs(a(row, column)) > least && frequency >= 0)
        all.push_back({frequency, {row, column, a(row, column)}});
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const Transition& p, const Transition& q) {
    return p.frequency < q.frequency;
  });
  return all;
}

Eigenoperator mirrored(const Eigenoperator& x) {
  Eigenoperator mirror{x.basis, -x.frequency};
  for (const auto& e : x.elements)
    mirror.elements.emplace_back(e.col(), e.row(), std::conj(e.value()));
  return mirror;
}

// Checks that the sum of all X(w) is A, for any tolerance.
void require_sum(const std::vector<Eigenoperator>& all, Eigen::MatrixXcd a) {
  const double scale = a.cwiseAbs().maxCoeff();
  for (const auto& x : all) {
    for (const auto& e : x.elements)
      a(e.row(), e.col()) -= e.value();
  }
  if (!(a.cwiseAbs().maxCoeff() <= 2 * rounding * scale))
    throw Error("the eigenoperators of a bath's coupling do not add up to it");
}

Eigen::MatrixXcd without_rounding(const Eigen::MatrixXcd& matrix) {
  const double least = 1e-14 * matrix.cwiseAbs().maxCoeff();
  return matrix.unaryExpr([&](Complex value) { return std::abs(value) > least ? value : 0.0; });
}

std::string state_text(std::int64_t state, const std::vector<int>& sites, const Space& space) {
  std::vector<std::string> parts(sites.size());
  for (std::size_t s = sites.size(); s-- > 0;) {
    const int d = space.dimension(sites[s]);
    const auto level = state % d;
    const bool is_spin = space.group_of(sites[s]).kind == SiteKind::spin;
    parts[s] = is_spin ? fmt::format("{}{}", level == 0 ? "up" : "down",
                                     space.is_along_x(sites[s]) ? "_x" : "")
                       : fmt::format("{}", level);
    state /= d;
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string number_text(Complex value, double scale) {
  if (std::abs(value.imag()) <= rounding * scale) return fmt::format("{:.6g}", value.real());
  if (std::abs(value.real()) <= rounding * scale) return fmt::format("{:.6g}i", value.imag());
  return fmt::format("({:.6g}{:+.6g}i)", value.real(), value.imag());
}

}  // namespace

EnergyBasis energy_basis(const Operator& h, const std::vector<int>& sites, const Space& space) {
  std::int64_t dimension = 1;
  for (int site : sites)
    dimension *= space.dimension(site);
  if (dimension > most_diagonalised_states) {
    throw InputError(
        fmt::format("the sites that the bath reaches through the Hamiltonian have {} states, more "
                    "than {} cannot be diagonalised here; take scheme = \"local\", or fewer levels",
                    dimension, most_diagonalised_states));
  }
  HermitianEigen eigen = hermitian_eigen(matrix_on(sites, h, space));
  return {sites, std::move(eigen.values), std::move(eigen.vectors)};
}

std::vector<Eigenoperator> eigenoperators(const std::shared_ptr<const EnergyBasis>& basis,
                                          const Operator& a, const Space& space, double tolerance) {
  Eigen::MatrixXcd matrix = rotated(basis->states.adjoint(), matrix_on(basis->sites, a, space));
  matrix = (matrix + matrix.adjoint()).eval() / 2;
  // Chains of the frequencies of both signs. At most one chain crosses zero; it is its own mirror
  // and comes first. Each other chain has another one as its mirror.
  std::vector<Eigenoperator> chains;
  double weight = 0;
  double last = 0;
  for (const auto& [frequency, element] : transitions(*basis, matrix)) {
    const double gap = chains.empty() ? 2 * frequency : frequency - last;
    if (chains.empty() || gap > tolerance) {
      chains.push_back({basis, 0.0});
      weight = 0;
    }
    const bool crosses_zero = chains.size() == 1 && (chains[0].frequency == 0 && gap <= tolerance);
    Eigenoperator& x = chains.back();
    x.elements.push_back(element);
    last = frequency;
    if (crosses_zero) {
      if (frequency > 0)
        x.elements.emplace_back(element.col(), element.row(), std::conj(element.value()));
      continue;
    }
    const double share = std::norm(element.value());
    weight += share;
    x.frequency += share / weight * (frequency - x.frequency);
  }
  std::vector<Eigenoperator> all;
  for (auto x = chains.rbegin(); x != chains.rend(); ++x) {
    if (x->frequency != 0) all.push_back(mirrored(*x));
  }
  all.insert(all.end(), chains.begin(), chains.end());
  require_sum(all, std::move(matrix));
  return all;
}

double squared_norm(const Eigenoperator& x) {
  double sum = 0;
  for (const auto& element : x.elements)
    sum += std::norm(element.value());
  return sum;
}

Eigen::MatrixXcd in_product_basis(const Eigen::MatrixXcd& matrix, const EnergyBasis& basis) {
  return without_rounding(rotated(basis.states, matrix));
}

Eigen::MatrixXcd in_product_basis(const Eigenoperator& x) {
  const Eigen::MatrixXcd& states = x.basis->states;
  const auto dimension = states.rows();
  Eigen::MatrixXcd matrix = Eigen::MatrixXcd::Zero(dimension, dimension);
  if (static_cast<Eigen::Index>(x.elements.size()) < dimension) {
    for (const auto& e : x.elements)
      matrix.noalias() += e.value() * states.col(e.row()) * states.col(e.col()).adjoint();
    return without_rounding(matrix);
  }
  for (const auto& e : x.elements)
    matrix(e.row(), e.col()) += e.value();
  return in_product_basis(matrix, *x.basis);
}

std::string text_of(const Eigen::MatrixXcd& matrix, const std::vector<int>& sites,
                    const Space& space, int most) {
  const double scale = matrix.cwiseAbs().maxCoeff();
  std::vector<Eigen::Triplet<Complex>> elements;
  for (int row = 0; row < matrix.rows(); ++row) {
    for (int column = 0; column < matrix.cols(); ++column) {
      if (std::abs(matrix(row, column)) > rounding * scale)
        elements.emplace_back(row, column, matrix(row, column));
    }
  }
  std::stable_sort(elements.begin(), elements.end(), [&](const auto& p, const auto& q) {
    return std::abs(p.value()) > std::abs(q.value()) + rounding * scale;
  });
  std::vector<std::string> parts;
  for (const auto& element : elements) {
    if (static_cast<int>(parts.size()) == most) break;
    parts.push_back(fmt::format("{} |{}><{}|", number_text(element.value(), scale),
                                state_text(element.row(), sites, space),
                                state_text(element.col(), sites, space)));
  }
  if (parts.empty()) return "0";
  const auto left = elements.size() - parts.size();
  std::string text = parts.front();
  for (std::size_t k = 1; k < parts.size(); ++k)
    text += parts[k].starts_with('-') ? " - " + parts[k].substr(1) : " + " + parts[k];
  return left > 0 ? fmt::format("{} + {} more", text, left) : text;
}

}  // namespace lindwurm
