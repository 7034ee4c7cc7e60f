#include "lindwurm/model/bath_equation.hpp"

#include <fmt/format.h>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "bath_pairs.hpp"
#include "lindwurm/backend/dense.hpp"
#include "lindwurm/backend/error.hpp"
#include "lindwurm/operators/embedding.hpp"
#include "lindwurm/operators/site_operators.hpp"
#include "lindwurm/operators/symmetrised.hpp"

namespace lindwurm {

namespace {

constexpr double hermiticity_tolerance = 1e-12;
constexpr double default_tolerance = 1e-9;
constexpr double negligible_rate = 1e-12;
constexpr double most_compared = 256;  // the number of states
// The share of the coupling's squared norm that a frequency needs in order to count in a
// comparison.
constexpr double noticeable = 0.01;
constexpr double largest_coupling = 1e140;

Operator hamiltonian(const Model& model) {
  return sum_over_members(model.hamiltonian, model.space, model.parameters).simplified();
}

// The terms of H that act only on these sites.
Operator restricted(const Operator& h, const std::vector<int>& sites) {
  std::vector<ProductTerm> terms;
  for (const auto& term : h.terms()) {
    if (std::all_of(term.factors.begin(), term.factors.end(), [&](const Factor& factor) {
          return std::binary_search(sites.begin(), sites.end(), factor.site);
        })) {
      terms.push_back(term);
    }
  }
  return Operator(std::move(terms));
}

// All sites that H connects with these, directly or through other sites.
std::vector<int> connected(const Operator& h, const std::vector<int>& sites) {
  std::set<int> reached(sites.begin(), sites.end());
  bool grows = true;
  while (grows) {
    grows = false;
    for (const auto& term : h.terms()) {
      const bool touches = std::any_of(term.factors.begin(), term.factors.end(),
                                       [&](const Factor& f) { return reached.contains(f.site); });
      if (!touches) continue;
      for (const auto& factor : term.factors)
        grows = reached.insert(factor.site).second || grows;
    }
  }
  return {reached.begin(), reached.end()};
}

void require_hermitian_coupling(const Operator& a, const std::vector<int>& sites,
                                const Model& model) {
  const Eigen::MatrixXcd matrix = matrix_on(sites, a, model.space);
  const double largest = matrix.cwiseAbs().maxCoeff();
  if (!(largest <= largest_coupling)) {
    throw InputError(fmt::format(
        "the coupling's elements reach {:.3g}, whose squares fit no number; use another unit",
        largest));
  }
  if ((matrix - matrix.adjoint()).cwiseAbs().maxCoeff() >
      hermiticity_tolerance * matrix.cwiseAbs().maxCoeff()) {
    throw InputError(
        "the coupling is not Hermitian: a bath couples by H_int = A B with A = A^dag; write "
        "x(mode) or sx(spin), or add the Hermitian conjugate, dag(...)");
  }
}

// The operators by which the bath couples: one for each member, or a single one.
std::vector<Operator> coupling_operators(const BathCoupling& bath, const Model& model) {
  std::vector<Operator> operators;
  for (const Scope& scope : bindings({bath.coupling}, model.space, model.parameters)) {
    const Value value = evaluate(bath.coupling, scope);
    const auto* a = std::get_if<Operator>(&value);
    if (a == nullptr || support(*a).empty()) {
      throw InputError(fmt::format("\"{}\" is no operator of a site", bath.coupling.text()));
    }
    operators.push_back(a->simplified());
    require_hermitian_coupling(operators.back(), support(*a), model);
  }
  return operators;
}

// The eigenoperators of A under the terms of H on these sites.
std::vector<Eigenoperator> eigenoperators_of(const Operator& a, const Operator& h,
                                             const std::vector<int>& sites,
                                             std::optional<double> tolerance, const Model& model) {
  const auto basis = [&] {
    try {
      return std::make_shared<const EnergyBasis>(
          energy_basis(restricted(h, sites), sites, model.space));
    } catch (const InputError& error) {
      throw InputError(fmt::format(
          "the Hamiltonian that gives the bath its frequencies does not serve: {}", error.what()));
    }
  }();
  const double width = basis->energies.maxCoeff() - basis->energies.minCoeff();
  return eigenoperators(basis, a, model.space, tolerance.value_or(default_tolerance * width));
}

// The shift of the frequencies that the bath sees, caused by the couplings that a local scheme
// leaves out.
std::optional<double> interaction(const BathCoupling& bath, const Operator& h,
                                  const BathEquation& equation, const Model& model) {
  const bool is_local = bath.scheme == BathScheme::local || bath.scheme == BathScheme::collective;
  if (!is_local || equation.operators.empty()) return std::nullopt;
  const auto sites = connected(h, sites_of(equation));
  double dimension = 1;
  for (int site : sites)
    dimension *= model.space.dimension(site);
  const Operator all = restricted(h, sites);
  if (dimension > most_compared || !all.is_constant()) return std::nullopt;
  Operator a;
  for (const auto& x : equation.operators)
    a += operator_on(x.basis->sites, in_product_basis(x), model.space);
  const auto found = eigenoperators_of(a, all, sites, {}, model);
  double total = 0;
  for (const auto& x : found)
    total += squared_norm(x);
  double largest = 0;
  for (const auto& x : found) {
    if (squared_norm(x) < noticeable * total) continue;
    double nearest = std::numeric_limits<double>::infinity();
    for (const auto& alone : equation.operators)
      nearest = std::min(nearest, std::abs(alone.frequency - x.frequency));
    largest = std::max(largest, nearest);
  }
  return largest;
}

}  // namespace

std::string_view name_of(BathScheme scheme) {
  switch (scheme) {
    case BathScheme::local:
      return "local";
    case BathScheme::secular:
      return "secular";
    case BathScheme::partial_secular:
      return "partial-secular";
    case BathScheme::coarse_grained:
      return "coarse-grained";
    case BathScheme::redfield:
      return "redfield";
    default:
      return "collective";
  }
}

std::vector<BathEquation> equations_without_report(const BathCoupling& bath, const Model& of) {
  const Model model = with_members(of);
  const Operator h = hamiltonian(model);
  require_sensible(bath);
  const bool is_collective = bath.scheme == BathScheme::collective;
  const bool is_local = is_collective || bath.scheme == BathScheme::local;
  std::vector<BathEquation> equations;
  int member = 0;
  std::vector<int> members;  // the member of each operator, for a collective bath
  for (const Operator& a : coupling_operators(bath, model)) {
    const auto own = support(a);
    const auto sites = is_local ? own : connected(h, own);
    const auto operators = eigenoperators_of(a, h, sites, bath.tolerance, model);
    if (equations.empty() || !is_collective) {
      equations.push_back({.name = bath.name, .coupling = bath.coupling.text()});
    }
    auto& all = equations.back().operators;
    members.insert(members.end(), operators.size(), member++);
    all.insert(all.end(), operators.begin(), operators.end());
  }
  for (auto& equation : equations)
    add_coefficients(bath, members, equation);
  return equations;
}

void add_reports(const BathCoupling& bath, const Model& of, std::vector<BathEquation>& equations) {
  const Model model = with_members(of);
  const Operator h = hamiltonian(model);
  for (auto& equation : equations)
    equation.validity = judged(bath, equation, interaction(bath, h, equation, model));
}

std::vector<BathEquation> bath_equations(const BathCoupling& bath, const Model& model) {
  auto equations = equations_without_report(bath, model);
  add_reports(bath, model, equations);
  return equations;
}

const BathCoupling& bath_named(const std::string& name, const Model& model) {
  std::vector<std::string> known;
  for (const auto& bath : model.baths) {
    if (bath.name == name) return bath;
    known.push_back(bath.name);
  }
  throw InputError(fmt::format("there is no bath '{}'{}", name, suggestion(name, known)));
}

std::vector<int> sites_of(const BathEquation& equation) {
  std::set<int> sites;
  for (const auto& x : equation.operators)
    sites.insert(x.basis->sites.begin(), x.basis->sites.end());
  return {sites.begin(), sites.end()};
}

std::optional<PositionCoupling> position_coupling(const BathEquation& equation,
                                                  const Model& model) {
  const auto& x = equation.operators;
  const auto sites = sites_of(equation);
  if (x.size() != 2 || sites.size() != 1) return std::nullopt;
  if (model.space.group_of(sites[0]).kind != SiteKind::oscillator) return std::nullopt;
  const Eigen::MatrixXcd a = in_product_basis(x[0]) + in_product_basis(x[1]);
  const Complex c = a(0, 1);
  const Eigen::MatrixXcd position =
      c * Eigen::MatrixXcd(site_operator("x", SiteKind::oscillator, static_cast<int>(a.rows())));
  if (std::abs(c.imag()) > 1e-12 * std::abs(c) || (a - position).norm() > 1e-12 * a.norm())
    return std::nullopt;
  const double w0 = x[1].frequency;
  return PositionCoupling{w0, 1 / (2 * w0 * std::norm(c))};
}

std::vector<double> own_rates(const BathEquation& equation) {
  std::vector<double> rates(equation.operators.size());
  for (const auto& pair : equation.pairs) {
    if (pair.m == pair.n) rates[pair.m] = pair.rate.real();
  }
  for (std::size_t m = 0; m < equation.half_sided.size(); ++m)
    rates[m] = 2 * equation.half_sided[m].real();
  return rates;
}

std::vector<Jump> jumps(const BathEquation& equation, const Model& model) {
  if (!equation.is_gksl) {
    throw InputError(
        fmt::format("bath '{}': its equation is not of GKSL form, it has no jump operators; take "
                    "another scheme",
                    equation.name));
  }
  std::vector<Jump> all;
  double largest = 0;
  for (const auto& block : rate_blocks(equation)) {
    const HermitianEigen eigen = hermitian_eigen(block.rates);
    for (Eigen::Index k = 0; k < block.rates.rows(); ++k) {
      const double rate = eigen.values(k);
      if (rate <= 0) continue;
      Operator jump;
      for (Eigen::Index m = 0; m < block.rates.rows(); ++m) {
        const Eigenoperator& x = equation.operators[block.members[m]];
        jump += Coefficient(eigen.vectors(m, k)) *
                operator_on(x.basis->sites, in_product_basis(x), model.space);
      }
      largest = std::max(largest, rate);
      all.push_back({jump.simplified(), rate, ""});
    }
  }
  std::erase_if(all, [&](const Jump& jump) {
    return jump.rate.constant().real() <= negligible_rate * largest;
  });
  const auto sites = sites_of(equation);
  for (Jump& jump : all)
    jump.text = text_of(matrix_on(sites, jump.op, model.space), sites, model.space);
  return all;
}

Superoperator superoperator_of_members(const std::vector<BathEquation>& equations,
                                       const Space& space) {
  if (space.joint()) return superoperator(equations, space);
  return symmetrised(superoperator(equations, space.with_members()), space);
}

}  // namespace lindwurm
