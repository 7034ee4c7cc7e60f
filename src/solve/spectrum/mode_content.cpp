#include "mode_content.hpp"

#include <algorithm>
#include <cstdlib>

#include "lindwurm/states/state.hpp"

namespace lindwurm {

namespace {

// The largest number of elements of a partial trace over one site. These are kept on every rank.
constexpr std::int64_t most_traced_elements = std::int64_t{1} << 24;

// The elements m, n of the product basis as one number, interleaved site by site.
std::int64_t interleaved(std::int64_t m, std::int64_t n, const Space& space) {
  std::int64_t x = 0;
  std::int64_t stride = 1;
  for (int s = space.sites(); s-- > 0;) {
    const int d = space.dimension(s);
    x += stride * space.element(s, static_cast<int>(m % d), static_cast<int>(n % d));
    stride *= space.elements(s);
    m /= d;
    n /= d;
  }
  return x;
}

// Visits the elements between product states of the sites that a joint basis stores as one. On one
// rank.
template <typename See>
void over_named_elements(Vec re, Vec im, const PackedBasis& basis, See see) {
  const Complex i(0, 1);
  const Eigen::MatrixXcd x = unpack(re, basis) + i * unpack(im, basis);
  int rank = 0;
  MPI_Comm_rank(communicator_of(re), &rank);
  for (Eigen::Index m = 0; rank == 0 && m < x.rows(); ++m) {
    for (Eigen::Index n = 0; n < x.cols(); ++n)
      see(interleaved(m, n, basis.space().named()), x(m, n));
  }
}

// Calls see(x, X_x) for the elements on this rank.
template <typename See>
void over_elements(Vec re, Vec im, const PackedBasis& basis, See see) {
  if (basis.space().joint()) {
    over_named_elements(re, im, basis, see);
    return;
  }
  PetscInt first = 0;
  PetscInt last = 0;
  LINDWURM_PETSC(VecGetOwnershipRange(re, &first, &last));
  const PetscScalar* a = nullptr;
  const PetscScalar* b = nullptr;
  LINDWURM_PETSC(VecGetArrayRead(re, &a));
  LINDWURM_PETSC(VecGetArrayRead(im, &b));
  const Complex plus(0.5, 0.5);
  const Complex minus(0.5, -0.5);
  for (PetscInt here = first; here < last; ++here) {
    const std::int64_t x = basis.element(here);
    const auto k = here - first;
    const auto m = basis.position(basis.mirror(x)) - first;
    see(x, plus * Complex(a[k], b[k]) + minus * Complex(a[m], b[m]));
  }
  LINDWURM_PETSC(VecRestoreArrayRead(im, &b));
  LINDWURM_PETSC(VecRestoreArrayRead(re, &a));
}

int excitations(const Group& group, int state) {
  if (group.multiplets) return (group.multiplets->spins() + group.multiplets->two_m(state)) / 2;
  return group.kind == SiteKind::spin ? 1 - state : state;
}

// The contribution of each element of a site to the difference of excitations.
std::vector<std::vector<int>> differences(const Space& space) {
  std::vector<std::vector<int>> all;
  for (int s = 0; s < space.sites(); ++s) {
    const Group& group = space.group_of(s);
    auto& here = all.emplace_back();
    for (int element = 0; element < space.elements(s); ++element) {
      const auto [m, n] = space.states(s, element);
      here.push_back(excitations(group, m) - excitations(group, n));
    }
  }
  return all;
}

void sum_over_ranks(std::vector<double>& values, MPI_Comm comm) {
  MPI_Allreduce(MPI_IN_PLACE, values.data(), static_cast<int>(values.size()), MPI_DOUBLE, MPI_SUM,
                comm);
}

// The number of elements of each named site.
std::vector<int> elements_of(const Space& space) {
  std::vector<int> counts;
  for (int s = 0; s < space.sites(); ++s)
    counts.push_back(space.elements(s));
  return counts;
}

std::vector<double> coherence_of(Vec re, Vec im, const PackedBasis& basis, MPI_Comm comm) {
  const auto of_sites = differences(basis.space().named());
  const auto dimensions = elements_of(basis.space().named());
  int highest = 0;
  for (const auto& site : of_sites)
    highest += *std::max_element(site.begin(), site.end());
  std::vector<double> shares(highest + 1, 0.0);
  over_elements(re, im, basis, [&](std::int64_t x, Complex value) {
    int q = 0;
    for (std::size_t s = dimensions.size(); s-- > 0;) {
      q += of_sites[s][x % dimensions[s]];
      x /= dimensions[s];
    }
    shares[std::abs(q)] += std::norm(value);
  });
  sum_over_ranks(shares, comm);
  while (shares.size() > 1 && shares.back() == 0)
    shares.pop_back();
  return shares;
}

// |tr_s X|^2
double traced_weight(int s, Vec re, Vec im, const PackedBasis& basis, MPI_Comm comm) {
  const Space& space = basis.space().named();
  const auto dimensions = elements_of(space);
  std::int64_t stride = 1;
  for (std::size_t k = s + 1; k < dimensions.size(); ++k)
    stride *= dimensions[k];
  const std::int64_t rest = basis.elements().size() / dimensions[s];
  std::vector<double> traced(2 * rest, 0.0);
  over_elements(re, im, basis, [&](std::int64_t x, Complex value) {
    const auto element = static_cast<int>(x / stride % dimensions[s]);
    const auto [m, n] = space.states(s, element);
    if (m != n) return;
    const std::int64_t place = x / (stride * dimensions[s]) * stride + x % stride;
    traced[2 * place] += value.real();
    traced[2 * place + 1] += value.imag();
  });
  sum_over_ranks(traced, comm);
  double weight = 0;
  for (double part : traced)
    weight += part * part;
  return weight;
}

}  // namespace

OperatorContent content_of(Vec re, Vec im, const PackedBasis& basis, MPI_Comm comm) {
  const double whole = dot(re, re) + dot(im, im);
  OperatorContent content{coherence_of(re, im, basis, comm), {}};
  for (double& share : content.coherence)
    share /= whole;
  const bool is_traceable = basis.elements().size() <= most_traced_elements;
  const Space& space = basis.space().named();
  for (int s = 0; is_traceable && s < space.sites(); ++s) {
    const double traced = traced_weight(s, re, im, basis, comm) / space.dimension(s);
    content.sites.push_back(std::clamp(1 - traced / whole, 0.0, 1.0));
  }
  return content;
}

}  // namespace lindwurm
