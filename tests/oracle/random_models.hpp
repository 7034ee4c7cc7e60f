// Random models, each in the library's form and as dense matrices.
#pragma once

#include <random>

#include "oracle/models.hpp"

namespace oracle {

/// One to three sites of random kinds with D <= 12, a Hermitian Hamiltonian of random products with
/// complex coefficients, and dissipators on one and two sites. The same seed gives the same model;
/// the name tells the seed and the model's text.
[[nodiscard]] ReferenceModel random_model(unsigned seed);

/// A model of a Hamiltonian alone, and its matrix.
struct ClosedModel {
  std::string name;
  lindwurm::Model model;
  Matrix h;

  [[nodiscard]] int dimension() const { return static_cast<int>(h.rows()); }
};

/// The sites and the Hamiltonian of random_model.
[[nodiscard]] ClosedModel random_closed_model(unsigned seed);

[[nodiscard]] Matrix random_matrix(int d, std::mt19937& random);
[[nodiscard]] Matrix random_hermitian(int d, std::mt19937& random);
/// A ket of length 1.
[[nodiscard]] Vector random_ket(int d, std::mt19937& random);
/// A density matrix of full rank.
[[nodiscard]] Matrix random_state(int d, std::mt19937& random);

}  // namespace oracle
