// Kets as packed vectors, what makes them move, and expectation values in them.
#pragma once

#include <Eigen/Dense>
#include <memory>
#include <vector>

#include "lindwurm/liouville/packed_generator.hpp"
#include "lindwurm/model/initial_state.hpp"

namespace lindwurm {

/// The generator of an equation for kets. It acts on the real numbers Re psi_m + Im psi_m and
/// Re psi_m - Im psi_m, so that |R|^2 = 2 |psi|^2.
class KetGenerator : public PackedGenerator {
 public:
  /// Collective over the equation's communicator. Throws InputError if indices or memory do not
  /// suffice.
  explicit KetGenerator(const std::shared_ptr<const KetEquation>& equation,
                        const GeneratorOptions& options = {});
  /// With a Schroedinger equation of its own, validated at `times`.
  KetGenerator(const Model& model, MPI_Comm comm, const std::vector<double>& times = {0.0},
               const GeneratorOptions& options = {});
};

/// The packed vector of a product of kets. Collective; the caller owns it.
[[nodiscard]] VecHandle pack(const ProductKet& ket, const KetGenerator& generator);
/// The same of sites that are given in the bases in which the space stores its spins.
[[nodiscard]] VecHandle pack_stored(const ProductKet& ket, const KetGenerator& generator);
/// The packed vector of a ket of D numbers, the same on all ranks. Collective.
[[nodiscard]] VecHandle pack(const Eigen::VectorXcd& ket, const KetGenerator& generator);
/// The D numbers of a packed ket, on every rank. Collective. Throws InputError if they do not fit.
[[nodiscard]] Eigen::VectorXcd unpack_ket(Vec packed, const PackedBasis& basis);

/// psi^dag phi of packed kets. Collective.
[[nodiscard]] Complex inner_product(Vec psi, Vec phi, const PackedBasis& basis);
/// to += factor psi. Collective.
void add_multiple(Complex factor, Vec psi, Vec to, const PackedBasis& basis);
/// psi = factor psi. Collective.
void multiply(Vec psi, Complex factor, const PackedBasis& basis);

/// Where A psi may lie for a psi of the sector, by the charges of the parts of A; without values
/// if A maps all of the sector to 0.
[[nodiscard]] Sector image(const Operator& a, const Sector& sector);
/// result = A psi, from one sector to another that holds the image. A must not depend on time; it
/// is read off its terms, and nothing of its size is stored. Of vectors on one rank; not
/// collective.
void apply(const Operator& a, Vec psi, const PackedBasis& from, Vec result, const PackedBasis& to);

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
