// The right-hand side of a linear equation as a parallel PETSc matrix on packed vectors.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "lindwurm/backend/petsc.hpp"
#include "lindwurm/liouville/linear_equation.hpp"
#include "lindwurm/liouville/packed_basis.hpp"

namespace lindwurm {

enum class Storage {
  assembled,    ///< a parallel AIJ matrix
  matrix_free,  ///< products of small matrices, applied without being stored
};

/// "assembled" or "matrix-free", as in the model file.
[[nodiscard]] std::string_view name_of(Storage storage);

struct GeneratorOptions {
  Storage storage = Storage::assembled;
  /// The part of the space to work in; none: all of it.
  std::optional<Sector> sector{};
};

/// L(t) = L_0 + sum_k f_k(t) L_k, each L_k a PETSc matrix: MPIAIJ with exact preallocation, or a
/// shell that stores nothing of the size of L.
///
/// Packing: an entry L[x, y] = a + i b of the complex matrix adds a at (x, y) and b at (x, y'); the
/// spectrum of the packed real matrix is the spectrum of L. Rows follow PackedBasis.
class PackedGenerator {
 public:
  /// Collective over the equation's communicator. Throws InputError if indices or memory do not
  /// suffice.
  explicit PackedGenerator(std::shared_ptr<const LinearEquation> equation,
                           const GeneratorOptions& options = {});

  [[nodiscard]] const LinearEquation& equation() const { return *equation_; }
  [[nodiscard]] Storage storage() const { return storage_; }
  /// The sector that L acts in.
  [[nodiscard]] const Sector& sector() const { return sector_; }
  [[nodiscard]] const PackedBasis& basis() const { return *basis_; }
  [[nodiscard]] const std::shared_ptr<const PackedBasis>& shared_basis() const { return basis_; }
  [[nodiscard]] const Model& model() const { return equation_->model(); }
  [[nodiscard]] const Space& space() const { return model().space; }
  [[nodiscard]] MPI_Comm communicator() const { return equation_->communicator(); }
  [[nodiscard]] bool is_constant() const { return varying_.empty(); }

  /// L_0, all of L for a constant model, as it is stored. Borrowed: it lives as long as this.
  [[nodiscard]] Mat constant_part() const { return constant_; }
  /// L(t) as one assembled matrix, whatever the storage. Collective; the caller owns the copy.
  [[nodiscard]] MatHandle assembled(double t = 0) const;
  /// out = L(t) in. Collective.
  void apply(double t, Vec in, Vec out) const;

  /// An uninitialised vector of the right layout. Collective.
  [[nodiscard]] VecHandle vector() const;
  /// A bound on every |eigenvalue| of L_0: the largest absolute row sum, or, of a matrix that is
  /// not stored, the sum of the terms' largest absolute row sums. Collective.
  [[nodiscard]] double norm_bound() const;
  /// Stored entries of all parts, 0 if nothing is stored. Collective.
  [[nodiscard]] double entries() const;

 private:
  struct Varying {
    const FunctionGroup* group;   // of the equation
    MatHandle real;               // packs the terms
    mutable MatHandle imaginary;  // packs i * terms, made when f first turns out complex
  };

  MatHandle stored(const std::vector<ProductTerm>& terms, Complex factor = 1.0) const;
  Mat imaginary_part(const Varying& part) const;

  std::shared_ptr<const LinearEquation> equation_;
  Storage storage_;
  Sector sector_;
  std::shared_ptr<const PackedBasis> basis_;
  MatHandle constant_;
  std::vector<Varying> varying_;
  mutable VecHandle scratch_;
};

}  // namespace lindwurm
