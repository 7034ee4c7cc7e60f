#!/usr/bin/env bash
# Quantum trajectories of OSB(10,6) with Lindwurm and with QuTiP; arguments go to compare.py.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=benchmarks/common/prepare.sh
source "$here/../common/prepare.sh"
need_lindwurm
program=$root/build/benchmarks/trajectories/benchmark_trajectories
if [[ ! -x $program || $program -ot $root/build/src/liblindwurm.a ]]; then
  missing "$program of the present library" \
    "cmake --build $root/build --target benchmark_trajectories"
fi
exec python3 "$here/compare.py" --program "$program" "$@"
