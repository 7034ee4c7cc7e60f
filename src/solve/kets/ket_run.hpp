// The evolution of one ket through the output times.
#pragma once

#include <optional>
#include <vector>

#include "ket_observer.hpp"
#include "solve/evolve/chebyshev.hpp"

namespace lindwurm {

struct KetRun {
  Eigen::MatrixXcd columns;  ///< the column of each time
  VecHandle final_state;
  EvolveStatistics statistics;
};

/// Data shared by the kets of one generator: the spectrum of H, found for the first of them.
struct KnownLine {
  std::optional<SpectralLine> line;
};

/// Evolves a packed ket by a Chebyshev series if H is constant, otherwise by Adams's method. If
/// output times are closer together than the observables can vary, the ket is observed at Chebyshev
/// nodes instead, and the values are interpolated. The energy differences e_j - e_k bound their
/// frequencies. Collective.
[[nodiscard]] KetRun run_ket(const KetGenerator& generator, const KetObserver& observer,
                             Vec initial, const std::vector<double>& times,
                             const EvolveOptions& options, KnownLine& known);

/// Throws InputError for times that do not increase, for tolerances <= 0 and for similar errors.
void require_sound(const std::vector<double>& times, const EvolveOptions& options);
/// Throws InputError for a method that does not support kets.
void require_ket_method(const KetGenerator& generator, const EvolveOptions& options);

}  // namespace lindwurm
