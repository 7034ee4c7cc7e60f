// One ket through the output times.
#pragma once

#include <optional>
#include <vector>

#include "chebyshev.hpp"
#include "ket_observer.hpp"

namespace lindwurm {

struct KetRun {
  Eigen::MatrixXcd columns;  ///< what was seen at each time
  VecHandle final_state;
  EvolveStatistics statistics;
};

/// What kets of one generator share: H's spectrum, found for the first of them.
struct KnownLine {
  std::optional<SpectralLine> line;
};

/// Evolves a packed ket by a Chebyshev series if H is constant, else by Adams's method. Where
/// output times lie closer than what is seen can change, kets are looked at at Chebyshev nodes
/// instead, and the numbers interpolated: e_j - e_k of the energies bounds their frequencies.
/// Collective.
[[nodiscard]] KetRun run_ket(const KetGenerator& generator, const KetObserver& observer,
                             Vec initial, const std::vector<double>& times,
                             const EvolveOptions& options, KnownLine& known);

/// Throws InputError for times that do not increase, tolerances <= 0 and the like.
void require_sound(const std::vector<double>& times, const EvolveOptions& options);
/// Throws InputError for a method that is not for kets.
void require_ket_method(const KetGenerator& generator, const EvolveOptions& options);

}  // namespace lindwurm
