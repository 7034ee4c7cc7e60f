#include "lindwurm/model/system.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "bath_pairs.hpp"
#include "lindwurm/backend/error.hpp"
#include "lindwurm/model/thermodynamics.hpp"
#include "lindwurm/operators/symmetrised.hpp"

namespace lindwurm {

namespace {

constexpr double largest_in_equation = 1e140;

// Solvers sum up the squares of the elements, which therefore must not overflow.
void require_squares(const Superoperator& sum) {
  for (const ProductTerm& term : sum.terms()) {
    const double largest =
        largest_row_sum({Coefficient(term.coefficient.constant()), term.factors});
    if (largest <= largest_in_equation) continue;
    throw InputError(fmt::format(
        "the terms of the master equation add up to numbers of {:.3g}, whose squares fit no "
        "number; use smaller operators, couplings, temperatures and rates, or another unit",
        largest));
  }
}

bool are_along_same_axes(const Space& a, const Space& b) {
  for (int site = 0; site < a.sites(); ++site)
    if (a.is_along_x(site) != b.is_along_x(site)) return false;
  return true;
}

bool act_on_same_axes(const std::vector<BathEquation>& equations, const Space& a, const Space& b) {
  return std::all_of(equations.begin(), equations.end(), [&](const BathEquation& equation) {
    const auto sites = sites_of(equation);
    return std::all_of(sites.begin(), sites.end(),
                       [&](int site) { return a.is_along_x(site) == b.is_along_x(site); });
  });
}

}  // namespace

struct System::Bound {
  struct OfBath {
    std::optional<std::vector<BathEquation>> equations;
    bool is_reported = false;
    std::optional<Operator> heat;
  };

  explicit Bound(Model of)
      : model(std::move(of)), jumps(model.dissipators.size()), baths(model.baths.size()) {}

  Model model;
  std::optional<Operator> hamiltonian;
  std::vector<std::optional<std::vector<Jump>>> jumps;
  std::vector<OfBath> baths;
  std::optional<Superoperator> generator;
  std::optional<Unravelling> unravelling;
};

System::System(Model model) : bound_(std::make_shared<Bound>(std::move(model))) {}

const Model& System::model() const { return bound_->model; }

const Operator& System::hamiltonian() const {
  if (!bound_->hamiltonian) bound_->hamiltonian = hermitian_hamiltonian(model());
  return *bound_->hamiltonian;
}

bool System::has_constant_hamiltonian() const { return hamiltonian().simplified().is_constant(); }

const std::vector<Jump>& System::jumps(std::size_t k) const {
  auto& found = bound_->jumps.at(k);
  if (!found) found = lindwurm::jumps(model().dissipators[k], model());
  return *found;
}

const std::vector<BathEquation>& System::bath_equations(std::size_t k) const {
  auto& found = bound_->baths.at(k).equations;
  if (!found) found = equations_without_report(model().baths[k], model());
  return *found;
}

const std::vector<BathEquation>& System::reported_bath_equations(std::size_t k) const {
  (void)bath_equations(k);
  auto& of_bath = bound_->baths[k];
  if (!of_bath.is_reported) add_reports(model().baths[k], model(), *of_bath.equations);
  of_bath.is_reported = true;
  return *of_bath.equations;
}

std::size_t System::bath_named(const std::string& name) const {
  const auto& baths = model().baths;
  return static_cast<std::size_t>(&lindwurm::bath_named(name, model()) - baths.data());
}

bool System::is_gksl() const {
  if (!model().superoperators.empty()) return false;
  for (std::size_t k = 0; k < model().baths.size(); ++k) {
    const auto& equations = bath_equations(k);
    if (!std::all_of(equations.begin(), equations.end(),
                     [](const BathEquation& equation) { return equation.is_gksl; }))
      return false;
  }
  return true;
}

const Superoperator& System::generator() const {
  if (bound_->generator) return *bound_->generator;
  Superoperator sum = Coefficient(Complex(0, -1)) * commutator(hamiltonian());
  for (std::size_t k = 0; k < model().dissipators.size(); ++k)
    sum += dissipation(jumps(k), space());
  for (const auto& term : model().superoperators)
    sum += sum_of_superoperators(term, space(), model().parameters);
  std::vector<BathEquation> equations;
  for (std::size_t k = 0; k < model().baths.size(); ++k)
    equations.insert(equations.end(), bath_equations(k).begin(), bath_equations(k).end());
  sum += superoperator_of_members(equations, space());
  sum = sum.simplified();
  require_squares(sum);
  bound_->generator = std::move(sum);
  return *bound_->generator;
}

Superoperator System::take_generator() const {
  (void)generator();
  Superoperator taken = std::move(*bound_->generator);
  bound_->generator.reset();
  return taken;
}

const Unravelling& System::unravelling() const {
  if (!bound_->unravelling) bound_->unravelling = unravelled(*this);
  return *bound_->unravelling;
}

const Operator& System::heat_operator(std::size_t k) const {
  auto& found = bound_->baths.at(k).heat;
  if (!found) found = lindwurm::heat_operator(bath_equations(k), model().baths[k], model());
  return *found;
}

void System::require_valid(const std::vector<double>& times) const {
  if (times.empty()) return;
  const auto [first, last] = std::minmax_element(times.begin(), times.end());
  require_hermitian_between(hamiltonian(), space(), *first, *last);
  for (std::size_t k = 0; k < model().dissipators.size(); ++k)
    require_rates_between(jumps(k), *first, *last);
}

System System::stored_in(Space space) const {
  const Space before = this->space().with_members();
  const Space after = space.with_members();
  const bool is_same = this->space().joint() == space.joint() && are_along_same_axes(before, after);
  Model model = this->model();
  model.space = std::move(space);
  if (is_same) {
    System other = *this;
    other.bound_ = std::make_shared<Bound>(*bound_);
    other.bound_->model = std::move(model);
    return other;
  }
  System other(std::move(model));
  for (std::size_t k = 0; k < bound_->baths.size(); ++k) {
    const auto& from = bound_->baths[k];
    if (!from.equations || !act_on_same_axes(*from.equations, before, after)) continue;
    other.bound_->baths[k] = {from.equations, from.is_reported, std::nullopt};
  }
  return other;
}

}  // namespace lindwurm
