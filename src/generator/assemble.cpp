#include "lindwurm/generator/assemble.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "lindwurm/backend/agreement.hpp"
#include "lindwurm/backend/error.hpp"
#include "lindwurm/model/model.hpp"
#include "lindwurm/operators/rows.hpp"

namespace lindwurm {

namespace {

constexpr double hermiticity_tolerance = 1e-12;

struct RowCounts {
  std::vector<PetscInt> diagonal;  // the entries in the columns of this rank
  std::vector<PetscInt> other;
  double total = 0;
};

RowCounts count(PackedRows& rows, std::int64_t first, std::int64_t last) {
  RowCounts counts;
  counts.diagonal.reserve(last - first);
  counts.other.reserve(last - first);
  for (std::int64_t row = first; row < last; ++row) {
    PetscInt here = 0;
    const auto& entries = rows.read(row);
    for (const auto& entry : entries)
      here += entry.column >= first && entry.column < last;
    counts.diagonal.push_back(here);
    counts.other.push_back(static_cast<PetscInt>(entries.size()) - here);
    counts.total += static_cast<double>(entries.size());
  }
  return counts;
}

void require_room(double entries_here, double rows_here, MPI_Comm comm) {
  double entries = entries_here;
  MPI_Allreduce(MPI_IN_PLACE, &entries, 1, MPI_DOUBLE, MPI_SUM, comm);
  if (entries > static_cast<double>(largest_index)) {
    throw InputError(
        fmt::format("the Liouvillian has {:.4g} entries, more than {}; use fewer levels or spins",
                    entries, index_limit()));
  }
  const NodeMemory memory = tightest_node(assembled_bytes(rows_here, entries_here), comm);
  if (!memory.suffices()) {
    throw InputError(fmt::format(
        "the Liouvillian has {:.4g} entries and needs {:.3g} GB on one machine, where only {:.3g} "
        "GB are free; use fewer levels or spins, or more machines, or one with more memory",
        entries, memory.needed / 1e9, memory.available / 1e9));
  }
}

}  // namespace

double assembled_bytes(double rows, double entries) {
  // The memory of an AIJ matrix: a number and a column for each entry; a row pointer and a row
  // length for each row.
  return entries * (sizeof(PetscScalar) + sizeof(PetscInt)) + rows * 2 * sizeof(PetscInt);
}

PackedRows::PackedRows(const std::vector<ProductTerm>& terms, const PackedBasis& basis,
                       Complex factor)
    : reader_(terms, basis.site_dimensions()), basis_(basis) {
  for (const auto& term : terms)
    coefficients_.push_back(factor * term.coefficient.constant());
}

const std::vector<PackedEntry>& PackedRows::read(std::int64_t position) {
  entries_.clear();
  entries_.push_back({position, 0.0});
  reader_.read(basis_.element(position), [&](std::size_t term, std::int64_t y, Complex value) {
    value *= coefficients_[term];
    const std::int64_t column = basis_.position(y);
    if (column < 0 && basis_.is_cut_out()) return;
    if (column < 0 && value != 0.0)
      throw Error("a term of the Liouvillian leads out of its sector");
    if (value.real() != 0) entries_.push_back({column, value.real()});
    if (value.imag() != 0) {
      entries_.push_back({basis_.position(basis_.mirror(y)), value.imag()});
    }
  });
  std::sort(entries_.begin(), entries_.end(),
            [](const PackedEntry& a, const PackedEntry& b) { return a.column < b.column; });
  std::size_t kept = 0;
  for (std::size_t k = 0; k < entries_.size();) {
    PackedEntry sum = entries_[k++];
    while (k < entries_.size() && entries_[k].column == sum.column)
      sum.value += entries_[k++].value;
    if (sum.value != 0 || sum.column == position) entries_[kept++] = sum;
  }
  entries_.resize(kept);
  return entries_;
}

MatHandle assemble(const std::vector<ProductTerm>& terms, const PackedBasis& basis, MPI_Comm comm,
                   Complex factor) {
  int rank = 0;
  int ranks = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  const auto [first, last] = basis.share(rank, ranks);
  PackedRows rows(terms, basis, factor);
  const RowCounts counts = count(rows, first, last);
  require_room(counts.total, static_cast<double>(last - first), comm);

  const auto local = static_cast<PetscInt>(last - first);
  MatHandle matrix;
  LINDWURM_PETSC(MatCreate(comm, matrix.put()));
  LINDWURM_PETSC(MatSetSizes(matrix, local, local, PETSC_DETERMINE, PETSC_DETERMINE));
  LINDWURM_PETSC(MatSetType(matrix, MATAIJ));
  LINDWURM_PETSC(MatXAIJSetPreallocation(matrix, 1, counts.diagonal.data(), counts.other.data(),
                                         nullptr, nullptr));
  LINDWURM_PETSC(MatSetOption(matrix, MAT_NO_OFF_PROC_ENTRIES, PETSC_TRUE));
  LINDWURM_PETSC(MatSetOption(matrix, MAT_NEW_NONZERO_ALLOCATION_ERR, PETSC_TRUE));
  std::vector<PetscInt> columns;
  std::vector<PetscScalar> values;
  for (std::int64_t row = first; row < last; ++row) {
    columns.clear();
    values.clear();
    for (const auto& entry : rows.read(row)) {
      columns.push_back(static_cast<PetscInt>(entry.column));
      values.push_back(entry.value);
    }
    const auto petsc_row = static_cast<PetscInt>(row);
    LINDWURM_PETSC(MatSetValues(matrix, 1, &petsc_row, static_cast<PetscInt>(columns.size()),
                                columns.data(), values.data(), INSERT_VALUES));
  }
  LINDWURM_PETSC(MatAssemblyBegin(matrix, MAT_FINAL_ASSEMBLY));
  LINDWURM_PETSC(MatAssemblyEnd(matrix, MAT_FINAL_ASSEMBLY));
  return matrix;
}

namespace {

// Bounds on the numbers that were added up to give the elements of a map: one for each element, or
// one for all of them.
struct Rounding {
  Superoperator magnitudes;
  double bound = 0;
};

Rounding rounding_in(Superoperator magnitudes, const Space& space) {
  if (!space.has_ensembles()) return {std::move(magnitudes)};
  // The states of an ensemble are not those of its spins, so only the common bound applies.
  Rounding rounding;
  for (const auto& term : magnitudes.terms()) {
    double product = std::abs(term.coefficient.constant());
    for (const auto& factor : term.factors)
      product *= factor.matrix.cwiseAbs().sum();
    rounding.bound += product;
  }
  return rounding;
}

// Describes what violates L(rho)^dag = L(rho^dag) in this rank's rows; empty if nothing does.
std::string hermiticity_complaint(const Superoperator& map, const PackedBasis& basis,
                                  const Space& space, MPI_Comm comm, double t,
                                  const Rounding& rounding) {
  int rank = 0;
  int ranks = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  const auto [first, last] = basis.share(rank, ranks);
  RowReader reader(map.terms(), basis.site_dimensions());
  RowReader magnitudes(rounding.magnitudes.terms(), basis.site_dimensions());
  std::vector<Complex> coefficients;
  for (const auto& term : map.terms())
    coefficients.push_back(term.coefficient.at(t));
  for (std::int64_t row = first; row < last; ++row) {
    const std::int64_t x = basis.element(row);
    std::unordered_map<std::int64_t, Complex> difference;
    double scale = rounding.bound;
    reader.read(x, [&](std::size_t term, std::int64_t y, Complex value) {
      difference[y] += coefficients[term] * value;
      scale = std::max(scale, std::abs(coefficients[term] * value));
    });
    reader.read(basis.mirror(x), [&](std::size_t term, std::int64_t y, Complex value) {
      difference[basis.mirror(y)] -= std::conj(coefficients[term] * value);
      scale = std::max(scale, std::abs(coefficients[term] * value));
    });
    for (const std::int64_t here : {x, basis.mirror(x)}) {
      magnitudes.read(here, [&](std::size_t term, std::int64_t, Complex value) {
        const Complex c = rounding.magnitudes.terms()[term].coefficient.constant();
        scale = std::max(scale, std::abs(c * value));
      });
    }
    for (const auto& [y, value] : difference) {
      if (std::abs(value) <= hermiticity_tolerance * scale) continue;
      const auto [m, n] = basis.states(x);
      const auto [k, l] = basis.states(y);
      return fmt::format(
          "the superoperator terms do not keep rho Hermitian: what |{}><{}| gives to |{}><{}| and "
          "what their conjugates give differ by {:.3g}{}; with a Hermitian A, i*commutator(A) and "
          "anticommutator(A) keep it, and left(A) needs right(dag(A)) beside it",
          state_name(space, k), state_name(space, l), state_name(space, m), state_name(space, n),
          std::abs(value), t == 0 ? "" : fmt::format(" at t = {}", t));
    }
  }
  return "";
}

}  // namespace

void require_hermiticity_preserving(const Superoperator& map,
                                    const std::function<Superoperator(double)>& magnitudes,
                                    const PackedBasis& basis, const Space& space, MPI_Comm comm,
                                    double t) {
  std::string complaint = hermiticity_complaint(map, basis, space, comm, t, {});
  int complaints = complaint.empty() ? 0 : 1;
  MPI_Allreduce(MPI_IN_PLACE, &complaints, 1, MPI_INT, MPI_SUM, comm);
  if (complaints == 0) return;
  complaint = hermiticity_complaint(map, basis, space, comm, t, rounding_in(magnitudes(t), space));
  agree(comm, complaint.empty() ? nullptr : std::make_exception_ptr(InputError(complaint)));
}

}  // namespace lindwurm
