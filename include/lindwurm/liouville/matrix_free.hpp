// The Liouvillian applied without being stored.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "lindwurm/backend/petsc.hpp"
#include "lindwurm/liouville/packed_basis.hpp"
#include "lindwurm/operators/product_sum.hpp"

namespace lindwurm {

/// The inner sites that make the matrix-free product fast: the largest first, until slices are long
/// enough for vectorised loops, and as long as every one of `ranks` has pairs of slices of its own.
/// A site whose mirror moves every element stays outside: it makes all slices come in pairs.
[[nodiscard]] std::vector<int> inner_sites_for_products(const ElementSpace& elements, int ranks);

/// What becomes of a term's part that leads out of the sector: an Error, or nothing.
enum class OutOfSector { refused, left_out };

/// A PETSc shell matrix for factor * sum_k c_k prod_s M_ks, the c_k numbers, on packed vectors:
/// the same numbers as the matrix of assemble(), with MatMult, MatMultTranspose and MatGetDiagonal.
/// Collective. The sum maps Hermitian operators to Hermitian operators, or is a part of one that
/// does: rows of mirrored elements are taken as mirrors, which is right for the whole.
///
/// Over the outer and inner sites of the basis the sum is regrouped as sum_g A_g x B_g with few
/// different real B_g. For each outer index, every A_g gathers the slices that it names, and B_g,
/// stored by its diagonals, acts within the slice. Imaginary coefficients read a pair of slices
/// crosswise: L[x, y] = a + i b adds a at (x, y) and b at (x, y'), and a slice and its mirror keep
/// element and mirror in the same places. An outer index whose mirror leads is read through
/// its leader, with one permutation of the sum. Slices of other ranks are exchanged with the ranks
/// that need them while the slices that need none are worked on.
[[nodiscard]] MatHandle matrix_free(const std::vector<ProductTerm>& terms,
                                    std::shared_ptr<const PackedBasis> basis, MPI_Comm comm,
                                    Complex factor = 1.0, OutOfSector out = OutOfSector::refused);

/// An estimate of the bytes that such a matrix keeps, vectors not counted: tables of the
/// slices and what each of them reads. Not collective.
[[nodiscard]] double matrix_free_bytes(const std::vector<ProductTerm>& terms,
                                       const PackedBasis& basis);

}  // namespace lindwurm
