// Matrices on the basis of one site.
#pragma once

#include <Eigen/SparseCore>
#include <complex>

namespace lindwurm {

using Complex = std::complex<double>;

/// A matrix on the basis of one site, by rows.
using SiteMatrix = Eigen::SparseMatrix<Complex, Eigen::RowMajor>;

}  // namespace lindwurm
