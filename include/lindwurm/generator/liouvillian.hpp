// The Liouvillian on packed density operators.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "lindwurm/generator/packed_generator.hpp"

namespace lindwurm {

/// The Liouvillian L: the generator of a master equation on packed density operators.
class Liouvillian : public PackedGenerator {
 public:
  /// Collective over the equation's communicator. Throws InputError if indices or memory are not
  /// sufficient.
  explicit Liouvillian(std::shared_ptr<const MasterEquation> equation,
                       const GeneratorOptions& options = {});
  /// Makes its own master equation, validated at `times`.
  Liouvillian(const System& system, MPI_Comm comm, const std::vector<double>& times = {0.0},
              const GeneratorOptions& options = {});

  [[nodiscard]] const std::shared_ptr<const MasterEquation>& master_equation() const {
    return equation_;
  }

  /// The functional of the trace: tr rho = <trace, R>. Collective.
  [[nodiscard]] VecHandle trace_functional() const;
  /// |L^T tr|_inf of the constant part. It is 0 if L preserves the trace. Collective.
  [[nodiscard]] double trace_defect() const;
  /// The trace defect, if it is more than rounding. Collective.
  [[nodiscard]] std::optional<double> trace_loss() const;

 private:
  std::shared_ptr<const MasterEquation> equation_;
};

/// L_0 as an assembled matrix. It is the stored matrix, or a copy that lives as long as this
/// object.
class AssembledPart {
 public:
  /// Collective. The Liouvillian must outlive this object.
  explicit AssembledPart(const Liouvillian& liouvillian);
  operator Mat() const { return matrix_; }

 private:
  MatHandle copy_;
  Mat matrix_;
};

}  // namespace lindwurm
