// The matrix-free Liouvillian: L is applied without being stored.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "lindwurm/backend/petsc.hpp"
#include "lindwurm/operators/product_sum.hpp"
#include "lindwurm/sectors/packed_basis.hpp"
#include "lindwurm/sectors/subdivision.hpp"

namespace lindwurm {

/// The inner sites that make the matrix-free product fast. The largest sites come first, until
/// slices are long enough for vectorised loops, and as long as each of the `ranks` has its own
/// pairs of slices. A site whose mirror moves every element stays outside, so that all slices come
/// in pairs.
[[nodiscard]] std::vector<int> inner_sites_for_products(const ElementSpace& elements, int ranks,
                                                        const Subdivision& subdivision = {});

/// The treatment of the part of a term that leads out of the sector: `refused` throws an Error,
/// `left_out` ignores it.
enum class OutOfSector { refused, left_out };

/// A PETSc shell matrix for factor * sum_k c_k prod_s M_ks with constant c_k, on packed vectors. It
/// has the same entries as the matrix of assemble(), and supports MatMult, MatMultTranspose and
/// MatGetDiagonal. Collective. The sum must map Hermitian operators to Hermitian operators, or be
/// part of a sum that does: the rows of mirrored elements are obtained by mirroring, which is
/// correct for the whole sum.
///
/// The sum is regrouped over the outer and inner sites of the basis as sum_g A_g x B_g, with few
/// different real matrices B_g. For each outer index, A_g gathers the slices that it names. B_g,
/// stored by its diagonals, acts within a slice. Imaginary coefficients read a pair of slices
/// crosswise: L[x, y] = a + i b adds a at (x, y) and b at (x, y'), and a slice and its mirror keep
/// an element and its mirror at the same place. An outer index whose mirror comes first in the pair
/// is read through that leader, with one permutation of the sum. Slices of other ranks are
/// exchanged while the slices that need none of them are computed.
[[nodiscard]] MatHandle matrix_free(const std::vector<ProductTerm>& terms,
                                    std::shared_ptr<const PackedBasis> basis, MPI_Comm comm,
                                    Complex factor = 1.0, OutOfSector out = OutOfSector::refused);

/// An estimate of the bytes that such a matrix keeps, without vectors: the tables of the slices and
/// of what each slice reads. Not collective.
[[nodiscard]] double matrix_free_bytes(const std::vector<ProductTerm>& terms,
                                       const PackedBasis& basis);

}  // namespace lindwurm
