// The Liouvillian on packed density operators.
#pragma once

#include <memory>
#include <vector>

#include "lindwurm/liouville/packed_generator.hpp"

namespace lindwurm {

/// The generator of a master equation.
class Liouvillian : public PackedGenerator {
 public:
  /// Collective over the equation's communicator. Throws InputError if indices or memory do not
  /// suffice.
  explicit Liouvillian(std::shared_ptr<const MasterEquation> equation,
                       const GeneratorOptions& options = {});
  /// With an equation of its own, validated at `times`.
  Liouvillian(const Model& model, MPI_Comm comm, const std::vector<double>& times = {0.0},
              const GeneratorOptions& options = {});

  [[nodiscard]] const std::shared_ptr<const MasterEquation>& master_equation() const {
    return equation_;
  }

  /// The identity's functional: tr rho = <trace, R>. Collective.
  [[nodiscard]] VecHandle trace_functional() const;
  /// |L^T tr|_inf of the constant part: how far L is from preserving the trace. Collective.
  [[nodiscard]] double trace_defect() const;

 private:
  std::shared_ptr<const MasterEquation> equation_;
};

/// L_0 as an assembled matrix: the stored one, or a copy for the lifetime of this object.
class AssembledPart {
 public:
  /// Collective. The Liouvillian outlives this object.
  explicit AssembledPart(const Liouvillian& liouvillian);
  operator Mat() const { return matrix_; }

 private:
  MatHandle copy_;
  Mat matrix_;
};

}  // namespace lindwurm
