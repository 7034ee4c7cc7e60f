// The map K rho of a bath's equation, as a sum of products.
#include <fmt/format.h>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/model/bath_equation.hpp"
#include "lindwurm/operators/embedding.hpp"

namespace lindwurm {

namespace {

// A map of up to 64 states may be written out in full on the way, 2^24 numbers.
constexpr Eigen::Index largest_dense = 64;
// Entries of a map that is gathered from sparse eigenoperators, and multiplications to find these.
constexpr double most_entries = 3e7;
constexpr double most_multiplications = 3e10;
constexpr double rounding = 1e-14;

Operator operator_of(const Eigenoperator& x, const Space& space) {
  return operator_on(x.basis->sites, in_product_basis(x), space);
}

// sum_mn c_mn X_n^dag X_m in the energy basis.
Eigen::MatrixXcd sum_of_products(const BathEquation& equation, Complex BathPair::*coefficient) {
  const auto dimension = equation.operators.front().basis->energies.size();
  Eigen::MatrixXcd sum = Eigen::MatrixXcd::Zero(dimension, dimension);
  std::vector<std::vector<std::pair<int, Complex>>> rows(dimension);
  for (const auto& pair : equation.pairs) {
    const Complex c = pair.*coefficient;
    if (c == 0.0) continue;
    for (auto& row : rows)
      row.clear();
    for (const auto& e : equation.operators[pair.m].elements)
      rows[e.row()].emplace_back(e.col(), e.value());
    for (const auto& e : equation.operators[pair.n].elements) {
      for (const auto& [column, value] : rows[e.row()])
        sum(e.col(), column) += c * std::conj(e.value()) * value;
    }
  }
  return sum;
}

bool is_of_one_basis(const BathEquation& equation) {
  for (const auto& x : equation.operators) {
    if (x.basis != equation.operators.front().basis) return false;
  }
  return true;
}

// -i [H_shift, rho] - {G, rho}/2 = Q rho + rho Q^dag, in the energy basis.
Eigen::MatrixXcd no_jump(const BathEquation& equation) {
  return Complex(0, -1) * sum_of_products(equation, &BathPair::shift) -
         0.5 * sum_of_products(equation, &BathPair::rate);
}

// K of vec(rho)[a D + b] in the energy basis.
Eigen::MatrixXcd dense_map(const BathEquation& equation) {
  const auto d = equation.operators.front().basis->energies.size();
  Eigen::MatrixXcd map = Eigen::MatrixXcd::Zero(d * d, d * d);
  for (const auto& pair : equation.pairs) {
    for (const auto& x : equation.operators[pair.m].elements) {
      const Complex c = pair.rate * x.value();
      for (const auto& y : equation.operators[pair.n].elements)
        map(x.row() * d + y.row(), x.col() * d + y.col()) += c * std::conj(y.value());
    }
  }
  const Eigen::MatrixXcd q = no_jump(equation);
  for (Eigen::Index a = 0; a < d; ++a) {
    for (Eigen::Index b = 0; b < d; ++b) {
      for (Eigen::Index c = 0; c < d; ++c) {
        map(a * d + b, c * d + b) += q(a, c);
        map(a * d + b, a * d + c) += std::conj(q(b, c));
      }
    }
  }
  return map;
}

// Columns as matrices in the energy basis, turned to the product basis.
void turn_columns(Eigen::MatrixXcd& map, const Eigen::MatrixXcd& states) {
  using Rows = Eigen::Matrix<Complex, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const auto d = states.rows();
  for (Eigen::Index column = 0; column < map.cols(); ++column) {
    Eigen::Map<Rows> rho(map.col(column).data(), d, d);
    rho = (states * rho * states.adjoint()).eval();
  }
}

Superoperator by_dense_map(const BathEquation& equation, const Space& space) {
  const EnergyBasis& basis = *equation.operators.front().basis;
  Eigen::MatrixXcd map = dense_map(equation);
  turn_columns(map, basis.states);
  map.adjointInPlace();
  turn_columns(map, basis.states);
  map.adjointInPlace();
  const double least = rounding * map.cwiseAbs().maxCoeff();
  SiteMatrix sparse(map.rows(), map.cols());
  std::vector<Eigen::Triplet<Complex>> entries;
  for (Eigen::Index row = 0; row < map.rows(); ++row) {
    for (Eigen::Index column = 0; column < map.cols(); ++column) {
      if (std::abs(map(row, column)) > least)
        entries.emplace_back(static_cast<int>(row), static_cast<int>(column), map(row, column));
    }
  }
  sparse.setFromTriplets(entries.begin(), entries.end());
  return superoperator_on(basis.sites, sparse, space);
}

SiteMatrix sparse_in_product_basis(const Eigenoperator& x) {
  return in_product_basis(x).sparseView();
}

// The entries that gathered_map() will write.
double entries_of(const BathEquation& equation, const std::vector<SiteMatrix>& x) {
  double entries = 0;
  for (const auto& pair : equation.pairs) {
    entries +=
        static_cast<double>(x[pair.m].nonZeros()) * static_cast<double>(x[pair.n].nonZeros());
  }
  return entries;
}

// X_m rho X_n^dag of sparse X; the terms beside it are Q rho + rho Q^dag.
Superoperator gathered_map(const BathEquation& equation, const std::vector<SiteMatrix>& x,
                           const Space& space) {
  const EnergyBasis& basis = *equation.operators.front().basis;
  const auto d = static_cast<int>(basis.energies.size());
  std::vector<Eigen::Triplet<Complex>> entries;
  const auto add_product = [&](const SiteMatrix& a, const SiteMatrix& b, Complex factor) {
    for (int row = 0; row < d; ++row) {
      for (SiteMatrix::InnerIterator p(a, row); p; ++p) {
        for (int mirrored = 0; mirrored < d; ++mirrored) {
          for (SiteMatrix::InnerIterator q(b, mirrored); q; ++q) {
            entries.emplace_back(row * d + mirrored, static_cast<int>(p.col() * d + q.col()),
                                 factor * p.value() * std::conj(q.value()));
          }
        }
      }
    }
  };
  for (const auto& pair : equation.pairs)
    add_product(x[pair.m], x[pair.n], pair.rate);
  SiteMatrix identity(d, d);
  identity.setIdentity();
  const SiteMatrix q = in_product_basis(no_jump(equation), basis).sparseView();
  add_product(q, identity, 1.0);
  add_product(identity, q, 1.0);
  SiteMatrix map(d * d, d * d);
  map.setFromTriplets(entries.begin(), entries.end());
  const double least = rounding * map.coeffs().cwiseAbs().maxCoeff();
  map.prune([&](auto /*row*/, auto /*column*/, Complex value) { return std::abs(value) > least; });
  return superoperator_on(basis.sites, map, space);
}

std::vector<Operator> operators_of(const BathEquation& equation, const Space& space) {
  std::vector<Operator> x;
  for (const auto& each : equation.operators)
    x.push_back(operator_of(each, space));
  return x;
}

// sum_mn c_mn X_n^dag X_m with each pair's rate or shift.
Operator sum_of_products(const BathEquation& equation, const std::vector<Operator>& x,
                         Complex BathPair::*coefficient) {
  Operator sum;
  for (const auto& pair : equation.pairs) {
    const Complex c = pair.*coefficient;
    if (c != 0.0) sum += Coefficient(c) * (dag(x[pair.n]) * x[pair.m]);
  }
  return sum.simplified();
}

Superoperator by_products(const BathEquation& equation, const Space& space) {
  const auto x = operators_of(equation, space);
  Superoperator sum;
  for (const auto& pair : equation.pairs)
    sum += Coefficient(pair.rate) * (left(x[pair.m]) * right(dag(x[pair.n])));
  sum += Coefficient(-0.5) * anticommutator(sum_of_products(equation, x, &BathPair::rate));
  sum += Coefficient(Complex(0, -1)) * commutator(sum_of_products(equation, x, &BathPair::shift));
  return sum.simplified();
}

// -[A, Z rho - rho Z^dag] with Z = sum_m G(w_m) X_m.
Superoperator redfield_map(const BathEquation& equation, const Space& space) {
  const EnergyBasis& basis = *equation.operators.front().basis;
  const auto dimension = basis.energies.size();
  Eigen::MatrixXcd a = Eigen::MatrixXcd::Zero(dimension, dimension);
  Eigen::MatrixXcd z = a;
  for (std::size_t m = 0; m < equation.operators.size(); ++m) {
    for (const auto& e : equation.operators[m].elements) {
      a(e.row(), e.col()) += e.value();
      z(e.row(), e.col()) += equation.half_sided[m] * e.value();
    }
  }
  const auto in_space = [&](const Eigen::MatrixXcd& matrix) {
    return operator_on(basis.sites, in_product_basis(matrix, basis), space);
  };
  const Operator coupling = in_space(a);
  const Operator half = in_space(z);
  const Operator product = in_space(a * z);
  Superoperator sum = left(half) * right(coupling) + left(coupling) * right(dag(half));
  sum += Coefficient(-1.0) * (left(product) + right(dag(product)));
  return sum.simplified();
}

}  // namespace

Operator lamb_shift(const BathEquation& equation, const Model& model) {
  if (equation.pairs.empty()) return {};
  if (!is_of_one_basis(equation))
    return sum_of_products(equation, operators_of(equation, model.space), &BathPair::shift);
  const EnergyBasis& basis = *equation.operators.front().basis;
  return operator_on(basis.sites,
                     in_product_basis(sum_of_products(equation, &BathPair::shift), basis),
                     model.space);
}

Superoperator superoperator(const BathEquation& equation, const Model& model) {
  if (equation.operators.empty()) return {};
  if (!equation.half_sided.empty()) return redfield_map(equation, model.space);
  // Few operators keep the form of products, which serves sectors and speed best.
  if (equation.operators.size() <= 4 || !is_of_one_basis(equation))
    return by_products(equation, model.space);
  const auto dimension = equation.operators.front().basis->energies.size();
  const auto d = static_cast<double>(dimension);
  if (static_cast<double>(equation.operators.size()) * d * d * d <= most_multiplications) {
    std::vector<SiteMatrix> x;
    for (const auto& each : equation.operators)
      x.push_back(sparse_in_product_basis(each));
    if (entries_of(equation, x) <= (dimension <= largest_dense ? d * d * d : most_entries))
      return gathered_map(equation, x, model.space);
  }
  if (dimension <= largest_dense) return by_dense_map(equation, model.space);
  throw InputError(fmt::format(
      "bath '{}': its equation has {} pairs of eigenoperators on {} states, too much to be written "
      "out; take scheme = \"local\" or \"redfield\", or fewer levels",
      equation.name, equation.pairs.size(), dimension));
}

}  // namespace lindwurm
