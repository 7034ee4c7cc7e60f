#include "lindwurm/model/unravelling.hpp"

#include <fmt/format.h>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/model/system.hpp"
#include "lindwurm/operators/embedding.hpp"

namespace lindwurm {

namespace {

// The rounding error relative to the largest element of a matrix product.
constexpr double rounding = 1e-14;

// A^dag A. An operator with more terms than states, as for a global bath, is multiplied as one
// matrix.
Operator squared(const Operator& a, const Space& space) {
  const auto sites = support(a);
  double dimension = 1;
  for (int site : sites)
    dimension *= space.dimension(site);
  if (static_cast<double>(a.terms().size()) <= dimension) return (dag(a) * a).simplified();
  const Eigen::MatrixXcd matrix = matrix_on(sites, a, space);
  Eigen::MatrixXcd square = matrix.adjoint() * matrix;
  const double least = rounding * square.cwiseAbs().maxCoeff();
  square = (square.array().abs() > least).select(square, 0.0);
  return operator_on(sites, square, space);
}

void require_constant(const Jump& jump) {
  for (const auto& term : jump.op.terms()) {
    if (term.coefficient.is_constant()) continue;
    throw InputError(fmt::format(
        "the jump operator \"{}\" depends on time through {}; write the time dependence "
        "into its rate",
        jump.text, term.coefficient.text()));
  }
}

// A Redfield equation has no pairs from which its jumps could be read, even if it is of GKSL form.
void require_gksl(const BathEquation& equation) {
  if (equation.is_gksl && equation.half_sided.empty()) return;
  throw InputError(
      fmt::format("bath '{}': quantum jumps need an equation of GKSL form, which this one is not; "
                  "take scheme = \"secular\", \"local\" or \"coarse-grained\"",
                  equation.name));
}

}  // namespace

Operator Unravelling::effective_hamiltonian() const {
  Operator sum = hamiltonian;
  for (const auto& [jump, number] : channels)
    sum += Coefficient(Complex(0, -0.5)) * jump.rate * number;
  return sum.simplified();
}

Unravelling unravelled(const System& system) {
  const Model& model = system.model();
  if (!model.superoperators.empty()) {
    throw InputError(
        "superoperator terms have no quantum jumps; write them as dissipators, or evolve the "
        "density operator");
  }
  Unravelling all;
  all.hamiltonian = system.hamiltonian();
  const auto add = [&](std::vector<Jump> jumps) {
    for (Jump& jump : jumps) {
      require_constant(jump);
      if (jump.rate.is_zero()) continue;
      Operator number = squared(jump.op, model.space);
      all.channels.push_back({std::move(jump), std::move(number)});
    }
  };
  for (std::size_t k = 0; k < model.dissipators.size(); ++k)
    add(system.jumps(k));
  for (std::size_t k = 0; k < model.baths.size(); ++k) {
    for (const auto& equation : system.bath_equations(k)) {
      require_gksl(equation);
      all.hamiltonian += lamb_shift(equation, model);
      add(jumps(equation, model));
    }
  }
  all.hamiltonian = all.hamiltonian.simplified();
  return all;
}

}  // namespace lindwurm
