// Right-hand sides: what a model's states obey, and what is conserved.
#pragma once

#include <mpi.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "lindwurm/liouville/charges.hpp"
#include "lindwurm/model/model.hpp"
#include "lindwurm/model/unravelling.hpp"

namespace lindwurm {

/// f(t) * sum_k c_k prod_s M_ks, the c_k numbers.
struct FunctionGroup {
  Coefficient function;
  std::vector<ProductTerm> terms;
};

/// A linear equation for the elements of density operators or kets: a validated sum of products,
/// and what it conserves. It is one of those below.
class LinearEquation {
 public:
  [[nodiscard]] const Model& model() const { return model_; }
  [[nodiscard]] MPI_Comm communicator() const { return comm_; }
  /// The constant terms first, then one group for each function of time.
  [[nodiscard]] const std::vector<FunctionGroup>& groups() const { return groups_; }
  /// Time-dependent rates, to be watched while time goes on.
  [[nodiscard]] const std::vector<Jump>& varying_rates() const { return varying_rates_; }
  [[nodiscard]] const Charges& charges() const { return charges_; }

 protected:
  LinearEquation(Model model, MPI_Comm comm, const std::vector<ProductTerm>& sum,
                 const ElementSpace& elements);
  ~LinearEquation() = default;
  void watch(Jump jump) { varying_rates_.push_back(std::move(jump)); }

 private:
  Model model_;
  MPI_Comm comm_;
  std::vector<FunctionGroup> groups_;
  std::vector<Jump> varying_rates_;
  Charges charges_;
};

/// d rho/dt = L(t) rho, for density operators.
class MasterEquation : public LinearEquation {
 public:
  /// `times` are instants at which a time-dependent model is validated. Collective over `comm`.
  /// Throws InputError if the generator does not map Hermitian operators to Hermitian operators, or
  /// if a rate or the Hamiltonian is invalid.
  MasterEquation(const Model& model, MPI_Comm comm, const std::vector<double>& times = {0.0});
};

/// dX/dt = L(t) X with the L of a master equation, for operators X that need not be Hermitian, such
/// as B rho. Its charges tell X_mn from X_nm.
class OperatorEquation : public LinearEquation {
 public:
  explicit OperatorEquation(std::shared_ptr<const MasterEquation> master);
  [[nodiscard]] const std::shared_ptr<const MasterEquation>& master_equation() const {
    return master_;
  }

 private:
  std::shared_ptr<const MasterEquation> master_;
};

/// d psi/dt = -i H(t) psi, for kets, H Hermitian or not.
class KetEquation : public LinearEquation {
 protected:
  KetEquation(const Model& model, MPI_Comm comm, const Operator& h);
  ~KetEquation() = default;
};

/// d psi/dt = -i H(t) psi, for kets.
class SchroedingerEquation : public KetEquation {
 public:
  /// Throws InputError for a Hamiltonian that is not Hermitian at one of the `times`, and for a
  /// model that has more than a Hamiltonian.
  SchroedingerEquation(const Model& model, MPI_Comm comm, const std::vector<double>& times = {0.0});
};

/// d psi/dt = -i H_eff(t) psi, for kets whose length falls until they jump (model/unravelling.hpp).
/// Its charges are those of H_eff alone: jumps lead from one sector to another.
class JumpEquation : public KetEquation {
 public:
  /// Throws InputError for a model that unravelled(model, times) refuses.
  JumpEquation(const Model& model, MPI_Comm comm, const std::vector<double>& times = {0.0});
  [[nodiscard]] const std::vector<JumpChannel>& channels() const { return channels_; }

 private:
  JumpEquation(const Model& model, MPI_Comm comm, Unravelling unravelling);
  std::vector<JumpChannel> channels_;
};

/// Each term on numbers that are stored beside their conjugates, and its complex conjugate on
/// those.
[[nodiscard]] std::vector<ProductTerm> beside_conjugates(const std::vector<ProductTerm>& terms);
/// A on the elements psi_m of kets, its complex conjugate on theirs.
[[nodiscard]] std::vector<ProductTerm> acting_on_kets(const Operator& a);

/// Which of the equations a model stands for.
enum class Dynamics { lindblad, unitary, trajectories };

/// The terms of a model's equation, without its validation, and what they act on. Not collective.
struct EquationTerms {
  EquationTerms(const Model& model, Dynamics dynamics);

  ElementSpace elements;
  std::vector<ProductTerm> terms;
};

/// Resolves automatic spin bases: each group of spins goes along x if that makes the largest sector
/// smaller, else along z.
[[nodiscard]] Model with_chosen_bases(Model model, Dynamics dynamics = Dynamics::lindblad);

/// The number of unknowns in a model's largest sector.
[[nodiscard]] std::int64_t largest_sector_size(const Model& model,
                                               Dynamics dynamics = Dynamics::lindblad);

/// The number of entries that assembling these terms in a sector takes, exact up to `sampled` rows
/// and estimated from that many evenly spaced rows above. Not collective.
[[nodiscard]] double count_entries(const std::vector<ProductTerm>& terms, const Sector& sector,
                                   std::int64_t sampled = 2000000);

}  // namespace lindwurm
