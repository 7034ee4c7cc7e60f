// The preconditioners: those of the library by their names, and others by a function.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "lindwurm/generator/liouvillian.hpp"
#include "lindwurm/solve/packed_preconditioner.hpp"

namespace lindwurm {

/// Approximations of L - z that are cheap to invert. For an L of GKSL form every
/// eigenvalue of L - z has Re <= -Re z.
enum class PreconditionerChoice {
  automatic,  ///< dilu for a matrix-free Liouvillian, ilu for an assembled one
  none,
  dilu,      ///< the diagonal incomplete factorisation of Dilu; matrix-free
  ilu,       ///< ILU(0) in reverse Cuthill-McKee order of the assembled L - z, one for each rank
  one_site,  ///< the sum of single-site Liouvillians, inverted exactly; one rank
  no_jump,   ///< A X + X A^dag with the no-jump Hamiltonian's A, D x D dense; one rank
};

/// "auto", "none", "dilu", "ilu", "one-site" or "no-jump", as in the model file.
[[nodiscard]] std::string_view name_of(PreconditionerChoice choice);

/// The preconditioner of an option: one of the library's, or one that a program brings with it.
/// Cheap to copy; immutable.
class Preconditioner {
 public:
  /// Makes an approximate inverse of L_0 - z, where L_0 is the part of the generator that does not
  /// depend on time and Re z >= 0. A steady state uses z = 0.001 tau with the root mean square tau
  /// of L_0's diagonal. An evolution by BDF uses z = 1/gamma for each new gamma of 1 - gamma L. A
  /// correlation function at the frequency w uses z = i w + 0.001 tau. The generator outlives what
  /// is made. Called collectively over the generator's communicator; every rank must make one, or
  /// every rank must throw.
  using Factory = std::function<std::unique_ptr<PackedPreconditioner>(
      const PackedGenerator& generator, Complex z)>;

  Preconditioner(PreconditionerChoice choice = PreconditionerChoice::automatic) : choice_(choice) {}
  /// One from outside the library. Results report it by its name. Throws InputError for an empty
  /// name, for the name of a PreconditionerChoice, and for an empty function.
  Preconditioner(std::string name, Factory factory);

  /// The library's preconditioner; empty for one from outside.
  [[nodiscard]] std::optional<PreconditionerChoice> choice() const { return choice_; }
  [[nodiscard]] std::string_view name() const { return choice_ ? name_of(*choice_) : name_; }
  /// The function that makes one from outside; empty for the library's.
  [[nodiscard]] const Factory& factory() const { return factory_; }

  friend bool operator==(const Preconditioner& a, PreconditionerChoice b) { return a.choice_ == b; }

 private:
  std::optional<PreconditionerChoice> choice_{};
  std::string name_;
  Factory factory_;
};

/// Replaces `automatic` by the choice that it stands for; any other preconditioner is returned
/// unchanged. Throws InputError if the preconditioner does not support the generator's storage.
[[nodiscard]] Preconditioner resolved(const Preconditioner& preconditioner,
                                      const PackedGenerator& generator);

}  // namespace lindwurm
