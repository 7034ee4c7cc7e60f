// From a sum of products to a parallel sparse matrix.
#pragma once

#include <cstdint>
#include <vector>

#include "lindwurm/backend/petsc.hpp"
#include "lindwurm/liouville/packed_basis.hpp"
#include "lindwurm/operators/rows.hpp"

namespace lindwurm {

/// An entry of a packed row.
struct PackedEntry {
  std::int64_t column;
  double value;
};

/// Rows of the packed real matrix of sum_k c_k prod_s M_ks, the c_k numbers.
class PackedRows {
 public:
  /// `factor` multiplies every coefficient. The terms must outlive this object.
  PackedRows(const std::vector<ProductTerm>& terms, const PackedBasis& basis, Complex factor = 1.0);
  /// The row at a packed position: columns ascending, none twice, no zeros but for the diagonal,
  /// which is always there. Valid until the next call.
  [[nodiscard]] const std::vector<PackedEntry>& read(std::int64_t position);

 private:
  RowReader reader_;
  const PackedBasis& basis_;
  std::vector<Complex> coefficients_;
  std::vector<PackedEntry> entries_;
};

/// The packed matrix with exact preallocation. Collective. Throws InputError if its entries exceed
/// 32-bit indices or the memory at hand.
[[nodiscard]] MatHandle assemble(const std::vector<ProductTerm>& terms, const PackedBasis& basis,
                                 MPI_Comm comm, Complex factor = 1.0);

/// The bytes of an assembled matrix with this many rows and entries.
[[nodiscard]] double assembled_bytes(double rows, double entries);

/// Throws InputError unless sum_k c_k(t) prod_s M_ks maps Hermitian operators to Hermitian
/// operators: conj(L[x, y]) = L[x', y']. Collective.
void require_hermiticity_preserving(const Superoperator& map, const PackedBasis& basis,
                                    const Space& space, MPI_Comm comm, double t);

}  // namespace lindwurm
