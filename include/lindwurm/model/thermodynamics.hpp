// Heat and equilibrium.
#pragma once

#include <Eigen/Dense>

#include "lindwurm/model/model.hpp"

namespace lindwurm {

[[nodiscard]] bool has_constant_hamiltonian(const Model& model);

/// K_p^dag(H): its expectation value is the heat current tr(H K_p rho) that the bath gives to the
/// system, K_p all that it adds to d rho/dt, H the model's Hamiltonian without Lamb shifts (Cresser
/// and Facer 2017, Eq. 112 is the difference of two). With a constant H and no other dissipation
/// the heats add up to d<H>/dt. Throws InputError if H depends on time.
[[nodiscard]] Operator heat_operator(const BathCoupling& bath, const Model& model);

/// exp(-H/T)/Z as a D x D matrix, spins along z; at T = 0 the mixture of the ground states. Throws
/// InputError if H depends on time.
[[nodiscard]] Eigen::MatrixXcd gibbs_state(Model model, double temperature);

/// |rho - sigma|_1/2, the trace distance of Hermitian matrices.
[[nodiscard]] double trace_distance(const Eigen::MatrixXcd& rho, const Eigen::MatrixXcd& sigma);

}  // namespace lindwurm
