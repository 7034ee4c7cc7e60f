// Matrices on the basis of one site.
#pragma once

#include <Eigen/SparseCore>
#include <complex>

namespace lindwurm {

using Complex = std::complex<double>;

/// A sparse matrix on the basis of one site, stored by rows.
using SiteMatrix = Eigen::SparseMatrix<Complex, Eigen::RowMajor>;

}  // namespace lindwurm
