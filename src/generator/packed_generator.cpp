#include "lindwurm/generator/packed_generator.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "lindwurm/generator/assemble.hpp"
#include "lindwurm/generator/matrix_free.hpp"

namespace lindwurm {

namespace {

// In the packed matrix, an entry a + i b contributes |a| + |b| to a row.
double packed_row_sum(const ProductTerm& term) {
  return std::numbers::sqrt2 * largest_row_sum(term);
}

int ranks_of(MPI_Comm comm) {
  int ranks = 1;
  MPI_Comm_size(comm, &ranks);
  return ranks;
}

}  // namespace

std::string_view name_of(Storage storage) {
  return storage == Storage::assembled ? "assembled" : "matrix-free";
}

PackedGenerator::PackedGenerator(std::shared_ptr<const LinearEquation> equation,
                                 const GeneratorOptions& options)
    : equation_(std::move(equation)),
      storage_(options.storage),
      sector_(options.sector ? *options.sector : whole_space(equation_->charges())),
      basis_(std::make_shared<const PackedBasis>(
          sector_,
          storage_ == Storage::matrix_free
              ? inner_sites_for_products(sector_.charges.elements(), ranks_of(communicator()),
                                         equation_->subdivision())
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

MatHandle PackedGenerator::stored(const std::vector<ProductTerm>& terms, Complex factor) const {
  return storage_ == Storage::matrix_free ? matrix_free(terms, basis_, communicator(), factor)
                                          : assemble(terms, *basis_, communicator(), factor);
}

Mat PackedGenerator::imaginary_part(const Varying& part) const {
  if (part.imaginary.get() == nullptr) {
    part.imaginary = stored(part.group->terms, Complex(0, 1));
  }
  return part.imaginary;
}

Factors PackedGenerator::factors(double t) const {
  Factors all;
  for (const auto& part : varying_)
    all.push_back(part.group->function.at(t));
  return all;
}

TimeCourse PackedGenerator::time_course(double from, double to, double tolerance) const {
  std::vector<Coefficient> functions;
  std::vector<double> weights;
  for (const auto& part : varying_) {
    functions.push_back(part.group->function);
    weights.push_back(0);
    for (const auto& term : part.group->terms)
      weights.back() += packed_row_sum(term);
  }
  return {std::move(functions), std::move(weights), from, to, tolerance};
}

void PackedGenerator::apply(const Factors& factors, Vec in, Vec out) const {
  LINDWURM_PETSC(MatMult(constant_, in, out));
  for (std::size_t k = 0; k < varying_.size(); ++k) {
    const auto& part = varying_[k];
    const Complex f = factors[k];
    if (f == 0.0) continue;
    LINDWURM_PETSC(MatMult(part.real, in, scratch_));
    LINDWURM_PETSC(VecAXPY(out, f.real(), scratch_));
    if (f.imag() == 0) continue;
    LINDWURM_PETSC(MatMult(imaginary_part(part), in, scratch_));
    LINDWURM_PETSC(VecAXPY(out, f.imag(), scratch_));
  }
}

MatHandle PackedGenerator::assembled(double t) const { return assembled(factors(t)); }

void PackedGenerator::apply(double t, Vec in, Vec out) const { apply(factors(t), in, out); }

MatHandle PackedGenerator::assembled(const Factors& factors) const {
  std::vector<ProductTerm> terms;
  std::size_t next = 0;
  for (const auto& group : equation_->groups()) {
    const Coefficient f = group.function.is_constant() ? group.function : factors[next++];
    for (const auto& term : group.terms)
      terms.push_back({f * term.coefficient, term.factors});
  }
  return assemble(terms, *basis_, communicator());
}

VecHandle PackedGenerator::vector() const {
  VecHandle v;
  LINDWURM_PETSC(MatCreateVecs(constant_, v.put(), nullptr));
  note_basis(v, *basis_);
  return v;
}

double PackedGenerator::size_of_terms() const {
  double size = 0;
  for (const auto& term : equation_->groups().front().terms)
    size += packed_row_sum(term);
  return size;
}

double PackedGenerator::norm_bound() const {
  if (storage_ == Storage::matrix_free) return size_of_terms();
  PetscReal norm = 0;
  LINDWURM_PETSC(MatNorm(constant_, NORM_INFINITY, &norm));
  return norm;
}

UsedSpace PackedGenerator::used_space() const {
  return {basis_->size(), conserved_values(sector_), storage_, entries()};
}

double PackedGenerator::entries() const {
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

}  // namespace lindwurm
