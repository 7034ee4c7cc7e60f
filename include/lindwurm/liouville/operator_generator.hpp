// Operators that need not be Hermitian as packed vectors, and what makes them move.
#pragma once

#include <Eigen/Dense>
#include <memory>

#include "lindwurm/liouville/liouvillian.hpp"

namespace lindwurm {

/// The L of a master equation on operators X that need not be Hermitian. It acts on the real
/// numbers Re X_mn + Im X_mn and Re X_mn - Im X_mn, packed as kets are: |R|^2 = 2 |X|^2, and
/// inner_product, add_multiple and multiply of liouville/ket.hpp hold for X as for psi. tr(A X) is
/// a Functional.
class OperatorGenerator : public PackedGenerator {
 public:
  /// Collective over the equation's communicator. Throws InputError if indices or memory do not
  /// suffice.
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

/// X = S(rho) of a packed density operator `rho`, as far as it lies in the generator's sector.
/// Every rank holds all of rho meanwhile. S must not depend on time. Collective; the caller owns
/// the vector.
[[nodiscard]] VecHandle apply(const Superoperator& s, Vec rho, const PackedBasis& basis,
                              const OperatorGenerator& generator);
/// The identity, as far as it lies in the sector. Collective.
[[nodiscard]] VecHandle identity(const OperatorGenerator& generator);

/// Where S(rho) may lie for a rho of the sector; both of operator elements.
[[nodiscard]] Sector image(const Superoperator& s, const Sector& sector);
/// The elements of X that tr(A X) is made of, with what goes with them.
[[nodiscard]] Sector sector_read_by(const Operator& a, const Charges& charges);

/// The D x D matrix of a packed X, on every rank. Collective.
[[nodiscard]] Eigen::MatrixXcd unpack_operator(Vec packed, const PackedBasis& basis);

}  // namespace lindwurm
