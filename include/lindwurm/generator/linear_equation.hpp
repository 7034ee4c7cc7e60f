// The linear equations of motion of a model, and the charges that they conserve.
#pragma once

#include <mpi.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "lindwurm/model/system.hpp"
#include "lindwurm/sectors/charges.hpp"
#include "lindwurm/sectors/flow.hpp"
#include "lindwurm/sectors/subdivision.hpp"

namespace lindwurm {

/// f(t) * sum_k c_k prod_s M_ks with constant c_k.
struct FunctionGroup {
  Coefficient function;
  std::vector<ProductTerm> terms;
};

/// A linear equation for the elements of density operators, operators or kets: a validated sum of
/// products and the charges that it conserves. The derived classes below are the kinds of
/// equations.
class LinearEquation {
 public:
  [[nodiscard]] const System& system() const { return system_; }
  [[nodiscard]] const Model& model() const { return system_.model(); }
  [[nodiscard]] MPI_Comm communicator() const { return comm_; }
  /// The constant terms first, then one group for each function of time.
  [[nodiscard]] const std::vector<FunctionGroup>& groups() const { return groups_; }
  /// The terms of all groups, each multiplied by its function of time.
  [[nodiscard]] std::vector<ProductTerm> terms() const;
  /// The time-dependent rates, which the solvers check as time proceeds.
  [[nodiscard]] const std::vector<Jump>& varying_rates() const { return varying_rates_; }
  [[nodiscard]] const Flow& flow() const { return flow_; }
  /// The conserved charges.
  [[nodiscard]] const Charges& charges() const { return flow_.charges(); }
  /// The limits for sectors and slices of the generators that are made from this equation.
  [[nodiscard]] const Subdivision& subdivision() const { return subdivision_; }

 protected:
  LinearEquation(System system, MPI_Comm comm, const std::vector<ProductTerm>& sum,
                 const ElementSpace& elements, const Subdivision& subdivision);
  ~LinearEquation() = default;
  void watch(Jump jump) { varying_rates_.push_back(std::move(jump)); }

 private:
  System system_;
  MPI_Comm comm_;
  std::vector<FunctionGroup> groups_;
  std::vector<Jump> varying_rates_;
  Subdivision subdivision_;
  Flow flow_;
};

/// d rho/dt = L(t) rho, for density operators.
class MasterEquation : public LinearEquation {
 public:
  /// A time-dependent model is validated from the first to the last of `times`. Collective over
  /// `comm`. Throws InputError if the generator does not map Hermitian operators to Hermitian
  /// operators, or if a rate or the Hamiltonian is invalid.
  MasterEquation(const System& system, MPI_Comm comm, const std::vector<double>& times = {0.0},
                 const Subdivision& subdivision = {});
};

/// dX/dt = L(t) X with the L of a master equation, for operators X that need not be Hermitian, such
/// as B rho. Its charges distinguish X_mn from X_nm.
class OperatorEquation : public LinearEquation {
 public:
  explicit OperatorEquation(std::shared_ptr<const MasterEquation> master);
  [[nodiscard]] const std::shared_ptr<const MasterEquation>& master_equation() const {
    return master_;
  }

 private:
  std::shared_ptr<const MasterEquation> master_;
};

/// d psi/dt = -i H(t) psi for kets. H need not be Hermitian.
class KetEquation : public LinearEquation {
 protected:
  KetEquation(const System& system, MPI_Comm comm, const Operator& h,
              const Subdivision& subdivision);
  ~KetEquation() = default;
};

/// d psi/dt = -i H(t) psi for kets, with a Hermitian H.
class SchroedingerEquation : public KetEquation {
 public:
  /// Throws InputError for a Hamiltonian that is not Hermitian between `times`, and for a model
  /// with any term other than the Hamiltonian.
  SchroedingerEquation(const System& system, MPI_Comm comm,
                       const std::vector<double>& times = {0.0},
                       const Subdivision& subdivision = {});
};

/// d psi/dt = -i H_eff(t) psi, for kets whose norm decreases until they jump
/// (model/unravelling.hpp). Its charges are those of H_eff alone; jumps lead from one sector to
/// another.
class JumpEquation : public KetEquation {
 public:
  /// Throws InputError for a system that has no unravelling, and for rates or a Hamiltonian that
  /// are invalid between `times`.
  JumpEquation(const System& system, MPI_Comm comm, const std::vector<double>& times = {0.0},
               const Subdivision& subdivision = {});
  [[nodiscard]] const std::vector<JumpChannel>& channels() const {
    return system().unravelling().channels;
  }
};

/// The terms for elements that are stored beside their conjugates: each term on the elements, and
/// its complex conjugate on the conjugates.
[[nodiscard]] std::vector<ProductTerm> beside_conjugates(const std::vector<ProductTerm>& terms);
/// A on the elements psi_m of kets, and its complex conjugate on their conjugates.
[[nodiscard]] std::vector<ProductTerm> acting_on_kets(const Operator& a);

/// The kind of equation that a model is solved by.
enum class Dynamics { lindblad, unitary, trajectories };

/// The terms of a model's equation, not validated, and the elements that they act on. Not
/// collective.
struct EquationTerms {
  EquationTerms(const System& system, Dynamics dynamics);

  ElementSpace elements;
  std::vector<ProductTerm> terms;
};

/// Resolves automatic spin bases. Each group of spins is stored along x if that makes the largest
/// sector smaller, otherwise along z.
[[nodiscard]] System with_chosen_bases(const System& system,
                                       Dynamics dynamics = Dynamics::lindblad);

/// The number of unknowns in the largest sector of a system.
[[nodiscard]] std::int64_t largest_sector_size(const System& system,
                                               Dynamics dynamics = Dynamics::lindblad);

/// The number of matrix entries of these terms in a sector. It is exact up to `sampled` rows. For
/// more rows it is estimated from that many evenly spaced rows. Not collective.
[[nodiscard]] double count_entries(const std::vector<ProductTerm>& terms, const Sector& sector,
                                   std::int64_t sampled = 2000000);

}  // namespace lindwurm
