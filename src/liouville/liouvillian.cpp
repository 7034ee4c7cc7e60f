#include "lindwurm/liouville/liouvillian.hpp"

#include <algorithm>
#include <cmath>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/liouville/assemble.hpp"

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

}  // namespace

Liouvillian::Liouvillian(const Model& model, MPI_Comm comm, const std::vector<double>& times)
    : model_(model), basis_(model.space), comm_(comm) {
  const Superoperator sum = generator(model, times);
  if (!model.superoperators.empty()) {
    // Commutators with a Hermitian H and dissipators keep rho Hermitian by their form.
    const Superoperator extra = extra_terms(model);
    for (double t : times)
      require_hermiticity_preserving(extra, basis_, space(), comm, t);
  }
  for (const auto& dissipator : model.dissipators) {
    for (Jump& jump : jumps(dissipator, model)) {
      if (!jump.rate.is_constant()) varying_rates_.push_back(std::move(jump));
    }
  }
  for (auto& group : by_function(sum)) {
    MatHandle matrix = assemble(group.terms, basis_, comm);
    if (group.function.is_constant()) {
      constant_ = std::move(matrix);
    } else {
      varying_.push_back({std::move(group), std::move(matrix), {}});
    }
  }
  if (!varying_.empty()) scratch_ = vector();
}

Mat Liouvillian::imaginary_part(const Varying& part) const {
  if (part.imaginary.get() == nullptr) {
    part.imaginary = assemble(part.group.terms, basis_, comm_, Complex(0, 1));
  }
  return part.imaginary;
}

void Liouvillian::apply(double t, Vec in, Vec out) const {
  LINDWURM_PETSC(MatMult(constant_, in, out));
  for (const auto& part : varying_) {
    const Complex f = part.group.function.at(t);
    LINDWURM_PETSC(MatMult(part.real, in, scratch_));
    LINDWURM_PETSC(VecAXPY(out, f.real(), scratch_));
    if (f.imag() == 0) continue;
    LINDWURM_PETSC(MatMult(imaginary_part(part), in, scratch_));
    LINDWURM_PETSC(VecAXPY(out, f.imag(), scratch_));
  }
}

MatHandle Liouvillian::at(double t) const {
  MatHandle sum;
  LINDWURM_PETSC(MatDuplicate(constant_, MAT_COPY_VALUES, sum.put()));
  for (const auto& part : varying_) {
    const Complex f = part.group.function.at(t);
    LINDWURM_PETSC(MatAXPY(sum, f.real(), part.real, DIFFERENT_NONZERO_PATTERN));
    if (f.imag() == 0) continue;
    LINDWURM_PETSC(MatAXPY(sum, f.imag(), imaginary_part(part), DIFFERENT_NONZERO_PATTERN));
  }
  return sum;
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
  for (std::int64_t m = 0; m < basis_.hilbert_dimension(); ++m) {
    const auto position = static_cast<PetscInt>(basis_.position(basis_.index(m, m)));
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
  LINDWURM_PETSC(MatNorm(constant_, NORM_INFINITY, &norm));
  return norm;
}

double Liouvillian::entries() const {
  double total = 0;
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

double count_entries(const Model& model, std::int64_t sampled) {
  const PackedBasis basis(model.space);
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
