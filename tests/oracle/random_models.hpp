// Random models, each in the library's form and as dense matrices.
#pragma once

#include <random>
#include <string>
#include <utility>
#include <vector>

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

/// Models that conserve numbers of quanta: sites as above, of which quanta hop from one to another
/// in random pairs, each alone otherwise, and none or some of them lose quanta or phase. Without
/// `has_jumps` there is a Hamiltonian alone. Many small sectors.
[[nodiscard]] ReferenceModel random_conserving_model(unsigned seed, bool has_jumps = true);
[[nodiscard]] ClosedModel random_conserving_closed_model(unsigned seed);

/// The same with jumps that mostly lower: a quantum of one site, of two together, two at once, from
/// one site to another for good; some are pumped or driven, which reaches all.
[[nodiscard]] ReferenceModel random_losing_model(unsigned seed);

/// Random products on the sites of the models of this seed, most of them not Hermitian: text and
/// matrix.
[[nodiscard]] std::vector<std::pair<std::string, Matrix>> random_operators(unsigned seed,
                                                                           int count);

/// One site of a product state or a product ket: a random vector of length 1 on the levels of which
/// `pattern` has a bit, or on the first.
[[nodiscard]] Vector random_site_ket(int d, unsigned pattern, std::mt19937& random);

[[nodiscard]] Matrix random_matrix(int d, std::mt19937& random);
[[nodiscard]] Matrix random_hermitian(int d, std::mt19937& random);
/// A ket of length 1.
[[nodiscard]] Vector random_ket(int d, std::mt19937& random);
/// A density matrix of full rank.
[[nodiscard]] Matrix random_state(int d, std::mt19937& random);

}  // namespace oracle
