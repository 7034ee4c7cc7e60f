// The coefficients of a bath's equation in each scheme.
#pragma once

#include <vector>

#include "lindwurm/model/bath_equation.hpp"

namespace lindwurm {

/// bath_equations() without the validity report, which takes longer than the equations.
[[nodiscard]] std::vector<BathEquation> equations_without_report(const BathCoupling& bath,
                                                                 const Model& model);
/// Adds the reports to these equations.
void add_reports(const BathCoupling& bath, const Model& model,
                 std::vector<BathEquation>& equations);

/// Throws InputError for settings that contradict each other.
void require_sensible(const BathCoupling& bath);

/// Fills in pairs, half_sided, lowest_rate, is_gksl and error of an equation that has its operators
/// already. For a collective bath, `members` holds the member of each operator.
void add_coefficients(const BathCoupling& bath, const std::vector<int>& members,
                      BathEquation& equation);

/// The group number of each Bohr frequency in a partial-secular equation. Frequencies of opposite
/// sign are never in one group, nor is 0 with another frequency.
[[nodiscard]] std::vector<int> frequency_groups(const std::vector<double>& frequencies,
                                                std::optional<double> width);

/// The operators that pairs connect, and the matrix gamma_mn between them.
struct RateBlock {
  std::vector<int> members;  ///< positions in BathEquation::operators
  Eigen::MatrixXcd rates;
};
[[nodiscard]] std::vector<RateBlock> rate_blocks(const BathEquation& equation);

/// The time scales, and a warning for each order of time scales that the scheme needs and that does
/// not hold. `interaction` is the shift of frequencies by the couplings between sites that a local
/// scheme ignores.
[[nodiscard]] Validity judged(const BathCoupling& bath, const BathEquation& equation,
                              std::optional<double> interaction);

}  // namespace lindwurm
