// Operators that need not be Hermitian as packed vectors, and their generators.
#pragma once

#include <Eigen/Core>
#include <memory>

#include "lindwurm/generator/liouvillian.hpp"

namespace lindwurm {

/// The L of a master equation, acting on operators X that need not be Hermitian. It acts on the
/// real numbers Re X_mn + Im X_mn and Re X_mn - Im X_mn, which are packed like kets: |R|^2 = 2
/// |X|^2. The functions inner_product, add_multiple and multiply of states/ket.hpp apply to X as
/// to psi. tr(A X) is a Functional.
class OperatorGenerator : public PackedGenerator {
 public:
  /// Collective over the equation's communicator. Throws InputError if indices or memory are not
  /// sufficient.
  explicit OperatorGenerator(const std::shared_ptr<const OperatorEquation>& equation,
                             const GeneratorOptions& options = {});

  [[nodiscard]] const std::shared_ptr<const MasterEquation>& master_equation() const {
    return equation_->master_equation();
  }

  /// L_0 - z as one assembled matrix. Collective; the caller owns it.
  [[nodiscard]] MatHandle shifted(Complex z) const;

 private:
  std::shared_ptr<const OperatorEquation> equation_;
};

/// X = S(rho) of a packed density operator `rho`, restricted to the generator's sector. During the
/// call, every rank holds all of rho. S must not depend on time. Collective; the caller owns the
/// vector.
[[nodiscard]] VecHandle apply(const Superoperator& s, Vec rho, const PackedBasis& basis,
                              const OperatorGenerator& generator);
/// The identity, restricted to the sector. Collective.
[[nodiscard]] VecHandle identity(const OperatorGenerator& generator);

/// The sector that S(rho) lies in for a rho of this sector. Both consist of operator elements.
[[nodiscard]] Sector image(const Superoperator& s, const Sector& sector);
/// A sector that contains all elements of X that tr(A X) reads.
[[nodiscard]] Sector sector_read_by(const Operator& a, const Charges& charges);

/// The D x D matrix of a packed X, on every rank. Collective.
[[nodiscard]] Eigen::MatrixXcd unpack_operator(Vec packed, const PackedBasis& basis);

}  // namespace lindwurm
