#include "lindwurm/states/operator_generator.hpp"

#include "lindwurm/generator/assemble.hpp"
#include "lindwurm/operators/rows.hpp"
#include "lindwurm/operators/superoperator.hpp"
#include "packing.hpp"

namespace lindwurm {

namespace {

// A packed operator. element(x) returns its element x, for x < D^2.
template <typename Element>
VecHandle fill_operator(const OperatorGenerator& generator, Element element) {
  const std::int64_t conjugates = generator.basis().elements().size() / 2;
  return fill(generator, [&](std::int64_t x) {
    return x < conjugates ? Complex(element(x)) : std::conj(Complex(element(x - conjugates)));
  });
}

Complex element_of(const double* packed, std::int64_t x, const PackedBasis& basis) {
  const std::int64_t position = basis.position(x);
  if (position < 0) return 0;
  const double here = packed[position];
  const double mirrored = packed[basis.position(basis.mirror(x))];
  return Complex(here + mirrored, here - mirrored) / 2.0;
}

}  // namespace

OperatorGenerator::OperatorGenerator(const std::shared_ptr<const OperatorEquation>& equation,
                                     const GeneratorOptions& options)
    : PackedGenerator(equation, options), equation_(equation) {}

MatHandle OperatorGenerator::shifted(Complex z) const {
  std::vector<ProductTerm> terms = equation().groups().front().terms;
  for (const ProductTerm& term : beside_conjugates({{Coefficient(-z), {}}}))
    terms.push_back(term);
  return assemble(terms, basis(), communicator());
}

VecHandle apply(const Superoperator& s, Vec rho, const PackedBasis& basis,
                const OperatorGenerator& generator) {
  require_basis(rho, basis.mark(), "the basis");
  const VecHandle all = on_every_rank(rho);
  RowReader rows(s.terms(), basis.site_dimensions());
  const PetscScalar* packed = nullptr;
  LINDWURM_PETSC(VecGetArrayRead(all, &packed));
  VecHandle x = fill_operator(generator, [&](std::int64_t row) {
    Complex sum = 0;
    rows.read(row, [&](std::size_t term, std::int64_t column, Complex value) {
      sum += s.terms()[term].coefficient.constant() * value * element_of(packed, column, basis);
    });
    return sum;
  });
  LINDWURM_PETSC(VecRestoreArrayRead(all, &packed));
  return x;
}

VecHandle identity(const OperatorGenerator& generator) {
  return fill_operator(generator, [&](std::int64_t x) {
    const auto [m, n] = generator.basis().states(x);
    return m == n ? 1.0 : 0.0;
  });
}

Sector image(const Superoperator& s, const Sector& sector) {
  return image(beside_conjugates(s.terms()), sector);
}

// tr(A X) = sum_mn conj((A^dag)_mn) X_mn, where A^dag is written as A^dag times the identity.
Sector sector_read_by(const Operator& a, const Charges& charges) {
  return image(left(dag(a)), sector_of_diagonal(charges));
}

Eigen::MatrixXcd unpack_operator(Vec packed, const PackedBasis& basis) {
  require_basis(packed, basis.mark(), "the basis");
  const VecHandle all = on_every_rank(packed);
  const auto d = basis.hilbert_dimension();
  Eigen::MatrixXcd x(d, d);
  const PetscScalar* r = nullptr;
  LINDWURM_PETSC(VecGetArrayRead(all, &r));
  for (std::int64_t m = 0; m < d; ++m) {
    for (std::int64_t n = 0; n < d; ++n)
      x(m, n) = basis.index(m, n) < 0 ? 0.0 : element_of(r, basis.index(m, n), basis);
  }
  LINDWURM_PETSC(VecRestoreArrayRead(all, &r));
  return from_stored_basis(std::move(x), basis.space());
}

}  // namespace lindwurm
