#include "lindwurm/liouville/partial_trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "lindwurm/backend/error.hpp"
#include "packing.hpp"

namespace lindwurm {

namespace {

using Complex = std::complex<double>;

// The sites by themselves, stored as in the whole space.
Space restricted(const Space& space, const std::vector<int>& sites) {
  std::vector<Group> groups;
  for (int s : sites) {
    Group group = space.group_of(s);
    group.name = fmt::format("site{}", s);
    group.count.reset();
    groups.push_back(std::move(group));
  }
  return Space(groups);
}

// An element x taken apart: the index over the kept sites and the index over the others, both of
// the element numbers of the sites.
class Splitter {
 public:
  // `first` is the number of sites that come before those of the Hilbert space.
  Splitter(const ReducedSpace& kept, const PackedBasis& basis, int first)
      : dimensions_(basis.site_dimensions()), is_kept_(dimensions_.size(), false) {
    for (int s : kept.sites())
      is_kept_[s + first] = true;
  }

  // Calls see(site, element) from the last site to the first.
  template <typename See>
  void digits(std::int64_t x, See see) const {
    for (std::size_t s = dimensions_.size(); s-- > 0;) {
      see(s, static_cast<int>(x % dimensions_[s]));
      x /= dimensions_[s];
    }
  }
  [[nodiscard]] bool is_kept(std::size_t site) const { return is_kept_[site]; }
  [[nodiscard]] int dimension(std::size_t site) const { return dimensions_[site]; }

