// How tests hold their Liouvillians: as the environment asks, so that one test serves every way.
//
//   LINDWURM_TEST_STORAGE     assembled (the default) or matrix-free
//   LINDWURM_TEST_SPIN_BASIS  z (the default) or x
//   LINDWURM_TEST_SECTORS     off (the default) or on
//   LINDWURM_TEST_SUBDIVISION usual (the default) or fine: short slices, and few charges
#pragma once

#include <ostream>
#include <vector>

#include "lindwurm/generator/liouvillian.hpp"
#include "lindwurm/model/initial_state.hpp"
#include "lindwurm/states/ket.hpp"

namespace oracle {

/// The model with all its spins stored along this axis.
[[nodiscard]] lindwurm::Model along(lindwurm::SpinBasis basis, lindwurm::Model model);

[[nodiscard]] lindwurm::Storage storage_asked_for();
[[nodiscard]] lindwurm::SpinBasis spin_basis_asked_for();
[[nodiscard]] bool sectors_are_asked_for();
[[nodiscard]] lindwurm::Subdivision subdivision_asked_for();

/// On the whole space. Collective, as all of these.
[[nodiscard]] lindwurm::Liouvillian hold(const lindwurm::Model& model,
                                         const std::vector<double>& times = {0.0});
/// Where a product state leads to, with sectors; else on the whole space.
[[nodiscard]] lindwurm::Liouvillian hold(const lindwurm::Model& model,
                                         const lindwurm::ProductState& state,
                                         const std::vector<double>& times = {0.0});
/// The same for kets.
[[nodiscard]] lindwurm::KetGenerator hold_kets(const lindwurm::Model& model,
                                               const std::vector<double>& times = {0.0});
[[nodiscard]] lindwurm::KetGenerator hold_kets(const lindwurm::Model& model,
                                               const lindwurm::ProductKet& ket,
                                               const std::vector<double>& times = {0.0});
/// Where the trace lies, with sectors; else on the whole space.
[[nodiscard]] lindwurm::Liouvillian hold_trace(const lindwurm::Model& model);

}  // namespace oracle

namespace lindwurm {
// For the names of test cases.
inline std::ostream& operator<<(std::ostream& out, SpinBasis basis) {
  return out << name_of(basis);
}
inline std::ostream& operator<<(std::ostream& out, Storage storage) {
  return out << (storage == Storage::assembled ? "assembled" : "matrix-free");
}
}  // namespace lindwurm
