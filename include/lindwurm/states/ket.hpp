// Kets as packed vectors, their generators, and expectation values.
#pragma once

#include <Eigen/Core>
#include <memory>
#include <vector>

#include "lindwurm/generator/packed_generator.hpp"
#include "lindwurm/model/initial_state.hpp"

namespace lindwurm {

/// The generator of an equation for kets. It acts on the real numbers Re psi_m + Im psi_m and
/// Re psi_m - Im psi_m, so that |R|^2 = 2 |psi|^2.
class KetGenerator : public PackedGenerator {
 public:
  /// Collective over the equation's communicator. Throws InputError if indices or memory are not
  /// sufficient.
  explicit KetGenerator(const std::shared_ptr<const KetEquation>& equation,
                        const GeneratorOptions& options = {});
  /// Makes its own Schroedinger equation, validated at `times`.
  KetGenerator(const System& system, MPI_Comm comm, const std::vector<double>& times = {0.0},
               const GeneratorOptions& options = {});
};

/// The packed vector of a product of kets. Collective; the caller owns it.
[[nodiscard]] VecHandle pack(const ProductKet& ket, const KetGenerator& generator);
/// The same for sites that are given in the bases in which the space stores its spins.
[[nodiscard]] VecHandle pack_stored(const ProductKet& ket, const KetGenerator& generator);
/// The packed vector of a ket of D amplitudes, which must be the same on all ranks. Collective.
[[nodiscard]] VecHandle pack(const Eigen::VectorXcd& ket, const KetGenerator& generator);
/// The D amplitudes of a packed ket, on every rank. Collective. Throws InputError if they do not
/// fit into memory.
[[nodiscard]] Eigen::VectorXcd unpack_ket(Vec packed, const PackedBasis& basis);

/// psi^dag phi of packed kets. Collective.
[[nodiscard]] Complex inner_product(Vec psi, Vec phi, const PackedBasis& basis);
/// to += factor psi. Collective.
void add_multiple(Complex factor, Vec psi, Vec to, const PackedBasis& basis);
/// psi = factor psi. Collective.
void multiply(Vec psi, Complex factor, const PackedBasis& basis);

/// The sector that A psi lies in for a psi of this sector, according to the charges of the parts of
/// A. It has no values if A maps all of the sector to 0.
[[nodiscard]] Sector image(const Operator& a, const Sector& sector);
/// result = A psi, from one sector to another one that contains the image. A must not depend on
/// time. The product is computed from the terms of A, and no matrix is stored. The vectors must
/// live on one rank. Not collective.
void apply(const Operator& a, Vec psi, const PackedBasis& from, Vec result, const PackedBasis& to);

/// <A> = psi^dag A psi, from one product with A, or two if A is not Hermitian.
class KetExpectation {
 public:
  /// Throws InputError if A depends on time. Collective.
  KetExpectation(const Operator& a, const KetGenerator& generator);

  /// True if A is Hermitian, so that its expectation values are real.
  [[nodiscard]] bool is_hermitian() const { return is_hermitian_; }
  /// <A> of a packed ket. `scratch` is a work vector of the same layout. Collective. Throws
  /// InputError for a ket that is packed in another space or sector.
  [[nodiscard]] Complex of(Vec ket, Vec scratch) const;

 private:
  PackedBasis::Mark mark_;
  bool is_hermitian_ = true;
  // A and -i A, split into one part for each change of the charges that the sector allows.
  std::vector<MatHandle> parts_;
  std::vector<MatHandle> turned_;
};

}  // namespace lindwurm
