#!/usr/bin/env bash
# Times one product L R of OSB(20,6) in four ways; arguments go to compare.py.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=benchmarks/common/prepare.sh
source "$here/../common/prepare.sh"
need_benchmark_product
program=$(build_with_complex_petsc "$here/complex_aij.cpp")
exec python3 "$here/compare.py" --complex-aij "$program" "$@"
