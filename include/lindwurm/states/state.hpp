// Density operators and observables as packed vectors.
#pragma once

#include <Eigen/Core>
#include <string>
#include <vector>

#include "lindwurm/generator/liouvillian.hpp"
#include "lindwurm/model/initial_state.hpp"

namespace lindwurm {

/// The packed vector of a product state. Collective; the caller owns it.
[[nodiscard]] VecHandle pack(const ProductState& state, const Liouvillian& liouvillian);
/// The part of a product state that lies in the Liouvillian's sector. Collective; the caller owns
/// it.
[[nodiscard]] VecHandle pack_part(const ProductState& state, const Liouvillian& liouvillian);
/// The packed vector of a Hermitian D x D matrix, which must be the same on all ranks. Collective.
/// Throws InputError for a matrix of another shape, and for one that is not Hermitian to 1e-12 of
/// its norm.
[[nodiscard]] VecHandle pack(const Eigen::MatrixXcd& rho, const Liouvillian& liouvillian);
/// The D x D matrix of a packed vector, on every rank. Collective.
[[nodiscard]] Eigen::MatrixXcd unpack(Vec packed, const PackedBasis& basis);

/// The expectation value <A> = tr(A rho) = sum_x W_x R_x for packed R. With f_x = A_nm at x = (m,
/// n), W_x = f_x (1 + i)/2 + f_x' (1 - i)/2. For Hermitian A this is Re f_x - Im f_x.
class Functional {
 public:
  /// Throws InputError if A depends on time.
  Functional(const Operator& a, const PackedBasis& basis, MPI_Comm comm);

  /// True if A is Hermitian, so that its expectation values are real.
  [[nodiscard]] bool is_hermitian() const { return is_hermitian_; }
  /// Throws InputError for a vector that is packed in another space or sector.
  void require_fit(Vec packed) const { require_basis(packed, mark_, "an observable"); }
  /// This rank's contribution to <A> of a vector that fits. The sum over the ranks is <A>. Not
  /// collective.
  [[nodiscard]] Complex local(const double* packed) const;
  /// This rank's contribution to W^2 = sum_x |W_x|^2, which gives the bound |<A>| <= W |R|. Not
  /// collective.
  [[nodiscard]] double local_square() const;

 private:
  struct Weight {
    std::int64_t index;  // the index within the rows of this rank
    Complex value;
  };
  std::vector<Weight> weights_;
  PackedBasis::Mark mark_;
  bool is_hermitian_ = true;
};

/// <A_k> for all functionals at once. Collective. Throws InputError for a vector that is packed in
/// another space or sector.
[[nodiscard]] std::vector<Complex> expectations(const std::vector<Functional>& functionals,
                                                Vec packed);

}  // namespace lindwurm
