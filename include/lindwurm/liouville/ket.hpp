// Kets as packed vectors, what makes them move, and expectation values in them.
#pragma once

#include <Eigen/Dense>
#include <memory>
#include <vector>

#include "lindwurm/liouville/packed_generator.hpp"
#include "lindwurm/model/initial_state.hpp"

namespace lindwurm {

/// The generator of a Schroedinger equation. It acts on the real numbers Re psi_m + Im psi_m and
/// Re psi_m - Im psi_m, so that |R|^2 = 2 |psi|^2.
class KetGenerator : public PackedGenerator {
 public:
  /// Collective over the equation's communicator. Throws InputError if indices or memory do not
  /// suffice.
  explicit KetGenerator(const std::shared_ptr<const SchroedingerEquation>& equation,
                        const GeneratorOptions& options = {});
  /// With an equation of its own, validated at `times`.
  KetGenerator(const Model& model, MPI_Comm comm, const std::vector<double>& times = {0.0},
               const GeneratorOptions& options = {});
};

/// The packed vector of a product of kets. Collective; the caller owns it.
[[nodiscard]] VecHandle pack(const ProductKet& ket, const KetGenerator& generator);
/// The packed vector of a ket of D numbers, the same on all ranks. Collective.
[[nodiscard]] VecHandle pack(const Eigen::VectorXcd& ket, const KetGenerator& generator);
/// The D numbers of a packed ket, on every rank. Collective. Throws InputError if they do not fit.
[[nodiscard]] Eigen::VectorXcd unpack_ket(Vec packed, const PackedBasis& basis);

/// <A> = psi^dag A psi, from one product with A, or two if A is not Hermitian.
class KetExpectation {
 public:
  /// Throws InputError if A depends on time. Collective.
  KetExpectation(const Operator& a, const KetGenerator& generator);

  /// True if A is Hermitian: its expectation values are real.
  [[nodiscard]] bool is_hermitian() const { return is_hermitian_; }
  /// <A> of a packed ket; `scratch` is a vector like it. Collective.
  [[nodiscard]] Complex of(Vec ket, Vec scratch) const;

 private:
  bool is_hermitian_ = true;
  // A and -i A, a part for each change of the charges that the sector has room for.
  std::vector<MatHandle> parts_;
  std::vector<MatHandle> turned_;
};

}  // namespace lindwurm
