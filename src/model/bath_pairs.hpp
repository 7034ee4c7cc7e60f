// The coefficients of a bath's equation, scheme by scheme.
#pragma once

#include <vector>

#include "lindwurm/model/bath_equation.hpp"

namespace lindwurm {

/// bath_equations() without a report on their validity, which takes longer than they do.
[[nodiscard]] std::vector<BathEquation> equations_without_report(const BathCoupling& bath,
                                                                 const Model& model);

/// Throws InputError for settings that make no sense together.
void require_sensible(const BathCoupling& bath);

/// Fills pairs, half_sided, lowest_rate, is_gksl and error of an equation that has its operators.
/// `members`: of a collective bath, the member that each operator belongs to.
void add_coefficients(const BathCoupling& bath, const std::vector<int>& members,
                      BathEquation& equation);

/// Which Bohr frequencies stay together in a partial-secular equation: a group's number for each.
/// Frequencies of opposite sign never do, nor does 0 with another.
[[nodiscard]] std::vector<int> frequency_groups(const std::vector<double>& frequencies,
                                                std::optional<double> width);

/// Operators that pairs connect, and gamma_mn among them.
struct RateBlock {
  std::vector<int> members;  ///< positions in BathEquation::operators
  Eigen::MatrixXcd rates;
};
[[nodiscard]] std::vector<RateBlock> rate_blocks(const BathEquation& equation);

/// The time scales, and a warning where the scheme needs an order that they do not have.
/// `interaction`: by how much couplings between sites that a local scheme ignores move frequencies.
[[nodiscard]] Validity judged(const BathCoupling& bath, const BathEquation& equation,
                              std::optional<double> interaction);

}  // namespace lindwurm
