# shellcheck shell=bash
# To be sourced by a run.sh: where things are, one thread each, and what to say where something is
# missing.
benchmarks=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
root=$(dirname -- "$benchmarks")

# shellcheck source=scripts/mpi-environment
source "$root/scripts/mpi-environment"
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
export PYTHONPATH=$benchmarks/common
export LINDWURM=$root/build/app/lindwurm
export BENCHMARK_PRODUCT=$root/build/benchmarks/product/benchmark_product

missing() {
  echo "$1 is missing. To get it: $2" >&2
  exit 1
}

need_lindwurm() {
  [[ -x $LINDWURM ]] || missing "$LINDWURM" "$root/scripts/setup --program"
}

need_benchmark_product() {
  local how="cmake --build $root/build --target benchmark_product"
  need_lindwurm
  [[ -x $BENCHMARK_PRODUCT ]] || missing "$BENCHMARK_PRODUCT" "$how"
  if [[ $BENCHMARK_PRODUCT -ot $root/build/src/liblindwurm.a ]]; then
    missing "$BENCHMARK_PRODUCT of the present library" "$how"
  fi
}

# build_with_complex_petsc SOURCE: the path of the program goes to standard output.
build_with_complex_petsc() {
  local source=$1 program pkgconfig flags
  program=$root/build/benchmarks/$(basename -- "$source" .cpp)
  # Debian keeps the real and the complex build side by side: this is the complex one.
  pkgconfig=$(compgen -G '/usr/lib/petscdir/petsc*/*-complex/lib/pkgconfig' | tail -n 1) || true
  if [[ -n ${PETSC_COMPLEX_DIR-} ]]; then pkgconfig=$PETSC_COMPLEX_DIR/lib/pkgconfig; fi
  [[ -e $pkgconfig/PETSc.pc ]] ||
    missing "PETSc with complex scalars" \
      "apt-get install libpetsc-complex-dev, or set PETSC_COMPLEX_DIR to an installation"
  mkdir -p -- "$root/build/benchmarks"
  flags=$(PKG_CONFIG_PATH=$pkgconfig pkg-config --cflags --libs PETSc)
  # shellcheck disable=SC2086
  mpicxx -std=c++20 -O2 -DOMPI_SKIP_MPICXX -I"$benchmarks/common" "$source" -o "$program" $flags
  echo "$program"
}
