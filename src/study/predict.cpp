#include <fmt/format.h>

#include <algorithm>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/session.hpp"
#include "lindwurm/study/study.hpp"

namespace lindwurm {

namespace {

// The libraries themselves, on each rank.
constexpr double base_bytes = 60e6;
// CVODE's history and work vectors.
constexpr double adams_vectors = 22;
constexpr double bdf_vectors = 14 + 32;  // with GMRES's basis
constexpr double steady_vectors = 12;    // beside GMRES's basis

}  // namespace

Prediction predict(const Study& study, int ranks, std::int64_t sampled) {
  Prediction p;
  p.dimension = study.model.space.dimension();
  p.unknowns = p.dimension * p.dimension;
  p.entries = count_entries(study.model, sampled);
  const auto n = static_cast<double>(p.unknowns);
  const double vector = 8 * n;
  p.matrix_bytes = assembled_bytes(n, p.entries);
  if (study.evolve) {
    const bool is_adams = study.evolve->options.method == EvolveMethod::adams;
    p.evolve_bytes = is_adams ? adams_vectors * vector : bdf_vectors * vector + 2 * p.matrix_bytes;
  }
  if (study.steady) {
    p.steady_bytes = (study.steady->restart + steady_vectors) * vector + p.matrix_bytes;
  }
  if (study.spectrum) {
    const bool is_dense = study.spectrum->method != SpectrumMethod::slepc;
    const double vectors = std::max(8.0 * study.spectrum->count, 100.0);
    p.spectrum_bytes = (is_dense ? 2.5 * n : vectors) * vector;
  }
  p.total_bytes = base_bytes * ranks + p.matrix_bytes +
                  std::max({p.evolve_bytes, p.steady_bytes, p.spectrum_bytes});
  return p;
}

void require_memory(const Prediction& prediction) {
  const double available = available_memory_bytes();
  if (prediction.entries > 2147483647.0) {
    throw InputError(fmt::format(
        "the Liouvillian of dimension D = {} has about {:.4g} entries, more than the 2147483647 "
        "that this PETSc's 32-bit indices can number (it would take {:.3g} GB); use fewer levels "
        "or spins",
        prediction.dimension, prediction.entries, prediction.matrix_bytes / 1e9));
  }
  if (available > 0 && prediction.total_bytes > available) {
    throw InputError(fmt::format(
        "the run needs about {:.3g} GB ({:.3g} GB for the matrix of {:.4g} entries), but {:.3g} GB "
        "are free; use fewer levels or spins, a smaller steady.restart, or more memory",
        prediction.total_bytes / 1e9, prediction.matrix_bytes / 1e9, prediction.entries,
        available / 1e9));
  }
}

}  // namespace lindwurm
