// From a sum of products to a parallel sparse matrix.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "lindwurm/backend/petsc.hpp"
#include "lindwurm/operators/rows.hpp"
#include "lindwurm/sectors/packed_basis.hpp"

namespace lindwurm {

/// One entry of a packed row.
struct PackedEntry {
  std::int64_t column;
  double value;
};

/// The rows of the packed real matrix of sum_k c_k prod_s M_ks with constant c_k.
class PackedRows {
 public:
  /// `factor` multiplies every coefficient. The terms must outlive this object.
  PackedRows(const std::vector<ProductTerm>& terms, const PackedBasis& basis, Complex factor = 1.0);
  /// The row at a packed position. Columns are ascending, and none occurs twice. Zeros are left out
  /// except on the diagonal, which is always present. Valid until the next call.
  [[nodiscard]] const std::vector<PackedEntry>& read(std::int64_t position);

 private:
  RowReader reader_;
  const PackedBasis& basis_;
  std::vector<Complex> coefficients_;
  std::vector<PackedEntry> entries_;
};

/// The packed matrix, exactly preallocated. Collective. Throws InputError if its entries exceed
/// 32-bit indices or the available memory.
[[nodiscard]] MatHandle assemble(const std::vector<ProductTerm>& terms, const PackedBasis& basis,
                                 MPI_Comm comm, Complex factor = 1.0);

/// The bytes of an assembled matrix with this many rows and entries.
[[nodiscard]] double assembled_bytes(double rows, double entries);

/// Throws InputError unless sum_k c_k(t) prod_s M_ks maps Hermitian operators to Hermitian
/// operators, that is conj(L[x, y]) = L[x', y']. The tolerance is 1e-12 of the largest number in
/// these rows, or of the numbers that were added up to give them. `magnitudes` returns bounds on
/// the latter (at time t; for ensembles on their members) and is called only if the first test
/// fails. The packing projects out what rounding leaves. Collective.
void require_hermiticity_preserving(const Superoperator& map,
                                    const std::function<Superoperator(double)>& magnitudes,
                                    const PackedBasis& basis, const Space& space, MPI_Comm comm,
                                    double t);

}  // namespace lindwurm
