// Eigenvalues and right eigenvectors of a packed matrix, by LAPACK or by SLEPc.
#pragma once

#include <complex>
#include <memory>
#include <vector>

#include "lindwurm/backend/petsc.hpp"
#include "lindwurm/operators/space.hpp"

namespace lindwurm {

/// Relative tolerance of the eigenvalues that SLEPc iterates for.
inline constexpr double slepc_tolerance = 1e-10;

class Eigensystem {
 public:
  virtual ~Eigensystem() = default;
  /// Partners of a conjugate pair follow on each other, Im > 0 first.
  [[nodiscard]] const std::vector<Complex>& values() const { return values_; }
  /// The eigenvector re + i im of values()[k]. Collective.
  virtual void vector(std::size_t k, Vec re, Vec im) const = 0;

 protected:
  std::vector<Complex> values_;
};

/// All eigenvalues by dgeev, the dense matrix on rank 0. Collective.
[[nodiscard]] std::unique_ptr<Eigensystem> dense_eigensystem(Mat matrix);
/// Eigenvalues of large real part by an EPS with the options prefix -spectrum_: those that it
/// reports as converged, which need not be the rightmost. Collective.
[[nodiscard]] std::unique_ptr<Eigensystem> slepc_eigensystem(Mat matrix, int count);

}  // namespace lindwurm
