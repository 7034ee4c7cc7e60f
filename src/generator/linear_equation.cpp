#include "lindwurm/generator/linear_equation.hpp"

#include <algorithm>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/generator/assemble.hpp"
#include "lindwurm/generator/matrix_free.hpp"
#include "lindwurm/operators/site_operators.hpp"
#include "lindwurm/operators/time_course.hpp"

namespace lindwurm {

namespace {

// The largest change of a map between two checks that may remain unresolved, and the largest number
// of checks, each of which reads all rows of the map.
constexpr double unseen_of_maps = 1e-3;
constexpr std::size_t most_looks = 256;

// Groups the terms by their function of time. The numerical coefficients stay with the terms.
std::vector<FunctionGroup> by_function(const std::vector<ProductTerm>& terms) {
  std::vector<FunctionGroup> groups{{Coefficient(1.0), {}}};
  for (const auto& term : terms) {
    auto group = std::find_if(groups.begin(), groups.end(), [&](const FunctionGroup& other) {
      return other.function.function_key() == term.coefficient.function_key();
    });
    if (group == groups.end()) {
      groups.push_back({term.coefficient.function_part(), {}});
      group = groups.end() - 1;
    }
    group->terms.push_back({Coefficient(term.coefficient.constant()), term.factors});
  }
  return groups;
}

Superoperator extra_terms(const Model& model) {
  Superoperator sum;
  for (const auto& term : model.superoperators) {
    sum += sum_of_superoperators(term, model.space, model.parameters);
  }
  return sum.simplified();
}

// The times at which a map is checked: the given ones, and some between them for every change of
// its functions of time. Throws InputError if one of these is infinite.
std::vector<double> looks_at(const Superoperator& map, std::vector<double> times) {
  if (map.is_constant() || times.size() < 2) return times;
  std::vector<Coefficient> functions;
  std::vector<double> weights;
  for (const auto& term : map.terms()) {
    if (term.coefficient.is_constant()) continue;
    functions.push_back(term.coefficient.function_part());
    weights.push_back(largest_row_sum(term));
  }
  const auto [first, last] = std::minmax_element(times.begin(), times.end());
  TimeCourse course(functions, weights, *first, *last, unseen_of_maps);
  for (double t = course.from(); times.size() < most_looks;) {
    const TimeCourse::Panel panel = course.panel(t);
    times.push_back(panel.begin + 0.4 * (panel.end - panel.begin));
    if (!(panel.end < course.to())) break;
    t = panel.end;
  }
  return times;
}

// Bounds on the numbers that were added up to give the extra terms, at time t.
Superoperator extra_magnitudes(const Model& model, double t) {
  Superoperator sum;
  for (const auto& term : model.superoperators)
    sum += magnitudes_of_superoperators(term, model.space, model.parameters, t);
  return sum.simplified();
}

// A basis of a sector in long slices, which needs little memory for a sector of any size.
PackedBasis sliced_basis(const Sector& sector) {
  return PackedBasis(sector, inner_sites_for_products(sector.charges.elements(), 1));
}

std::vector<ProductTerm> all_terms(const std::vector<FunctionGroup>& groups) {
  std::vector<ProductTerm> terms;
  for (const auto& group : groups)
    terms.insert(terms.end(), group.terms.begin(), group.terms.end());
  return terms;
}

std::vector<ProductTerm> ket_terms(const Operator& h) {
  return acting_on_kets(Coefficient(Complex(0, -1)) * h);
}

// The Hamiltonian of a model with no other terms. It must be Hermitian from the first to the last
// of these times.
Operator closed_hamiltonian(const System& system, const std::vector<double>& times) {
  const Model& model = system.model();
  if (!model.dissipators.empty() || !model.superoperators.empty() || !model.baths.empty()) {
    throw InputError(
        "kets follow a Hamiltonian alone: a model with dissipators, superoperators or baths has "
        "density operators");
  }
  system.require_valid(times);
  return system.hamiltonian().simplified();
}

ElementSpace elements_of(const Space& space, Dynamics dynamics) {
  return dynamics == Dynamics::lindblad ? density_elements(space) : ket_elements(space);
}

std::vector<ProductTerm> terms_of(const System& system, Dynamics dynamics) {
  switch (dynamics) {
    case Dynamics::unitary:
      return ket_terms(closed_hamiltonian(system, {}));
    case Dynamics::trajectories:
      return ket_terms(system.unravelling().effective_hamiltonian());
    case Dynamics::lindblad:
      break;
  }
  return system.generator().terms();
}

// L after the checks that need the times of the run.
Superoperator valid_generator(const System& system, const std::vector<double>& times) {
  system.require_valid(times);
  return system.take_generator();
}

Operator valid_effective_hamiltonian(const System& system, const std::vector<double>& times) {
  system.require_valid(times);
  return system.unravelling().effective_hamiltonian();
}

}  // namespace

std::vector<ProductTerm> beside_conjugates(const std::vector<ProductTerm>& terms) {
  std::vector<ProductTerm> both;
  for (const auto& term : terms) {
    for (const bool is_conjugate : {false, true}) {
      const int side = is_conjugate ? 1 : 0;
      ProductTerm lifted{is_conjugate ? conj(term.coefficient) : term.coefficient,
                         {{0, transition(side, side, 2)}}};
      for (const Factor& factor : term.factors) {
        lifted.factors.push_back({factor.site + 1, is_conjugate
                                                       ? SiteMatrix(factor.matrix.conjugate())
                                                       : factor.matrix});
      }
      both.push_back(std::move(lifted));
    }
  }
  return both;
}

std::vector<ProductTerm> acting_on_kets(const Operator& a) { return beside_conjugates(a.terms()); }

LinearEquation::LinearEquation(System system, MPI_Comm comm, const std::vector<ProductTerm>& sum,
                               const ElementSpace& elements, const Subdivision& subdivision)
    : system_(std::move(system)),
      comm_(comm),
      groups_(by_function(sum)),
      subdivision_(subdivision),
      flow_(all_terms(groups_), elements, subdivision) {}

std::vector<ProductTerm> LinearEquation::terms() const {
  std::vector<ProductTerm> all;
  for (const auto& group : groups_) {
    for (const auto& term : group.terms)
      all.push_back({group.function * term.coefficient, term.factors});
  }
  return all;
}

MasterEquation::MasterEquation(const System& system, MPI_Comm comm,
                               const std::vector<double>& times, const Subdivision& subdivision)
    : LinearEquation(system, comm, valid_generator(system, times).terms(),
                     density_elements(system.space()), subdivision) {
  const Model& model = system.model();
  if (!model.superoperators.empty()) {
    // Commutators with a Hermitian H, and dissipators, preserve Hermiticity by their form. So only
    // the other terms are checked.
    const Superoperator extra = extra_terms(model);
    const PackedBasis basis = sliced_basis(whole_space(Charges(density_elements(model.space))));
    for (const double t : looks_at(extra, times))
      require_hermiticity_preserving(
          extra, [&](double at) { return extra_magnitudes(model, at); }, basis, model.space, comm,
          t);
  }
  for (std::size_t k = 0; k < model.dissipators.size(); ++k) {
    for (const Jump& jump : system.jumps(k))
      if (!jump.rate.is_constant()) watch(jump);
  }
}

OperatorEquation::OperatorEquation(std::shared_ptr<const MasterEquation> master)
    : LinearEquation(master->system(), master->communicator(), beside_conjugates(master->terms()),

                     operator_elements(master->model().space), master->subdivision()),
      master_(std::move(master)) {
  for (const Jump& jump : master_->varying_rates())
    watch(jump);
}

KetEquation::KetEquation(const System& system, MPI_Comm comm, const Operator& h,
                         const Subdivision& subdivision)
    : LinearEquation(system, comm, ket_terms(h), ket_elements(system.space()), subdivision) {}

SchroedingerEquation::SchroedingerEquation(const System& system, MPI_Comm comm,
                                           const std::vector<double>& times,
                                           const Subdivision& subdivision)
    : KetEquation(system, comm, closed_hamiltonian(system, times), subdivision) {}

JumpEquation::JumpEquation(const System& system, MPI_Comm comm, const std::vector<double>& times,
                           const Subdivision& subdivision)
    : KetEquation(system, comm, valid_effective_hamiltonian(system, times), subdivision) {
  for (const auto& channel : channels()) {
    if (!channel.jump.rate.is_constant()) watch(channel.jump);
  }
}

EquationTerms::EquationTerms(const System& system, Dynamics dynamics)
    : elements(elements_of(system.space(), dynamics)), terms(terms_of(system, dynamics)) {}

std::int64_t largest_sector_size(const System& system, Dynamics dynamics) {
  const EquationTerms equation(system, dynamics);
  return size(largest_sector(Charges(equation.terms, equation.elements)));
}

System with_chosen_bases(const System& system, Dynamics dynamics) {
  if (system.space().joint()) return system;
  System chosen = system;
  const std::vector<Group>& groups = system.space().groups();
  // Classes of one bath are stored along the same axis.
  const auto stored_along = [&](std::size_t g, SpinBasis axis) {
    std::vector<Group> changed = chosen.space().groups();
    for (Group& each : changed) {
      if (each.word() == groups[g].word()) each.basis = axis;
    }
    return chosen.stored_in(Space(std::move(changed)));
  };
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (chosen.space().groups()[g].basis != SpinBasis::automatic) continue;
    const System along_z = stored_along(g, SpinBasis::z);
    const System along_x = stored_along(g, SpinBasis::x);
    const bool is_smaller_along_x =
        largest_sector_size(along_x, dynamics) < largest_sector_size(along_z, dynamics);
    chosen = is_smaller_along_x ? along_x : along_z;
  }
  return chosen;
}

double count_entries(const std::vector<ProductTerm>& terms, const Sector& sector,
                     std::int64_t sampled) {
  const PackedBasis basis = sliced_basis(sector);
  const auto groups = by_function(terms);
  std::vector<PackedRows> parts;
  for (const auto& group : groups)
    parts.emplace_back(group.terms, basis);
  const std::int64_t step = std::max<std::int64_t>(1, basis.size() / sampled);
  double entries = 0;
  double visited = 0;
  for (std::int64_t row = 0; row < basis.size(); row += step) {
    for (auto& part : parts)
      entries += static_cast<double>(part.read(row).size());
    visited += 1;
  }
  return visited > 0 ? entries * static_cast<double>(basis.size()) / visited : 0;
}

}  // namespace lindwurm
