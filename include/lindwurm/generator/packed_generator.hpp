// The right-hand side of a linear equation as a parallel PETSc matrix on packed vectors.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "lindwurm/backend/petsc.hpp"
#include "lindwurm/generator/linear_equation.hpp"
#include "lindwurm/operators/time_course.hpp"
#include "lindwurm/sectors/packed_basis.hpp"

namespace lindwurm {

/// How a generator is stored.
enum class Storage {
  assembled,    ///< a parallel AIJ matrix
  matrix_free,  ///< products of small matrices, applied without being stored
};

/// "assembled" or "matrix-free", as in the model file.
[[nodiscard]] std::string_view name_of(Storage storage);

/// The storage and the sector of a generator.
struct GeneratorOptions {
  Storage storage = Storage::assembled;
  /// The sector to work in. If not given, the whole space.
  std::optional<Sector> sector{};
};

/// The space in which a problem was solved, for reports.
struct UsedSpace {
  std::int64_t unknowns = 0;
  /// The conserved charges of the elements |m><n| that were used; empty if finer charges were used.
  std::set<Charge> charges{};
  Storage storage = Storage::assembled;
  double entries = 0;  ///< of the stored generator; 0 if matrix-free
};

/// The values of the functions of time, in the order of the equation's groups.
using Factors = std::vector<Complex>;

/// L(t) = L_0 + sum_k f_k(t) L_k. Each L_k is a PETSc matrix: MPIAIJ with exact preallocation, or a
/// shell that stores nothing of the size of L.
///
/// Packing: an entry L[x, y] = a + i b of the complex matrix adds a at (x, y) and b at (x, y'). The
/// packed real matrix has the same spectrum as L. Rows are in the order of PackedBasis.
class PackedGenerator {
 public:
  /// Collective over the equation's communicator. Throws InputError if indices or memory are not
  /// sufficient.
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
  /// True if L does not depend on time.
  [[nodiscard]] bool is_constant() const { return varying_.empty(); }

  /// L_0 as it is stored; for a constant model this is all of L. Borrowed: it lives as long as this
  /// object.
  [[nodiscard]] Mat constant_part() const { return constant_; }
  /// f_k(t) of all functions of time. At a corner, the values are those just after it.
  [[nodiscard]] Factors factors(double t) const;
  /// The behaviour of these functions between two times. Parts of a step that remain unresolved
  /// weigh at most `tolerance`.
  [[nodiscard]] TimeCourse time_course(double from, double to, double tolerance) const;
  /// L(t) as one assembled matrix, whatever the storage. Collective; the caller owns the copy.
  [[nodiscard]] MatHandle assembled(double t = 0) const;
  [[nodiscard]] MatHandle assembled(const Factors& factors) const;
  /// out = L(t) in. Collective.
  void apply(double t, Vec in, Vec out) const;
  /// out = (L_0 + sum_k factors[k] L_k) in. Collective.
  void apply(const Factors& factors, Vec in, Vec out) const;

  /// An uninitialised vector of the right layout. Collective.
  [[nodiscard]] VecHandle vector() const;
  /// A bound on every |eigenvalue| of L_0. It is the largest absolute row sum or, for a matrix-free
  /// L_0, the sum of the terms' largest absolute row sums. Collective.
  [[nodiscard]] double norm_bound() const;
  /// The sum over the terms of L_0 of their largest absolute row sums, in the whole space and
  /// before terms cancel each other. Rounding errors of L_0 are relative to it, in every sector.
  [[nodiscard]] double size_of_terms() const;
  /// The number of stored entries of all parts; 0 if matrix-free. Collective.
  [[nodiscard]] double entries() const;
  /// Collective.
  [[nodiscard]] UsedSpace used_space() const;

 private:
  struct Varying {
    const FunctionGroup* group;   // the group of the equation
    MatHandle real;               // the packed matrix of the terms
    mutable MatHandle imaginary;  // the packed matrix of i * terms, made when f first is complex
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
