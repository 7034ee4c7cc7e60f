#!/usr/bin/env bash
# Steady states of OSB with Lindwurm and with complex PETSc; arguments go to compare.py.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=benchmarks/common/prepare.sh
source "$here/../common/prepare.sh"
need_lindwurm
program=$(build_with_complex_petsc "$here/complex_gmres.cpp")
exec python3 "$here/compare.py" --complex-gmres "$program" "$@"
