#include "lindwurm/liouville/packed_generator.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "lindwurm/liouville/assemble.hpp"
#include "lindwurm/liouville/matrix_free.hpp"

namespace lindwurm {

namespace {

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

void PackedGenerator::apply(double t, Vec in, Vec out) const {
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

MatHandle PackedGenerator::assembled(double t) const {
  std::vector<ProductTerm> terms;
  for (const auto& group : equation_->groups()) {
    const Coefficient f = group.function.at(t);
    for (const auto& term : group.terms)
      terms.push_back({f * term.coefficient, term.factors});
  }
  return assemble(terms, *basis_, communicator());
}

VecHandle PackedGenerator::vector() const {
  VecHandle v;
  LINDWURM_PETSC(MatCreateVecs(constant_, v.put(), nullptr));
  return v;
}

double PackedGenerator::norm_bound() const {
  PetscReal norm = 0;
  if (storage_ == Storage::matrix_free) {
    for (const auto& term : equation_->groups().front().terms)
      norm += largest_row_sum(term);
    return norm;
  }
  LINDWURM_PETSC(MatNorm(constant_, NORM_INFINITY, &norm));
  return norm;
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
