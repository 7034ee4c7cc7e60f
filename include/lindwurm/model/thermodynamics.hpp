// Heat currents and equilibrium states.
#pragma once

#include <Eigen/Core>

#include "lindwurm/model/bath_equation.hpp"

namespace lindwurm {

/// True if H does not depend on time.
[[nodiscard]] bool has_constant_hamiltonian(const Model& model);

/// K_p^dag(H), whose expectation value is the heat current tr(H K_p rho) from a bath with these
/// equations into the system. K_p is everything that the bath adds to d rho/dt, and H is the
/// model's Hamiltonian without Lamb shifts. (Cresser and Facer 2017, Eq. 112 is the difference of
/// two such currents.) With a constant H and no other dissipation, the heat currents add up to
/// d<H>/dt. Throws InputError if H depends on time.
[[nodiscard]] Operator heat_operator(const std::vector<BathEquation>& equations,
                                     const BathCoupling& bath, const Model& model);

/// exp(-H/T)/Z as a D x D matrix, with spins along z. At T = 0 it is the mixture of the ground
/// states. Throws InputError if H depends on time.
[[nodiscard]] Eigen::MatrixXcd gibbs_state(Model model, double temperature);

/// |rho - sigma|_1/2, the trace distance of Hermitian matrices.
[[nodiscard]] double trace_distance(const Eigen::MatrixXcd& rho, const Eigen::MatrixXcd& sigma);

}  // namespace lindwurm
