#include "lindwurm/states/partial_trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "generator/ket_slices.hpp"
#include "lindwurm/backend/error.hpp"
#include "lindwurm/backend/widest_vectors.hpp"
#include "lindwurm/operators/embedding.hpp"
#include "packing.hpp"

namespace lindwurm {

namespace {

using Complex = std::complex<double>;

// The bytes for each number that a rank copies: the copy, its origin, and the data of the exchange.
constexpr double bytes_of_a_copy = 36;

// A space of only these sites, stored as in the whole space.
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

// Splits an element x of density operators into the parts of the sites.
class Splitter {
 public:
  Splitter(const ReducedSpace& kept, const PackedBasis& basis)
      : space_(basis.space()),
        dimensions_(basis.site_dimensions()),
        is_kept_(dimensions_.size(), false) {
    for (int s : kept.sites())
      is_kept_[s] = true;
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
  [[nodiscard]] const Space& space() const { return space_; }

 private:
  const Space& space_;
  const std::vector<int>& dimensions_;
  std::vector<bool> is_kept_;
};

// How the sites of kets contribute to the index m of the kept sites and b of the others.
class Digits {
 public:
  Digits(const ReducedSpace& kept, const Space& space) : is_kept_(space.sites(), false) {
    for (int s : kept.sites())
      is_kept_[s] = true;
    std::int64_t of_kept = 1;
    std::int64_t of_others = 1;
    strides_.resize(space.sites());
    for (int s = space.sites(); s-- > 0;) {
      std::int64_t& stride = is_kept_[s] ? of_kept : of_others;
      strides_[s] = stride;
      stride *= space.dimension(s);
    }
  }
  // The contributions {m, b} of an index over some of the sites.
  [[nodiscard]] std::pair<std::int64_t, std::int64_t> split(const KetSites& sites,
                                                            std::int64_t index) const {
    std::pair<std::int64_t, std::int64_t> parts{0, 0};
    sites.visit(index, [&](int s, int element) {
      (is_kept_[s] ? parts.first : parts.second) += strides_[s] * element;
    });
    return parts;
  }

