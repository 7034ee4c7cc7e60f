// Superoperators: linear maps of density operators.
#pragma once

#include "lindwurm/operators/product_sum.hpp"

namespace lindwurm {

/// rho -> A rho.
[[nodiscard]] Superoperator left(const Operator& a);
/// rho -> rho A.
[[nodiscard]] Superoperator right(const Operator& a);
/// rho -> [A, rho].
[[nodiscard]] Superoperator commutator(const Operator& a);
/// rho -> {A, rho}.
[[nodiscard]] Superoperator anticommutator(const Operator& a);
/// D[A] rho = A rho A^dag - {A^dag A, rho}/2.
[[nodiscard]] Superoperator dissipator(const Operator& a);

/// The adjoint S^dag, defined by tr(A^dag S(B)) = tr(S^dag(A)^dag B).
[[nodiscard]] Superoperator adjoint(const Superoperator& s);
/// S(A). Throws InputError if S and A depend on different functions of time.
[[nodiscard]] Operator apply(const Superoperator& s, const Operator& a);

}  // namespace lindwurm
