// The reference: open quantum systems by dense complex matrices, as in a textbook.
//
// vec(rho) stacks the rows of rho, vec(rho)[m D + n] = rho_mn, so that A rho B has the matrix
// A x B^T. Nothing here uses the library under test. Decompositions are LAPACK's: Eigen's templates
// would take a minute to compile.
#pragma once

#include <Eigen/Core>
#include <complex>
#include <functional>
#include <string>
#include <vector>

namespace oracle {

using Complex = std::complex<double>;
using Matrix = Eigen::MatrixXcd;
using Vector = Eigen::VectorXcd;

inline constexpr Complex i{0.0, 1.0};

[[nodiscard]] Matrix kron(const Matrix& a, const Matrix& b);
[[nodiscard]] Matrix identity(int d);

// One site. Oscillators: |0>, ..., |d-1>. Spins: |up>, |down>.
[[nodiscard]] Matrix annihilation(int d);
[[nodiscard]] Matrix creation(int d);
[[nodiscard]] Matrix number(int d);
[[nodiscard]] Matrix position(int d);  ///< a + a^dag
[[nodiscard]] Matrix momentum(int d);  ///< -i (a - a^dag)
[[nodiscard]] Matrix pauli_x();
[[nodiscard]] Matrix pauli_y();
[[nodiscard]] Matrix pauli_z();
[[nodiscard]] Matrix raising();     ///< |up><down|
[[nodiscard]] Matrix lowering();    ///< |down><up|
[[nodiscard]] Matrix raising_x();   ///< |+><-|
[[nodiscard]] Matrix lowering_x();  ///< |-><+|
[[nodiscard]] Matrix transition(int j, int k, int d);
/// The matrix of a named operator: "a", "ad", "n", "x", "p", "id", "sx", ..., "sm_x".
[[nodiscard]] Matrix named(const std::string& name, int d);

/// `a` on one of several sites, the first of which is the slowest index.
[[nodiscard]] Matrix embed(const Matrix& a, int site, const std::vector<int>& dimensions);

struct Jump {
  double rate;
  Matrix op;
};

[[nodiscard]] Matrix left(const Matrix& a);
[[nodiscard]] Matrix right(const Matrix& a);
[[nodiscard]] Matrix commutator(const Matrix& a);
[[nodiscard]] Matrix anticommutator(const Matrix& a);
[[nodiscard]] Matrix dissipator(const Matrix& a);
/// -i [H, .] + sum_k rate_k D[A_k].
[[nodiscard]] Matrix liouvillian(const Matrix& h, const std::vector<Jump>& jumps);

[[nodiscard]] Vector vec(const Matrix& rho);
[[nodiscard]] Matrix unvec(const Vector& v);
/// L applied to rho.
[[nodiscard]] Matrix apply(const Matrix& l, const Matrix& rho);
/// The real matrix of L on R_mn = Re rho_mn + Im rho_mn, rows and columns m D + n.
[[nodiscard]] Eigen::MatrixXd packed(const Matrix& l);

/// Eigenvalues of a Hermitian matrix, ascending, and orthonormal eigenvectors as columns.
struct HermitianPairs {
  Eigen::VectorXd values;
  Matrix vectors;
};
[[nodiscard]] HermitianPairs hermitian_pairs(Matrix a);
[[nodiscard]] Eigen::VectorXd hermitian_eigenvalues(Matrix a);
/// Eigenvalues of any matrix, in no order, and right eigenvectors as columns.
struct EigenPairs {
  Vector values;
  Matrix vectors;
};
[[nodiscard]] EigenPairs eigen_pairs(Matrix a);
/// Of a real matrix, in no order.
[[nodiscard]] std::vector<Complex> real_matrix_eigenvalues(Eigen::MatrixXd a);
/// A^-1 B.
[[nodiscard]] Matrix solution(Matrix a, Matrix b);
[[nodiscard]] Matrix inverse(const Matrix& a);
/// exp(A).
[[nodiscard]] Matrix exponential(const Matrix& a);

/// exp(L t) rho.
[[nodiscard]] Matrix evolve(const Matrix& l, const Matrix& rho, double t);
/// exp(-i H t) psi, from the eigenvectors of H.
[[nodiscard]] Vector evolve_ket(const Matrix& h, const Vector& psi, double t);
/// The solution of d rho/dt = L(t) rho by the fourth-order Magnus expansion in equal steps.
[[nodiscard]] Matrix evolve(const std::function<Matrix(double)>& l, const Matrix& rho, double from,
                            double to, int steps);

/// Orthonormal columns that span L v = 0: singular values below 1e-10 of the largest.
[[nodiscard]] Matrix null_space(const Matrix& l);
/// The single stationary state, of trace 1.
[[nodiscard]] Matrix steady_state(const Matrix& l);
/// lim exp(L t) rho, its oscillating part averaged out: the projection on the null space of L
/// along the range of L.
[[nodiscard]] Matrix stationary_part(const Matrix& l, const Matrix& rho);
/// Largest real part first.
[[nodiscard]] std::vector<Complex> eigenvalues(const Matrix& l);

}  // namespace oracle
