// The Liouvillian as a parallel PETSc matrix on packed density operators.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
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

/// A model's right-hand side as a validated sum of products, and what it conserves.
class MasterEquation {
 public:
  /// `times` are instants at which a time-dependent model is validated. Collective over `comm`.
  /// Throws InputError if the generator does not map Hermitian operators to Hermitian operators, or
  /// if a rate or the Hamiltonian is invalid.
  MasterEquation(Model model, MPI_Comm comm, const std::vector<double>& times = {0.0});

  [[nodiscard]] const Model& model() const { return model_; }
  [[nodiscard]] MPI_Comm communicator() const { return comm_; }
  /// The constant terms first, then one group for each function of time.
  [[nodiscard]] const std::vector<FunctionGroup>& groups() const { return groups_; }
  /// Time-dependent rates, to be watched while time goes on.
  [[nodiscard]] const std::vector<Jump>& varying_rates() const { return varying_rates_; }
  [[nodiscard]] const Charges& charges() const { return charges_; }

 private:
  Model model_;
  MPI_Comm comm_;
  std::vector<FunctionGroup> groups_;
  std::vector<Jump> varying_rates_;
  Charges charges_;
};

/// Resolves automatic spin bases: each group of spins goes along x if that makes the largest sector
/// smaller, else along z.
[[nodiscard]] Model with_chosen_bases(Model model);

/// What the model's right-hand side conserves, without its validation. Not collective.
[[nodiscard]] Charges conserved_charges(const Model& model);
/// The number of unknowns in the model's largest sector.
[[nodiscard]] std::int64_t largest_sector(const Charges& charges);
[[nodiscard]] std::int64_t largest_sector(const Model& model);

enum class Storage {
  assembled,    ///< a parallel AIJ matrix
  matrix_free,  ///< products of small matrices, applied without being stored
};

/// "assembled" or "matrix-free", as in the model file.
[[nodiscard]] std::string_view name_of(Storage storage);

struct LiouvillianOptions {
  Storage storage = Storage::assembled;
  /// The part of the space to work in; none: all of it.
  std::optional<Sector> sector{};
};

/// L(t) = L_0 + sum_k f_k(t) L_k, each L_k a PETSc matrix: MPIAIJ with exact preallocation, or a
/// shell that stores nothing of the size of L.
///
/// Packing: an entry L[x, y] = a + i b of the complex Liouvillian adds a at (x, y) and b at
/// (x, y'); the spectrum of the packed real matrix is the spectrum of L. Rows follow PackedBasis.
class Liouvillian {
 public:
  /// Collective over the equation's communicator. Throws InputError if indices or memory do not
  /// suffice.
  explicit Liouvillian(std::shared_ptr<const MasterEquation> equation,
                       const LiouvillianOptions& options = {});
  /// With an equation of its own, validated at `times`.
  Liouvillian(const Model& model, MPI_Comm comm, const std::vector<double>& times = {0.0},
              const LiouvillianOptions& options = {});

  [[nodiscard]] const std::shared_ptr<const MasterEquation>& equation() const { return equation_; }
  [[nodiscard]] Storage storage() const { return storage_; }
  /// The sector that this Liouvillian acts in.
  [[nodiscard]] const Sector& sector() const { return sector_; }
  [[nodiscard]] const PackedBasis& basis() const { return *basis_; }
  [[nodiscard]] const std::shared_ptr<const PackedBasis>& shared_basis() const { return basis_; }
  [[nodiscard]] const Model& model() const { return equation_->model(); }
  [[nodiscard]] const Space& space() const { return model().space; }
  [[nodiscard]] MPI_Comm communicator() const { return equation_->communicator(); }
  [[nodiscard]] bool is_constant() const { return varying_.empty(); }

  /// L_0, all of L for a constant model, as it is stored. Borrowed: it lives as long as the
  /// Liouvillian.
  [[nodiscard]] Mat constant_part() const { return constant_; }
  /// L(t) as one assembled matrix, whatever the storage. Collective; the caller owns the copy.
  [[nodiscard]] MatHandle assembled(double t = 0) const;
  /// out = L(t) in. Collective.
  void apply(double t, Vec in, Vec out) const;

  /// An uninitialised vector of the right layout. Collective.
  [[nodiscard]] VecHandle vector() const;
  /// The identity's functional: tr rho = <trace, R>. Collective.
  [[nodiscard]] VecHandle trace_functional() const;
  /// |L^T tr|_inf of the constant part: how far L is from preserving the trace. Collective.
  [[nodiscard]] double trace_defect() const;
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

  std::shared_ptr<const MasterEquation> equation_;
  Storage storage_;
  Sector sector_;
  std::shared_ptr<const PackedBasis> basis_;
  MatHandle constant_;
  std::vector<Varying> varying_;
  mutable VecHandle scratch_;
};

/// L_0 as an assembled matrix: the stored one, or a copy for the lifetime of this object.
class AssembledPart {
 public:
  /// Collective. The Liouvillian outlives this object.
  explicit AssembledPart(const Liouvillian& liouvillian);
  operator Mat() const { return matrix_; }

 private:
  MatHandle copy_;
  Mat matrix_;
};

/// The number of entries that assembling the model's generator takes, exact up to `sampled` rows
/// and estimated from that many evenly spaced rows above. Not collective.
[[nodiscard]] double count_entries(const Model& model, std::int64_t sampled = 2000000);

/// The bytes of an assembled matrix with this many rows and entries.
[[nodiscard]] double assembled_bytes(double rows, double entries);

}  // namespace lindwurm
