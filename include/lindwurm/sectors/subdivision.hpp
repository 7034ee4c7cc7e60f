// Limits for the division of the unknowns into sectors and slices.
#pragma once

#include <cstddef>

namespace lindwurm {

/// Limits for sectors and slices. They change time and memory, never a result.
struct Subdivision {
  /// The largest number of values of an equation's conserved charges. Beyond it, coarser charges
  /// are used.
  std::size_t most_charges = 4096;
  /// The same for the finer charges, of which a task needs only few values (sectors/flow.hpp).
  std::size_t most_finer_charges = 32768;
  /// The matrix-free product makes sites inner ones until a slice has this many elements.
  int slice_length = 64;
  /// It does so only as long as each rank keeps this many outer indices, so that the shares are
  /// nearly equal.
  int slices_of_rank = 16;
};

}  // namespace lindwurm
