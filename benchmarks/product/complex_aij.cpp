// Times PETSc's product with the complex Liouvillian of OSB(levels, spins).
//
//   complex_aij LEVELS SPINS
#include <cstdio>
#include <cstdlib>

#include "complex_osb.hpp"
#include "seconds.hpp"

int main(int argc, char** argv) {
  PetscInitialize(&argc, &argv, nullptr, nullptr);
  PetscPushErrorHandler(PetscAbortErrorHandler, nullptr);
  if (argc < 3) {
    std::fprintf(stderr, "complex_aij LEVELS SPINS\n");
    return 2;
  }
  Mat matrix = complex_osb::liouvillian(std::atoi(argv[1]), std::atoi(argv[2]),
                                        complex_osb::SpinBasis::sz, false);
  Vec in = nullptr;
  Vec out = nullptr;
  MatCreateVecs(matrix, &in, &out);
  VecSetRandom(in, nullptr);
  const double time = seconds(PETSC_COMM_SELF, [&] { MatMult(matrix, in, out); });
  PetscInt unknowns = 0;
  MatGetSize(matrix, &unknowns, nullptr);
  MatInfo info;
  MatGetInfo(matrix, MAT_LOCAL, &info);
  std::printf("%d unknowns, %.0f entries\n", unknowns, info.nz_used);
  std::printf("%-20s %10.3f %12.2f\n", "complex AIJ", time * 1e3, time / unknowns * 1e9);
  VecDestroy(&in);
  VecDestroy(&out);
  MatDestroy(&matrix);
  PetscFinalize();
  return 0;
}
