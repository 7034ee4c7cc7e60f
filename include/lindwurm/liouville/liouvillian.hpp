// The Liouvillian as a parallel PETSc matrix on packed density operators.
#pragma once

#include <vector>

#include "lindwurm/backend/petsc.hpp"
#include "lindwurm/liouville/packed_basis.hpp"
#include "lindwurm/model/model.hpp"

namespace lindwurm {

/// f(t) * sum_k c_k prod_s M_ks, the c_k numbers.
struct FunctionGroup {
  Coefficient function;
  std::vector<ProductTerm> terms;
};

/// L(t) = L_0 + sum_k f_k(t) L_k, each L_k an MPIAIJ matrix with exact preallocation.
///
/// Packing: an entry L[x, y] = a + i b of the complex Liouvillian adds a at (x, y) and b at
/// (x, y'); the spectrum of the packed real matrix is the spectrum of L. Rows follow PackedBasis.
class Liouvillian {
 public:
  /// Collective over `comm`. `times` are instants at which a time-dependent model is validated.
  /// Throws InputError if the generator does not map Hermitian operators to Hermitian operators,
  /// if a rate or the Hamiltonian is invalid, or if indices or memory do not suffice.
  Liouvillian(const Model& model, MPI_Comm comm, const std::vector<double>& times = {0.0});

  [[nodiscard]] const PackedBasis& basis() const { return basis_; }
  [[nodiscard]] const Model& model() const { return model_; }
  [[nodiscard]] const Space& space() const { return model_.space; }
  [[nodiscard]] MPI_Comm communicator() const { return comm_; }
  [[nodiscard]] bool is_constant() const { return varying_.empty(); }
  /// Time-dependent rates, to be watched while time goes on.
  [[nodiscard]] const std::vector<Jump>& varying_rates() const { return varying_rates_; }

  /// L_0, all of L for a constant model. Borrowed: it lives as long as the Liouvillian.
  [[nodiscard]] Mat constant_part() const { return constant_; }
  /// L(t) as one matrix. Collective; the caller owns the copy.
  [[nodiscard]] MatHandle at(double t) const;
  /// out = L(t) in. Collective.
  void apply(double t, Vec in, Vec out) const;

  /// An uninitialised vector of the right layout. Collective.
  [[nodiscard]] VecHandle vector() const;
  /// The identity's functional: tr rho = <trace, R>. Collective.
  [[nodiscard]] VecHandle trace_functional() const;
  /// |L^T tr|_inf of the constant part: how far L is from preserving the trace. Collective.
  [[nodiscard]] double trace_defect() const;
  /// The largest absolute row sum of L_0, a bound on every |eigenvalue|. Collective.
  [[nodiscard]] double norm_bound() const;
  [[nodiscard]] double entries() const;

 private:
  struct Varying {
    FunctionGroup group;
    MatHandle real;               // packs the terms
    mutable MatHandle imaginary;  // packs i * terms, made when f first turns out complex
  };

  Mat imaginary_part(const Varying& part) const;

  Model model_;
  PackedBasis basis_;
  MPI_Comm comm_;
  MatHandle constant_;
  std::vector<Varying> varying_;
  std::vector<Jump> varying_rates_;
  mutable VecHandle scratch_;
};

/// The number of entries that assembling the model's generator takes, exact up to `sampled` rows
/// and estimated from that many evenly spaced rows above. Not collective.
[[nodiscard]] double count_entries(const Model& model, std::int64_t sampled = 2000000);

/// The bytes of an assembled matrix with this many rows and entries.
[[nodiscard]] double assembled_bytes(double rows, double entries);

}  // namespace lindwurm
