#include "dense_preconditioner.hpp"

#include <fmt/format.h>

#include <Eigen/Core>
#include <algorithm>

#include "lindwurm/backend/dense.hpp"
#include "lindwurm/backend/error.hpp"
#include "lindwurm/model/model.hpp"
#include "lindwurm/operators/rows.hpp"

namespace lindwurm {

namespace {

// The largest condition number of the eigenvectors. Beyond it, no digits of double precision are
// left.
constexpr double worst_condition = 1e12;
// The smallest distance from zero of the eigenvalues of a part that is inverted, relative to the
// largest of them. Smaller ones are replaced.
constexpr double least_eigenvalue = 1e-3;
// The largest number of elements of a site for which all eigenvectors are computed.
constexpr int most_elements = 4000;

Complex kept_from_zero(Complex value, double scale) {
  return std::abs(value) < least_eigenvalue * scale ? -least_eigenvalue * scale : value;
}

class OneSite : public ElementPreconditioner {
 public:
  OneSite(const PackedGenerator& of, Complex z)
      : ElementPreconditioner(of, PreconditionerChoice::one_site), z_(z) {
    const Model& model = of.model();
    for (int s = 0; s < model.space.sites(); ++s) {
      const int d = model.space.elements(s);
      require_small(s, d);
      parts_.push_back(Eigen::MatrixXcd::Zero(d, d));
    }
    // The terms of the master equation, also for an equation of operators beside their conjugates.
    for (const auto& term : of.equation().system().generator().terms()) {
      if (!term.coefficient.is_constant()) continue;
      const Complex c = term.coefficient.constant();
      if (term.factors.empty()) offset_ += c;
      if (term.factors.size() != 1) continue;
      parts_[term.factors[0].site] += c * Eigen::MatrixXcd(term.factors[0].matrix);
    }
    for (std::size_t s = 0; s < parts_.size(); ++s)
      decompose(static_cast<int>(s));
  }

 private:
  void require_small(int site, int elements) const {
    if (elements <= most_elements) return;
    throw InputError(fmt::format(
        "the preconditioner one-site cannot be used: the site {} has {} elements, more than the {} "
        "whose eigenvectors can be had; take preconditioner = \"dilu\"",
        generator_.space().site_name(site), elements, most_elements));
  }

  void decompose(int site) {
    GeneralEigen eigen = general_eigen(parts_[site]);
    inverses_.push_back(inverse(eigen.vectors));
    values_.push_back(std::move(eigen.values));
    vectors_.push_back(std::move(eigen.vectors));
    scale_ = std::max(scale_, values_.back().cwiseAbs().maxCoeff());
    const double condition = vectors_.back().norm() * inverses_.back().norm();
    if (!(condition < worst_condition)) {
      throw Error(fmt::format(
          "the preconditioner one-site cannot be used: the eigenvectors of site {} alone have the "
          "condition number {:.3g}; take preconditioner = \"dilu\"",
          generator_.space().site_name(site), condition));
    }
  }

  void solve_elements(std::vector<Complex>& rho, bool is_adjoint) override {
    transform(rho, is_adjoint ? vectors_ : inverses_, is_adjoint);
    divide(rho, 0, offset_ - z_, 0, is_adjoint);
    transform(rho, is_adjoint ? inverses_ : vectors_, is_adjoint);
  }

  // Applies a matrix, or its adjoint, along the index of every site.
  static void transform(std::vector<Complex>& rho, const std::vector<Eigen::MatrixXcd>& matrices,
                        bool is_adjoint) {
    using Map = Eigen::Map<Eigen::MatrixXcd>;
    std::size_t before = 1;
    for (const auto& matrix : matrices) {
      const auto d = static_cast<std::size_t>(matrix.rows());
      const std::size_t after = rho.size() / before / d;
      for (std::size_t k = 0; k < before; ++k) {
        // In a column-major block, the later sites are the fastest index.
        Map block(rho.data() + k * d * after, static_cast<Eigen::Index>(after),
                  static_cast<Eigen::Index>(d));
        if (is_adjoint) {
          block = (block * matrix.conjugate()).eval();
        } else {
          block = (block * matrix.transpose()).eval();
        }
      }
      before *= d;
    }
  }

  std::size_t divide(std::vector<Complex>& rho, std::size_t site, Complex sum, std::size_t at,
                     bool is_adjoint) const {
    if (site == values_.size()) {
      const Complex kept = kept_from_zero(sum, scale_);
      rho[at] /= is_adjoint ? std::conj(kept) : kept;
      return at + 1;
    }
    for (const Complex& value : values_[site])
      at = divide(rho, site + 1, sum + value, at, is_adjoint);
    return at;
  }

  Complex z_;
  double scale_ = 0;
  Complex offset_ = 0;
  std::vector<Eigen::MatrixXcd> parts_;
  std::vector<Eigen::VectorXcd> values_;
  std::vector<Eigen::MatrixXcd> vectors_;
  std::vector<Eigen::MatrixXcd> inverses_;
};

class NoJump : public ElementPreconditioner {
 public:
  NoJump(const PackedGenerator& of, Complex z)
      : ElementPreconditioner(of, PreconditionerChoice::no_jump), shift_(-z) {
    const Model& model = of.model();
    const auto d = static_cast<Eigen::Index>(of.basis().hilbert_dimension());
    Eigen::MatrixXcd a = Eigen::MatrixXcd::Zero(d, d);
    add(a, sum_over_members(model.hamiltonian, model.space, model.parameters), Complex(0, -1));
    for (const auto& dissipator : model.dissipators) {
      std::vector<Jump> constant = jumps(dissipator, model);
      std::erase_if(constant, [](const Jump& jump) { return !jump.rate.is_constant(); });
      add(a, decay(constant, model.space), -0.5);
    }
    ComplexSchur schur = complex_schur(a);
    triangle_ = std::move(schur.t);
    basis_ = std::move(schur.u);
    eigenvalues_ = triangle_.diagonal();
    scale_ = eigenvalues_.cwiseAbs().maxCoeff();
  }

