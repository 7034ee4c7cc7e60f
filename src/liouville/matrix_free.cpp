#include "lindwurm/liouville/matrix_free.hpp"

#include <algorithm>
#include <numeric>

#include "lindwurm/backend/error.hpp"
#include "sliced_sum.hpp"

namespace lindwurm {

namespace {

constexpr int enough_inner_elements = 64;
// Outer indices for each rank, so that shares come out nearly equal.
constexpr int enough_slices = 16;

PetscErrorCode multiply(Mat shell, bool is_transposed, Vec in, Vec out) {
  try {
    SlicedSum& stored = sliced_sum(shell);
    SlicedSum& product = is_transposed ? stored.transposed() : stored;
    with_arrays(in, out, [&](const double* from, double* to) { product.apply(from, to); });
  } catch (const Error&) {
    return PETSC_ERR_LIB;
  }
  return 0;
}

PetscErrorCode multiply_shell(Mat shell, Vec in, Vec out) {
  return multiply(shell, false, in, out);
}

PetscErrorCode multiply_transposed_shell(Mat shell, Vec in, Vec out) {
  return multiply(shell, true, in, out);
}

PetscErrorCode diagonal_of_shell(Mat shell, Vec diagonal) {
  PetscScalar* values = nullptr;
  PetscCall(VecGetArrayWrite(diagonal, &values));
  sliced_sum(shell).diagonal(values);
  PetscCall(VecRestoreArrayWrite(diagonal, &values));
  return 0;
}

PetscErrorCode destroy_shell(Mat shell) {
  delete &sliced_sum(shell);
  return 0;
}

}  // namespace

SlicedSum& sliced_sum(Mat shell) {
  void* context = nullptr;
  LINDWURM_PETSC(MatShellGetContext(shell, &context));
  return *static_cast<SlicedSum*>(context);
}

std::vector<int> inner_sites_for_products(const ElementSpace& elements, int ranks) {
  const auto& dimensions = elements.dimensions();
  std::vector<int> order(elements.sites());
  std::iota(order.begin(), order.end(), 0);
  // Of equal sites the last: neighbours of its outer indices then lie close together.
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return dimensions[a] != dimensions[b] ? dimensions[a] > dimensions[b] : a > b;
  });
  const auto all = static_cast<double>(elements.size());
  std::vector<int> sites;
  double size = 1;
  for (int s : order) {
    if (size >= enough_inner_elements) break;
    if (elements.moves_all(s)) continue;
    const double next = size * dimensions[s];
    if (ranks > 1 && all / next < enough_slices * ranks) continue;
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
  // Entries in a row of the outer factors, on the average; each takes a Link, every term at most a
  // Gather of its own.
  double links = 0;
  for (const auto& term : terms) {
    double entries = 1;
    for (const auto& factor : term.factors) {
      if (!std::binary_search(basis.outer_sites().begin(), basis.outer_sites().end(), factor.site))
        continue;
      entries *=
          static_cast<double>(factor.matrix.nonZeros()) / static_cast<double>(factor.matrix.rows());
    }
    links += entries;
  }
  const auto leaders = static_cast<double>(basis.leaders().size());
  constexpr double gathers = 8;
  return static_cast<double>(basis.slices()) * sizeof(std::int32_t) +
         leaders * (links * sizeof(Link) + gathers * sizeof(Gather) + 32);
}

}  // namespace lindwurm
