// All eigenvalues of an L that is small enough for dense matrices.
#pragma once

#include <optional>

#include "balancing.hpp"
#include "invariant_subspace.hpp"
#include "real_schur.hpp"

namespace lindwurm {

struct DenseSpectrum {
  /// The modes of the rightmost eigenvalues, in the coordinates of the balanced matrix.
  InvariantSubspace rightmost;
  std::vector<Complex> values;
  /// The distance of each value from an eigenvalue of L is at most this.
  std::vector<double> errors;
  /// The positions in `values` of the eigenvalues in `rightmost`.
  std::vector<std::size_t> chosen;
  /// Present on rank 0, and only if the errors of some eigenvalues that were not chosen are too
  /// large to be useful.
  std::optional<RealSchur> schur{};
};

/// Computed by the real Schur form of the balanced matrix on rank 0. The rightmost eigenvalues are
/// as many as requested, and more up to the next clear gap and up to one that is larger than
/// `zero`. Collective. Throws Error if LAPACK fails.
[[nodiscard]] DenseSpectrum dense_spectrum(const Liouvillian& liouvillian,
                                           const Balancing& balancing, int count, double zero);

/// True if all eigenvalues except those with Re lambda > -rate are certain to lie left of that
/// line, up to the share `tolerance` of the rate, despite the rounding errors for a matrix of this
/// norm. Reorders `schur`.
[[nodiscard]] bool rest_is_faster(RealSchur& schur, double rate, double tolerance, double norm);

/// The backward error of a backward stable solver for a matrix of this norm.
[[nodiscard]] double backward_error(double norm);

}  // namespace lindwurm
