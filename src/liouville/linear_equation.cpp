#include "lindwurm/liouville/linear_equation.hpp"

#include <algorithm>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/liouville/assemble.hpp"
#include "lindwurm/liouville/matrix_free.hpp"
#include "lindwurm/operators/site_operators.hpp"

namespace lindwurm {

namespace {

// Terms with one function of time in common; the numbers in front stay with the terms.
std::vector<FunctionGroup> by_function(const std::vector<ProductTerm>& terms) {
  std::vector<FunctionGroup> groups{{Coefficient(1.0), {}}};
  for (const auto& term : terms) {
    auto group = std::find_if(groups.begin(), groups.end(), [&](const FunctionGroup& other) {
      return other.function.function_text() == term.coefficient.function_text();
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

// A sector in long slices, which take little room however large it is.
PackedBasis sliced_basis(const Sector& sector) {
  return PackedBasis(sector, inner_sites_for_products(sector.charges.elements(), 1));
}

std::vector<ProductTerm> all_terms(const std::vector<FunctionGroup>& groups) {
  std::vector<ProductTerm> terms;
  for (const auto& group : groups)
    terms.insert(terms.end(), group.terms.begin(), group.terms.end());
  return terms;
}

// Each with its function of time.
std::vector<ProductTerm> whole_terms(const std::vector<FunctionGroup>& groups) {
  std::vector<ProductTerm> terms;
  for (const auto& group : groups) {
    for (const auto& term : group.terms)
      terms.push_back({group.function * term.coefficient, term.factors});
  }
  return terms;
}

std::vector<ProductTerm> ket_terms(const Operator& h) {
  return acting_on_kets(Coefficient(Complex(0, -1)) * h);
}

// H alone, Hermitian at these times.
Operator closed_hamiltonian(const Model& model, const std::vector<double>& times) {
  if (!model.dissipators.empty() || !model.superoperators.empty() || !model.baths.empty()) {
    throw InputError(
        "kets follow a Hamiltonian alone: a model with dissipators, superoperators or baths has "
        "density operators");
  }
  const Operator h = sum_over_members(model.hamiltonian, model.space, model.parameters);
  for (double t : times)
    require_hermitian(h, model.space, t);
  return h.simplified();
}

ElementSpace elements_of(const Model& model, Dynamics dynamics) {
  return dynamics == Dynamics::lindblad ? density_elements(model.space) : ket_elements(model.space);
}

std::vector<ProductTerm> terms_of(const Model& model, Dynamics dynamics) {
  switch (dynamics) {
    case Dynamics::unitary:
      return ket_terms(closed_hamiltonian(model, {}));
    case Dynamics::trajectories:
      return ket_terms(unravelled(model, {}).effective_hamiltonian());
    case Dynamics::lindblad:
      break;
  }
  return generator(model, {}).terms();
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

LinearEquation::LinearEquation(Model model, MPI_Comm comm, const std::vector<ProductTerm>& sum,
                               const ElementSpace& elements)
    : model_(std::move(model)),
      comm_(comm),
      groups_(by_function(sum)),
      charges_(all_terms(groups_), elements) {}

MasterEquation::MasterEquation(const Model& model, MPI_Comm comm, const std::vector<double>& times)
    : LinearEquation(model, comm, generator(model, times).terms(), density_elements(model.space)) {
  if (!model.superoperators.empty()) {
    // Commutators with a Hermitian H and dissipators keep rho Hermitian by their form.
    const Superoperator extra = extra_terms(model);
    const PackedBasis basis = sliced_basis(whole_space(Charges(density_elements(model.space))));
    for (double t : times)
      require_hermiticity_preserving(extra, basis, model.space, comm, t);
  }
  for (const auto& dissipator : model.dissipators) {
    for (Jump& jump : jumps(dissipator, model)) {
      if (!jump.rate.is_constant()) watch(std::move(jump));
    }
  }
}

OperatorEquation::OperatorEquation(std::shared_ptr<const MasterEquation> master)
    : LinearEquation(master->model(), master->communicator(),
                     beside_conjugates(whole_terms(master->groups())),
                     operator_elements(master->model().space)),
      master_(std::move(master)) {
  for (const Jump& jump : master_->varying_rates())
    watch(jump);
}

KetEquation::KetEquation(const Model& model, MPI_Comm comm, const Operator& h)
    : LinearEquation(model, comm, ket_terms(h), ket_elements(model.space)) {}

SchroedingerEquation::SchroedingerEquation(const Model& model, MPI_Comm comm,
                                           const std::vector<double>& times)
    : KetEquation(model, comm, closed_hamiltonian(model, times)) {}

JumpEquation::JumpEquation(const Model& model, MPI_Comm comm, const std::vector<double>& times)
    : JumpEquation(model, comm, unravelled(model, times)) {}

JumpEquation::JumpEquation(const Model& model, MPI_Comm comm, Unravelling unravelling)
    : KetEquation(model, comm, unravelling.effective_hamiltonian()),
      channels_(std::move(unravelling.channels)) {
  for (const auto& channel : channels_) {
    if (!channel.jump.rate.is_constant()) watch(channel.jump);
  }
}

EquationTerms::EquationTerms(const Model& model, Dynamics dynamics)
    : elements(elements_of(model, dynamics)), terms(terms_of(model, dynamics)) {}

std::int64_t largest_sector_size(const Model& model, Dynamics dynamics) {
  const EquationTerms equation(model, dynamics);
  return size(largest_sector(Charges(equation.terms, equation.elements)));
}

Model with_chosen_bases(Model model, Dynamics dynamics) {
  std::vector<Group> groups = model.space.groups();
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (groups[g].basis != SpinBasis::automatic) continue;
    // Classes of one bath go together.
    const auto store_along = [&](SpinBasis axis) {
      for (Group& each : groups) {
        if (each.word() == groups[g].word()) each.basis = axis;
      }
    };
    const auto largest_along = [&](SpinBasis axis) {
      store_along(axis);
      model.space = Space(groups);
      return largest_sector_size(model, dynamics);
    };
    const std::int64_t along_z = largest_along(SpinBasis::z);
    if (largest_along(SpinBasis::x) >= along_z) store_along(SpinBasis::z);
  }
  model.space = Space(groups);
  return model;
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
