#!/usr/bin/env bash
# Ensembles of equal spins, alone and beside an oscillator; arguments go to compare.py.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=benchmarks/common/prepare.sh
source "$here/../common/prepare.sh"
need_lindwurm
exec python3 "$here/compare.py" "$@"
