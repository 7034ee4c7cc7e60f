#include "lindwurm/states/site_state.hpp"

#include "lindwurm/backend/dense.hpp"
#include "packing.hpp"

namespace lindwurm {

int SiteState::blocks() const {
  return site.multiplets ? static_cast<int>(site.multiplets->all().size()) : 1;
}

Eigen::MatrixXcd SiteState::block(int k) const {
  const auto& multiplets = site.multiplets;
  const int first = multiplets ? multiplets->all()[k].first_state : 0;
  const int size = multiplets ? multiplets->all()[k].size() : site.dimension;
  Eigen::MatrixXcd rho = Eigen::MatrixXcd::Zero(size, size);
  for (int m = 0; m < size; ++m) {
    for (int n = 0; n < size; ++n) {
      const int element = multiplets ? multiplets->element(first + m, first + n) : m * size + n;
      if (element >= 0) rho(m, n) = elements[element];
    }
  }
  if (site.basis != SpinBasis::x) return rho;
  // The change of axis is real and symmetric.
  return rotated(Multiplets::change_of_axis(size - 1).cast<Complex>(), rho);
}

SiteTrace::SiteTrace(int site, const PackedBasis& basis, MPI_Comm comm)
    : comm_(comm),
      site_(basis.space().group_of(site)),
      count_(basis.space().elements(site)),
      mark_(basis.mark()) {
  const Space& space = basis.space();
  int rank = 0;
  int ranks = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  const auto [first, last] = basis.share(rank, ranks);
  for (std::int64_t row = first; row < last; ++row) {
    std::int64_t rest = basis.element(row);
    Element element{.index = row - first, .number = 0, .mirror = 0};
    bool is_traced = true;
    for (int s = space.sites(); s-- > 0 && is_traced;) {
      const auto number = static_cast<int>(rest % space.elements(s));
      rest /= space.elements(s);
      const auto [m, n] = space.states(s, number);
      if (s == site) {
        element.number = number;
        element.mirror = space.element(s, n, m);
      } else {
        is_traced = m == n;
      }
    }
    if (is_traced) elements_.push_back(element);
  }
}

// rho_x = (R_x + R_x')/2 + i (R_x - R_x')/2. So every R_x contributes to an element and to its
// mirror.
SiteState SiteTrace::of(Vec packed) const {
  require_basis(packed, mark_, "a reduced state");
  SiteState state{site_, Eigen::VectorXcd::Zero(count_)};
  const PetscScalar* r = nullptr;
  LINDWURM_PETSC(VecGetArrayRead(packed, &r));
  for (const auto& [index, number, mirror] : elements_) {
    state.elements[number] += r[index] * std::complex(0.5, 0.5);
    state.elements[mirror] += r[index] * std::complex(0.5, -0.5);
  }
  LINDWURM_PETSC(VecRestoreArrayRead(packed, &r));
  MPI_Allreduce(MPI_IN_PLACE, state.elements.data(), static_cast<int>(state.elements.size()),
                MPI_CXX_DOUBLE_COMPLEX, MPI_SUM, comm_);
  return state;
}

}  // namespace lindwurm
