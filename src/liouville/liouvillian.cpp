#include "lindwurm/liouville/liouvillian.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/liouville/assemble.hpp"
#include "lindwurm/liouville/matrix_free.hpp"

namespace lindwurm {

namespace {

// Terms with one function of time in common; the numbers in front stay with the terms.
std::vector<FunctionGroup> by_function(const Superoperator& sum) {
  std::vector<FunctionGroup> groups{{Coefficient(1.0), {}}};
  for (const auto& term : sum.terms()) {
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

// The whole space in long slices, which take little room however large it is.
PackedBasis sliced_basis(const Space& space) {
  const Charges none(density_elements(space));
  return PackedBasis(whole_space(none), inner_sites_for_products(none.elements(), 1));
}

std::vector<ProductTerm> all_terms(const std::vector<FunctionGroup>& groups) {
  std::vector<ProductTerm> terms;
  for (const auto& group : groups)
    terms.insert(terms.end(), group.terms.begin(), group.terms.end());
  return terms;
}

// |c| prod_s of the factors' largest absolute row sums; packed, an entry a + i b adds |a| + |b|.
double largest_row_sum(const ProductTerm& term) {
  double product = std::numbers::sqrt2 * std::abs(term.coefficient.constant());
  for (const auto& factor : term.factors) {
    double largest = 0;
    for (int row = 0; row < factor.matrix.outerSize(); ++row) {
      double sum = 0;
      for (SiteMatrix::InnerIterator it(factor.matrix, row); it; ++it)
        sum += std::abs(it.value());
      largest = std::max(largest, sum);
    }
    product *= largest;
  }
  return product;
}

int ranks_of(MPI_Comm comm) {
  int ranks = 1;
  MPI_Comm_size(comm, &ranks);
  return ranks;
}

}  // namespace

MasterEquation::MasterEquation(Model model, MPI_Comm comm, const std::vector<double>& times)
    : model_(std::move(model)),
      comm_(comm),
      groups_(by_function(generator(model_, times))),
      charges_(all_terms(groups_), density_elements(model_.space)) {
  if (!model_.superoperators.empty()) {
    // Commutators with a Hermitian H and dissipators keep rho Hermitian by their form.
    const Superoperator extra = extra_terms(model_);
    const PackedBasis basis = sliced_basis(model_.space);
    for (double t : times)
      require_hermiticity_preserving(extra, basis, model_.space, comm, t);
  }
  for (const auto& dissipator : model_.dissipators) {
    for (Jump& jump : jumps(dissipator, model_)) {
      if (!jump.rate.is_constant()) varying_rates_.push_back(std::move(jump));
    }
  }
}

std::string_view name_of(Storage storage) {
  return storage == Storage::assembled ? "assembled" : "matrix-free";
}

Charges conserved_charges(const Model& model) {
  return {all_terms(by_function(generator(model, {}))), density_elements(model.space)};
}

std::int64_t largest_sector(const Charges& charges) {
  std::int64_t largest = 0;
  for (const Sector& sector : all_sectors(charges))
    largest = std::max(largest, size(sector));
  return largest;
}

std::int64_t largest_sector(const Model& model) { return largest_sector(conserved_charges(model)); }

Model with_chosen_bases(Model model) {
  std::vector<Group> groups = model.space.groups();
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (groups[g].basis != SpinBasis::automatic) continue;
    const auto largest_along = [&](SpinBasis axis) {
      groups[g].basis = axis;
      model.space = Space(groups);
      return largest_sector(model);
    };
    const std::int64_t along_z = largest_along(SpinBasis::z);
    if (largest_along(SpinBasis::x) >= along_z) groups[g].basis = SpinBasis::z;
  }
  model.space = Space(groups);
  return model;
}

Liouvillian::Liouvillian(std::shared_ptr<const MasterEquation> equation,
                         const LiouvillianOptions& options)
    : equation_(std::move(equation)),
      storage_(options.storage),
      sector_(options.sector ? *options.sector : whole_space(equation_->charges())),
      basis_(std::make_shared<const PackedBasis>(
          sector_,
          storage_ == Storage::matrix_free
              ? inner_sites_for_products(sector_.charges.elements(), ranks_of(communicator()))
              : std::vector<int>{})) {
  for (const auto& group : equation_->groups()) {
    MatHandle matrix = stored(group.terms);
    if (group.function.is_constant()) {
      constant_ = std::move(matrix);
    } else {
      varying_.push_back({&group, std::move(matrix), {}});
    }
  }
  if (!varying_.empty()) scratch_ = vector();
}

Liouvillian::Liouvillian(const Model& model, MPI_Comm comm, const std::vector<double>& times,
                         const LiouvillianOptions& options)
    : Liouvillian(std::make_shared<const MasterEquation>(model, comm, times), options) {}

MatHandle Liouvillian::stored(const std::vector<ProductTerm>& terms, Complex factor) const {
  return storage_ == Storage::matrix_free ? matrix_free(terms, basis_, communicator(), factor)
                                          : assemble(terms, *basis_, communicator(), factor);
}

Mat Liouvillian::imaginary_part(const Varying& part) const {
  if (part.imaginary.get() == nullptr) {
    part.imaginary = stored(part.group->terms, Complex(0, 1));
  }
  return part.imaginary;
}

void Liouvillian::apply(double t, Vec in, Vec out) const {
  LINDWURM_PETSC(MatMult(constant_, in, out));
  for (const auto& part : varying_) {
    const Complex f = part.group->function.at(t);
    LINDWURM_PETSC(MatMult(part.real, in, scratch_));
    LINDWURM_PETSC(VecAXPY(out, f.real(), scratch_));
    if (f.imag() == 0) continue;
    LINDWURM_PETSC(MatMult(imaginary_part(part), in, scratch_));
    LINDWURM_PETSC(VecAXPY(out, f.imag(), scratch_));
  }
}

MatHandle Liouvillian::assembled(double t) const {
  std::vector<ProductTerm> terms;
  for (const auto& group : equation_->groups()) {
    const Coefficient f = group.function.at(t);
    for (const auto& term : group.terms)
      terms.push_back({f * term.coefficient, term.factors});
  }
  return assemble(terms, *basis_, communicator());
}

VecHandle Liouvillian::vector() const {
  VecHandle v;
  LINDWURM_PETSC(MatCreateVecs(constant_, v.put(), nullptr));
  return v;
}

VecHandle Liouvillian::trace_functional() const {
  VecHandle trace = vector();
  LINDWURM_PETSC(VecSet(trace, 0.0));
  PetscInt first = 0;
  PetscInt last = 0;
  LINDWURM_PETSC(VecGetOwnershipRange(trace, &first, &last));
  for (std::int64_t m = 0; m < basis_->hilbert_dimension(); ++m) {
    const auto position = static_cast<PetscInt>(basis_->position(basis_->index(m, m)));
    // -1, for an element outside the sector, belongs to no rank.
    if (position >= first && position < last) {
      LINDWURM_PETSC(VecSetValue(trace, position, 1.0, INSERT_VALUES));
    }
  }
  LINDWURM_PETSC(VecAssemblyBegin(trace));
  LINDWURM_PETSC(VecAssemblyEnd(trace));
  return trace;
}

double Liouvillian::trace_defect() const {
  const VecHandle trace = trace_functional();
  const VecHandle image = vector();
  LINDWURM_PETSC(MatMultTranspose(constant_, trace, image));
  PetscReal norm = 0;
  LINDWURM_PETSC(VecNorm(image, NORM_INFINITY, &norm));
  return norm;
}

double Liouvillian::norm_bound() const {
  PetscReal norm = 0;
  if (storage_ == Storage::matrix_free) {
    for (const auto& term : equation_->groups().front().terms)
      norm += largest_row_sum(term);
    return norm;
  }
  LINDWURM_PETSC(MatNorm(constant_, NORM_INFINITY, &norm));
  return norm;
}

double Liouvillian::entries() const {
  double total = 0;
  if (storage_ == Storage::matrix_free) return total;
  const auto add = [&](Mat matrix) {
    if (matrix == nullptr) return;
    MatInfo info;
    LINDWURM_PETSC(MatGetInfo(matrix, MAT_GLOBAL_SUM, &info));
    total += info.nz_used;
  };
  add(constant_);
  for (const auto& part : varying_) {
    add(part.real);
    add(part.imaginary);
  }
  return total;
}

AssembledPart::AssembledPart(const Liouvillian& liouvillian) {
  if (liouvillian.storage() != Storage::assembled) copy_ = liouvillian.assembled();
  matrix_ = copy_.get() == nullptr ? liouvillian.constant_part() : copy_.get();
}

double count_entries(const Model& model, std::int64_t sampled) {
  const PackedBasis basis = sliced_basis(model.space);
  const auto groups = by_function(generator(model));
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

double assembled_bytes(double rows, double entries) {
  // AIJ: a number and a column for each entry; a row pointer and a row length for each row.
  return entries * (sizeof(PetscScalar) + sizeof(PetscInt)) + rows * 2 * sizeof(PetscInt);
}

}  // namespace lindwurm
