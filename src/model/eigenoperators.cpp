#include "lindwurm/model/eigenoperators.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/embedding.hpp"

namespace lindwurm {

namespace {

constexpr double rounding = 1e-12;
constexpr std::int64_t largest_dimension = 4096;

struct Transition {
  double frequency;
  Eigen::Triplet<Complex> element;
};

// Those with E_b >= E_a in a first list, the others, their mirrors, being left out.
std::vector<Transition> transitions(const EnergyBasis& basis, const Eigen::MatrixXcd& a,
                                    double tolerance) {
  const double least = rounding * a.cwiseAbs().maxCoeff();
  std::vector<Transition> all;
  for (int row = 0; row < a.rows(); ++row) {
    for (int column = 0; column < a.cols(); ++column) {
      const double frequency = basis.energies[column] - basis.energies[row];
      if (std::abs(a(row, column)) > least && frequency >= -tolerance) {
        all.push_back({frequency, {row, column, a(row, column)}});
      }
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const Transition& p, const Transition& q) {
    return p.frequency < q.frequency;
  });
  return all;
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
  if (dimension > largest_dimension) {
    throw InputError(
        fmt::format("the sites that the bath reaches through the Hamiltonian have {} states, more "
                    "than {} cannot be diagonalised here; take scheme = \"local\", or fewer levels",
                    dimension, largest_dimension));
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXcd> solver(matrix_on(sites, h, space));
  return {sites, solver.eigenvalues(), solver.eigenvectors()};
}

std::vector<Eigenoperator> eigenoperators(const std::shared_ptr<const EnergyBasis>& basis,
                                          const Operator& a, const Space& space, double tolerance) {
  const Eigen::MatrixXcd matrix =
      basis->states.adjoint() * matrix_on(basis->sites, a, space) * basis->states;
  std::vector<Eigenoperator> falling;  // w >= 0
  double weight = 0;
  double last = 0;
  for (const auto& [frequency, element] : transitions(*basis, matrix, tolerance)) {
    const double share = std::norm(element.value());
    // Around zero both signs belong together, and the frequency is exactly 0.
    const bool continues = !falling.empty() && frequency - last <= tolerance;
    if (!continues) {
      falling.push_back({basis, 0.0});
      weight = 0;
    }
    Eigenoperator& x = falling.back();
    x.elements.push_back(element);
    weight += share;
    x.frequency += share / weight * (frequency - x.frequency);
    last = frequency;
  }
  if (!falling.empty() && std::abs(falling.front().frequency) <= tolerance)
    falling.front().frequency = 0;
  std::vector<Eigenoperator> all;
  for (auto x = falling.rbegin(); x != falling.rend(); ++x) {
    if (x->frequency == 0) continue;
    Eigenoperator rising{basis, -x->frequency};
    for (const auto& e : x->elements)
      rising.elements.emplace_back(e.col(), e.row(), std::conj(e.value()));
    all.push_back(std::move(rising));
  }
  all.insert(all.end(), falling.begin(), falling.end());
  return all;
}

double squared_norm(const Eigenoperator& x) {
  double sum = 0;
  for (const auto& element : x.elements)
    sum += std::norm(element.value());
  return sum;
}

Eigen::MatrixXcd in_product_basis(const Eigen::MatrixXcd& matrix, const EnergyBasis& basis) {
  return without_rounding(basis.states * matrix * basis.states.adjoint());
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
