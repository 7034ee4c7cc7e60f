#include "lindwurm/generator/matrix_free.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include "lindwurm/backend/callback.hpp"
#include "lindwurm/operators/rows.hpp"
#include "sliced_sum.hpp"

namespace lindwurm {

namespace {

// A forecast of memory looks at this many leaders. Each leader needs this many bytes in addition to
// what it reads.
constexpr std::size_t sampled_leaders = 1000;
constexpr double bytes_of_leader = 36;

PetscErrorCode multiply(Mat shell, bool is_transposed, Vec in, Vec out) {
  return petsc_callback([&] {
    SlicedSum& stored = sliced_sum(shell);
    SlicedSum& product = is_transposed ? stored.transposed() : stored;
    with_arrays(in, out, [&](const double* from, double* to) { product.apply(from, to); });
  });
}

PetscErrorCode multiply_shell(Mat shell, Vec in, Vec out) {
  return multiply(shell, false, in, out);
}

PetscErrorCode multiply_transposed_shell(Mat shell, Vec in, Vec out) {
  return multiply(shell, true, in, out);
}

PetscErrorCode diagonal_of_shell(Mat shell, Vec diagonal) {
  return petsc_callback([&] {
    PetscScalar* values = nullptr;
    LINDWURM_PETSC(VecGetArrayWrite(diagonal, &values));
    sliced_sum(shell).diagonal(values);
    LINDWURM_PETSC(VecRestoreArrayWrite(diagonal, &values));
  });
}

PetscErrorCode destroy_shell(Mat shell) {
  return petsc_callback([&] { delete &sliced_sum(shell); });
}

}  // namespace

SlicedSum& sliced_sum(Mat shell) {
  void* context = nullptr;
  LINDWURM_PETSC(MatShellGetContext(shell, &context));
  return *static_cast<SlicedSum*>(context);
}

std::vector<int> inner_sites_for_products(const ElementSpace& elements, int ranks,
                                          const Subdivision& subdivision) {
  const auto& dimensions = elements.dimensions();
  std::vector<int> order(elements.sites());
  std::iota(order.begin(), order.end(), 0);
  // Among equal sites the last ones are taken, so that neighbouring outer indices lie close
  // together.
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return dimensions[a] != dimensions[b] ? dimensions[a] > dimensions[b] : a > b;
  });
  const auto all = static_cast<double>(elements.size());
  std::vector<int> sites;
  double size = 1;
  for (int s : order) {
    if (size >= subdivision.slice_length) break;
    if (elements.moves_all(s)) continue;
    const double next = size * dimensions[s];
    if (ranks > 1 && all / next < subdivision.slices_of_rank * ranks) continue;
    sites.push_back(s);
    size = next;
  }
  std::sort(sites.begin(), sites.end());
  return sites;
}

MatHandle matrix_free(const std::vector<ProductTerm>& terms,
                      std::shared_ptr<const PackedBasis> basis, MPI_Comm comm, Complex factor,
                      OutOfSector out) {
  auto product = std::make_unique<SlicedSum>(terms, basis, comm, factor, out);
  int rank = 0;
  int ranks = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  const auto [first, last] = basis->share(rank, ranks);
  const auto local = static_cast<PetscInt>(last - first);
  MatHandle shell;
  LINDWURM_PETSC(MatCreateShell(comm, local, local, PETSC_DETERMINE, PETSC_DETERMINE, product.get(),
                                shell.put()));
  const auto set = [&](MatOperation operation, auto function) {
    LINDWURM_PETSC(
        MatShellSetOperation(shell, operation, reinterpret_cast<void (*)(void)>(function)));
  };
  set(MATOP_MULT, multiply_shell);
  set(MATOP_MULT_TRANSPOSE, multiply_transposed_shell);
  set(MATOP_GET_DIAGONAL, diagonal_of_shell);
  set(MATOP_DESTROY, destroy_shell);
  product.release();
  return shell;
}

double matrix_free_bytes(const std::vector<ProductTerm>& terms, const PackedBasis& basis) {
  const auto groups = group_terms(terms, basis, 1.0);
  std::vector<int> dimensions;
  for (int s : basis.outer_sites())
    dimensions.push_back(basis.site_dimensions()[s]);
  std::vector<RowReader> readers;
  for (const auto& group : groups)
    readers.emplace_back(group.outer, dimensions);
  const auto& leaders = basis.leaders();
  const std::size_t step = std::max<std::size_t>(1, leaders.size() / sampled_leaders);
  double bytes = 0;
  double visited = 0;
  for (std::size_t l = 0; l < leaders.size(); l += step) {
    const std::int64_t outer = basis.outer(leaders[l]);
    for (auto& reader : readers) {
      std::set<std::int64_t> read;
      reader.read(outer, [&](std::size_t, std::int64_t column, Complex) {
        if (basis.slice(column).number >= 0) read.insert(column);
      });
      if (!read.empty()) bytes += sizeof(Gather) + static_cast<double>(read.size()) * sizeof(Link);
    }
    bytes += bytes_of_leader;
    ++visited;
  }
  const double mean = visited > 0 ? bytes / visited : 0;
  return static_cast<double>(basis.slices()) * sizeof(PetscInt) +
         static_cast<double>(leaders.size()) * mean;
}

}  // namespace lindwurm
