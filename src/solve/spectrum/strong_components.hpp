// The strongly connected components of a matrix.
#pragma once

#include <Eigen/SparseCore>
#include <vector>

namespace lindwurm {

/// For each unknown, the number of its strongly connected component in the graph of A. The
/// numbering is such that a nonzero A_ij couples the component of j to the same or to a
/// higher-numbered one. In this order A is block lower triangular, and its eigenvalues are those of
/// the diagonal blocks (R. Tarjan, SIAM J. Comput. 1, 146 (1972)).
[[nodiscard]] std::vector<int> strong_components(
    const Eigen::SparseMatrix<double, Eigen::RowMajor, int>& a);

}  // namespace lindwurm