 private:
  void add(Eigen::MatrixXcd& to, const Operator& what, Complex factor) const {
    const Operator sum = what.simplified();
    RowReader rows(sum.terms(), site_dimensions(generator_.space()));
    for (Eigen::Index m = 0; m < to.rows(); ++m) {
      rows.read(m, [&](std::size_t term, std::int64_t n, Complex value) {
        const Coefficient& c = sum.terms()[term].coefficient;
        if (c.is_constant()) to(m, n) += factor * c.constant() * value;
      });
    }
  }

  // With A = U T U^dag and Y = U^dag X U, solves T Y + Y T^dag - z Y = U^dag B U. It proceeds
  // column by column from the last one, because T^dag is lower triangular. The adjoint equation,
  // T^dag Y + Y T - z Y, starts from the first column.
  void solve_elements(std::vector<Complex>& rho, bool is_adjoint) override {
    const PackedBasis& order = generator_.basis();
    const Eigen::Index d = basis_.rows();
    Eigen::MatrixXcd b = Eigen::MatrixXcd::Zero(d, d);
    for (std::size_t x = 0; x < rho.size(); ++x) {
      const auto [m, n] = order.states(static_cast<std::int64_t>(x));
      b(m, n) = rho[x];
    }
    Eigen::MatrixXcd y = rotated(basis_.adjoint(), b);
    for (Eigen::Index k = 0; k < d; ++k) {
      if (is_adjoint) {
        solve_column_adjoint(y, k);
      } else {
        solve_column(y, d - 1 - k);
      }
    }
    b = rotated(basis_, y);
    for (std::size_t x = 0; x < rho.size(); ++x) {
      const auto [m, n] = order.states(static_cast<std::int64_t>(x));
      rho[x] = b(m, n);
    }
  }

  // Sets the diagonal of T to the values for this column.
  void shift_for(Eigen::Index column) {
    for (Eigen::Index k = 0; k < triangle_.rows(); ++k) {
      triangle_(k, k) =
          kept_from_zero(eigenvalues_(k) + std::conj(eigenvalues_(column)) + shift_, scale_);
    }
  }

  void solve_column(Eigen::MatrixXcd& y, Eigen::Index column) {
    const Eigen::Index later = y.cols() - column - 1;
    if (later > 0)
      y.col(column) -= y.rightCols(later) * triangle_.row(column).tail(later).adjoint();
    shift_for(column);
    triangle_.triangularView<Eigen::Upper>().solveInPlace(y.col(column));
  }

  void solve_column_adjoint(Eigen::MatrixXcd& y, Eigen::Index column) {
    if (column > 0) y.col(column) -= y.leftCols(column) * triangle_.col(column).head(column);
    shift_for(column);
    triangle_.adjoint().triangularView<Eigen::Lower>().solveInPlace(y.col(column));
  }

  Eigen::VectorXcd eigenvalues_;
  Eigen::MatrixXcd triangle_;  // above the diagonal, that of the Schur form
  Eigen::MatrixXcd basis_;
  Complex shift_;
  double scale_ = 0;
};

}  // namespace

ElementPreconditioner::ElementPreconditioner(const PackedGenerator& generator,
                                             PreconditionerChoice choice)
    : generator_(generator) {
  int ranks = 1;
  MPI_Comm_size(generator.communicator(), &ranks);
  if (ranks > 1) {
    throw InputError(
        fmt::format("the preconditioner {} works on one rank only; take preconditioner = \"dilu\"",
                    name_of(choice)));
  }
  elements_.resize(static_cast<std::size_t>(generator.space().elements_estimate()));
}

void ElementPreconditioner::solve(Vec b, Vec x, bool is_adjoint) {
  const PackedBasis& basis = generator_.basis();
  // For operators beside their conjugates, these are the first half.
  const auto size = static_cast<std::int64_t>(elements_.size());
  std::fill(elements_.begin(), elements_.end(), 0.0);
  const PetscScalar* from = nullptr;
  LINDWURM_PETSC(VecGetArrayRead(b, &from));
  for (std::int64_t p = 0; p < basis.size(); ++p) {
    const std::int64_t element = basis.element(p);
    if (element >= size) continue;
    const double mirrored = from[basis.position(basis.mirror(element))];
    elements_[element] = Complex(from[p] + mirrored, from[p] - mirrored) / 2.0;
  }
  LINDWURM_PETSC(VecRestoreArrayRead(b, &from));
  solve_elements(elements_, is_adjoint);
  PetscScalar* to = nullptr;
  LINDWURM_PETSC(VecGetArrayWrite(x, &to));
  for (std::int64_t p = 0; p < basis.size(); ++p) {
    const std::int64_t element = basis.element(p);
    const Complex value =
        element < size ? elements_[element] : std::conj(elements_[element - size]);
    to[p] = value.real() + value.imag();
  }
  LINDWURM_PETSC(VecRestoreArrayWrite(x, &to));
}

std::unique_ptr<PackedPreconditioner> one_site_part(const PackedGenerator& generator, Complex z) {
  return std::make_unique<OneSite>(generator, z);
}

std::unique_ptr<PackedPreconditioner> no_jump_part(const PackedGenerator& generator, Complex z) {
  return std::make_unique<NoJump>(generator, z);
}

}  // namespace lindwurm
