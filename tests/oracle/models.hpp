// Small models, each written twice: for the library, and as dense matrices.
#pragma once

#include <functional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lindwurm/model/model.hpp"
#include "oracle/dense.hpp"

namespace oracle {

struct ReferenceModel {
  std::string name;
  lindwurm::Model model;
  std::function<Matrix(double)> liouvillian;  ///< dense L(t)
  bool is_constant = true;
  bool is_gksl = true;  ///< made of a Hamiltonian and dissipators with rates >= 0

  [[nodiscard]] int dimension() const { return static_cast<int>(model.space.dimension()); }
};

/// For the name of a test case made from the model.
std::ostream& operator<<(std::ostream& out, const ReferenceModel& model);

/// A model from its formulas, H and rates with operators, and the same densely. Named by H.
[[nodiscard]] ReferenceModel written(const lindwurm::Space& space, const std::string& h,
                                     const std::vector<std::pair<double, std::string>>& dissipators,
                                     const Matrix& dense_h, const std::vector<Jump>& jumps);

/// Every model. Hilbert dimensions from 2 to 40.
[[nodiscard]] const std::vector<ReferenceModel>& all_models();
/// Those with constant coefficients and D <= 12, cheap enough to decompose.
[[nodiscard]] const std::vector<ReferenceModel>& small_constant_models();
/// Those with time-dependent coefficients; D <= 8.
[[nodiscard]] const std::vector<ReferenceModel>& time_dependent_models();
/// Throws if there is none of this name.
[[nodiscard]] const ReferenceModel& model_named(std::string_view name);

/// An oscillator coupled to a bath of damped spins:
/// H = w0 n + sum_i ((1 + 0.1 i)/2 sx_i + 0.2/sqrt(N) x sz_i).
[[nodiscard]] ReferenceModel oscillator_spin_bath(int levels, int spins);
/// `count` spins with the collective lowering operator and no Hamiltonian.
[[nodiscard]] ReferenceModel collective_decay(int count, double rate);

}  // namespace oracle
