// The map K rho of a bath's equation, as a sum of products.
#include <fmt/format.h>

#include <map>

#include "lindwurm/backend/dense.hpp"
#include "lindwurm/backend/error.hpp"
#include "lindwurm/model/bath_equation.hpp"
#include "lindwurm/operators/embedding.hpp"
#include "lindwurm/operators/joint_basis.hpp"

namespace lindwurm {

namespace {

// The largest number of states for which a map may be written out in full as an intermediate step.
// It then has 2^24 numbers.
constexpr Eigen::Index largest_dense = 64;
// The largest number of entries of a map that is gathered from sparse eigenoperators, and of
// multiplications to compute them.
constexpr double most_entries = 3e7;
constexpr double most_multiplications = 3e10;
constexpr double rounding = 1e-14;

// sum_mn c_mn X_n^dag W X_m in the energy basis, with a diagonal W.
Eigen::MatrixXcd sum_of_products(const BathEquation& equation, Complex BathPair::*coefficient,
                                 const Eigen::VectorXd& weights) {
  const auto dimension = equation.operators.front().basis->energies.size();
  Eigen::MatrixXcd sum = Eigen::MatrixXcd::Zero(dimension, dimension);
  std::vector<std::vector<std::pair<int, Complex>>> rows(dimension);
  for (const auto& pair : equation.pairs) {
    const Complex c = pair.*coefficient;
    if (c == 0.0) continue;
    const auto& left = equation.operators[pair.m].elements;
    for (const auto& e : left)
      rows[e.row()].emplace_back(e.col(), c * weights[e.row()] * e.value());
    for (const auto& e : equation.operators[pair.n].elements) {
      for (const auto& [column, value] : rows[e.row()])
        sum(e.col(), column) += std::conj(e.value()) * value;
    }
    for (const auto& e : left)
      rows[e.row()].clear();
  }
  return sum;
}

Eigen::MatrixXcd sum_of_products(const BathEquation& equation, Complex BathPair::*coefficient) {
  const auto dimension = equation.operators.front().basis->energies.size();
  return sum_of_products(equation, coefficient, Eigen::VectorXd::Ones(dimension));
}

bool is_of_one_basis(const BathEquation& equation) {
  for (const auto& x : equation.operators) {
    if (x.basis != equation.operators.front().basis) return false;
  }
  return true;
}

// The matrix Q of -i [H_shift, rho] - {G, rho}/2 = Q rho + rho Q^dag, in the energy basis.
Eigen::MatrixXcd no_jump(const BathEquation& equation) {
  return Complex(0, -1) * sum_of_products(equation, &BathPair::shift) -
         0.5 * sum_of_products(equation, &BathPair::rate);
}

// A bound on the number of entries of a map of sparse eigenoperators. Some of them may coincide.
double entries_of(const BathEquation& equation, const std::vector<double>& of_operators) {
  const auto d = static_cast<double>(equation.operators.front().basis->energies.size());
  double entries = 2 * d * d;
  for (const auto& pair : equation.pairs)
    entries += of_operators[pair.m] * of_operators[pair.n];
  return entries;
}

using Elements = std::vector<Eigen::Triplet<Complex>>;

Elements elements_of(const Eigen::MatrixXcd& matrix) {
  Elements elements;
  for (int row = 0; row < matrix.rows(); ++row) {
    for (int column = 0; column < matrix.cols(); ++column) {
      if (matrix(row, column) != 0.0) elements.emplace_back(row, column, matrix(row, column));
    }
  }
  return elements;
}

// The map sum_mn gamma_mn X_m rho X_n^dag + Q rho + rho Q^dag on vec(rho)[a D + b], with all
// matrices in one basis.
SiteMatrix gathered_map(const BathEquation& equation, const std::vector<Elements>& x,
                        const Eigen::MatrixXcd& q) {
  const auto d = static_cast<int>(q.rows());
  Elements entries;
  const auto add_product = [&](const Elements& a, const Elements& b, Complex factor) {
    for (const auto& p : a) {
      for (const auto& r : b) {
        entries.emplace_back(p.row() * d + r.row(), p.col() * d + r.col(),
                             factor * p.value() * std::conj(r.value()));
      }
    }
  };
  for (const auto& pair : equation.pairs)
    add_product(x[pair.m], x[pair.n], pair.rate);
  const Elements identity = elements_of(Eigen::MatrixXcd::Identity(d, d));
  const Elements side = elements_of(q);
  add_product(side, identity, 1.0);
  add_product(identity, side, 1.0);
  SiteMatrix map(d * d, d * d);
  map.setFromTriplets(entries.begin(), entries.end());
  const double least = rounding * map.coeffs().cwiseAbs().maxCoeff();
  map.prune([&](auto /*row*/, auto /*column*/, Complex value) { return std::abs(value) > least; });
  return map;
}

SiteMatrix map_in_energy_basis(const BathEquation& equation) {
  std::vector<Elements> x;
  for (const auto& each : equation.operators)
    x.push_back(each.elements);
  return gathered_map(equation, x, no_jump(equation));
}

// Transforms each column, read as a matrix in one basis, to another basis: rho -> U rho U^dag.
void turn_columns(Eigen::MatrixXcd& map, const Eigen::MatrixXcd& u) {
  using Rows = Eigen::Matrix<Complex, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const auto d = u.rows();
  for (Eigen::Index column = 0; column < map.cols(); ++column) {
    Eigen::Map<Rows> rho(map.col(column).data(), d, d);
    rho = rotated(u, rho);
  }
}

// The same map in the basis to which U transforms. The intermediate matrix is full.
SiteMatrix turned(const SiteMatrix& sparse, const Eigen::MatrixXcd& u) {
  Eigen::MatrixXcd map = sparse;
  turn_columns(map, u);
  map.adjointInPlace();
  turn_columns(map, u);
  map.adjointInPlace();
  return map.sparseView(1.0, rounding * map.cwiseAbs().maxCoeff());
}

// The map in the product basis.
SiteMatrix written_out(const BathEquation& equation) {
  const EnergyBasis& basis = *equation.operators.front().basis;
  const auto dimension = basis.energies.size();
  const auto d = static_cast<double>(dimension);
  if (static_cast<double>(equation.operators.size()) * d * d * d <= most_multiplications) {
    std::vector<Elements> x;
    std::vector<double> entries;
    for (const auto& each : equation.operators) {
      x.push_back(elements_of(in_product_basis(each)));
      entries.push_back(static_cast<double>(x.back().size()));
    }
    if (entries_of(equation, entries) <= (dimension <= largest_dense ? d * d * d : most_entries))
      return gathered_map(equation, x, in_product_basis(no_jump(equation), basis));
  }
  if (dimension <= largest_dense) return turned(map_in_energy_basis(equation), basis.states);
  throw InputError(fmt::format(
      "bath '{}': its equation has {} pairs of eigenoperators on {} states, too much to be written "
      "out; take scheme = \"local\" or \"redfield\", or fewer levels",
      equation.name, equation.pairs.size(), dimension));
}

std::vector<Operator> operators_of(const BathEquation& equation, const Space& space) {
  std::vector<Operator> x;
  for (const auto& each : equation.operators)
    x.push_back(operator_on(each.basis->sites, in_product_basis(each), space));
  return x;
}

// sum_mn c_mn X_n^dag X_m, where c_mn is the rate or the shift of each pair.
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

// The map -[A, Z rho - rho Z^dag] with Z = sum_m G(w_m) X_m.
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

namespace {

// The map on the single site of a joint basis of all sites.
SiteMatrix map_in_joint_basis(const BathEquation& equation, const Space& space) {
  const EnergyBasis& basis = *equation.operators.front().basis;
  const JointBasis& joint = *space.joint();
  if (!has_sparse_map(equation) || basis.states.rows() != joint.states.rows())
    throw Error(fmt::format("bath '{}' has no place in a joint basis", equation.name));
  SiteMatrix map = map_in_energy_basis(equation);
  if (basis.states == joint.states) return map;
  return turned(map, joint.states.adjoint() * basis.states);
}

}  // namespace

// A few operators are kept as products, which is better for sectors and speed.
bool is_map_written_out(const BathEquation& equation) {
  return equation.half_sided.empty() && equation.operators.size() > 4 && is_of_one_basis(equation);
}

bool has_sparse_map(const BathEquation& equation) {
  if (equation.operators.empty()) return true;
  if (!equation.half_sided.empty() || !is_of_one_basis(equation)) return false;
  std::vector<double> entries;
  for (const auto& x : equation.operators)
    entries.push_back(static_cast<double>(x.elements.size()));
  return entries_of(equation, entries) <= most_entries;
}

Superoperator superoperator(const std::vector<BathEquation>& equations, const Space& space) {
  Superoperator sum;
  std::map<std::vector<int>, SiteMatrix> maps;  // added up for equations on the same sites
  const auto add = [&](const std::vector<int>& sites, const SiteMatrix& map) {
    const auto [found, is_new] = maps.try_emplace(sites, map);
    if (!is_new) found->second += map;
  };
  for (const BathEquation& equation : equations) {
    if (equation.operators.empty()) continue;
    const auto& sites = equation.operators.front().basis->sites;
    if (space.joint()) {
      add({0}, map_in_joint_basis(equation, space));
    } else if (!equation.half_sided.empty()) {
      sum += redfield_map(equation, space);
    } else if (is_map_written_out(equation)) {
      add(sites, written_out(equation));
    } else {
      sum += by_products(equation, space);
    }
  }
  for (const auto& [sites, map] : maps)
    sum += superoperator_on(sites, map, space);
  return sum;
}

Operator energy_change(const BathEquation& equation, const Space& space) {
  const EnergyBasis& basis = *equation.operators.front().basis;
  const Eigen::MatrixXcd q = no_jump(equation);
  const Eigen::MatrixXcd change = sum_of_products(equation, &BathPair::rate, basis.energies) +
                                  basis.energies.asDiagonal() * q +
                                  q.adjoint() * basis.energies.asDiagonal();
  return operator_on(basis.sites, in_product_basis(change, basis), space);
}

}  // namespace lindwurm
