#include "lindwurm/states/state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lindwurm/backend/error.hpp"
#include "lindwurm/model/model.hpp"
#include "lindwurm/operators/rows.hpp"
#include "packing.hpp"

namespace lindwurm {

namespace {

constexpr double hermiticity_tolerance = 1e-12;

}  // namespace

VecHandle pack(const ProductState& state, const Liouvillian& liouvillian) {
  const ProductState stored = in_stored_basis(state, liouvillian.space());
  if (!holds(liouvillian.sector(), sector_of(stored, liouvillian.sector().charges)))
    refuse_state("Liouvillian");
  return pack_part(state, liouvillian);
}

VecHandle pack_part(const ProductState& state, const Liouvillian& liouvillian) {
  const auto& dimensions = liouvillian.basis().site_dimensions();
  const ProductState stored = in_stored_basis(state, liouvillian.space());
  std::vector<Eigen::VectorXcd> sites;
  for (int s = 0; s < liouvillian.space().sites(); ++s)
    sites.push_back(site_elements(stored, s, liouvillian.space()));
  return fill(liouvillian, [&](std::int64_t x) {
    Complex product = 1.0;
    for (std::size_t s = dimensions.size(); s-- > 0;) {
      product *= sites[s][x % dimensions[s]];
      x /= dimensions[s];
    }
    return product;
  });
}

namespace {

void require_density_matrix(const Eigen::MatrixXcd& rho, std::int64_t d) {
  if (rho.rows() != d || rho.cols() != d) {
    throw InputError(fmt::format("a {} x {} matrix was given for a Hilbert space of dimension {}",
                                 rho.rows(), rho.cols(), d));
  }
  const double defect = (rho - rho.adjoint()).norm();
  if (!(defect <= hermiticity_tolerance * rho.norm())) {
    throw InputError(fmt::format(
        "the matrix is not Hermitian, |A - A^dag| = {:.3g}: it is no density operator; pack its "
        "Hermitian parts (A + A^dag)/2 and (A - A^dag)/2i, or use an OperatorGenerator",
        defect));
  }
}

}  // namespace

VecHandle pack(const Eigen::MatrixXcd& rho, const Liouvillian& liouvillian) {
  require_density_matrix(rho, liouvillian.basis().hilbert_dimension());
  const Eigen::MatrixXcd stored = in_stored_basis(rho, liouvillian.space());
  VecHandle packed = fill(liouvillian, [&](std::int64_t x) {
    const auto [m, n] = liouvillian.basis().states(x);
    return stored(m, n);
  });
  PetscReal norm = 0;
  LINDWURM_PETSC(VecNorm(packed, NORM_2, &norm));
  if (!(norm > (1 - 1e-12) * stored.norm())) refuse_state("Liouvillian");
  return packed;
}

Eigen::MatrixXcd unpack(Vec packed, const PackedBasis& basis) {
  require_basis(packed, basis.mark(), "the basis");
  const VecHandle all = on_every_rank(packed);
  const auto d = basis.hilbert_dimension();
  Eigen::MatrixXcd rho = Eigen::MatrixXcd::Zero(d, d);
  const PetscScalar* r = nullptr;
  LINDWURM_PETSC(VecGetArrayRead(all, &r));
  for (std::int64_t m = 0; m < d; ++m) {
    for (std::int64_t n = 0; n <= m; ++n) {
      const std::int64_t x = basis.index(m, n);
      const std::int64_t position = x < 0 ? -1 : basis.position(x);
      if (position < 0) continue;
      const double here = r[position];
      const double mirrored = r[basis.position(basis.mirror(x))];
      rho(m, n) = Complex(here + mirrored, here - mirrored) / 2.0;
      rho(n, m) = std::conj(rho(m, n));
    }
  }
  LINDWURM_PETSC(VecRestoreArrayRead(all, &r));
  return from_stored_basis(std::move(rho), basis.space());
}

Functional::Functional(const Operator& a, const PackedBasis& basis, MPI_Comm comm)
    : mark_(basis.mark()) {
  int rank = 0;
  int ranks = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  const auto [first, last] = basis.share(rank, ranks);
  const Operator sum = a.simplified();
  require_constant_observable(sum);
  RowReader rows(sum.terms(), site_dimensions(basis.space()));
  const auto add = [&](std::int64_t x, Complex weight) {
    const std::int64_t position = basis.position(x);
    if (position >= first && position < last) weights_.push_back({position - first, weight});
  };
  over_bras(basis, first, last, [&](std::int64_t n) {
    rows.read(n, [&](std::size_t term, std::int64_t m, Complex value) {
      const Complex f = sum.terms()[term].coefficient.constant() * value;
      const std::int64_t x = basis.index(m, n);
      if (x < 0) return;  // a coherence that is not kept
      add(x, f * Complex(0.5, 0.5));
      add(basis.mirror(x), f * Complex(0.5, -0.5));
    });
  });
  std::sort(weights_.begin(), weights_.end(),
            [](const Weight& p, const Weight& q) { return p.index < q.index; });
  std::size_t kept = 0;
  for (std::size_t k = 0; k < weights_.size();) {
    Weight total = weights_[k++];
    while (k < weights_.size() && weights_[k].index == total.index) {
      total.value += weights_[k++].value;
    }
    weights_[kept++] = total;
  }
  weights_.resize(kept);
  is_hermitian_ = lindwurm::is_hermitian(sum);
}

Complex Functional::local(const double* packed) const {
  Complex sum = 0;
  for (const auto& [index, value] : weights_)
    sum += value * packed[index];
  return sum;
}

double Functional::local_square() const {
  double sum = 0;
  for (const auto& [index, value] : weights_)
    sum += std::norm(value);
  return sum;
}

std::vector<Complex> expectations(const std::vector<Functional>& functionals, Vec packed) {
  std::vector<Complex> values;
  for (const auto& functional : functionals)
    functional.require_fit(packed);
  const PetscScalar* local = nullptr;
  LINDWURM_PETSC(VecGetArrayRead(packed, &local));
  for (const auto& functional : functionals)
    values.push_back(functional.local(local));
  LINDWURM_PETSC(VecRestoreArrayRead(packed, &local));
  MPI_Allreduce(MPI_IN_PLACE, values.data(), static_cast<int>(values.size()),
                MPI_CXX_DOUBLE_COMPLEX, MPI_SUM, communicator_of(packed));
  return values;
}

}  // namespace lindwurm