 private:
  std::vector<bool> is_kept_;
  std::vector<std::int64_t> strides_;
};

// sum_k psi_k phi*_k over runs of packed kets and their conjugates.
LINDWURM_WIDEST_VECTORS
Complex product_of_runs(const double* u, const double* v, const double* w, const double* x,
                        int length) {
  constexpr int lanes = 8;
  double real[lanes] = {};
  double imaginary[lanes] = {};
  int k = 0;
  for (; k + lanes <= length; k += lanes) {
    for (int j = 0; j < lanes; ++j) {
      real[j] += u[k + j] * w[k + j] + v[k + j] * x[k + j];
      imaginary[j] += u[k + j] * x[k + j] - v[k + j] * w[k + j];
    }
  }
  for (; k < length; ++k) {
    real[0] += u[k] * w[k] + v[k] * x[k];
    imaginary[0] += u[k] * x[k] - v[k] * w[k];
  }
  return {std::accumulate(real, real + lanes, 0.0) / 2,
          std::accumulate(imaginary, imaginary + lanes, 0.0) / 2};
}

void sum_over_ranks(Eigen::MatrixXcd& rho, MPI_Comm comm) {
  MPI_Allreduce(MPI_IN_PLACE, rho.data(), static_cast<int>(rho.size()), MPI_CXX_DOUBLE_COMPLEX,
                MPI_SUM, comm);
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
  log_copies_ = lindwurm::log_copies(space, sites_);
}

PartialTrace::PartialTrace(const ReducedSpace& kept, const PackedBasis& basis, MPI_Comm comm)
    : comm_(comm),
      own_(restricted(basis.space(), kept.sites())),
      dimension_(kept.dimension()),
      mark_(basis.mark()) {
  const Splitter split(kept, basis);
  const auto [first, last] = basis.share(rank_in(comm), size_of(comm));
  for (std::int64_t row = first; row < last; ++row) {
    Element element{.index = row - first, .m = 0, .n = 0};
    int stride = 1;
    bool is_diagonal = true;
    split.digits(basis.element(row), [&](std::size_t s, int digit) {
      const int site = static_cast<int>(s);
      const auto [m, n] = split.space().states(site, digit);
      if (!split.is_kept(s)) {
        is_diagonal = is_diagonal && m == n;
        return;
      }
      element.m += m * stride;
      element.n += n * stride;
      stride *= split.space().dimension(site);
    });
    if (is_diagonal) elements_.push_back(element);
  }
}

// rho_x = (R_x + R_x')/2 + i (R_x - R_x')/2. So every R_x contributes to an element and to its
// mirror.
Eigen::MatrixXcd PartialTrace::of(Vec packed) const {
  require_basis(packed, mark_, "a reduced state");
  Eigen::MatrixXcd rho = Eigen::MatrixXcd::Zero(dimension_, dimension_);
  const PetscScalar* r = nullptr;
  LINDWURM_PETSC(VecGetArrayRead(packed, &r));
  for (const auto& [index, m, n] : elements_) {
    rho(m, n) += r[index] * Complex(0.5, 0.5);
    rho(n, m) += r[index] * Complex(0.5, -0.5);
  }
  LINDWURM_PETSC(VecRestoreArrayRead(packed, &r));
  sum_over_ranks(rho, comm_);
  rho = from_stored_basis(std::move(rho), own_);
  return rho;
}

KetPartialTrace::KetPartialTrace(const ReducedSpace& kept, const PackedBasis& basis, Vec like)
    : basis_(basis),
      comm_(communicator_of(like)),
      own_(restricted(basis.space(), kept.sites())),
      dimension_(kept.dimension()),
      overlaps_(basis.kinds().size()) {
  const int ranks = size_of(comm_);
  find_slices(kept, rank_in(comm_), ranks);
  find_overlaps(kept);
  if (ranks > 1) gather_slices(like);
}

double KetPartialTrace::shared_bytes(std::int64_t basis_size) {
  return bytes_of_a_copy * static_cast<double>(basis_size);
}

// The slices of the b that this rank works on. It needs all slices with the same b.
void KetPartialTrace::find_slices(const ReducedSpace& kept, int rank, int ranks) {
  const KetSites outer(basis_, basis_.outer_sites());
  const Digits digits(kept, basis_.space());
  struct Found {
    std::int64_t b;
    Slice slice;
  };
  std::vector<Found> found;
  over_ket_slices(basis_, 0, basis_.size(),
                  [&](const PackedBasis::Leader& leader, std::int64_t start, const auto&) {
                    const auto [m, b] = digits.split(outer, leader.outer);
                    if (b % ranks != rank) return;
                    found.push_back({b,
                                     {.start = static_cast<std::int32_t>(start),
                                      .kind = leader.kind,
                                      .m = static_cast<std::int32_t>(m)}});
                  });
  std::sort(found.begin(), found.end(), [](const Found& p, const Found& q) {
    return p.b != q.b ? p.b < q.b : p.slice.m < q.slice.m;
  });
  slices_.reserve(found.size());
  for (std::size_t k = 0; k < found.size(); ++k) {
    if (k == 0 || found[k].b != found[k - 1].b) first_.push_back(static_cast<std::int32_t>(k));
    slices_.push_back(found[k].slice);
  }
  first_.push_back(static_cast<std::int32_t>(found.size()));
}

// Sets the starts of the slices to those of their copies.
void KetPartialTrace::gather_slices(Vec like) {
  std::vector<PetscInt> places;
  for (Slice& slice : slices_) {
    const auto count = static_cast<PetscInt>(2 * basis_.kinds()[slice.kind].elements.size());
    const PetscInt from = slice.start;
    slice.start = static_cast<std::int32_t>(places.size());
    for (PetscInt k = 0; k < count; ++k)
      places.push_back(from + k);
  }
  const auto count = static_cast<PetscInt>(places.size());
  LINDWURM_PETSC(VecCreateSeq(PETSC_COMM_SELF, count, gathered_.put()));
  IsHandle from;
  LINDWURM_PETSC(
      ISCreateGeneral(PETSC_COMM_SELF, count, places.data(), PETSC_USE_POINTER, from.put()));
  LINDWURM_PETSC(VecScatterCreate(like, from, gathered_, nullptr, scatter_.put()));
}

// Finds the common b of slices that are combined with each other.
void KetPartialTrace::find_overlaps(const ReducedSpace& kept) {
  const KetSites inner(basis_, basis_.inner_sites());
  const Digits digits(kept, basis_.space());
  struct Element {
    int place;
    int m;
  };
  // The elements of each kind, sorted by b.
  std::vector<std::map<std::int64_t, std::vector<Element>>> by_b(basis_.kinds().size());
  for (std::size_t kind = 0; kind < by_b.size(); ++kind) {
    int place = 0;
    for (int i : basis_.kinds()[kind].elements) {
      const auto [m, b] = digits.split(inner, i);
      by_b[kind][b].push_back({place++, static_cast<int>(m)});
    }
  }
  over_pairs(false, [&](const Slice& left, const Slice& right) {
    auto& known = overlaps_[left.kind];
    if (std::any_of(known.begin(), known.end(),
                    [&](const Overlap& each) { return each.right_kind == right.kind; }))
      return;
    std::map<std::pair<int, int>, std::vector<Run>> runs;
    for (const auto& [b, elements] : by_b[left.kind]) {
      const auto others = by_b[right.kind].find(b);
      if (others == by_b[right.kind].end()) continue;
      for (const auto& [p, m] : elements) {
        for (const auto& [q, n] : others->second) {
          auto& of_these = runs[{m, n}];
          if (!of_these.empty()) {
            Run& last = of_these.back();
            if (p == last.left + last.length && q == last.right + last.length) {
              ++last.length;
              continue;
            }
          }
          of_these.push_back({.m = m, .n = n, .left = p, .right = q, .length = 1});
        }
      }
    }
    known.push_back({right.kind, {}});
    for (const auto& [elements, of_these] : runs)
      known.back().runs.insert(known.back().runs.end(), of_these.begin(), of_these.end());
  });
}

const std::vector<KetPartialTrace::Run>& KetPartialTrace::overlap(int left_kind,
                                                                  int right_kind) const {
  const auto& known = overlaps_[left_kind];
  return std::find_if(known.begin(), known.end(),
                      [&](const Overlap& each) { return each.right_kind == right_kind; })
      ->runs;
}

// Calls see(left, right) for slices with the same b of the outer sites. If rho is Hermitian, only
// one of the two orders is used.
template <typename See>
void KetPartialTrace::over_pairs(bool is_hermitian, See see) const {
  for (std::size_t b = 0; b + 1 < first_.size(); ++b) {
    for (std::int32_t left = first_[b]; left < first_[b + 1]; ++left) {
      for (std::int32_t right = is_hermitian ? left : first_[b]; right < first_[b + 1]; ++right)
        see(slices_[left], slices_[right]);
    }
  }
}

void KetPartialTrace::gather(Vec ket, Vec copies) const {
  LINDWURM_PETSC(VecScatterBegin(scatter_, ket, copies, INSERT_VALUES, SCATTER_FORWARD));
  LINDWURM_PETSC(VecScatterEnd(scatter_, ket, copies, INSERT_VALUES, SCATTER_FORWARD));
}

// With psi = (u + v)/2 + i (u - v)/2, where v is in the conjugate's slice, 2 psi phi* is u u' + v
// v' + i (u v' - v u').
Eigen::MatrixXcd KetPartialTrace::of(Vec psi, Vec phi) const {
  require_basis(psi, basis_.mark(), "a reduced state");
  require_basis(phi, basis_.mark(), "a reduced state");
  VecHandle copies_of_phi;
  const bool is_hermitian = psi == phi;
  if (scatter_.get() != nullptr) {
    if (!is_hermitian) {
      copies_of_phi = duplicate(gathered_);
      gather(phi, copies_of_phi);
    }
    gather(psi, gathered_);
    psi = gathered_;
    phi = is_hermitian ? psi : Vec(copies_of_phi);
  }
  Eigen::MatrixXcd rho = Eigen::MatrixXcd::Zero(dimension_, dimension_);
  const PetscScalar* left_values = nullptr;
  const PetscScalar* right_values = nullptr;
  LINDWURM_PETSC(VecGetArrayRead(psi, &left_values));
  LINDWURM_PETSC(VecGetArrayRead(phi, &right_values));
  over_pairs(is_hermitian, [&](const Slice& left, const Slice& right) {
    const auto left_length = basis_.kinds()[left.kind].elements.size();
    const auto right_length = basis_.kinds()[right.kind].elements.size();
    for (const Run& run : overlap(left.kind, right.kind)) {
      const double* u = left_values + left.start + run.left;
      const double* w = right_values + right.start + run.right;
      const Complex sum = product_of_runs(u, u + left_length, w, w + right_length, run.length);
      rho(left.m + run.m, right.m + run.n) += sum;
      if (is_hermitian && &left != &right) rho(right.m + run.n, left.m + run.m) += std::conj(sum);
    }
  });
  LINDWURM_PETSC(VecRestoreArrayRead(phi, &right_values));
  LINDWURM_PETSC(VecRestoreArrayRead(psi, &left_values));
  sum_over_ranks(rho, comm_);
  rho = from_stored_basis(std::move(rho), own_);
  return rho;
}

}  // namespace lindwurm
