#include "lindwurm/liouville/state.hpp"

#include <algorithm>
#include <cmath>

#include "lindwurm/model/model.hpp"
#include "lindwurm/operators/rows.hpp"
#include "lindwurm/operators/site_operators.hpp"
#include "packing.hpp"

namespace lindwurm {

namespace {

// Between the axes of the model's words and those that the spins are stored along, both ways.
void change_spin_axes(Eigen::MatrixXcd& rho, const Space& space) {
  Eigen::Index stride = rho.rows();
  for (int s = 0; s < space.sites(); ++s) {
    stride /= space.dimension(s);
    if (!space.is_along_x(s)) continue;
    for (Eigen::Index m = 0; m < rho.rows(); ++m) {
      for (Eigen::Index n = 0; n < rho.cols(); ++n) {
        if (m / stride % 2 != 0 || n / stride % 2 != 0) continue;
        Eigen::Matrix2cd block;
        block << rho(m, n), rho(m, n + stride), rho(m + stride, n), rho(m + stride, n + stride);
        block = change_spin_axis(block);
        rho(m, n) = block(0, 0);
        rho(m, n + stride) = block(0, 1);
        rho(m + stride, n) = block(1, 0);
        rho(m + stride, n + stride) = block(1, 1);
      }
    }
  }
}

}  // namespace

VecHandle pack(const ProductState& state, const Liouvillian& liouvillian) {
  const auto& dimensions = liouvillian.basis().site_dimensions();
  const ProductState stored = in_stored_basis(state, liouvillian.space());
  if (!holds(liouvillian.sector(), sector_of(stored, liouvillian.sector().charges)))
    refuse_state("Liouvillian");
  return fill(liouvillian, [&](std::int64_t x) {
    Complex product = 1.0;
    for (std::size_t s = dimensions.size(); s-- > 0;) {
      const auto& site = stored.sites[s];
      const auto element = x % dimensions[s];
      x /= dimensions[s];
      product *= site(element / site.rows(), element % site.rows());
    }
    return product;
  });
}

VecHandle pack(const Eigen::MatrixXcd& rho, const Liouvillian& liouvillian) {
  Eigen::MatrixXcd stored = rho;
  change_spin_axes(stored, liouvillian.space());
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
  const VecHandle all = on_every_rank(packed);
  const auto d = basis.hilbert_dimension();
  Eigen::MatrixXcd rho = Eigen::MatrixXcd::Zero(d, d);
  const PetscScalar* r = nullptr;
  LINDWURM_PETSC(VecGetArrayRead(all, &r));
  for (std::int64_t m = 0; m < d; ++m) {
    for (std::int64_t n = 0; n <= m; ++n) {
      const std::int64_t x = basis.index(m, n);
      const std::int64_t position = basis.position(x);
      if (position < 0) continue;
      const double here = r[position];
      const double mirrored = r[basis.position(basis.mirror(x))];
      rho(m, n) = Complex(here + mirrored, here - mirrored) / 2.0;
      rho(n, m) = std::conj(rho(m, n));
    }
  }
  LINDWURM_PETSC(VecRestoreArrayRead(all, &r));
  change_spin_axes(rho, basis.space());
  return rho;
}

Functional::Functional(const Operator& a, const PackedBasis& basis, MPI_Comm comm) {
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
  for (std::int64_t n = 0; n < basis.hilbert_dimension(); ++n) {
    rows.read(n, [&](std::size_t term, std::int64_t m, Complex value) {
      const Complex f = sum.terms()[term].coefficient.constant() * value;
      const std::int64_t x = basis.index(m, n);
      add(x, f * Complex(0.5, 0.5));
      add(basis.mirror(x), f * Complex(0.5, -0.5));
    });
  }
  std::sort(weights_.begin(), weights_.end(),
            [](const Weight& p, const Weight& q) { return p.index < q.index; });
  double scale = 0;
  double imaginary = 0;
  std::size_t kept = 0;
  for (std::size_t k = 0; k < weights_.size();) {
    Weight total = weights_[k++];
    while (k < weights_.size() && weights_[k].index == total.index) {
      total.value += weights_[k++].value;
    }
    scale = std::max(scale, std::abs(total.value));
    imaginary = std::max(imaginary, std::abs(total.value.imag()));
    weights_[kept++] = total;
  }
  weights_.resize(kept);
  MPI_Allreduce(MPI_IN_PLACE, &scale, 1, MPI_DOUBLE, MPI_MAX, comm);
  MPI_Allreduce(MPI_IN_PLACE, &imaginary, 1, MPI_DOUBLE, MPI_MAX, comm);
  is_hermitian_ = imaginary <= 1e-14 * scale;
}

Complex Functional::local(const double* packed) const {
  Complex sum = 0;
  for (const auto& [index, value] : weights_)
    sum += value * packed[index];
  return sum;
}

std::vector<Complex> expectations(const std::vector<Functional>& functionals, Vec packed) {
  std::vector<Complex> values;
  const PetscScalar* local = nullptr;
  LINDWURM_PETSC(VecGetArrayRead(packed, &local));
  for (const auto& functional : functionals)
    values.push_back(functional.local(local));
  LINDWURM_PETSC(VecRestoreArrayRead(packed, &local));
  MPI_Comm comm = MPI_COMM_NULL;
  LINDWURM_PETSC(PetscObjectGetComm(reinterpret_cast<PetscObject>(packed), &comm));
  MPI_Allreduce(MPI_IN_PLACE, values.data(), static_cast<int>(values.size()),
                MPI_CXX_DOUBLE_COMPLEX, MPI_SUM, comm);
  return values;
}

}  // namespace lindwurm