 private:
  const std::vector<int>& dimensions_;
  std::vector<bool> is_kept_;
};

int square_root(int square) {
  int root = 1;
  while (root * root < square)
    ++root;
  return root;
}

void sum_over_ranks(Eigen::MatrixXcd& rho, MPI_Comm comm) {
  MPI_Allreduce(MPI_IN_PLACE, rho.data(), static_cast<int>(rho.size()), MPI_CXX_DOUBLE_COMPLEX,
                MPI_SUM, comm);
}

MPI_Comm communicator_of(Vec v) {
  MPI_Comm comm = MPI_COMM_NULL;
  LINDWURM_PETSC(PetscObjectGetComm(reinterpret_cast<PetscObject>(v), &comm));
  return comm;
}

int size_of(MPI_Comm comm) {
  int ranks = 1;
  MPI_Comm_size(comm, &ranks);
  return ranks;
}

int rank_in(MPI_Comm comm) {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  return rank;
}

}  // namespace

ReducedSpace::ReducedSpace(const Space& space, std::vector<int> sites) : sites_(std::move(sites)) {
  if (sites_.empty()) throw InputError("a reduced state needs at least one site to keep");
  std::sort(sites_.begin(), sites_.end());
  for (std::size_t k = 0; k < sites_.size(); ++k) {
    if (sites_[k] < 0 || sites_[k] >= space.sites()) {
      throw InputError(fmt::format("a reduced state of site {}: there are the sites 0 to {}",
                                   sites_[k], space.sites() - 1));
    }
    if (k > 0 && sites_[k] == sites_[k - 1]) {
      throw InputError(fmt::format("a reduced state names '{}' twice", space.site_name(sites_[k])));
    }
  }
  double size = 1;
  for (int s : sites_)
    size *= space.dimension(s);
  if (size > static_cast<double>(reduced_limit)) {
    throw InputError(
        fmt::format("a reduced state of dimension {:.6g} is larger than {}; name fewer sites", size,
                    reduced_limit));
  }
  dimension_ = static_cast<int>(size);
}

PartialTrace::PartialTrace(const ReducedSpace& kept, const PackedBasis& basis, MPI_Comm comm)
    : comm_(comm), own_(restricted(basis.space(), kept.sites())), dimension_(kept.dimension()) {
  const Splitter split(kept, basis, 0);
  const auto [first, last] = basis.share(rank_in(comm), size_of(comm));
  for (std::int64_t row = first; row < last; ++row) {
    Element element{.index = row - first, .m = 0, .n = 0};
    int stride = 1;
    bool is_diagonal = true;
    split.digits(basis.element(row), [&](std::size_t s, int digit) {
      const int d = square_root(split.dimension(s));
      if (!split.is_kept(s)) {
        is_diagonal = is_diagonal && digit / d == digit % d;
        return;
      }
      element.m += digit / d * stride;
      element.n += digit % d * stride;
      stride *= d;
    });
    if (is_diagonal) elements_.push_back(element);
  }
}

// rho_x = (R_x + R_x')/2 + i (R_x - R_x')/2: every R_x adds to an element and to its mirror.
Eigen::MatrixXcd PartialTrace::of(Vec packed) const {
  Eigen::MatrixXcd rho = Eigen::MatrixXcd::Zero(dimension_, dimension_);
  const PetscScalar* r = nullptr;
  LINDWURM_PETSC(VecGetArrayRead(packed, &r));
  for (const auto& [index, m, n] : elements_) {
    rho(m, n) += r[index] * Complex(0.5, 0.5);
    rho(n, m) += r[index] * Complex(0.5, -0.5);
  }
  LINDWURM_PETSC(VecRestoreArrayRead(packed, &r));
  sum_over_ranks(rho, comm_);
  change_spin_axes(rho, own_);
  return rho;
}

KetPartialTrace::KetPartialTrace(const ReducedSpace& kept, const PackedBasis& basis, Vec like)
    : comm_(communicator_of(like)),
      own_(restricted(basis.space(), kept.sites())),
      dimension_(kept.dimension()) {
  const Splitter split(kept, basis, 1);
  struct Number {
    std::int64_t b;
    int m;
    PetscInt position;
  };
  std::vector<Number> numbers;
  const int ranks = size_of(comm_);
  const int rank = rank_in(comm_);
  for (std::int64_t position = 0; position < basis.size(); ++position) {
    Number number{.b = 0, .m = 0, .position = static_cast<PetscInt>(position)};
    int stride = 1;
    std::int64_t other_stride = 1;
    bool is_conjugate = false;
    split.digits(basis.element(position), [&](std::size_t s, int digit) {
      if (s == 0) {
        is_conjugate = digit == 1;
      } else if (split.is_kept(s)) {
        number.m += digit * stride;
        stride *= split.dimension(s);
      } else {
        number.b += digit * other_stride;
        other_stride *= split.dimension(s);
      }
    });
    if (!is_conjugate && number.b % ranks == rank) numbers.push_back(number);
  }
  std::sort(numbers.begin(), numbers.end(),
            [](const Number& p, const Number& q) { return p.b != q.b ? p.b < q.b : p.m < q.m; });
  std::vector<PetscInt> places;
  places.reserve(2 * numbers.size());
  for (std::size_t k = 0; k < numbers.size(); ++k) {
    if (k == 0 || numbers[k].b != numbers[k - 1].b) first_.push_back(static_cast<std::int32_t>(k));
    kept_.push_back(numbers[k].m);
    places.push_back(numbers[k].position);
    places.push_back(
        static_cast<PetscInt>(basis.position(basis.mirror(basis.element(numbers[k].position)))));
  }
  first_.push_back(static_cast<std::int32_t>(numbers.size()));
  const auto count = static_cast<PetscInt>(places.size());
  LINDWURM_PETSC(VecCreateSeq(PETSC_COMM_SELF, count, gathered_.put()));
  IsHandle from;
  LINDWURM_PETSC(
      ISCreateGeneral(PETSC_COMM_SELF, count, places.data(), PETSC_COPY_VALUES, from.put()));
  LINDWURM_PETSC(VecScatterCreate(like, from, gathered_, nullptr, scatter_.put()));
}

std::vector<Complex> KetPartialTrace::gathered(Vec ket) const {
  LINDWURM_PETSC(VecScatterBegin(scatter_, ket, gathered_, INSERT_VALUES, SCATTER_FORWARD));
  LINDWURM_PETSC(VecScatterEnd(scatter_, ket, gathered_, INSERT_VALUES, SCATTER_FORWARD));
  std::vector<Complex> psi(kept_.size());
  const PetscScalar* r = nullptr;
  LINDWURM_PETSC(VecGetArrayRead(gathered_, &r));
  for (std::size_t k = 0; k < psi.size(); ++k) {
    const double here = r[2 * k];
    const double mirrored = r[2 * k + 1];
    psi[k] = Complex(here + mirrored, here - mirrored) / 2.0;
  }
  LINDWURM_PETSC(VecRestoreArrayRead(gathered_, &r));
  return psi;
}

Eigen::MatrixXcd KetPartialTrace::of(Vec psi, Vec phi) const {
  const std::vector<Complex> left = gathered(psi);
  const std::vector<Complex> right = psi == phi ? left : gathered(phi);
  Eigen::MatrixXcd rho = Eigen::MatrixXcd::Zero(dimension_, dimension_);
  for (std::size_t b = 0; b + 1 < first_.size(); ++b) {
    for (std::int32_t n = first_[b]; n < first_[b + 1]; ++n) {
      const Complex conjugate = std::conj(right[n]);
      for (std::int32_t m = first_[b]; m < first_[b + 1]; ++m)
        rho(kept_[m], kept_[n]) += left[m] * conjugate;
    }
  }
  sum_over_ranks(rho, comm_);
  change_spin_axes(rho, own_);
  return rho;
}

}  // namespace lindwurm
