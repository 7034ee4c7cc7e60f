#include "lindwurm/generator/liouvillian.hpp"

#include "sectors/bras.hpp"

namespace lindwurm {

namespace {

// A trace defect of this share of the terms of L is rounding.
constexpr double negligible_defect = 1e-10;

}  // namespace

Liouvillian::Liouvillian(std::shared_ptr<const MasterEquation> equation,
                         const GeneratorOptions& options)
    : PackedGenerator(equation, options), equation_(std::move(equation)) {}

Liouvillian::Liouvillian(const System& system, MPI_Comm comm, const std::vector<double>& times,
                         const GeneratorOptions& options)
    : Liouvillian(std::make_shared<const MasterEquation>(system, comm, times), options) {}

VecHandle Liouvillian::trace_functional() const {
  VecHandle trace = vector();
  LINDWURM_PETSC(VecSet(trace, 0.0));
  PetscInt first = 0;
  PetscInt last = 0;
  LINDWURM_PETSC(VecGetOwnershipRange(trace, &first, &last));
  over_bras(basis(), first, last, [&](std::int64_t m) {
    const auto position = static_cast<PetscInt>(basis().position(basis().index(m, m)));
    // The position -1, of an element outside the sector, belongs to no rank.
    if (position >= first && position < last) {
      LINDWURM_PETSC(VecSetValue(trace, position, 1.0, INSERT_VALUES));
    }
  });
  LINDWURM_PETSC(VecAssemblyBegin(trace));
  LINDWURM_PETSC(VecAssemblyEnd(trace));
  return trace;
}

double Liouvillian::trace_defect() const {
  const VecHandle trace = trace_functional();
  const VecHandle image = vector();
  LINDWURM_PETSC(MatMultTranspose(constant_part(), trace, image));
  PetscReal norm = 0;
  LINDWURM_PETSC(VecNorm(image, NORM_INFINITY, &norm));
  return norm;
}

std::optional<double> Liouvillian::trace_loss() const {
  const double defect = trace_defect();
  if (defect <= negligible_defect * size_of_terms()) return std::nullopt;
  return defect;
}

AssembledPart::AssembledPart(const Liouvillian& liouvillian) {
  if (liouvillian.storage() != Storage::assembled) copy_ = liouvillian.assembled();
  matrix_ = copy_.get() == nullptr ? liouvillian.constant_part() : copy_.get();
}

}  // namespace lindwurm
