#include "eigensystem.hpp"

#include <fmt/format.h>
#include <petscblaslapack.h>
#include <slepceps.h>

#include <algorithm>

#include "lindwurm/backend/error.hpp"

namespace lindwurm {

namespace {

using EpsHandle = Handle<EPS, EPSDestroy>;

MPI_Comm communicator_of(Mat matrix) {
  MPI_Comm comm = MPI_COMM_NULL;
  LINDWURM_PETSC(PetscObjectGetComm(reinterpret_cast<PetscObject>(matrix), &comm));
  return comm;
}

// All of a parallel matrix, by columns, on rank 0; empty on the others.
std::vector<double> gather_dense(Mat matrix, int rank) {
  PetscInt n = 0;
  LINDWURM_PETSC(MatGetSize(matrix, &n, nullptr));
  IsHandle all;
  LINDWURM_PETSC(ISCreateStride(PETSC_COMM_SELF, rank == 0 ? n : 0, 0, 1, all.put()));
  const IS rows = all;
  Mat* parts = nullptr;
  LINDWURM_PETSC(MatCreateSubMatrices(matrix, 1, &rows, &rows, MAT_INITIAL_MATRIX, &parts));
  std::vector<double> dense(rank == 0 ? static_cast<std::size_t>(n) * n : 0);
  for (PetscInt row = 0; rank == 0 && row < n; ++row) {
    PetscInt count = 0;
    const PetscInt* columns = nullptr;
    const PetscScalar* values = nullptr;
    LINDWURM_PETSC(MatGetRow(parts[0], row, &count, &columns, &values));
    for (PetscInt k = 0; k < count; ++k) {
      dense[static_cast<std::size_t>(columns[k]) * n + row] = values[k];
    }
    LINDWURM_PETSC(MatRestoreRow(parts[0], row, &count, &columns, &values));
  }
  LINDWURM_PETSC(MatDestroySubMatrices(1, &parts));
  return dense;
}

// Puts a column of rank 0 into a parallel vector. Collective.
void scatter_column(const std::vector<double>& vectors, std::size_t column, Vec out) {
  PetscInt n = 0;
  LINDWURM_PETSC(VecGetSize(out, &n));
  VecHandle on_zero;
  ScatterHandle scatter;
  LINDWURM_PETSC(VecScatterCreateToZero(out, scatter.put(), on_zero.put()));
  PetscScalar* values = nullptr;
  LINDWURM_PETSC(VecGetArray(on_zero, &values));
  if (!vectors.empty()) {
    std::copy_n(vectors.data() + column * static_cast<std::size_t>(n), n, values);
  }
  LINDWURM_PETSC(VecRestoreArray(on_zero, &values));
  LINDWURM_PETSC(VecScatterBegin(scatter, on_zero, out, INSERT_VALUES, SCATTER_REVERSE));
  LINDWURM_PETSC(VecScatterEnd(scatter, on_zero, out, INSERT_VALUES, SCATTER_REVERSE));
}

class DenseEigensystem : public Eigensystem {
 public:
  explicit DenseEigensystem(Mat matrix) {
    const MPI_Comm comm = communicator_of(matrix);
    int rank = 0;
    MPI_Comm_rank(comm, &rank);
    PetscInt size = 0;
    LINDWURM_PETSC(MatGetSize(matrix, &size, nullptr));
    std::vector<double> dense = gather_dense(matrix, rank);
    std::vector<double> re(size);
    std::vector<double> im(size);
    PetscBLASInt info = 0;
    if (rank == 0) {
      vectors_.resize(dense.size());
      const PetscBLASInt n = size;
      const PetscBLASInt one = 1;
      PetscBLASInt length = -1;
      double best = 0;
      const auto geev = [&](double* work) {
        LAPACKgeev_("N", "V", &n, dense.data(), &n, re.data(), im.data(), nullptr, &one,
                    vectors_.data(), &n, work, &length, &info);
      };
      geev(&best);
      length = static_cast<PetscBLASInt>(best);
      std::vector<double> work(static_cast<std::size_t>(best));
      geev(work.data());
    }
    MPI_Bcast(&info, 1, MPI_INT, 0, comm);
    if (info != 0) throw Error(fmt::format("LAPACK's dgeev did not converge (info = {})", info));
    MPI_Bcast(re.data(), size, MPI_DOUBLE, 0, comm);
    MPI_Bcast(im.data(), size, MPI_DOUBLE, 0, comm);
    for (PetscInt k = 0; k < size; ++k)
      values_.emplace_back(re[k], im[k]);
  }

  void vector(std::size_t k, Vec re, Vec im) const override {
    // LAPACK keeps a pair in two columns: the real and the imaginary part for Im > 0.
    const std::size_t column = values_[k].imag() < 0 ? k - 1 : k;
    scatter_column(vectors_, column, re);
    LINDWURM_PETSC(VecSet(im, 0.0));
    if (values_[k].imag() != 0) scatter_column(vectors_, column + 1, im);
    if (values_[k].imag() < 0) LINDWURM_PETSC(VecScale(im, -1.0));
  }

 private:
  std::vector<double> vectors_;  // on rank 0
};

class SlepcEigensystem : public Eigensystem {
 public:
  SlepcEigensystem(Mat matrix, int count) {
    LINDWURM_PETSC(EPSCreate(communicator_of(matrix), eps_.put()));
    LINDWURM_PETSC(EPSSetOptionsPrefix(eps_, "spectrum_"));
    LINDWURM_PETSC(EPSSetOperators(eps_, matrix, nullptr));
    LINDWURM_PETSC(EPSSetProblemType(eps_, EPS_NHEP));
    LINDWURM_PETSC(EPSSetWhichEigenpairs(eps_, EPS_LARGEST_REAL));
    LINDWURM_PETSC(EPSSetTolerances(eps_, slepc_tolerance, PETSC_DEFAULT));
    PetscInt n = 0;
    LINDWURM_PETSC(MatGetSize(matrix, &n, nullptr));
    // Few vectors let Krylov-Schur settle on wrong eigenvalues: docs/spectrum.md.
    const PetscInt vectors = std::min<PetscInt>(n, std::max(8 * count, 100));
    LINDWURM_PETSC(EPSSetDimensions(eps_, count, vectors, PETSC_DEFAULT));
    LINDWURM_PETSC(EPSSetFromOptions(eps_));
    LINDWURM_PETSC(EPSSolve(eps_));
    PetscInt converged = 0;
    LINDWURM_PETSC(EPSGetConverged(eps_, &converged));
    for (PetscInt k = 0; k < converged; ++k) {
      PetscScalar re = 0;
      PetscScalar im = 0;
      LINDWURM_PETSC(EPSGetEigenvalue(eps_, k, &re, &im));
      values_.emplace_back(re, im);
    }
  }

  void vector(std::size_t k, Vec re, Vec im) const override {
    LINDWURM_PETSC(EPSGetEigenvector(eps_, static_cast<PetscInt>(k), re, im));
  }

 private:
  EpsHandle eps_;
};

}  // namespace

std::unique_ptr<Eigensystem> dense_eigensystem(Mat matrix) {
  return std::make_unique<DenseEigensystem>(matrix);
}

std::unique_ptr<Eigensystem> slepc_eigensystem(Mat matrix, int count) {
  return std::make_unique<SlepcEigensystem>(matrix, count);
}

}  // namespace lindwurm
